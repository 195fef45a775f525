"""The reference back end: the emitted text on NumPy arrays, in pieces that fit the cache. It defines what a plan means."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cache, reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost_kernels import binomial, elementary, primitives, table_quantiles
from simcost_kernels.codegen import emit
from simcost_kernels.draws.philox import HALF, WORD, philox, uniform
from simcost_kernels.draws.quasi_draws import Piece, quasi_draws
from simcost_kernels.interpreter.variant_programs import programs
from simcost_kernels.plan import ARITY, MONTHS_A_YEAR
from simcost_kernels.primitives import uint64
from simcost_kernels.sound_plan import verify
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.sections import count_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from simcost_kernels.draws.quasi_draws import Uniforms
    from simcost_kernels.interpreter.variant_programs import Line
    from simcost_kernels.plan import Plan

MOST_KEPT = 1 << 22
"""Numbers that variants keep of a piece at most: 32 MB."""

LEAST = 256
"""Scenarios of a piece at least, however many numbers variants keep of each."""

PIECE = 8192
"""Scenarios worked on at once: arrays of 64 KiB stay in the second-level cache and below malloc's mmap threshold."""

KEPT_BYTES = 16 << 20
"""Of freed memory that the allocator is made to keep, twice over: many times the arrays of a piece, and of a column's summary."""

NAMES: dict[str, Any] = {
    **{
        name: getattr(elementary, name)
        for name in (
            "exp",
            "log",
            "power",
            "minimum",
            "maximum",
            "normal_quantile",
            "normal_cdf",
        )
    },
    "smooth_quantile": table_quantiles.smooth_quantile,
    "step_quantile": table_quantiles.step_quantile,
    "binomial_quantile": binomial.binomial_quantile,
    **{name: getattr(primitives, name) for name in ("where", "sqrt", "floor", "ceil", "rint", "fabs")},
}
"""All that the emitted text can name."""


class Draws:
    """The random uniforms of one piece of scenarios; keeps the odd half of a counter's words for the month that follows.

    Parameters
    ----------
    seed
        64-bit.
    first, n
        The scenarios ``first`` to ``first + n``.
    """

    __slots__ = ("_high", "_key", "_low", "_odd")

    def __init__(self, seed: int, first: int, n: int) -> None:
        self._key = uint64(seed & 0xFFFFFFFF), uint64(seed >> 32)
        scenario = np.arange(first, first + n, dtype=np.uint64)
        self._low = scenario & WORD
        crosses = first >> 32 != (first + n - 1) >> 32
        self._high = scenario >> HALF if crosses else uint64(first >> 32)
        self._odd: dict[tuple[int, int], NDArray[np.float64]] = {}

    def __call__(self, stream: int, period: int | None = None) -> NDArray[np.float64]:
        """Return the uniforms of a stream in a period (none: the whole run): float64 (n,)."""
        if period is None:
            return self._even_and_odd(stream, 0)[0]()
        kept = self._odd.pop((stream, period), None)
        if kept is not None:
            return kept
        even, odd = self._even_and_odd(stream, period)
        if period % 2:
            return odd()
        self._odd[stream, period + 1] = odd()
        return even()

    def _even_and_odd(self, stream: int, period: int) -> tuple[Callable[[], NDArray[np.float64]], ...]:
        w0, w1, w2, w3 = philox(self._low, self._high, uint64(stream), uint64(period // 2), *self._key)
        return lambda: uniform(w0, w1), lambda: uniform(w2, w3)


class ReferenceKernel:
    """A plan ready to run on NumPy.

    Parameters
    ----------
    plan
        Verified here.
    piece
        Scenarios worked on at once; it never changes a result.
    """

    name = "reference"
    device = "NumPy"
    on_host = True
    releases_gil = False  # its many short NumPy calls hand the lock to and fro: `processes` instead of threads
    reduction = staticmethod(reduce_column)
    counter = staticmethod(count_column)

    def __init__(self, plan: Plan, *, piece: int = PIECE) -> None:
        verify(plan)
        keep_freed_memory()
        self.plan = plan
        self.text = emit.python_text(plan)
        self._piece = piece
        self._function = _compiled(self.text, plan.digest)
        self._numbers = np.array(plan.parameters, dtype=np.float64)
        self.arguments = (
            np.array(plan.calendar, dtype=np.float64).reshape(-1, plan.horizon),
            tuple(table.data for table in plan.tables),
            plan.streams,
            plan.first_columns(),
            plan.horizon,
        )

    def varied(self, parameters: tuple[float, ...]) -> ReferenceKernel:
        """Return the kernel of the same plan with other parameters; it costs next to nothing."""
        other = copy(self)
        other.plan = replace(self.plan, parameters=parameters)
        other._numbers = np.array(parameters, dtype=np.float64)  # noqa: SLF001 - its own
        return other

    def joins(self, other: object) -> bool:
        """Tell whether another kernel is a variant of this one, made by `varied`."""
        return isinstance(other, ReferenceKernel) and other.arguments is self.arguments

    def together(self, variants: Sequence[ReferenceKernel]) -> Variants:
        """Return what runs kernels that this one `joins`, in their order."""
        return Variants(self, [each.plan.parameters for each in variants])

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out`` with the columns of scenarios ``start`` to ``stop``; may be called from several threads at once.

        Parameters
        ----------
        seed
            0 to 2**64 - 1.
        out
            float64 (n_columns, stop - start).
        """
        with np.errstate(all="ignore"):  # a non-finite outcome is a result, counted by the summary
            for draws, part in self.in_pieces(seed, start, stop, self._piece):
                self._function(self._numbers, *self.arguments, draws, out[:, part])

    def in_pieces(self, seed: int, start: int, stop: int, most: int) -> Iterator[tuple[Uniforms, slice]]:
        """Cut scenarios into pieces of so many at most, and yield the uniforms of each with its place among them."""
        self.plan.sampling.check(stop)
        for first in range(start, stop, most):
            piece = Piece(seed, first, min(first + most, stop) - first)
            random = Draws(*piece)
            draws = quasi_draws(self.plan, random, piece) if self.plan.sampling.sections else random
            yield draws, slice(first - start, first - start + piece.n)


class Variants:
    """Variants of a plan, run side by side: what they share is done once (`simcost_kernels.interpreter.variant_programs`).

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
        self._piece = max(min(PIECE, MOST_KEPT // max(self._programs.n_rows, 1)), LEAST)

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out``, float64 (variants * n_columns, stop - start), with the columns of each variant, one below the other."""
        outs = np.split(out, len(self._numbers))
        with np.errstate(all="ignore"):
            for draws, part in self._kernel.in_pieces(seed, start, stop, self._piece):
                self._run_piece(draws, [each[:, part] for each in outs])

    def _run_piece(self, draws: Uniforms, outs: Sequence[NDArray[np.float64]]) -> None:
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


def keep_freed_memory() -> None:
    """Have the allocator keep what is freed, which is wanted again at once.

    glibc gives memory back to the system when 128 KB at the end of its heap are free, and asks for each larger array anew: a
    quarter of the time of a run. It learns from the first large block that is freed how much to keep: up to twice as much
    (mallopt(3), M_MMAP_THRESHOLD). The block is never touched; elsewhere this does nothing.
    """
    np.empty(KEPT_BYTES, dtype=np.uint8)


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

    def run(self, lines: Sequence[Line], numbers: NDArray[np.float64], out: NDArray[np.float64], when: tuple[str, int]) -> None:
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

    def _draw(self, stream: int, section: str, month: int) -> NDArray[np.float64]:
        if section == "setup":
            return self._draws(stream)
        return self._draws(stream, month // MONTHS_A_YEAR if section == "year" else month)


@cache
def operation(op: str) -> Callable[..., Any]:
    """Return one operation of the plan as a function of NumPy numbers or arrays: what the emitted text would do."""
    names = [f"x{i}" for i in range(ARITY[op])]
    text = f"def kernel({', '.join(names)}):\n    return {emit.PYTHON[op].format(*names)}\n"
    return _compiled(text, op)


def _compiled(text: str, digest: str) -> Callable[..., None]:
    """Execute emitted text, which holds operations and numbers of operands, never anything from a user's file."""
    names = dict(NAMES)
    exec(compile(text, f"<plan {digest[:12]}>", "exec"), names)  # noqa: S102
    function: Callable[..., None] = names["kernel"]
    return function
