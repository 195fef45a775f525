"""Sobol' points and latin hypercubes on rows of lanes; a row is cut where a row of scenarios ends, so it may begin anywhere."""

from __future__ import annotations

from typing import Any

from simcost_kernels.backends.cpu.bodies import BODIES, lane, row_function
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.latin_hypercube import HYPERCUBE
from simcost_kernels.primitives import uint64
from simcost_kernels.sampling import ROW
from simcost_kernels.sampling import ROW_BITS as BITS
from simcost_kernels.sobol import DIRECTIONS

ROW_BITS, LANES = uint64(BITS), uint64(ROW)
LANE = uint64(ROW - 1)
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
def stratify_row(k0: Any, k1: Any, first: Any, m: Any, stream: Any, period: Any, w: Any, u: Any) -> None:
    """Move the uniforms of scenarios ``first`` to ``first + m`` into the strata of their latin hypercubes."""
    done = ZERO
    while done < m:
        row = (first + done) >> ROW_BITS
        stop = min(done + LANES - ((first + done) & LANE), m)
        w0, w1, _, _ = philox(row & WORD, (row >> HALF) | HYPERCUBE, stream, period, k0, k1)
        for i in range(done, stop):
            put(w, u, i, stratified(get(w, u, i), stratum(first + i, w0, w1)))
        done = stop


@row_function
def sobol_row(q: Any, first: Any, m: Any, dimension: Any, w: Any, u: Any) -> None:
    """Put the Sobol' points of scenarios ``first`` to ``first + m`` into u: the high bits once, then the lane's."""
    replicates = uint64(q.shape[0])
    done = ZERO
    while done < m:
        row = (first + done) >> ROW_BITS
        stop = min(done + LANES - ((first + done) & LANE), m)
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
