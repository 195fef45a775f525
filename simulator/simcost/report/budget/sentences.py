"""What the figures of a budget mean, in plain words: for ``run``, ``show`` and ``budget``."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from simcost.report.budget.approved_parts import part_sentences
from simcost.report.parts.money import decimals_for, money, percent, wanted_percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.overrun import Overrun
    from simcost.analysis.estimates.intervals import Estimate


def budget_sentences(budget: BudgetFigures, currency: str, months: Sequence[str]) -> Iterator[str]:
    """Whether the approved sum holds, and what would make it hold."""
    decimals = decimals_for([budget.approved, budget.sum_for_confidence.value])

    def sum_of(value: float | None) -> str:
        return f"{money(value, decimals)} {currency}"

    wanted = wanted_percent(budget.confidence)
    within = budget.probability_within
    yield (
        f"Budget: the approved {sum_of(budget.approved)} is enough in {percent(within.value)} of the scenarios"
        f"{_interval(within, percent)}; wanted: {wanted}."
    )
    yield _needed(budget, currency, decimals)
    yield from _period_sentences(budget, currency, decimals)
    yield from first_breach_sentences(budget, months)
    if budget.overrun:
        yield overrun_sentence(budget.overrun, currency)
    yield from part_sentences(budget)


def _needed(budget: BudgetFigures, currency: str, decimals: int) -> str:
    """Say which sum would hold, and how far it is from what is approved."""
    wanted, enough, reserve = wanted_percent(budget.confidence), budget.sum_for_confidence, budget.reserve_for_confidence.value
    if not isfinite(enough.value):
        return f"No sum is enough in {wanted} of them: in too many the cost is infinite or undefined."
    needed = f"Staying within budget in {wanted} of them takes {money(enough.value, decimals)} {currency}"
    limits = _interval(enough, partial(money, decimals=decimals))
    if round(reserve, decimals) == 0:
        return f"{needed}{limits}: exactly the approved sum."
    return f"{needed}{limits}: {money(abs(reserve), decimals)} {currency} {'more' if reserve > 0 else 'less'} than approved."


def _period_sentences(budget: BudgetFigures, currency: str, decimals: int) -> Iterator[str]:
    """Say of each quarter or fiscal year whether what is approved for it holds, and what would."""
    wanted = wanted_percent(budget.confidence)
    for each in budget.periods:
        enough = each.sum_for_confidence.value
        would_be = f"{money(enough, decimals)} {currency}" if isfinite(enough) else "no sum"
        yield (
            f"{each.label}: the approved {money(each.approved, decimals)} {currency} is enough in "
            f"{percent(each.probability_within.value)}{_interval(each.probability_within, percent)}; "
            f"{would_be} would be in {wanted}."
        )
    if together := budget.probability_within_every_period:
        yield f"All of them hold at once in {percent(together.value)} of the scenarios{_interval(together, percent)}."


def first_breach_sentences(budget: BudgetFigures, months: Sequence[str]) -> Iterator[str]:
    """Say when the budget is first broken, if it ever is."""
    first = budget.first_breach
    if first and first.never.value < 1.0:
        probabilities = [each.value for each in first.by_month]
        likeliest = probabilities.index(max(probabilities))
        yield (
            f"It is exceeded for the first time most often in {months[likeliest]} ({percent(probabilities[likeliest])} of the "
            f"scenarios), and never in {percent(first.never.value)}."
        )


def overrun_sentence(overrun: Overrun, currency: str) -> str:
    """Say by how much the whole exceeds what is approved where it does."""
    mean, p50, p95 = overrun.mean, overrun.p50, overrun.p95
    decimals = decimals_for([mean.value, p95.value])
    limits = _interval(mean, partial(money, decimals=decimals))
    return (
        f"If the total exceeds the approved sum, it does so by {money(mean.value, decimals)} {currency} on average{limits}: by "
        f"at most {money(p50.value, decimals)} in half of these scenarios, and by at most {money(p95.value, decimals)} in 95 %."
    )


def _interval(estimate: Estimate, shown: Callable[[float | None], str]) -> str:
    """Both ends, unless one is missing or nothing between them can be seen."""
    if estimate.low is None or estimate.high is None or shown(estimate.low) == shown(estimate.high):
        return ""
    return f" (95 % interval {shown(estimate.low)} to {shown(estimate.high)})"
