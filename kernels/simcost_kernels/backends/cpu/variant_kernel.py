"""A plan made ready for many variants of its parameters: what they share is done once (see `simcost_kernels.guards`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost_kernels.backends.cpu.kernel import CpuKernel
from simcost_kernels.guards import guards, to_enter
from simcost_kernels.variant_lanes import variant_lane_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simcost_kernels.plan import Plan


class VariantKernel(CpuKernel):
    """A plan compiled for variants side by side; one by itself is run as by any kernel, a little slower.

    Parameters
    ----------
    plan
        See `CpuKernel`.
    """

    print = staticmethod(variant_lane_text)

    def __init__(self, plan: Plan) -> None:
        self._guards = guards(plan)
        super().__init__(plan)

    def joins(self, other: object) -> bool:
        """Tell whether another kernel is a variant of this one, made by `varied`."""
        return isinstance(other, VariantKernel) and other._arguments is self._arguments  # noqa: SLF001 - of the same class

    def together(self, variants: Sequence[VariantKernel]) -> Variants:
        """Return what runs kernels that this one `joins`, in their order."""
        return Variants(self, self.given([each.plan.parameters for each in variants]), len(variants))

    def given(self, parameters: Sequence[tuple[float, ...]]) -> tuple[Any, ...]:
        """Return the numbers of variants as the compiled function takes them."""
        numbers = np.array(parameters, dtype=np.float64)
        return numbers, to_enter(self._guards, numbers)


@dataclass(frozen=True, slots=True)
class Variants:
    """Variants of a plan, run side by side."""

    kernel: VariantKernel
    numbers: tuple[Any, ...]
    count: int

    def run(self, seed: int, start: int, stop: int, out: NDArray[np.float64]) -> None:
        """Fill ``out``, float64 (count * n_columns, stop - start), with the columns of each variant, one below the other."""
        self.kernel.fill(seed, start, stop, out, self.numbers, self.count)
