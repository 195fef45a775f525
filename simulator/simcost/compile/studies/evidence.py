"""What bills are evidence of: the plan of what each part was to cost in the closed months, with the inputs that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from simcost.compile.compiled import lowered
from simcost.compile.costs import added_up, within_months
from simcost.compile.dependence.pairs import joined
from simcost.compile.studies.variance_plan import without_bills
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.formulas.expression import Number
from simcost.scenario.sections.breakdown import members
from simcost.scenario.sections.fiscal import Period
from simcost_kernels.draws.stream import stream_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.compile.builder import Builder
    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import Cost, Input, Scenario
    from simcost_kernels.plan import Plan

MOST_PARTS = 24
"""Parts whose bills are evidence one by one; each has a column for each stretch of months."""

TOLERANCE = 0.01
"""Standard deviation of the bills of a stretch of months about what the model has, as a share of it: days that are billed later,
credits, rounding. Without it what the model draws once would be known to the cent by its first bill, and denied by the second."""

EVIDENCE, REST = "evidence", "rest"
"""Groups of columns: what a part was to cost in a stretch of closed months, and what is to come."""


@dataclass(frozen=True, slots=True)
class BilledPart:
    """Cost lines whose bills are compared with what they were to cost, together.

    Parameters
    ----------
    group, name
        ``line``, ``category`` or ``total`` (its name is empty).
    lines
        Names of the cost lines.
    amounts
        What was billed, in each stretch of closed months.
    """

    group: str
    name: str
    lines: frozenset[str]
    amounts: tuple[float, ...]


def stretches(closed: int) -> tuple[Period, ...]:
    """Return the stretches that closed months are told in, the last one first: one month, the two before it, the four before...

    So a level that has moved shows in the last ones, and one that has not in their sum, by few numbers.
    """
    found, last, length = [], closed, 1
    while last > 0:
        found.append(Period("", max(last - length, 0), last))
        last, length = last - length, 2 * length
    return tuple(found)


def billed_parts(scenario: Scenario) -> tuple[BilledPart, ...]:
    """Return the parts whose bills are evidence: cost lines, or categories, or the total where these would be too many.

    A category with bills that name no line of the file is taken whole: nobody knows which of its lines they are of.
    """
    closed = scenario.actuals.closed if scenario.actuals else 0
    costs = [cost for cost in scenario.costs if cost.billed]
    by_category = {("category", name): its for name, its in members("category", costs).items()}
    by_line: dict[tuple[str, str], list[Cost]] = {}
    for part, its in by_category.items():
        by_line |= {part: its} if any(map(_is_billed_alone, its)) else {("line", cost.name): [cost] for cost in its}
    whole = {("total", ""): costs}
    wanted = next((each for each in (by_line, by_category) if len(each) <= MOST_PARTS), whole)
    return tuple(_part(part, its, stretches(closed)) for part, its in wanted.items())


def _is_billed_alone(cost: Cost) -> bool:
    """Whether bills alone have a cost line: the file plans nothing for it."""
    return cost.formula == "billed" and cost.expression == Number(0.0)


def _part(part: tuple[str, str], costs: Sequence[Cost], periods: Sequence[Period]) -> BilledPart:
    amounts = tuple(fsum(amount for cost in costs for amount in cost.billed[each.first : each.last]) for each in periods)
    return BilledPart(*part, frozenset(cost.name for cost in costs), amounts)


def drawn_at_random(scenario: Scenario) -> Scenario:
    """Return a scenario whose futures are independent, whatever its method: two plans of it share their draws by name."""
    return replace(scenario, sampling=replace(scenario.sampling, method="random"))


def evidence_plan(scenario: Scenario, parts: Sequence[BilledPart]) -> Plan:
    """Compile what each part was to be billed in each stretch, part by part, and then the inputs: ``input``, by name.

    An input that is drawn more than once counts with its mean over the months that are open.
    """
    closed = scenario.actuals.closed if scenario.actuals else 0
    planned = without_bills(drawn_at_random(scenario))
    lowering, month_of = lowered(planned, joined(planned))
    for number, part in enumerate(parts):
        costs = [month_of[cost.name] for cost in planned.costs if cost.name in part.lines]
        month = added_up(lowering, costs)
        for place, period in enumerate(stretches(closed)):
            name = f"{number} {place}"
            lowering.builder.output(EVIDENCE, name, _as_billed(within_months(lowering, month, period), name, lowering.builder))
    for each in planned.inputs:
        _expose(each, Period("", closed, planned.months), lowering)
    lowering.settle()
    return lowering.builder.finish_with({EVIDENCE, "input"})[0]


def _as_billed(cost: str, name: str, builder: Builder) -> str:
    """Return a cost with the error of its bills; as it is where it is certain, and tells nothing."""
    if builder.by_month(cost) is not None:
        return cost
    score = builder.op("normal_quantile", builder.draw(stream_id(f"error of the bills {name}"), "run"))
    factor = builder.op("add", builder.number(1.0), builder.op("mul", builder.number(TOLERANCE), score))
    return builder.final("mul", cost, factor)


def _expose(each: Input, months: Period, lowering: Lowering) -> None:
    """Add the value of an uncertain input that some cost line needs."""
    value = lowering.known(each.name)
    if value is None or isinstance(each.distribution, Constant):
        return
    if each.draw != "run":
        share = lowering.builder.number(1.0 / (months.last - months.first))
        value = lowering.builder.final("mul", within_months(lowering, value, months), share)
    lowering.builder.output("input", each.name, value)


def forecast_plan(scenario: Scenario) -> Plan:
    """Compile the total with the bills, what is to come in open months, categories, and what has an approved sum of its own."""
    closed = scenario.actuals.closed if scenario.actuals else 0
    drawn = drawn_at_random(scenario)
    lowering, month_of = lowered(drawn, joined(drawn))
    month = added_up(lowering, [month_of[cost.name] for cost in drawn.costs])
    lowering.builder.output(REST, "", within_months(lowering, month, Period("", closed, drawn.months)))
    lowering.settle()
    approved = {each.group for each in (drawn.budget.sums if drawn.budget else ())}
    return lowering.builder.finish_with({"total", "category", REST, *approved})[0]
