"""The figures of a run: what the summary of its columns says about every total, category, line, stage, owner and month."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from simcost.analysis.budgets.budget import BudgetFigures, budget_figures
from simcost.analysis.estimates.intervals import CONFIDENCE, probability, ranks, smallest_n
from simcost.analysis.estimates.undefined import refuse_undefined, undefined_warning
from simcost.analysis.months_by_name import months_by_name
from simcost.analysis.pools import PoolFigures, headroom_of, sizing_probabilities
from simcost.analysis.statistics import PERCENTILES, Statistics, statistics
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.months_by_name import ByMonth
    from simcost.scenario.scenario import Budget
    from simcost_kernels.summaries.summary import Summary


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month: ``month`` as ``2027-01``, its cost, and the cost from the start to its end."""

    month: str
    total: Statistics
    cumulative: Statistics


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a run, in the scenario's currency, names in the plan's order.

    Parameters
    ----------
    non_finite
        Scenarios in which some value is infinite or undefined. Such a value is left out of its column's figures; the first
        warning says so.
    budget
        None if the scenario declares none.
    warnings
        What the user should know.
    quarters, fiscal_years
        None of them unless the scenario tells when fiscal years begin.
    present_value
        None unless the scenario discounts; always of what is paid, whatever the view.
    other_view
        The figures of the other view, where it counts other lines.
    pools
        By name; in devices, not in money.
    categories_by_period, stages_by_period, owners_by_period
        Those that have approved sums by fiscal year or quarter, in each: ``search FY2028``.
    by_month
        The months of each name of what the scenario asks to have by month: ``by_month["category"]["compute"][0]``.
    """

    total: Statistics
    categories: Mapping[str, Statistics]
    lines: Mapping[str, Statistics]
    stages: Mapping[str, Statistics]
    owners: Mapping[str, Statistics]
    months: tuple[MonthFigures, ...]
    non_finite: int
    budget: BudgetFigures | None
    warnings: tuple[str, ...]
    quarters: Mapping[str, Statistics] = field(default_factory=dict)
    fiscal_years: Mapping[str, Statistics] = field(default_factory=dict)
    present_value: Statistics | None = None
    other_view: OtherView | None = None
    pools: Mapping[str, PoolFigures] = field(default_factory=dict)
    by_month: ByMonth = field(default_factory=dict)
    categories_by_period: Mapping[str, Statistics] = field(default_factory=dict)
    stages_by_period: Mapping[str, Statistics] = field(default_factory=dict)
    owners_by_period: Mapping[str, Statistics] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Tell the total in one line, and how many figures there are beside it; all of them would fill the screen."""
        counts = f"{len(self.categories)} categories, {len(self.lines)} lines, {len(self.months)} months"
        return f"<{type(self).__name__}: total: {self.total.in_passing(50.0, 95.0)}; {counts}>"


@dataclass(frozen=True, slots=True)
class OtherView:
    """The other view of the same futures: ``name`` is ``cash`` or ``amortised``; its figures are without budget and warnings."""

    name: str
    figures: Figures


def figures(
    columns: Sequence[tuple[str, str, int]],
    summary: Summary,
    *,
    percentiles: Sequence[float] = (),
    month_names: Sequence[str],
    budget: Budget | None = None,
    confidence: float = CONFIDENCE,
) -> Figures:
    """Read the figures of a run off its summary.

    Parameters
    ----------
    columns
        (group, label, month) of each column, as `Plan.columns` yields them.
    summary
        Of these columns.
    percentiles
        In percent, beside those of every run (`PERCENTILES`) and that of the budget's confidence; repeated ones count once.
    month_names
        Name of each month, in order.
    confidence
        Of each interval by itself; more than 0.95 where a run was looked at several times, so that it has 0.95 at its end.

    Returns
    -------
    Figures
        Their warnings are those that arise here; the compiler's are not among them.

    Raises
    ------
    UsageError
        If a percentile is not between 0 and 100.
    UndefinedCostError
        If the total is finite in no scenario.
    """
    asked = [percentile_of(budget)] if budget else []
    wanted = checked_percentiles((*PERCENTILES, *percentiles, *asked))
    refuse_undefined(columns, summary)
    every = dict(zip(columns, statistics(summary, wanted, confidence=confidence), strict=True))
    view = next((name for name in ("amortised", "cash") if (f"{name}_total", "", -1) in every), "")
    found = _of_view(every, month_names)
    return replace(
        found,
        non_finite=summary.non_finite_scenarios,
        budget=budget_figures(columns, summary, budget, confidence=confidence) if budget else None,
        warnings=(*undefined_warning(columns, summary), *_refusals(summary.n, wanted, confidence)),
        present_value=every.get(("present_value", "", -1)),
        other_view=OtherView(view, _of_view(every, month_names, f"{view}_")) if view else None,
        pools=_pools(columns, summary, found, every, confidence=confidence),
    )


def _pools(
    columns: Sequence[tuple[str, str, int]],
    summary: Summary,
    found: Figures,
    every: Mapping[tuple[str, str, int], Statistics],
    *,
    confidence: float,
) -> dict[str, PoolFigures]:
    """Gather what is told of pools, their headroom being a cost line."""
    sized_in = {
        label: sizing_probabilities(summary, place, len(found.months), confidence)
        for place, (group, label, _) in enumerate(columns)
        if group == "sizing"
    }
    return {
        label: PoolFigures(every["pool", label, -1], shares, headroom_of(label, found.lines))
        for label, shares in sized_in.items()
    }


def _of_view(every: Mapping[tuple[str, str, int], Statistics], month_names: Sequence[str], prefix: str = "") -> Figures:
    """Gather the figures of the groups that begin with a prefix."""

    def named(group: str) -> dict[str, Statistics]:
        return {label: item for (its_group, label, _), item in every.items() if its_group == prefix + group}

    months = tuple(
        MonthFigures(name, every[f"{prefix}month", "", month], every[f"{prefix}cumulative", "", month])
        for month, name in enumerate(month_names)
    )
    return Figures(
        total=every[f"{prefix}total", "", -1],
        categories=named("category"),
        lines=named("line"),
        stages=named("stage"),
        owners=named("owner"),
        months=months,
        non_finite=0,
        budget=None,
        warnings=(),
        quarters=named("quarter"),
        fiscal_years=named("fiscal_year"),
        by_month=months_by_name(every, prefix),
        categories_by_period=named("category_by_period"),
        stages_by_period=named("stage_by_period"),
        owners_by_period=named("owner_by_period"),
    )


def percentile_of(budget: Budget | BudgetFigures) -> float:
    """Return the percentile of the total that is enough with the wanted confidence: 99.9 for 0.999."""
    return float(f"{budget.confidence!r}e2") if "e" not in repr(budget.confidence) else 100.0 * budget.confidence


def checked_percentiles(percentiles: Sequence[float]) -> tuple[float, ...]:
    """Ascending percentiles without repetition, each checked to lie between 0 and 100."""
    for percent in percentiles:
        if not 0.0 < percent < 100.0:
            message = f"percentile {percent:g} is not between 0 and 100. Give numbers like 2.5,50,97.5."
            raise UsageError(message)
    return tuple(sorted({float(percent) for percent in percentiles}))


def _refusals(n: int, percentiles: Sequence[float], confidence: float) -> list[str]:
    """Which percentiles miss an end of their interval, and how many scenarios would give it."""
    short = [percent for percent in percentiles if None in ranks(n, probability(percent), confidence)]
    if not short:
        return []
    extreme = max(max(p, 1.0 - p) for p in map(probability, short))
    names = ", ".join(f"P{percent:.10g}" for percent in short)
    enough = smallest_n(extreme, 1.0 - (1.0 - confidence) / 2.0)
    few = f"{n} scenario{' is' if n == 1 else 's are'} too few for both ends of the 95 % interval of {names}"
    return [f"{few}. Run at least {enough} scenarios."]
