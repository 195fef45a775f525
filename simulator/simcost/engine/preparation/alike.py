"""Plans that differ in their parameters alone share what was made ready for the first of them: tables, queues, memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simcost_kernels.plan import Plan


def shared_kernels(plans: Sequence[Plan], make: Callable[[Plan], Any]) -> Iterator[Any]:
    """Yield a kernel of each plan: made, or a variant of the kernel of an earlier plan.

    Parameters
    ----------
    make
        Makes a kernel (a `simcost.engine.kernels.ParametricKernel`), or gives None where none can be made: that is not shared.
    """
    made: dict[str, list[Any]] = {}
    for plan in plans:
        known = made.setdefault(plan.digest, [])
        kernel = next((each.varied(plan.parameters) for each in known if differ_in_parameters_alone(plan, each.plan)), None)
        if kernel is None:
            kernel = make(plan)
            known += [] if kernel is None else [kernel]
        yield kernel


def models_alike(plans: Sequence[Plan]) -> dict[str, list[tuple[float, ...]]]:
    """Return, by digest, the parameters of the first plan and of all that differ from it in these alone."""
    first: dict[str, Plan] = {}
    models: dict[str, list[tuple[float, ...]]] = {}
    for plan in plans:
        digest = plan.digest
        if differ_in_parameters_alone(plan, first.setdefault(digest, plan)):
            models.setdefault(digest, []).append(plan.parameters)
    return models


def differ_in_parameters_alone(one: Plan, other: Plan) -> bool:
    """Tell whether a plan is a variant of another of the same digest: all but its parameters is the same."""
    return (
        one.horizon == other.horizon  # not in the digest, nor in the calendar of a plan that asks for none
        and one.streams == other.streams
        and one.calendar == other.calendar
        and one.sampling == other.sampling
        and one.outputs == other.outputs
        and all(a is b or np.array_equal(a.data, b.data) for a, b in zip(one.tables, other.tables, strict=True))
    )
