"""What a kernel does on whole rows of lanes: random numbers, and functions whose rare part is worth treating apart.

A row is a float64 array of `simcost_kernels.lanes.LANES` values of which the first ``m`` count.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from simcost_kernels.backends.cpu.bodies import BODIES
from simcost_kernels.backends.cpu.memory import get, get_entry, put, put_out, put_rows
from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.lanes import LANES
from simcost_kernels.primitives import uint64

WORD = uint64(0xFFFFFFFF)
HALF = uint64(32)
ONE = uint64(1)
THREE = uint64(3)
SEVEN = uint64(7)
SOME_TAIL = 0.01
FEW_EDGES = 16
"""Edges of a discrete distribution up to which comparing with each is quicker than searching."""

philox = BODIES["philox"]
uniform = BODIES["uniform"]
normal_centre = BODIES["_normal_centre"]
normal_tail = BODIES["_normal_tail"]
normal_cdf = BODIES["normal_cdf"]
table_row = BODIES["_table_row"]
within_cell = BODIES["_within_cell"]
polynomial = BODIES["_polynomial"]
where = BODIES["where"]
from_bits = BODIES["from_bits"]
binomial_quantile = BODIES["binomial_quantile"]
fabs = BODIES["fabs"]


def row_function(body: Any) -> Any:
    """Compile a function over rows."""
    return njit(**OPTIONS)(body)


@row_function
def draw_row(k0: Any, k1: Any, first: Any, m: Any, stream: Any, period: Any, u: Any) -> None:
    """Draw the uniforms of scenarios ``first`` to ``first + m`` of a stream in a period."""
    counter = period >> ONE
    if period & ONE:
        for i in range(m):
            scenario = first + i
            _, _, high, low = philox(scenario & WORD, scenario >> HALF, stream, counter, k0, k1)
            put(u, 0, i, uniform(high, low))
    else:
        for i in range(m):
            scenario = first + i
            high, low, _, _ = philox(scenario & WORD, scenario >> HALF, stream, counter, k0, k1)
            put(u, 0, i, uniform(high, low))


@row_function
def draw_month_row(  # noqa: PLR0913, PLR0917 - called by generated text
    k0: Any, k1: Any, first: Any, m: Any, stream: Any, month: Any, u: Any, kept: Any
) -> None:
    """Draw for a month, months taken in order from 0: an even one also keeps the words of the odd one that follows."""
    if month & ONE:
        for i in range(m):
            put(u, 0, i, get(kept, 0, i))
        return
    counter = month >> ONE
    for i in range(m):
        scenario = first + i
        high, low, odd_high, odd_low = philox(scenario & WORD, scenario >> HALF, stream, counter, k0, k1)
        put(u, 0, i, uniform(high, low))
        put(kept, 0, i, uniform(odd_high, odd_low))


@row_function
def normal_quantile_row(u: Any, z: Any, m: Any, lanes: Any, buffer: Any) -> None:
    """Standard normal quantile: the centre for all lanes, then the 15 % in the tails gathered, computed and put back."""
    for i in range(m):
        put(z, 0, i, normal_centre(get(u, 0, i)))
    n = uint64(0)
    for i in range(m):
        lanes[n] = i
        n += uint64(fabs(u[i] - 0.5) > 0.425)
    for j in range(n):
        buffer[j] = u[lanes[j]]
    full = (n + SEVEN) & ~SEVEN  # whole vectors: a few lanes too many are quicker than the same few one by one
    for j in range(n, full):
        buffer[j] = SOME_TAIL
    for j in range(full):
        put(buffer, 0, j, normal_tail(get(buffer, 0, j)))
    for j in range(n):
        z[lanes[j]] = buffer[j]


@row_function
def normal_cdf_row(z: Any, u: Any, m: Any) -> None:
    """Standard normal distribution function."""
    for i in range(m):
        put(u, 0, i, normal_cdf(get(z, 0, i)))


@row_function
def smooth_quantile_row(u: Any, x: Any, m: Any, table: Any, lanes: Any, coefficients: Any) -> None:
    """Inverse of a continuous distribution by table: rows found, their lines fetched and transposed, polynomials."""
    for i in range(m):
        put(lanes, 0, i, from_bits(table_row(get(u, 0, i))))
    full = (m + SEVEN) & ~SEVEN
    for i in range(m, full):
        put(lanes, 0, i, from_bits(uint64(0)))
    for group in range(full >> THREE):
        put_rows(coefficients, group << THREE, table, lanes)
    for i in range(m):
        put(
            x,
            0,
            i,
            polynomial(
                within_cell(get(u, 0, i)),
                get(coefficients, 0, i),
                get(coefficients, LANES, i),
                get(coefficients, 2 * LANES, i),
                get(coefficients, 3 * LANES, i),
                get(coefficients, 4 * LANES, i),
                get(coefficients, 5 * LANES, i),
                get(coefficients, 6 * LANES, i),
                get(coefficients, 7 * LANES, i),
            ),
        )


@row_function
def step_quantile_row(u: Any, x: Any, m: Any, table: Any) -> None:
    """Inverse of a discrete distribution by table: the edges below each uniform counted in ``x``, then the values fetched."""
    if table.shape[1] <= FEW_EDGES:
        count_one_by_one(u, x, m, table)
    else:
        count_by_halves(u, x, m, table)
    for i in range(m):
        put(x, 0, i, get_entry(table, uint64(table.shape[1]) + uint64(get(x, 0, i))))


@row_function
def count_one_by_one(u: Any, x: Any, m: Any, table: Any) -> None:
    """Count edges below each uniform, an edge at a time."""
    for i in range(m):
        put(x, 0, i, 0.0)
    for place in range(table.shape[1]):
        edge = table[0, place]
        for i in range(m):
            put(x, 0, i, get(x, 0, i) + where(edge < get(u, 0, i), 1.0, 0.0))


@row_function
def count_by_halves(u: Any, x: Any, m: Any, table: Any) -> None:
    """Count edges below each uniform by binary search, a bit of the count at a time."""
    for i in range(m):
        put(x, 0, i, 0.0)
    half = 1
    while half * 2 <= table.shape[1]:
        half *= 2
    while half:
        for i in range(m):
            count = get(x, 0, i) + half
            inside = count <= table.shape[1]
            edge = get_entry(table, uint64(where(inside, count, 1.0)) - ONE)
            put(x, 0, i, where(inside & (edge < get(u, 0, i)), count, get(x, 0, i)))
        half //= 2


@row_function
def binomial_quantile_row(u: Any, n: Any, p: Any, x: Any, m: Any) -> None:
    """Inverse of a binomial distribution."""
    for i in range(m):
        x[i] = binomial_quantile(u[i], n[i], p[i])


@row_function
def fill_row(x: Any, m: Any, value: Any) -> None:
    """Put one value into every lane."""
    for i in range(m):
        put(x, 0, i, value)


@row_function
def out_row(x: Any, m: Any, out: Any, column: Any, first: Any) -> None:
    """Store a row as the results ``first`` to ``first + m`` of a column."""
    for i in range(m):
        put_out(out, column, first + i, get(x, 0, i))


ROWS: dict[str, Any] = {
    body.__name__: body
    for body in (
        draw_row,
        draw_month_row,
        normal_quantile_row,
        normal_cdf_row,
        smooth_quantile_row,
        step_quantile_row,
        binomial_quantile_row,
        fill_row,
        out_row,
    )
}
"""Everything of this kind that emitted text can call, by name."""
