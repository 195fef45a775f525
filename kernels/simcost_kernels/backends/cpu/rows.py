"""What a kernel does on whole rows of lanes: random numbers, and functions whose rare part is worth treating apart.

A row is `simcost_kernels.codegen.lanes.LANES` values of the scratch array ``w``, given by the place of its first.
Operations are called alike: ``(w, result, spare, arguments ...)``, where the `codegen.lane_schedule.SPARE` rows from
``spare`` on may be overwritten.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.backends.cpu.bodies import BODIES, row_function
from simcost_kernels.backends.cpu.draw_rows import draw_month_row, draw_row
from simcost_kernels.backends.cpu.memory import begins_line, finish_stores, get, get_entry, put, put_out, put_rows, stream_out
from simcost_kernels.backends.cpu.normal_rows import (
    centre_quantiles,
    gather_tails,
    normal_quantile_row,
    put_tails,
    tail_quantiles,
)
from simcost_kernels.codegen.lanes import LANES, STRIDE
from simcost_kernels.functions.binomial import FEW, MOST_SUMMED
from simcost_kernels.functions.primitives import uint64

ZERO = uint64(0)
ONE = uint64(1)
THREE = uint64(3)
ROW = uint64(LANES)
NEXT, TWO_ROWS, THREE_ROWS, FOUR_ROWS, FIVE_ROWS, SIX_ROWS, SEVEN_ROWS = (uint64(i * STRIDE) for i in range(1, 8))
WITH_GUIDE = 3
"""Rows of a table that `search_from_guide` searches."""

normal_cdf = BODIES["normal_cdf"]
table_row = BODIES["_table_row"]
within_cell = BODIES["_within_cell"]
polynomial = BODIES["_polynomial"]
where = BODIES["where"]
from_bits = BODIES["from_bits"]
binomial_quantile = BODIES["binomial_quantile"]
minimum = BODIES["minimum"]
maximum = BODIES["maximum"]
floor = BODIES["floor"]
exp = BODIES["exp"]
log = BODIES["log"]


@row_function
def normal_cdf_row(w: Any, u: Any, spare: Any, z: Any) -> None:  # noqa: ARG001 - all of a kind are called alike
    """Standard normal distribution function."""
    for i in range(ROW):
        put(w, u, i, normal_cdf(get(w, z, i)))


@row_function
def smooth_quantile_row(w: Any, x: Any, spare: Any, u: Any, table: Any) -> None:
    """Inverse of a continuous distribution by table: rows found, their lines fetched and transposed, polynomials."""
    lanes, a = spare, spare + NEXT
    for i in range(ROW):
        put(w, lanes, i, from_bits(table_row(get(w, u, i))))
    for group in range(ROW >> THREE):
        put_rows(w, a, group << THREE, table, lanes)
    for i in range(ROW):
        a0, a1, a2, a3 = get(w, a, i), get(w, a + NEXT, i), get(w, a + TWO_ROWS, i), get(w, a + THREE_ROWS, i)
        a4, a5 = get(w, a + FOUR_ROWS, i), get(w, a + FIVE_ROWS, i)
        a6, a7 = get(w, a + SIX_ROWS, i), get(w, a + SEVEN_ROWS, i)
        put(w, x, i, polynomial(within_cell(get(w, u, i)), a0, a1, a2, a3, a4, a5, a6, a7))


@row_function
def step_quantile_row(w: Any, x: Any, spare: Any, u: Any, table: Any) -> None:  # noqa: ARG001 - all of a kind are alike
    """Inverse of a discrete distribution by a table of `step_layout`."""
    if table.shape[0] == WITH_GUIDE:
        search_from_guide(w, x, u, table)
    else:
        compare_with_each(w, x, u, table)


@row_function
def compare_with_each(w: Any, x: Any, u: Any, table: Any) -> None:
    """Go on to the next value at each edge below the uniform; the last edge is 1 and never below."""
    low, edge = table[1, 0], table[0, 0]
    high = table[1, min(1, table.shape[1] - 1)]
    for i in range(ROW):
        put(w, x, i, where(edge < get(w, u, i), high, low))
    for place in range(1, table.shape[1] - 1):
        edge, value = table[0, place], table[1, place + 1]
        for i in range(ROW):
            put(w, x, i, where(edge < get(w, u, i), value, get(w, x, i)))


@row_function
def search_from_guide(w: Any, x: Any, u: Any, table: Any) -> None:
    """Begin at the edge that the guide gives for the uniform's cell; on average one step or less leads on to the right one."""
    cells = table.shape[1]
    guide, values = uint64(2 * cells), uint64(cells)
    for i in range(ROW):
        share = get(w, u, i)
        place = uint64(get_entry(table, guide + min(uint64(share * cells), values - ONE)))
        while get_entry(table, place) < share:
            place += ONE
        put(w, x, i, get_entry(table, values + place))


@row_function
def binomial_places(spare: Any) -> Any:
    """Rows of a sum in progress: its uniform, trials, odds, last probability, sum, most and count so far."""
    return (
        spare,
        spare + NEXT,
        spare + TWO_ROWS,
        spare + THREE_ROWS,
        spare + FOUR_ROWS,
        spare + FIVE_ROWS,
        spare + SIX_ROWS,
    )


@row_function
def sum_next(w: Any, spare: Any) -> Any:
    """Add the next probability in every lane whose sum is below its uniform, as `primitives.chop_down` does; return how many.

    The other lanes take a factor of one and add zero: a store of the old value would become a masked one, which AVX2 does slowly.
    """
    v, trials, odds, mass, total, most, count = binomial_places(spare)
    going = uint64(0)
    for i in range(ROW):
        goes = (get(w, total, i) < get(w, v, i)) & (get(w, count, i) < get(w, most, i))
        next_count = get(w, count, i) + 1.0
        ratio = (get(w, trials, i) - next_count + 1.0) * get(w, odds, i) / next_count
        next_mass = get(w, mass, i) * where(goes, ratio, 1.0)
        put(w, mass, i, next_mass)
        put(w, total, i, get(w, total, i) + where(goes, next_mass, 0.0))
        put(w, count, i, get(w, count, i) + where(goes, 1.0, 0.0))
        going += where(goes, ONE, ZERO)
    return going


@row_function
def rarer(p: Any) -> Any:
    """Return the probability of the rarer outcome."""
    chance = maximum(minimum(p, 1.0), 0.0)
    return where(chance > 0.5, 1.0 - chance, chance)


@row_function
def binomial_quantile_row(w: Any, x: Any, spare: Any, u: Any, n: Any, p: Any) -> None:
    """Inverse of a binomial distribution: all lanes summed side by side, those of many trials one by one."""
    v, trials, odds, mass, total, most, count = binomial_places(spare)
    many = uint64(0)
    for i in range(ROW):
        rare = rarer(get(w, p, i))
        whole = maximum(floor(get(w, n, i)), 0.0)
        none = exp(whole * log(1.0 - rare))
        few = whole * rare <= FEW
        put(w, v, i, where(get(w, p, i) > 0.5, 1.0 - get(w, u, i), get(w, u, i)))
        put(w, trials, i, whole)
        put(w, odds, i, rare / (1.0 - rare))
        put(w, mass, i, none)
        put(w, total, i, none)
        put(w, most, i, where(few, minimum(whole, MOST_SUMMED), 0.0))
        put(w, count, i, 0.0)
        many += where(few, ZERO, ONE)
    while sum_next(w, spare):
        pass
    for i in range(ROW):
        found = where(get(w, p, i) > 0.5, get(w, trials, i) - get(w, count, i), get(w, count, i))
        put(w, v, i, where(get(w, u, i) == get(w, u, i), found, get(w, u, i)))
    if many:
        for i in range(ROW):
            if not get(w, trials, i) * rarer(get(w, p, i)) <= FEW:
                put(w, v, i, binomial_quantile(get(w, u, i), get(w, n, i), get(w, p, i)))
    for i in range(ROW):
        put(w, x, i, get(w, v, i))


@row_function
def fill_row(w: Any, x: Any, value: Any) -> None:
    """Put one value into every lane."""
    for i in range(ROW):
        put(w, x, i, value)


@row_function
def copy_row(w: Any, x: Any, y: Any) -> None:
    """Copy a row."""
    for i in range(ROW):
        put(w, x, i, get(w, y, i))


@row_function
def out_row(m: Any, w: Any, x: Any, out: Any, column: Any, first: Any) -> None:
    """Store the first ``m`` values of a row as the results ``first`` to ``first + m`` of a column."""
    lines = (m >> THREE) << THREE if begins_line(out, column, first) else ZERO
    for i in range(lines >> THREE):
        stream_out(out, column, first + (i << THREE), w, x + (i << THREE))
    for i in range(lines, m):
        put_out(out, column, first + i, get(w, x, i))


ROWS: dict[str, Any] = {"finish_stores": finish_stores} | {
    body.__name__: body
    for body in (
        draw_row,
        draw_month_row,
        normal_quantile_row,
        gather_tails,
        tail_quantiles,
        centre_quantiles,
        put_tails,
        normal_cdf_row,
        smooth_quantile_row,
        step_quantile_row,
        binomial_quantile_row,
        fill_row,
        copy_row,
        out_row,
    )
}
"""Everything of this kind that emitted text can call, by name."""
