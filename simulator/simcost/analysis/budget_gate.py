"""Whether the wanted confidence is met, and whether the run can tell."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.analysis.budget import BudgetFigures

MOST = 2**53
"""Scenarios beyond which no run is proposed: every count up to here is exact in float64."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict on a budget.

    Parameters
    ----------
    met
        Whether the probability of staying within, as estimated, is at least the wanted one. The same file, seed and number of
        scenarios give the same verdict everywhere, decided or not.
    decided
        Whether its 95 % interval leaves the wanted one out, so that other draws would say the same.
    enough
        About how many scenarios would decide, should the probability stay as it is; None where this run does, or none would.
    """

    met: bool
    decided: bool
    enough: int | None


def gate(budget: BudgetFigures, scenarios: int) -> Gate:
    """Judge the figures of a run of so many scenarios."""
    within, wanted = budget.probability_within, budget.confidence
    met = within.value >= wanted
    if within.low is None or within.high is None:
        return Gate(met, decided=False, enough=None)
    if within.low > wanted or within.high < wanted:
        return Gate(met, decided=True, enough=None)
    half = max(within.value - within.low, within.high - within.value)
    return Gate(met, decided=False, enough=_enough(half, abs(within.value - wanted), scenarios))


def _enough(half: float, gap: float, scenarios: int) -> int | None:
    """Return for how many scenarios half an interval is as narrow as the gap: it narrows with the root of their number."""
    if not gap or scenarios * (half / gap) ** 2 > MOST:
        return None
    exact = scenarios * (half / gap) ** 2
    unit = int(10 ** max(floor(log10(exact)) - 1, 0))
    return ceil(exact / unit) * unit
