"""Whether the wanted confidence is met, and whether the run can tell.

Where sums are approved by quarter or fiscal year, or for categories, stages or owners, each of them is judged, and the whole: a
year or a department that is sure to break its sum is not mended by what another leaves over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.part_budget import PartBudget
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
        on the whole or on a part.
    part
        The same of a category, stage or owner.
    """

    met: bool
    decided: bool
    enough: int | None
    period: PeriodBudget | None = None
    part: PartBudget | None = None


def gate(budget: BudgetFigures, scenarios: int) -> Gate:
    """Judge the figures of a run of so many scenarios: the whole, and each period and part by itself."""

    def judged(of: BudgetFigures | PeriodBudget | PartBudget) -> Gate:
        return _judged(of.probability_within, budget.confidence, scenarios)

    verdicts = [
        (budget.probability_within.value, judged(budget)),
        *((each.probability_within.value, replace(judged(each), period=each)) for each in budget.periods),
        *((each.probability_within.value, replace(judged(each), part=each)) for each in budget.parts),
    ]
    # One sum that surely fails decides that the gate does; all must surely hold for it to be sure of that.
    return min(verdicts, key=lambda each: (each[1].met, each[1].decided == each[1].met, each[0]))[1]


def _judged(within: Estimate, wanted: float, scenarios: int) -> Gate:
    """Judge one approved sum."""
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
