"""Whether the wanted confidence is met, and whether the run can tell.

Where sums are approved by quarter or fiscal year, each of them is judged, and the whole: a year that is sure to break its sum is
not mended by what another leaves over.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.period_budget import PeriodBudget
    from simcost.analysis.estimates.intervals import Estimate

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
    period
        The quarter or fiscal year that the verdict rests on: the one that fails, or comes nearest to it; None where it rests
        on the whole.
    """

    met: bool
    decided: bool
    enough: int | None
    period: PeriodBudget | None = None


def gate(budget: BudgetFigures, scenarios: int) -> Gate:
    """Judge the figures of a run of so many scenarios: the whole, and each period by itself."""
    sums = ((None, budget.probability_within), *((each, each.probability_within) for each in budget.periods))
    verdicts = [(within.value, _judged(within, budget.confidence, scenarios, period)) for period, within in sums]
    # One sum that surely fails decides that the gate does; all must surely hold for it to be sure of that.
    return min(verdicts, key=lambda each: (each[1].met, each[1].decided == each[1].met, each[0]))[1]


def _judged(within: Estimate, wanted: float, scenarios: int, period: PeriodBudget | None) -> Gate:
    """Judge one approved sum."""
    met = within.value >= wanted
    if within.low is None or within.high is None:
        return Gate(met, decided=False, enough=None, period=period)
    if within.low > wanted or within.high < wanted:
        return Gate(met, decided=True, enough=None, period=period)
    half = max(within.value - within.low, within.high - within.value)
    return Gate(met, decided=False, enough=_enough(half, abs(within.value - wanted), scenarios), period=period)


def _enough(half: float, gap: float, scenarios: int) -> int | None:
    """Return for how many scenarios half an interval is as narrow as the gap: it narrows with the root of their number."""
    if not gap or scenarios * (half / gap) ** 2 > MOST:
        return None
    exact = scenarios * (half / gap) ** 2
    unit = int(10 ** max(floor(log10(exact)) - 1, 0))
    return ceil(exact / unit) * unit
