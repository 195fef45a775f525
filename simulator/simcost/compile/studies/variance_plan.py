"""The plan of what was planned for the months that are billed, and whether each part of it was to cost less than its bills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from simcost.compile.compiled import lowered
from simcost.compile.costs import added_up, months_by, within_limit, within_months
from simcost.compile.dependence.pairs import joined
from simcost.scenario.scenario import APPROVED_BY, BREAKDOWNS, BY_PERIOD, PERIODS
from simcost.scenario.sections.breakdown import MOST_COLUMNS, members
from simcost.scenario.sections.fiscal import FiscalCalendar, Period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import Breakdown, Cost, Scenario
    from simcost_kernels.plan import Plan

MOST_LINES = MOST_COLUMNS // 6
"""Cost lines that are told: each has three columns in each of two periods."""

PLANNED, AT_MOST, BELOW = "planned", "at_most", "below"
"""Groups of columns, one for each part: what it was to cost, and whether that is at most what was billed, and less."""

Part = tuple[str, str]
"""A breakdown and a name in it; of the whole ``total`` and an empty one."""


@dataclass(frozen=True, slots=True)
class Billed:
    """What was billed of each part in some of the first months.

    Parameters
    ----------
    first, last
        The months: from 0, and the one after the last.
    lines
        Names of the cost lines that can be billed: not those that the amortised view alone counts.
    amounts
        By part, in the order in which they are told.
    """

    first: int
    last: int
    lines: frozenset[str]
    amounts: Mapping[Part, float]


def told(scenario: Scenario) -> tuple[Breakdown, ...]:
    """Return the breakdowns whose parts are told: all but cost lines where these would take more columns than a run may have."""
    lines = sum(bool(cost.billed) for cost in scenario.costs)
    return tuple(group for group in BREAKDOWNS if group != "line" or lines <= MOST_LINES)


def billed(scenario: Scenario, first: int, last: int) -> Billed:
    """Add up the bills of cost lines by part."""
    costs = [cost for cost in scenario.costs if cost.billed]
    amounts: dict[Part, float] = {("total", ""): _sum(costs, first, last)}
    for group in told(scenario):
        amounts |= {(group, name): _sum(its, first, last) for name, its in members(group, costs).items()}
    return Billed(first, last, frozenset(cost.name for cost in costs), amounts)


def _sum(costs: Sequence[Cost], first: int, last: int) -> float:
    return fsum(amount for cost in costs for amount in cost.billed[first:last])


def spent(scenario: Scenario) -> dict[Part, float]:
    """Add up the bills of all that has an approved sum beside the whole: periods, categories, ..., and these in a period."""
    fiscal = FiscalCalendar(scenario.start, scenario.months, scenario.fiscal_year_start)
    periods, costs = (*fiscal.years, *fiscal.quarters), [cost for cost in scenario.costs if cost.billed]
    found = {(group, each.label): _sum(costs, each.first, each.last) for group in PERIODS for each in periods}
    for by in APPROVED_BY:
        for name, its in members(by, costs).items():
            found[by, name] = _sum(its, 0, scenario.months)
            found |= {(f"{by}{BY_PERIOD}", f"{name} {each.label}"): _sum(its, each.first, each.last) for each in periods}
    approved = [(each.group, each.label) for each in (scenario.budget.sums if scenario.budget else ())]
    return {part: found.get(part, 0.0) for part in approved}


def without_bills(scenario: Scenario) -> Scenario:
    """Return what was planned: every line as it would have been, and nothing for those that bills alone have."""
    costs, others = (tuple(replace(cost, billed=()) for cost in lines) for lines in (scenario.costs, scenario.other_costs))
    return replace(scenario, costs=costs, other_costs=others, actuals=None)


def variance_plan(scenario: Scenario, periods: Sequence[Billed]) -> Plan:
    """Compile what was planned, with three columns more for each part of each period; they follow those of the run."""
    lowering, month_of = lowered(scenario, joined(scenario))
    for number, period in enumerate(periods):
        lines = [cost for cost in scenario.costs if cost.name in period.lines]
        _add(period, f"{number}", lines, month_of, lowering)
    lowering.settle()
    wanted = {f"{group}{number}" for number in range(len(periods)) for group in (PLANNED, AT_MOST, BELOW)}
    return lowering.builder.finish_with({*outlook_groups(scenario), *wanted})[0]


def outlook_groups(scenario: Scenario) -> tuple[str, ...]:
    """Return the columns that tell of the whole run: its total, the parts with approved sums, and whether these are kept."""
    groups = dict.fromkeys(each.group for each in (scenario.budget.sums if scenario.budget else ()))
    return ("total", "within", *groups, *(f"within_{group}" for group in groups))


def _add(period: Billed, number: str, costs: Sequence[Cost], month_of: Mapping[str, str], lowering: Lowering) -> None:
    builder = lowering.builder
    months = {("total", ""): added_up(lowering, [month_of[cost.name] for cost in costs])}
    for group in BREAKDOWNS:
        months |= {(group, name): value for name, value in months_by(group, costs, lowering, month_of).items()}
    for part, amount in period.amounts.items():
        cost = within_months(lowering, months[part], Period("", period.first, period.last))
        high = within_limit(amount)
        at_most = builder.final("le", cost, builder.number(high))
        below = builder.final("lt", cost, builder.number(2.0 * amount - high))
        for column, value in ((PLANNED, cost), (AT_MOST, at_most), (BELOW, below)):
            builder.output(f"{column}{number}", " ".join(part), value)
