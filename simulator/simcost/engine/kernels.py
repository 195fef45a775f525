"""What the engine asks of the kernels that back ends make ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan
    from simcost_kernels.summaries.column import Reduction
    from simcost_kernels.summaries.sections import Counter
    from simcost_kernels.summaries.summary import Summary

    Columns = Array


class Kernel(Protocol):
    """A plan made ready by a back end.

    ``releases_gil`` says whether several threads run it faster than one; ``on_host``, that columns are made in the host's memory:
    it is a `HostKernel` then, else a `DeviceKernel`.
    """

    plan: Plan
    name: str
    device: str
    releases_gil: bool
    on_host: bool

    def run(self, seed: int, start: int, stop: int, out: Columns) -> None:
        """Fill ``out``, float64 (n_columns, stop - start), with the columns of scenarios ``start`` to ``stop``."""


class ParametricKernel(Kernel, Protocol):
    """A kernel of which others are made, of the same plan with other parameters, at almost no cost: all back ends make such."""

    def varied(self, parameters: tuple[float, ...]) -> ParametricKernel:
        """Return the kernel of the same plan with these parameters."""


@runtime_checkable
class BatchKernel(Protocol):
    """A kernel that runs variants of its plan side by side in less time than one after the other."""

    def is_variant(self, other: object) -> bool:
        """Tell whether another kernel is this one or was made of it by `ParametricKernel.varied`."""

    def batch(self, variants: Sequence[Any]) -> Runner:
        """Return what runs variants of this kernel: their columns one below the other."""


class HostKernel(Kernel, Protocol):
    """A kernel whose columns are summarised by ``reduction`` and ``counter``; several threads may call all three at once."""

    @property
    def reduction(self) -> Reduction:
        """How a column is reduced."""

    @property
    def counter(self) -> Counter:
        """How a column is counted by section."""


class DeviceKernel(Kernel, Protocol):
    """A kernel that summarises what it makes.

    ``span`` is how many scenarios it likes to be asked for at once, a multiple of `BLOCK`; ``queues``, how many threads it
    serves.
    """

    span: int
    queues: int

    def summarize(self, summary: Summary, seed: int, start: int, stop: int, out: Columns | None) -> None:
        """Add scenarios ``start`` to ``stop``, all of one span, to ``summary``; fill ``out`` as `run` does unless it is None."""


class Runner(Protocol):
    """What fills columns: a kernel, or several together."""

    def run(self, seed: int, start: int, stop: int, out: Columns) -> None:
        """Fill ``out``, float64 (number of columns, stop - start), with the columns of scenarios ``start`` to ``stop``."""
