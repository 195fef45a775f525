"""Latin hypercubes of 256 points: in every row of scenarios, each draw falls once into each of 256 equal strata.

Which of them a scenario has is a random permutation of the row, drawn anew for each row, input and period: ``a x + b`` in the
field of 256 elements with random a (not 0) and b. Any two points of a row then have any two different strata with equal
probability, as under a permutation drawn from all; and since the variance of a mean rests on pairs of points alone, it is exactly
that of latin hypercube sampling (McKay, Beckman and Conover 1979; Stein 1987; replicated: Iman and Conover 1980). Within its
stratum a draw is where Philox puts it.

Hypercubes of one row each, not of the whole run: so a draw is a function of the scenario's number alone, whatever the length of
the run, and takes no memory. More strata would sharpen what a single input says, whose error is a tenth of plain Monte Carlo's
already, and nothing else.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.draws.philox import HALF, TWO_52_BITS, uniform_of
from simcost_kernels.functions.primitives import as_bits, floor, uint64, where

HYPERCUBE = uint64(0x80000000)
"""Bit of a counter's second word in which the numbers of rows differ from those of scenarios, which are below 2**63."""

STRATUM_BITS = 8
STRATA = uint64(255)
TOP = uint64(7)
POLYNOMIAL = uint64(0x11B)
"""x^8 + x^4 + x^3 + x + 1, irreducible over the field of two elements (FIPS 197, section 4.2)."""

EIGHT, FORTY_FOUR, ONE, NOTHING = uint64(8), uint64(44), uint64(1), uint64(0)


def stratum(scenario: Any, w0: Any, w1: Any) -> Any:
    """Return a scenario's stratum, 0 to 255: place in its row times one word plus the other, in that field."""
    factor = ((w0 * STRATA) >> HALF) + ONE
    x = w1 & STRATA
    place = scenario
    for _ in range(STRATUM_BITS):
        x = x ^ where((place & ONE) != NOTHING, factor, NOTHING)
        factor = (factor << ONE) ^ where((factor >> TOP) != NOTHING, POLYNOMIAL, NOTHING)
        place = place >> ONE
    return x


def stratified(u: Any, x: Any) -> Any:
    """Return the uniform u moved into stratum x: of its 52 bits the upper 44 are kept, below the stratum's 8."""
    bits = as_bits(floor(u * 4503599627370496.0) + 4503599627370496.0) ^ TWO_52_BITS
    return uniform_of((bits >> EIGHT) | (x << FORTY_FOUR))
