"""Scrambled Sobol' points: a uniform is an exclusive or of table entries chosen by the bits of the point's index.

Directions: Joe and Kuo (2008), in `joe_kuo.txt`. Each replicate has a scramble of its own: a random linear matrix scramble, that
is, a random lower triangular matrix over the field of two elements in front of each dimension's directions, and a digital shift
(Matousek 1998, "On the L2-discrepancy for anchored boxes", J. Complexity 14). Every point is then uniform, every replicate keeps
the net that the directions give, and the variance is that of Owen's nested uniform scrambling (Owen 2003, "Variance with
alternative scramblings of digital nets", ACM TOMACS 13). Scrambling is done once a seed, in the table; a point costs what an
unscrambled one does.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.draws.philox import HALF, HIGH_SHIFT, LOW_SHIFT, WORD, philox, uniform_of
from simcost_kernels.functions.primitives import uint64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array

DIRECTIONS = 32
"""Bits of an index, and of an unscrambled direction."""

ENTRIES = DIRECTIONS + 1
"""Entries of the table for one dimension: the directions and the shift."""

MOST_DIMENSIONS = 1024
"""Dimensions in `joe_kuo.txt`, the first of which needs no numbers."""

RESOLUTION = 52
"""Bits of a uniform."""

SCRAMBLE = uint64(0xC0000000)
"""Second word of the counters that scrambles are made of: no scenario has it, their numbers being below 2**63."""


@cache
def directions(n: int) -> NDArray[np.uint64]:
    """Return the directions of the first n dimensions, uint64 (n, 32): entry j is the point of index 2**j times 2**32.

    Recurrence of primitive polynomials: Bratley and Fox 1988, "Algorithm 659", ACM TOMS 14.
    """
    lines = (Path(__file__).parent / "joe_kuo.txt").read_text(encoding="ascii").splitlines()
    rows = [[int(word) for word in line.split()] for line in lines if not line.startswith("#")]
    numbers = [[1] * DIRECTIONS, *(_initial(a, m) for _, _, a, *m in rows[: n - 1])][:n]
    table = [[m << (DIRECTIONS - 1 - j) for j, m in enumerate(row)] for row in numbers]
    return np.array(table, dtype=np.uint64).reshape(n, DIRECTIONS)  # of no dimension too


def _initial(a: int, given: list[int]) -> list[int]:
    """Continue the odd numbers m of a dimension by its polynomial, whose inner coefficients are the bits of ``a``."""
    m, degree = list(given), len(given)
    for j in range(degree, DIRECTIONS):
        value = m[j - degree] ^ (m[j - degree] << degree)
        for k in range(1, degree):
            if a >> (degree - 1 - k) & 1:
                value ^= m[j - k] << k
        m.append(value)
    return m


@lru_cache(maxsize=4)
def scrambled(seed: int, dimensions: tuple[tuple[int, int], ...], replicates: int) -> NDArray[np.uint64]:
    """Return the table of a run: uint64 (replicates, n_dimensions, 33), 52 bits each; the last entry is the shift.

    Parameters
    ----------
    seed
        0 to 2**64 - 1.
    dimensions
        (stream, period) of each: they key its scrambles, so that these do not depend on the other dimensions.
    """
    if len(dimensions) > MOST_DIMENSIONS:
        message = f"{len(dimensions)} dimensions; Sobol' points have {MOST_DIMENSIONS} here. Use latin-hypercube."
        raise ValueError(message)
    random = _scramble_bits(seed, dimensions, replicates)
    plain = directions(len(dimensions)) << uint64(RESOLUTION - DIRECTIONS)
    table = random.copy()
    for column in range(DIRECTIONS):
        one = uint64(1 << (RESOLUTION - 1 - column))
        random[:, :, column] = (random[:, :, column] & (one - uint64(1))) | one
    for j in range(DIRECTIONS):
        digits = [(plain[:, j] >> uint64(RESOLUTION - 1 - column)) & uint64(1) for column in range(j + 1)]
        table[:, :, j] = np.bitwise_xor.reduce(random[:, :, : j + 1] * np.stack(digits, axis=-1), axis=-1)
    table.flags.writeable = False
    return table


def _scramble_bits(seed: int, dimensions: tuple[tuple[int, int], ...], replicates: int) -> NDArray[np.uint64]:
    """Return 52 random bits for each column of each matrix, and for each shift: uint64 (replicates, n_dimensions, 33)."""
    streams, periods = np.array(dimensions, dtype=np.uint64).reshape(-1, 2).T[:, None, :, None]
    place = np.arange(replicates, dtype=np.uint64)[:, None, None] * uint64(64) + np.arange(ENTRIES, dtype=np.uint64)
    high, low, _, _ = philox(place, SCRAMBLE, streams, periods, uint64(seed) & WORD, uint64(seed) >> HALF)
    return np.asarray((high << HIGH_SHIFT) | (low >> LOW_SHIFT))


def points(table: NDArray[np.uint64], dimension: int, first: int, n: int) -> Array:
    """Return the uniforms of scenarios ``first`` to ``first + n`` in a dimension: float64 (n,).

    Parameters
    ----------
    table
        From `scrambled`; its first axis says how many replicates there are.
    """
    replicates = uint64(len(table))
    rows = np.arange(first >> 8, ((first + n - 1) >> 8) + 1, dtype=np.uint64)
    entries = table[rows % replicates, dimension]  # (rows, 33)
    index = rows // replicates  # of the row within its replicate: the high bits of its points' index
    start = entries[:, DIRECTIONS]
    for bit in range(DIRECTIONS - 8):
        start = start ^ entries[:, 8 + bit] * ((index >> uint64(bit)) & uint64(1))
    bits = start[:, None]
    for bit in range(8):
        bits = np.concatenate((bits, bits ^ entries[:, bit, None]), axis=1)
    skipped = first & 255
    return np.asarray(uniform_of(bits.ravel()[skipped : skipped + n]))
