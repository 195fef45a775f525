"""Sobol' points and latin hypercubes on rows of lanes, which may begin anywhere: a row is cut where other points begin."""

from __future__ import annotations

from typing import Any

from simcost_kernels.backends.cpu.bodies import BODIES, lane, row_function
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.codegen.lanes import LANES
from simcost_kernels.draws.latin_hypercube import HYPERCUBE
from simcost_kernels.draws.sampling import ROW as POINTS
from simcost_kernels.draws.sampling import ROW_BITS as BITS
from simcost_kernels.draws.sobol import DIRECTIONS
from simcost_kernels.functions.primitives import uint64

ROW = uint64(LANES)
ROW_BITS, ALL, LAST = uint64(BITS), uint64(POINTS), uint64(POINTS - 1)
SHIFT = uint64(DIRECTIONS)
WORD, HALF = uint64(0xFFFFFFFF), uint64(32)
ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN = (uint64(i) for i in range(8))

philox = BODIES["philox"]
uniform_of = BODIES["uniform_of"]
stratum = BODIES["stratum"]
stratified = BODIES["stratified"]


@lane
def chosen(entry: Any, number: Any, bit: Any) -> Any:
    """Return the entry if the number has that bit, else zero."""
    return entry & (ZERO - ((number >> bit) & ONE))


@row_function
def stratify_row(k0: Any, k1: Any, first: Any, stream: Any, period: Any, w: Any, u: Any) -> None:
    """Move the uniforms of scenarios from ``first`` on into the strata of their latin hypercubes."""
    done = ZERO
    while done < ROW:
        row = (first + done) >> ROW_BITS
        stop = min(done + ALL - ((first + done) & LAST), ROW)
        w0, w1, _, _ = philox(row & WORD, (row >> HALF) | HYPERCUBE, stream, period, k0, k1)
        for i in range(done, stop):
            put(w, u, i, stratified(get(w, u, i), stratum(first + i, w0, w1)))
        done = stop


@row_function
def sobol_row(q: Any, first: Any, dimension: Any, w: Any, u: Any) -> None:
    """Put the Sobol' points of scenarios from ``first`` on into u: the high bits once, then the lane's."""
    replicates = uint64(q.shape[0])
    done = ZERO
    while done < ROW:
        row = (first + done) >> ROW_BITS
        stop = min(done + ALL - ((first + done) & LAST), ROW)
        q0 = q[row % replicates, dimension]
        start, high, bit = q0[SHIFT], row // replicates, ROW_BITS
        while high > ZERO:
            start ^= chosen(q0[bit], high, ZERO)
            high >>= ONE
            bit += ONE
        e0, e1, e2, e3, e4, e5, e6, e7 = q0[ZERO], q0[ONE], q0[TWO], q0[THREE], q0[FOUR], q0[FIVE], q0[SIX], q0[SEVEN]
        for i in range(done, stop):
            s = first + i
            x = start ^ chosen(e0, s, ZERO) ^ chosen(e1, s, ONE) ^ chosen(e2, s, TWO) ^ chosen(e3, s, THREE)
            x = x ^ chosen(e4, s, FOUR) ^ chosen(e5, s, FIVE) ^ chosen(e6, s, SIX) ^ chosen(e7, s, SEVEN)
            put(w, u, i, uniform_of(x))
        done = stop


QUASI_ROWS: dict[str, Any] = {"stratify_row": stratify_row, "sobol_row": sobol_row}
"""Everything of this kind that emitted text can call, by name."""
