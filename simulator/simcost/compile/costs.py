"""Cost lines -> outputs: what each line costs in each month, and the sums by category, stage, owner, period and horizon."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial, reduce
from itertools import accumulate, repeat
from math import copysign
from typing import TYPE_CHECKING

from simcost.compile import calendar
from simcost.scenario.scenario import APPROVED_BY, APPROVED_GROUPS, BREAKDOWNS, BY_PERIOD, OTHER_VIEW, PERIODS
from simcost.scenario.sections.breakdown import members
from simcost.scenario.sections.fiscal import FiscalCalendar
from simcost_kernels.plan import MONTHS_A_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import ApprovedPart, Breakdown, Budget, Cost, Discounting, Scenario
    from simcost.scenario.sections.fiscal import Period

ROUNDING = 1e-9
"""Of an approved sum, what a cost may exceed it by and is still within it: one cent in ten million. Cost lines that add up to
exactly what is approved differ from it by rounding, up to 1.3e-11 of it for 200 lines in 600 months."""

EVERY = "within_every_"
"""What the outputs begin with that tell of several approved sums whether all are kept at once."""

EVERY_PERIOD = f"{EVERY}period"
"""The output that is 1.0 where what is approved for each quarter or fiscal year is enough for all of them at once."""


WITHIN = "within_"
"""What the groups of columns begin with that tell whether a period, a category, ... stays within its own sum."""

BY_MONTH = "_by_month"
"""What the groups of columns for a category, ... in each month end with."""


def every_part(group: str) -> str:
    """Return the output that is 1.0 where what is approved for categories, ... is enough for all of them at once."""
    return f"{EVERY}{group}"


KEPT = (
    *(EVERY_PERIOD, *map(every_part, APPROVED_GROUPS)),
    *(f"{WITHIN}{group}" for group in (*PERIODS, *APPROVED_GROUPS)),
)
"""Groups of columns that tell of all sums beside that of the whole whether they are kept: all at once, and each."""


def within_limit(amount: float) -> float:
    """Return the most that a cost may be to be within an amount, allowing for the `ROUNDING` of a sum."""
    return amount * (1.0 + copysign(ROUNDING, amount))


def total_column(columns: Iterable[tuple[str, str, int]]) -> int:
    """Return the number of the total's column among (group, label, month)."""
    return [group for group, _, _ in columns].index("total")


@dataclass(frozen=True, slots=True)
class Sums:
    """Operands of the sums of one view: of a month, up to its end, of the horizon; of each part by (group, label)."""

    month: str
    cumulative: str
    total: str
    parts: Mapping[tuple[str, str], str]


def cost_outputs(scenario: Scenario, lowering: Lowering) -> Mapping[str, str]:
    """Lower every cost line and add all outputs.

    First those of the scenario's view: total, categories, lines, stages, owners, months, quarters, fiscal years, and what it asks
    to have by month. Then the same of the other view if it counts other lines, their groups called ``amortised_total``, ...
    Then present value and budget.

    Returns
    -------
    mapping
        What each line of both views costs in a month, as operands.
    """
    lines = (*scenario.costs, *scenario.other_costs)
    month_of = {cost.name: paid(scenario, cost, lowering.value(cost.expression), lowering) for cost in lines}
    own = _view_outputs(scenario, scenario.costs, lowering, month_of)
    cash = own.month
    if scenario.other_costs:
        view = OTHER_VIEW[scenario.view]
        others = _view_outputs(scenario, scenario.other_costs, lowering, month_of, prefix=f"{view}_")
        cash = others.month if view == "cash" else own.month
    if scenario.discounting is not None:
        lowering.builder.output("present_value", "", _present_value(scenario.discounting, cash, lowering))
    if scenario.budget is not None:
        _budget_outputs(scenario, scenario.budget, lowering, own)
    return month_of


def _view_outputs(
    scenario: Scenario, costs: Sequence[Cost], lowering: Lowering, month_of: Mapping[str, str], *, prefix: str = ""
) -> Sums:
    """Add the outputs of the lines of one view."""
    builder = lowering.builder
    of_run = {cost.name: sum_of_months(lowering, month_of[cost.name]) for cost in costs}
    month = added_up(lowering, [month_of[cost.name] for cost in costs])
    cumulative = lowering.running_sum(month)
    total = _last(lowering, cumulative)
    builder.output(f"{prefix}total", "", total)
    parts: dict[tuple[str, str], str] = {}
    for group in BREAKDOWNS:
        sums = {label: [of_run[cost.name] for cost in its] for label, its in members(group, costs).items()}
        if not prefix:
            sums |= {label: [builder.number(0.0)] for label in _approved(scenario, group) if label not in sums}
        for label, values in sums.items():
            parts[group, label] = added_up(lowering, values, final=True)
            builder.output(f"{prefix}{group}", label, parts[group, label])
    builder.output(f"{prefix}month", "", month, monthly=True)
    builder.output(f"{prefix}cumulative", "", cumulative, monthly=True)
    parts |= _period_outputs(scenario, lowering, month, prefix)
    for group in scenario.by_month:  # last, so that no other column of the view has another place for it
        for label, value in months_by(group, costs, lowering, month_of).items():
            builder.output(f"{prefix}{group}{BY_MONTH}", label, value, monthly=True)
    if not prefix:
        parts |= _approved_by_period(scenario, costs, lowering, month_of)
    return Sums(month, cumulative, total, parts)


def _approved(scenario: Scenario, group: Breakdown) -> list[str]:
    """Return which categories, ... have sums of their own: one whose lines all count in the other view costs nothing in this."""
    return [each.label for each in scenario.budget.parts if each.group == group] if scenario.budget else []


def _approved_by_period(
    scenario: Scenario, costs: Sequence[Cost], lowering: Lowering, month_of: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """Add what each category, ... costs in the periods for which it has sums of its own."""
    fiscal = FiscalCalendar(scenario.start, scenario.months, scenario.fiscal_year_start)
    approved = {(each.group, each.label) for each in (scenario.budget.parts if scenario.budget else ())}
    found = {}
    for group in APPROVED_BY:
        months = dict.fromkeys(_approved(scenario, group), lowering.builder.number(0.0))
        months |= months_by(group, costs, lowering, month_of) if f"{group}{BY_PERIOD}" in {each for each, _ in approved} else {}
        for name, month in months.items():
            for period in (*fiscal.years, *fiscal.quarters):
                part = f"{group}{BY_PERIOD}", f"{name} {period.label}"
                if part in approved:
                    found[part] = within_months(lowering, month, period)
                    lowering.builder.output(*part, found[part])
    return found


def months_by(group: Breakdown, costs: Sequence[Cost], lowering: Lowering, month_of: Mapping[str, str]) -> dict[str, str]:
    """Return what each category, ... costs in a month: the sum of its lines from left to right, as operands."""
    return {label: added_up(lowering, [month_of[cost.name] for cost in its]) for label, its in members(group, costs).items()}


def _period_outputs(scenario: Scenario, lowering: Lowering, month: str, prefix: str) -> dict[tuple[str, str], str]:
    """Add quarters and fiscal years: sums over the months of each scenario, so that dependence between months is kept."""
    fiscal = FiscalCalendar(scenario.start, scenario.months, scenario.fiscal_year_start)
    parts = {period: within_months(lowering, month, period) for period in fiscal.quarters}
    sums = {("quarter", period.label): value for period, value in parts.items()}
    for year in fiscal.years:
        its = [value for period, value in parts.items() if year.first <= period.first < year.last]
        sums["fiscal_year", year.label] = added_up(lowering, its, final=True)
    for (group, label), value in sums.items():
        lowering.builder.output(f"{prefix}{group}", label, value)
    return sums


def within_months(lowering: Lowering, month: str, period: Period) -> str:
    """Return the sum of the months of a period."""
    builder = lowering.builder
    mask = builder.series(float(period.first <= place < period.last) for place in range(builder.horizon))
    return sum_of_months(lowering, builder.op("where", mask, month, builder.number(0.0)))


def _present_value(discounting: Discounting, month: str, lowering: Lowering) -> str:
    """Return the sum of the months, each times (1 + rate)^(-s/12) for the s months until it is paid."""
    builder = lowering.builder
    shift = {"end": 1.0, "mid": 0.5, "start": 0.0}[discounting.payments]
    years = builder.series(-(place + shift) / MONTHS_A_YEAR for place in range(builder.horizon))
    factor = builder.op("pow", builder.op("add", lowering.value(discounting.rate), builder.number(1.0)), years)
    return sum_of_months(lowering, builder.op("mul", month, factor))


def paid(scenario: Scenario, cost: Cost, amount: str, lowering: Lowering) -> str:
    """Return what a line costs in a month: what was billed, and what is charged of an amount where the month is not closed."""
    return with_bills(cost, charged(scenario, cost, amount, lowering), lowering)


def with_bills(cost: Cost, value: str, lowering: Lowering) -> str:
    """Return what was billed of a line in the months that are closed, a value in all others."""
    return _in_closed_months(cost.billed, value, lowering)


def in_open_months(cost: Cost, value: str, lowering: Lowering) -> str:
    """Return a value in the months of a line that are not closed, and nothing in the others."""
    return _in_closed_months([0.0] * len(cost.billed), value, lowering)


def _in_closed_months(sums: Sequence[float], value: str, lowering: Lowering) -> str:
    if not sums:
        return value
    builder, left = lowering.builder, lowering.builder.horizon - len(sums)
    closed = builder.series([*[1.0] * len(sums), *[0.0] * left])
    return builder.op("where", closed, builder.series([*sums, *[0.0] * left]), value)


def charged(scenario: Scenario, cost: Cost, amount: str, lowering: Lowering) -> str:
    """Return what is charged in a month for an amount that is an operand."""
    builder = lowering.builder
    if cost.charge == "hours":
        return builder.op("mul", amount, builder.series(calendar.hours(scenario)))
    if cost.charge == "month":
        return amount
    return builder.op("where", builder.series(calendar.due(scenario, cost)), amount, builder.number(0.0))


def sum_of_months(lowering: Lowering, monthly: str) -> str:
    """Return the sum of a month's value over the horizon."""
    return _last(lowering, lowering.running_sum(monthly))


def _last(lowering: Lowering, running: str) -> str:
    """Return a running sum after the last month: a parameter if it is certain, otherwise the state that carries it."""
    certain = lowering.builder.by_month(running)
    return lowering.builder.number(certain[-1]) if certain is not None else lowering.builder.carrier(running)


def added_up(lowering: Lowering, values: Iterable[str], *, final: bool = False) -> str:
    """Return the sum from left to right."""
    add = lowering.builder.final if final else lowering.builder.op
    first, *others = values
    for value in others:
        first = add("add", first, value)
    return first


def _budget_outputs(scenario: Scenario, budget: Budget, lowering: Lowering, sums: Sums) -> None:
    """Add whether the approved money has been exceeded by each month, and whether the whole and each part stay within it.

    A cost that is undefined is not within anything: it has exceeded what was approved.
    """
    builder = lowering.builder
    limits = _limits(budget, builder.horizon)
    if budget.periods:
        exceeded = _exceeded_in_period(scenario, budget, lowering, sums.month)
    else:
        exceeded = builder.op("not", _within(builder.op, sums.cumulative, builder.series(limits), lowering))
    before = builder.state(builder.number(0.0))
    breach = builder.op("or", before, exceeded)
    builder.carry(before, breach)
    builder.output("breach", "", breach, monthly=True)
    builder.output("within", "", _within(builder.final, sums.total, builder.number(limits[-1]), lowering))
    _kept_outputs(budget.periods, EVERY_PERIOD, sums, lowering)
    for group in APPROVED_GROUPS:
        _kept_outputs([each for each in budget.parts if each.group == group], every_part(group), sums, lowering)


def _within(op: Callable[..., str], cost: str, limit: str, lowering: Lowering) -> str:
    """Return whether a cost is at most its limit; one that is infinite, to whichever side, or undefined is not."""
    return op("and", op("le", lowering.builder.number(-sys.float_info.max), cost), op("le", cost, limit))


def _kept_outputs(approved: Sequence[ApprovedPart], together: str, sums: Sums, lowering: Lowering) -> None:
    """Add whether each part stays within its sum, and whether all of them do at once; nothing where none has a sum."""
    builder, kept = lowering.builder, []
    for each in approved:
        limit = builder.number(within_limit(each.approved))
        kept.append(_within(builder.final, sums.parts[each.group, each.label], limit, lowering))
        builder.output(f"within_{each.group}", each.label, kept[-1])
    if kept:
        builder.output(together, "", reduce(partial(builder.final, "and"), kept))


def _exceeded_in_period(scenario: Scenario, budget: Budget, lowering: Lowering, month: str) -> str:
    """Return whether the cost of the period to date is more than is approved for it: nothing is carried into the next."""
    builder = lowering.builder
    fiscal = FiscalCalendar(scenario.start, scenario.months, scenario.fiscal_year_start)
    periods = fiscal.quarters if budget.periods[0].group == "quarter" else fiscal.years
    of_period = [within_limit(each.approved) for each in budget.periods]
    limits = builder.series(
        limit for limit, period in zip(of_period, periods, strict=True) for _ in range(period.first, period.last)
    )
    begins = builder.series(float(any(place == period.first for period in periods)) for place in range(builder.horizon))
    before = builder.state(builder.number(0.0))
    spent = builder.op("add", builder.op("where", begins, builder.number(0.0), before), month)
    builder.carry(before, spent)
    return builder.op("not", _within(builder.op, spent, limits, lowering))


def _limits(budget: Budget, horizon: int) -> tuple[float, ...]:
    """Return the most that may have been spent by the end of each month."""
    monthly = len(budget.approved) > 1
    approved = accumulate(budget.approved) if monthly else repeat(budget.approved[0], horizon)
    return tuple(map(within_limit, approved))
