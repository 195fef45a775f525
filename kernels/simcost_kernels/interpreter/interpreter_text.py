"""The text of a kernel that runs programs over lanes: any plan and its variants (see `variant_programs`), compiled once for all.

It takes one line after the other and looks up what to do, so that a value is put into its row and fetched again where the kernel
of one plan (see `lanes`) keeps it in a register. A line is 128 lanes of work: finding out what to do takes a few in a hundred of
that, and a variant has few lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.codegen.emit import PYTHON
from simcost_kernels.codegen.lane_schedule import COPIES, SPARE
from simcost_kernels.codegen.lanes import LANES, STRIDE
from simcost_kernels.codegen.stages import WHOLE
from simcost_kernels.plan import ARITY

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = 5
"""Of a line: operation, place of the result, and three operands."""

NUMBER = 1 << 40
"""Operands from here on are parameters by number, not places."""

SERIES = 1 << 41
"""Operands from here on are series by number."""

SUMS = {"sum8": 8, "sum4": 4}
"""Operations on more rows than a line has words for, and how many: the words go on in the next line."""

ON_TABLES = ("smooth_quantile", "step_quantile")

SPECIAL = {
    "draw": "draw_row(k0, k1, first + done, d[a], month // b, w, x)",
    "draw_month": "draw_month_row(k0, k1, first + done, d[a], month, w, x, b)",
    "stratify": "stratify_row(k0, k1, first + done, d[a], month // b, w, x)",
    "sobol": "sobol_row(q, first + done, a + month // uint64(12) * b, w, x)",
    "copy": "copy_row(w, x, a)",
    "out": "out_row(left, w, a, out, model * n_columns + x, done)",
    "out_month": "out_row(left, w, a, out, model * n_columns + x + month, done)",
}
"""What a line does that is no operation of a plan, or does not look like one; ``b`` of a draw is the months of its period."""

WITHOUT_OPERANDS = ("draw", "draw_month", "stratify", "sobol")
"""Their words are not operands but numbers."""

OPERATIONS = (*WITHOUT_OPERANDS, *SUMS, *(op for op in SPECIAL if op not in WITHOUT_OPERANDS), *PYTHON)
"""In the order of their codes."""


def interpreter_text() -> str:
    """Print the kernel as Python text for numba.

    ``kernel(k0, k1, first, n, p, c, t, tables, d, q, code, begins, n_rows, out)``

    ========  ==========================================================================================
    p         parameters of each model, a row each
    c         series, a row each; a month for each column
    t         all tables one after the other, ``tables`` their place, number of rows and of columns
    d, q      streams; directions of Sobol' points
    code      lines of ``WORDS`` words
    begins    of each model where the set-up, a year, a month and the end begin, and where that ends
    out       columns of each model, one model below the other
    ========  ==========================================================================================

    After all models of ``p`` comes one in ``begins`` that has a month alone: what the first one carries on.
    """
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"LANES, STRIDE = uint64({LANES}), uint64({STRIDE})"
    yield f"WORDS, NUMBER, SERIES = uint64({WORDS}), uint64({NUMBER}), uint64({SERIES})"
    yield "def kernel(k0, k1, first, n, p, c, t, tables, d, q, code, begins, n_rows, out):"
    yield "    horizon, models = uint64(c.shape[1]), uint64(len(p))"
    yield "    n_columns = uint64(len(out)) // models"
    yield f"    w = empty((n_rows + uint64({COPIES + SPARE})) * STRIDE + uint64(8))"
    yield "    w = w[(uint64(0) - (uint64(w.ctypes.data) >> uint64(3))) & uint64(7):]"
    yield "    copy_a, copy_b, copy_c, spare = (n_rows * STRIDE, (n_rows + uint64(1)) * STRIDE, (n_rows + uint64(2)) * STRIDE,"
    yield "        (n_rows + uint64(3)) * STRIDE)"
    yield "    done = uint64(0)"
    yield "    while done < n:"
    yield "        left = min(LANES, n - done)"
    yield "        phase = uint64(0)"
    yield "        while phase < horizon + uint64(2):"
    yield "            month = phase - min(phase, uint64(1))"
    yield "            model = uint64(0)"
    yield "            while model <= models:"
    yield "                section = uint64(1) if month % uint64(12) == uint64(0) else uint64(2)"
    yield "                if phase == uint64(0): section = uint64(0)"
    yield "                if phase > horizon: section = uint64(3)"
    yield "                line = begins[model, section] * WORDS"
    yield "                end = begins[model, max(section, uint64(2)) + uint64(1) if section else uint64(1)] * WORDS"
    yield "                while line < end:"
    yield from ("                    " + each for each in _line())
    yield "                    line += WORDS"
    yield "                model += uint64(1)"
    yield "            phase += uint64(1)"
    yield "        done += LANES"
    yield "    finish_stores()"


def _line() -> Iterator[str]:
    """Print what is done for one line: its words, operands that are the same for all lanes, and one operation of all."""
    names = ["op", "x", "a", "b", "e"]
    yield from (f"{name} = get_word(code, line + uint64({place}))" for place, name in enumerate(names))
    yield f"if op >= uint64({len(WITHOUT_OPERANDS) + len(SUMS)}):"
    for operand, copy in zip(names[2:], ("copy_a", "copy_b", "copy_c"), strict=True):
        yield f"    if {operand} >= SERIES:"
        yield f"        fill_row(w, {copy}, get_entry(c, ({operand} - SERIES) * horizon + month))"
        yield f"        {operand} = {copy}"
        yield f"    elif {operand} >= NUMBER:"
        yield f"        fill_row(w, {copy}, get_entry(p, model * uint64(p.shape[1]) + {operand} - NUMBER))"
        yield f"        {operand} = {copy}"
    for place, op in enumerate(OPERATIONS):
        yield f"{'el' if place else ''}if op == uint64({place}):"
        yield from ("    " + each for each in _done(op))


def _done(op: str) -> Iterator[str]:
    """Print an operation."""
    if op in SPECIAL:
        yield SPECIAL[op]
    elif op in SUMS:
        names = ["a", "b", "e", *(f"further{place}" for place in range(SUMS[op] - 3))]
        yield from (f"{name} = get_word(code, line + WORDS + uint64({place}))" for place, name in enumerate(names[3:]))
        yield "line += WORDS"
        yield "for i in range(LANES):"
        yield f"    put(w, x, i, {' + '.join(f'get(w, {name}, i)' for name in names)})"
    elif op in ON_TABLES:
        yield f"{op}_row(w, x, spare, a, table_at(t, tables, b))"
    elif op in WHOLE:
        yield f"{op}_row(w, x, spare, {', '.join('abe'[: ARITY[op]])})"
    else:
        yield "for i in range(LANES):"
        yield f"    put(w, x, i, {PYTHON[op].format(*(f'get(w, {name}, i)' for name in 'abe'))})"
