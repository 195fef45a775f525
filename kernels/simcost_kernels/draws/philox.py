"""Philox4x32-10 and the uniforms made of it: random numbers as a pure function of (seed, stream, scenario, period).

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). The keying is normative, version
`simcost_kernels.plan.STREAM_VERSION`: key = the 64-bit seed, low word first; counter = (scenario low, scenario high, stream,
period // 2); words 0 and 1 serve the even period, words 2 and 3 the odd one.

All words are uint64 holding 32 bits, arrays or scalars: what is the same for every lane stays a scalar and costs nothing.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.functions.primitives import from_bits, uint64

ROUNDS = 10
MULTIPLIER_0 = uint64(0xD2511F53)
MULTIPLIER_1 = uint64(0xCD9E8D57)
WEYL_0 = uint64(0x9E3779B9)
WEYL_1 = uint64(0xBB67AE85)
WORD = uint64(0xFFFFFFFF)
HALF = uint64(32)
HIGH_SHIFT = uint64(20)
LOW_SHIFT = uint64(12)
TWO_52_BITS = uint64(0x4330000000000000)


def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> tuple[Any, Any, Any, Any]:
    """Return the four words of one counter (c0 lowest) under one key (k0 lowest)."""
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0 = (product_1 >> HALF) ^ (c1 ^ k0)
        c1 = product_1 & WORD
        c2 = (product_0 >> HALF) ^ (c3 ^ k1)
        c3 = product_0 & WORD
        k0 = (k0 + WEYL_0) & WORD
        k1 = (k1 + WEYL_1) & WORD
    return c0, c1, c2, c3


def uniform_of(bits: Any) -> Any:
    """Return ``(bits + 1/2) / 2**52`` of 52 bits."""
    return (from_bits(bits | TWO_52_BITS) - 4503599627370495.5) * 2.220446049250313e-16


def uniform(high: Any, low: Any) -> Any:
    """Return ``((high << 20 | low >> 12) + 1/2) / 2**52``: in [2**-53, 1 - 2**-53], exact, and so is one minus it."""
    return uniform_of((high << HIGH_SHIFT) | (low >> LOW_SHIFT))
