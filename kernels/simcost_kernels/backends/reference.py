"""The reference back end: the emitted text on NumPy arrays, in pieces that fit the cache. It defines what a plan means."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.backends.numpy_text import compiled_text
from simcost_kernels.backends.reference_batch import Batch
from simcost_kernels.codegen.emit import python_text
from simcost_kernels.draws.quasi_draws import Piece, quasi_draws
from simcost_kernels.draws.random_draws import RandomDraws
from simcost_kernels.sound_plan import verify, verify_parameters
from simcost_kernels.summaries.column import reduce_column
from simcost_kernels.summaries.sections import count_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simcost_kernels.arrays import Array
    from simcost_kernels.draws.quasi_draws import Uniforms
    from simcost_kernels.plan import Plan

PIECE = 8192
"""Scenarios worked on at once: arrays of 64 KiB stay in the second-level cache and below malloc's mmap threshold."""

KEPT_BYTES = 16 << 20
"""Of freed memory that the allocator is made to keep, twice over: many times the arrays of a piece, and of a column's summary."""


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
        self.text = python_text(plan)
        self.piece = piece
        self._function = compiled_text(self.text, plan.digest)
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
        verify_parameters(other.plan)
        other._numbers = np.array(parameters, dtype=np.float64)  # noqa: SLF001 - its own
        return other

    def is_variant(self, other: object) -> bool:
        """Tell whether another kernel is this one or was made of it by `varied`."""
        return isinstance(other, ReferenceKernel) and other.arguments is self.arguments

    def batch(self, variants: Sequence[ReferenceKernel]) -> Batch:
        """Return what runs variants of this kernel side by side, in their order."""
        return Batch(self, [each.plan.parameters for each in variants])

    def run(self, seed: int, start: int, stop: int, out: Array) -> None:
        """Fill ``out`` with the columns of scenarios ``start`` to ``stop``; may be called from several threads at once.

        Parameters
        ----------
        seed
            0 to 2**64 - 1.
        out
            float64 (n_columns, stop - start).
        """
        with np.errstate(all="ignore"):  # a non-finite outcome is a result, counted by the summary
            for draws, part in self.in_pieces(seed, start, stop, self.piece):
                self._function(self._numbers, *self.arguments, draws, out[:, part])

    def in_pieces(self, seed: int, start: int, stop: int, most: int) -> Iterator[tuple[Uniforms, slice]]:
        """Cut scenarios into pieces of so many at most, and yield the uniforms of each with its place among them."""
        self.plan.sampling.check(stop)
        for first in range(start, stop, most):
            piece = Piece(seed, first, min(first + most, stop) - first)
            random = RandomDraws(*piece)
            draws = quasi_draws(self.plan, random, piece) if self.plan.sampling.sections else random
            yield draws, slice(first - start, first - start + piece.n)


def keep_freed_memory() -> None:
    """Have the allocator keep what is freed, which is wanted again at once.

    glibc gives memory back to the system when 128 KB at the end of its heap are free, and asks for each larger array anew: a
    quarter of the time of a run. It learns from the first large block that is freed how much to keep: up to twice as much
    (mallopt(3), M_MMAP_THRESHOLD). The block is never touched; elsewhere this does nothing.
    """
    np.empty(KEPT_BYTES, dtype=np.uint8)
