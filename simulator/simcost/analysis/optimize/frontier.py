"""The frontier of mean and risk: what no other trial of a search beats in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simcost.analysis.optimize.space import Axis
    from simcost.analysis.optimize.trial import Trial

MOST_POINTS = 10
"""Of the frontier, about evenly apart."""


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A point that no other trial beats in both the mean and the mean of the worst twentieth of the total.

    Parameters
    ----------
    values
        Of the decisions, for people.
    labels
        The same as numbers in their units, or as texts where they have no order.
    """

    values: tuple[str, ...]
    labels: tuple[float | str, ...]
    mean: float
    cvar95: float


def frontier_of(axes: Sequence[Axis], trials: Iterable[Trial]) -> tuple[FrontierPoint, ...]:
    """Return the allowed trials that no other beats in both mean and CVaR, by ascending mean; between both ends thinned out."""
    allowed = sorted((each for each in trials if not each.excess), key=lambda each: (each.mean, each.cvar95))
    unbeaten: list[Trial] = []
    for trial in allowed:
        if not unbeaten or trial.cvar95 < unbeaten[-1].cvar95:
            unbeaten.append(trial)
    apart = (unbeaten[0].cvar95 - unbeaten[-1].cvar95) / MOST_POINTS
    kept: list[Trial] = []
    for trial in unbeaten[:-1]:
        if not kept or kept[-1].cvar95 - trial.cvar95 > apart:
            kept.append(trial)
    kept.append(unbeaten[-1])
    return tuple(_frontier_point(axes, trial) for trial in kept)


def _frontier_point(axes: Sequence[Axis], trial: Trial) -> FrontierPoint:
    places = tuple(zip(axes, trial.point, strict=True))
    values, labels = tuple(axis.text(at) for axis, at in places), tuple(axis.label(at) for axis, at in places)
    return FrontierPoint(values, labels, trial.mean, trial.cvar95)
