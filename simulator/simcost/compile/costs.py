"""Cost lines -> outputs: what each line costs in each month, and the sums by category, stage, owner, month and horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile import calendar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import Budget, Cost, Scenario


def cost_outputs(scenario: Scenario, lowering: Lowering) -> None:
    """Lower every cost line and add all outputs, in this order: total, categories, lines, stages, owners, months, budget."""
    builder = lowering.builder
    monthly = [_month_of(scenario, cost, lowering) for cost in scenario.costs]
    lines = [_at_end(lowering, amount) for amount in monthly]
    month = _sum(lowering, monthly)
    cumulative = lowering.running_sum(month)
    total = _last(lowering, cumulative)
    builder.output("total", "", total)
    for group in ("category", "line", "stage", "owner"):
        labels = [cost.name if group == "line" else str(getattr(cost, group)) for cost in scenario.costs]
        for label in dict.fromkeys(label for label in labels if label):
            builder.output(
                group, label, _sum(lowering, [line for line, its in zip(lines, labels, strict=True) if its == label], final=True)
            )
    builder.output("month", "", month, monthly=True)
    builder.output("cumulative", "", cumulative, monthly=True)
    if scenario.budget is not None:
        _budget_outputs(scenario.budget, lowering, cumulative, total)


def _month_of(scenario: Scenario, cost: Cost, lowering: Lowering) -> str:
    """Return what a line costs in a month."""
    builder = lowering.builder
    amount = lowering.value(cost.expression)
    if cost.charge == "hours":
        return builder.op("mul", amount, builder.series(calendar.hours(scenario)))
    if cost.charge == "month":
        return amount
    return builder.op("where", builder.series(calendar.due(scenario, cost)), amount, builder.number(0.0))


def _at_end(lowering: Lowering, monthly: str) -> str:
    """Return the sum of a line over the horizon."""
    return _last(lowering, lowering.running_sum(monthly))


def _last(lowering: Lowering, running: str) -> str:
    """Return a running sum after the last month: a parameter if it is certain, otherwise the state that carries it."""
    certain = lowering.builder.by_month(running)
    return lowering.builder.number(certain[-1]) if certain is not None else lowering.builder.carrier(running)


def _sum(lowering: Lowering, values: Iterable[str], *, final: bool = False) -> str:
    """Return the sum from left to right."""
    add = lowering.builder.final if final else lowering.builder.op
    first, *others = values
    for value in others:
        first = add("add", first, value)
    return first


def _budget_outputs(budget: Budget, lowering: Lowering, cumulative: str, total: str) -> None:
    """Add whether the approved money has been exceeded by each month, and whether the whole stays within it."""
    builder = lowering.builder
    horizon = builder.horizon
    if len(budget.approved) == 1:
        until = builder.series(budget.approved * horizon)
        approved = builder.number(budget.approved[0])
    else:
        until = lowering.running_sum(builder.series(budget.approved))
        approved = _last(lowering, until)
    exceeded = builder.op("lt", until, cumulative)
    before = builder.state(builder.number(0.0))
    breach = builder.op("or", before, exceeded)
    builder.carry(before, breach)
    builder.output("breach", "", breach, monthly=True)
    builder.output("within", "", builder.final("le", total, approved))
