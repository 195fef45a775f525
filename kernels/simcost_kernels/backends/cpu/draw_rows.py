"""Uniforms on rows of lanes: `philox` with what a whole row shares computed once.

The bits are those of `simcost_kernels.draws.philox`, in less time:
seed, stream, period and the high word of the scenario number are the same for a row, so of the four products of the first two
rounds two are the row's (`shared`), and a lane begins with the other two (`own_words`).

Each factor is masked where LLVM does not see that it has 32 bits: it would multiply its upper half too.

A row that begins below a multiple of 2**32 and ends beyond it has two high words: it is drawn the plain way.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.backends.cpu.bodies import BODIES, lane, row_function_in_pairs
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.codegen.lanes import LANES
from simcost_kernels.draws.philox import HALF, MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1, WORD
from simcost_kernels.functions.primitives import uint64

ONE = uint64(1)
ROW, LAST = uint64(LANES), uint64(LANES - 1)
LEFT = ROUNDS - 2
"""Rounds that each lane goes through after the two of `shared` and `own_words`."""

philox = BODIES["philox"]
uniform = BODIES["uniform"]
where = BODIES["where"]


@lane
def shared(high: Any, stream: Any, counter: Any, k0: Any, k1: Any) -> Any:
    """Return what lanes have in common after two rounds: three words to mix in, the fourth word, and the third round's key."""
    product = MULTIPLIER_1 * stream
    after_0, after_1 = (product >> HALF) ^ high ^ k0, product & WORD
    other = MULTIPLIER_0 * after_0
    next_0, next_1 = (k0 + WEYL_0) & WORD, (k1 + WEYL_1) & WORD
    key = (next_0 + WEYL_0) & WORD, (next_1 + WEYL_1) & WORD
    return ((counter ^ k1) & WORD, after_1 ^ next_0, (other >> HALF) ^ next_1, other & WORD), key


@lane
def own_words(low: Any, common: Any, key: Any) -> Any:
    """Return the four words of a lane from the low word of its scenario number and `shared`."""
    mixed_0, mixed_1, mixed_2, c3 = common
    k0, k1 = key
    product = MULTIPLIER_0 * low
    second = MULTIPLIER_1 * ((product >> HALF) ^ mixed_0)
    c0, c1, c2 = (second >> HALF) ^ mixed_1, second & WORD, mixed_2 ^ (product & WORD)
    for _ in range(LEFT):
        product_0, product_1 = MULTIPLIER_0 * c0, MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (product_1 >> HALF) ^ (c1 ^ k0), product_1 & WORD, (product_0 >> HALF) ^ (c3 ^ k1), product_0 & WORD
        k0, k1 = (k0 + WEYL_0) & WORD, (k1 + WEYL_1) & WORD
    return c0, c1, c2, c3


@row_function_in_pairs
def draw_row(k0: Any, k1: Any, first: Any, stream: Any, period: Any, w: Any, u: Any) -> None:
    """Draw the uniforms of a stream in a period, of the scenarios from ``first`` on."""
    low = first & WORD
    if (period & ONE) | ((low + LAST) >> HALF):
        draw_plainly(k0, k1, first, stream, period, w, u)
        return
    common, key = shared(first >> HALF, stream, period >> ONE, k0, k1)
    for i in range(ROW):
        c0, c1, _, _ = own_words((low + i) & WORD, common, key)
        put(w, u, i, uniform(c0, c1))


@row_function_in_pairs
def draw_plainly(k0: Any, k1: Any, first: Any, stream: Any, period: Any, w: Any, u: Any) -> None:
    """Draw as the keying says it: for an odd period, or across a multiple of 2**32."""
    odd = period & ONE
    for i in range(ROW):
        scenario = first + i
        c0, c1, c2, c3 = philox(scenario & WORD, scenario >> HALF, stream, period >> ONE, k0, k1)
        put(w, u, i, uniform(where(odd, c2, c0), where(odd, c3, c1)))


@row_function_in_pairs
def draw_month_row(k0: Any, k1: Any, first: Any, stream: Any, month: Any, w: Any, u: Any, kept: Any) -> None:
    """Draw for a month, months taken in order from 0: an even one also keeps the uniforms of the odd one that follows."""
    if month & ONE:
        for i in range(ROW):
            put(w, u, i, get(w, kept, i))
        return
    low = first & WORD
    if (low + LAST) >> HALF:
        draw_plainly(k0, k1, first, stream, month, w, u)
        draw_plainly(k0, k1, first, stream, month + ONE, w, kept)
        return
    common, key = shared(first >> HALF, stream, month >> ONE, k0, k1)
    for i in range(ROW):
        c0, c1, c2, c3 = own_words((low + i) & WORD, common, key)
        put(w, u, i, uniform(c0, c1))
        put(w, kept, i, uniform(c2, c3))
