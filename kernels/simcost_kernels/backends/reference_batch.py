"""Variants of a plan on NumPy, run side by side: what they share is done once (`interpreter.variant_programs`)."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost_kernels.backends.numpy_text import operation
from simcost_kernels.interpreter.variant_programs import programs
from simcost_kernels.plan import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.arrays import Array
    from simcost_kernels.backends.reference import ReferenceKernel
    from simcost_kernels.draws.quasi_draws import Uniforms
    from simcost_kernels.interpreter.variant_programs import Line

MOST_KEPT = 1 << 22
"""Numbers that variants keep of a piece at most: 32 MB."""

LEAST = 256
"""Scenarios of a piece at least, however many numbers variants keep of each."""


class Batch:
    """Variants of a plan, run side by side.

    Parameters
    ----------
    kernel
        Of the plan.
    parameters
        Of each variant.
    """

    def __init__(self, kernel: ReferenceKernel, parameters: Sequence[tuple[float, ...]]) -> None:
        self._kernel = kernel
        self._numbers = np.array(parameters, dtype=np.float64)
        self._programs = programs(kernel.plan, parameters)
        self._piece = max(min(kernel.piece, MOST_KEPT // max(self._programs.n_rows, 1)), LEAST)

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
        """Fill ``out``, float64 (variants * n_columns, stop - start), with the columns of each variant, one below the other."""
        outs = np.split(out, len(self._numbers))
        with np.errstate(all="ignore"):
            for draws, part in self._kernel.in_pieces(seed, start, stop, self._piece):
                self._run_piece(draws, [each[:, part] for each in outs])

    def _run_piece(self, draws: Uniforms, outs: Sequence[Array]) -> None:
        """Take all variants through the set-up, month by month, and through the end."""
        programs, held = self._programs, _Held(self._kernel, draws, self._programs.n_rows)
        models = list(zip(programs.models, self._numbers, outs, strict=True))
        for month in range(-1, self._kernel.plan.horizon + 1):
            for program, numbers, own in models:
                for section in held.sections(month):
                    held.run(program[section], numbers, own, (section, month))
            held.run(
                programs.carry if 0 <= month < self._kernel.plan.horizon else (), self._numbers[0], outs[0], ("month", month)
            )


class _Held:
    """The rows of a piece of scenarios, and how a line of a program is done on them."""

    def __init__(self, kernel: ReferenceKernel, draws: Uniforms, n_rows: int) -> None:
        self._calendar, self._tables, self._streams, self._columns, self._horizon = kernel.arguments
        self._draws = draws
        self._rows: list[Any] = [None] * n_rows

    def sections(self, month: int) -> tuple[str, ...]:
        """Return what is done in a month; before the first that is the set-up, after the last the end."""
        if month in (-1, self._horizon):
            return ("setup",) if month < 0 else ("final",)
        return ("month",) if month % MONTHS_A_YEAR else ("year", "month")

    def run(self, lines: Sequence[Line], numbers: Array, out: Array, when: tuple[str, int]) -> None:
        """Do lines for a model: its numbers, its columns."""
        section, month = when
        kinds = {"v": self._rows.__getitem__, "p": numbers.__getitem__, "t": self._tables.__getitem__}
        kinds["c"] = lambda place: self._calendar[place][month]
        for op, target, operands in lines:
            if op == "draw":
                self._rows[target] = self._draw(self._streams[operands[0][1]], section, month)
                continue
            values = [kinds[kind](place) for kind, place in operands]
            if op == "sum":
                self._rows[target] = reduce(add, values)
            elif op == "copy":
                (self._rows[target],) = values
            elif op in ("out", "out_month"):
                (out[self._columns[target] + (month if op == "out_month" else 0)],) = values
            else:
                self._rows[target] = operation(op)(*values)

    def _draw(self, stream: int, section: str, month: int) -> Array:
        if section == "setup":
            return self._draws(stream)
        return self._draws(stream, month // MONTHS_A_YEAR if section == "year" else month)
