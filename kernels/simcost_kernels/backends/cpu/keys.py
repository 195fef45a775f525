"""Keys of values as compiled code finds them: many at a time, a plain loop without a branch."""

from __future__ import annotations

from typing import Any

import numpy as np

from simcost_kernels.backends.cpu.table import KEY, MAGNITUDE, ONE, SIGN, loop
from simcost_kernels.draws.sampling import ROW_BITS
from simcost_kernels.summaries.cells import KEY_SHIFT, PAGE, PAGE_BITS

LOWEST_KEY = np.int64(-(1 << (63 - KEY_SHIFT)))
NO_KEY = np.int64(1 << (64 - KEY_SHIFT))
"""Of what is infinite or undefined: above all others, counted from the lowest."""
MISSING = np.int16(-2)
"""The row of a page that has none and holds a value."""
EXPONENT = np.int64(0x7FF0_0000_0000_0000)


@loop
def find_keys(bits: Any, keys: Any) -> None:
    """Find the key of each value, given by its bits, counted from the lowest key: uint32."""
    for i in range(bits.size):
        plain = np.int64(0) if bits[i] << ONE == 0 else bits[i]  # -0.0 is 0.0
        ordered = plain ^ ((plain >> SIGN) & MAGNITUDE)
        keys[i] = np.uint32(NO_KEY if bits[i] & EXPONENT == EXPONENT else (ordered >> KEY) - LOWEST_KEY)


KEYS: dict[str, Any] = {
    "find_keys": find_keys,
    "MISSING": MISSING,
    "NO_KEY": NO_KEY,
    "PAGE": PAGE,
    "PAGE_BITS": PAGE_BITS,
    "ROW_BITS": ROW_BITS,
}
"""Everything that `count_sections` can name when it is compiled from its own text."""
