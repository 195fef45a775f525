"""The frontier of mean and risk: what no other trial of a search beats in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simcost.analysis.optimize.space import Axis
    from simcost.analysis.optimize.trial import Trial

MOST_POINTS = 10
"""Of the frontier, unless told otherwise."""


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


def frontier_of(axes: Sequence[Axis], trials: Iterable[Trial], *, most: int = MOST_POINTS) -> tuple[FrontierPoint, ...]:
    """Return the allowed trials that no other beats in both mean and CVaR, by ascending mean.

    Of more than ``most`` those are kept whose CVaRs are nearest to as many that are evenly apart, both ends among them; of one,
    that is the least mean.
    """
    allowed = sorted((each for each in trials if not each.excess), key=lambda each: (each.mean, each.cvar95))
    unbeaten: list[Trial] = []
    for trial in allowed:
        if not unbeaten or trial.cvar95 < unbeaten[-1].cvar95:
            unbeaten.append(trial)
    if len(unbeaten) > most:
        risks = np.array([trial.cvar95 for trial in unbeaten])
        nearest = (int(np.argmin(abs(risks - risk))) for risk in np.linspace(risks[0], risks[-1], most))
        unbeaten = [unbeaten[place] for place in dict.fromkeys(nearest)]
    return tuple(_frontier_point(axes, trial) for trial in unbeaten)


def _frontier_point(axes: Sequence[Axis], trial: Trial) -> FrontierPoint:
    places = tuple(zip(axes, trial.point, strict=True))
    values, labels = tuple(axis.text(at) for axis, at in places), tuple(axis.label(at) for axis, at in places)
    return FrontierPoint(values, labels, trial.mean, trial.cvar95)
