"""A plan made ready for variants of its parameters: what they share is done once (see `interpreter.variant_programs`)."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

import numba
import numpy as np

from simcost_kernels.backends.cpu.cache import compiled
from simcost_kernels.backends.cpu.counting import CompiledCounter
from simcost_kernels.backends.cpu.kernel import check_asked, key_of, laid_out
from simcost_kernels.backends.cpu.reduction import CompiledReduction
from simcost_kernels.backends.cpu.tables import joined_tables
from simcost_kernels.codegen.lanes import STRIDE
from simcost_kernels.draws.sobol import scrambled
from simcost_kernels.interpreter.interpreter_text import NUMBER, OPERATIONS, SERIES, SUMS, WORDS, interpreter_text
from simcost_kernels.interpreter.variant_programs import programs
from simcost_kernels.plan import MONTHS_A_YEAR, SECTIONS
from simcost_kernels.sound_plan import verify, verify_parameters
from simcost_kernels.summaries.sections import count_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.interpreter.variant_programs import Line, Operand, Program
    from simcost_kernels.plan import Plan

WHOLE, FLOAT = numba.uint64, numba.float64
SIGNATURE = (
    *(WHOLE, WHOLE, WHOLE, WHOLE, FLOAT[:, ::1], FLOAT[:, ::1], FLOAT[::1], WHOLE[:, ::1], WHOLE[::1]),
    *(numba.types.Array(WHOLE, 3, "C", readonly=True), WHOLE[:, ::1], WHOLE[:, ::1], WHOLE, FLOAT[:, :]),
)
"""Types of the interpreter's arguments (see `simcost_kernels.interpreter.interpreter_text`)."""

CODES = {op: code for code, op in enumerate(OPERATIONS)}
PERIOD = {"setup": 1 << 40, "year": MONTHS_A_YEAR, "month": 1}
"""Months of a period, by section; a run has as many as there may be."""

NO_POINTS = np.zeros((1, 1, 1), dtype=np.uint64)
NO_POINTS.flags.writeable = False


class InterpreterKernel:
    """A plan that is run by an interpreter of programs, which is compiled once for all plans.

    Parameters
    ----------
    plan
        Verified here.
    """

    name = "cpu"
    device = f"numba {numba.__version__}"
    releases_gil = True
    on_host = True

    def __init__(self, plan: Plan) -> None:
        verify(plan)
        self.plan = plan
        self.dimensions = plan.dimensions() if plan.sampling.method == "sobol" else ()
        self.tables = joined_tables(laid_out(plan))
        self.function = compiled(interpreter_text(), SIGNATURE)
        self.reduction = CompiledReduction()
        self._alone: Batch | None = None
        self.counter = CompiledCounter() if plan.sampling.sections else count_column

    def varied(self, parameters: tuple[float, ...]) -> InterpreterKernel:
        """Return the kernel of the same plan with other parameters; it costs next to nothing."""
        other = copy(self)
        other.plan = replace(self.plan, parameters=parameters)
        verify_parameters(other.plan)
        other._alone = None  # noqa: SLF001 - its own
        return other

    def is_variant(self, other: object) -> bool:
        """Tell whether another kernel is this one or was made of it by `varied`."""
        return isinstance(other, InterpreterKernel) and other.tables is self.tables

    def batch(self, variants: Sequence[InterpreterKernel]) -> Batch:
        """Return what runs variants of this kernel side by side, in their order."""
        return Batch(self, [each.plan.parameters for each in variants])

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out`` with the columns of scenarios ``start`` to ``stop``; several threads may call it at once.

        Parameters
        ----------
        seed
            0 to 2**64 - 1.
        out
            float64 (n_columns, stop - start), the values of a row adjacent.
        """
        if self._alone is None:
            self._alone = self.batch([self])
        self._alone.run(seed, start, stop, out)


class Batch:
    """Variants of a plan, run side by side.

    Parameters
    ----------
    kernel
        Of the plan.
    parameters
        Of each variant.
    """

    def __init__(self, kernel: InterpreterKernel, parameters: Sequence[tuple[float, ...]]) -> None:
        self._kernel, plan = kernel, kernel.plan
        written = programs(plan, parameters)
        assembler = _Assembler(plan, written.n_rows)
        calendar = np.array(plan.calendar, dtype=np.float64).reshape(-1, plan.horizon)
        self._numbers = np.array(parameters, dtype=np.float64), calendar, *kernel.tables, np.array(plan.streams, dtype=np.uint64)
        self._program = *assembler.assembled([*written.models, {"month": written.carry}]), np.uint64(assembler.n_rows)

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out``, float64 (count * n_columns, stop - start), with the columns of each variant, one below the other."""
        plan = self._kernel.plan
        check_asked(plan, stop, out, (len(self._numbers[0]) * plan.n_columns, stop - start))
        points = scrambled(seed, self._kernel.dimensions, plan.sampling.replicates) if self._kernel.dimensions else NO_POINTS
        span = np.uint64(start), np.uint64(stop - start)
        self._kernel.function(*key_of(seed), *span, *self._numbers, points, *self._program, out)


class _Assembler:
    """Turns lines of programs into words; uniforms that odd months have from the months before them get rows after all others.

    Parameters
    ----------
    plan
        Of the programs.
    n_rows
        That the programs have.
    """

    def __init__(self, plan: Plan, n_rows: int) -> None:
        drawn = {section: [n for n, step in steps.items() if step.op == "draw"] for section, steps in plan.numbered().items()}
        self.n_rows = n_rows + len(drawn["month"])
        self._odd = {number: n_rows + place for place, number in enumerate(drawn["month"])}
        self._dimension = {number: place for place, number in enumerate([*drawn["setup"], *drawn["year"]])}
        self._yearly = len(drawn["year"])
        self._method, self._columns = plan.sampling.method, plan.first_columns()

    def assembled(self, models: Iterable[Program]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Return the words of all lines, uint64 (n, WORDS), and of each model where its sections begin, uint64 (models, 5)."""
        words: list[tuple[int, ...]] = []
        begins = []
        for model in models:
            begin = []
            for section in SECTIONS:
                begin.append(len(words))
                words += [each for line in model.get(section, ()) for each in self._words(section, line)]
            begins.append([*begin, len(words)])
        return np.array(words, dtype=np.uint64).reshape(-1, WORDS), np.array(begins, dtype=np.uint64)

    def _words(self, section: str, line: Line) -> Iterator[tuple[int, ...]]:
        """Yield the words of a line."""
        op, target, operands = line
        if op == "draw":
            yield from self._draws(section, target, operands[0][1])
        elif op == "sum":
            yield from self._sums(target, list(map(_word, operands)))
        elif op in ("out", "out_month"):
            yield CODES[op], self._columns[target], _word(operands[0]), 0, 0
        else:
            a, b, c, *_ = [*map(_word, operands), 0, 0, 0]
            yield CODES[op], target * STRIDE, a, b, c

    def _sums(self, target: int, left: list[int]) -> Iterator[tuple[int, ...]]:
        """Yield the words of a sum: what the first rows make is the first row of the rest, in two spare rows in turn."""
        between = cycle((self.n_rows * STRIDE, (self.n_rows + 1) * STRIDE))
        while len(left) > 1:
            op, count = next((op, count) for op, count in (*SUMS.items(), ("add", 2)) if count <= len(left))
            place = target * STRIDE if count == len(left) else next(between)
            words = [CODES[op], place, *left[:count], *(0,) * WORDS]
            yield tuple(words[:WORDS])
            if op in SUMS:
                yield tuple(words[WORDS : 2 * WORDS])
            left = [place, *left[count:]]

    def _draws(self, section: str, number: int, stream: int) -> Iterator[tuple[int, ...]]:
        """Yield the words of a draw: only the first model draws, so that its row has the number of its step."""
        place = number * STRIDE
        if self._method == "sobol" and section != "month":
            yield CODES["sobol"], place, self._dimension[number], self._yearly if section == "year" else 0, 0
            return
        if section == "month":
            yield CODES["draw_month"], place, stream, self._odd[number] * STRIDE, 0
        else:
            yield CODES["draw"], place, stream, PERIOD[section], 0
        if self._method != "random":
            yield CODES["stratify"], place, stream, PERIOD[section], 0


def _word(operand: Operand) -> int:
    """Return the word of an operand: the place of a row, or what it is the number of."""
    kind, number = operand
    return {"v": number * STRIDE, "p": NUMBER + number, "c": SERIES + number, "t": number}[kind]
