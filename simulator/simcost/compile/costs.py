"""Cost lines -> outputs: what each line costs in each month, and the sums by category, stage, owner, month and horizon."""

from __future__ import annotations

from itertools import accumulate, repeat
from typing import TYPE_CHECKING

from simcost.compile import calendar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import Budget, Cost, Scenario

ROUNDING = 1e-9
"""Of an approved sum, what a cost may exceed it by and is still within it: one cent in ten million. Cost lines that add up to
exactly what is approved differ from it by rounding, up to 1.3e-11 of it for 200 lines in 600 months."""


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
    """Add whether the approved money has been exceeded by each month, and whether the whole stays within it.

    A cost that is undefined is not within anything: it has exceeded what was approved.
    """
    builder = lowering.builder
    limits = _limits(budget, builder.horizon)
    exceeded = builder.op("not", builder.op("le", cumulative, builder.series(limits)))
    before = builder.state(builder.number(0.0))
    breach = builder.op("or", before, exceeded)
    builder.carry(before, breach)
    builder.output("breach", "", breach, monthly=True)
    builder.output("within", "", builder.final("le", total, builder.number(limits[-1])))


def _limits(budget: Budget, horizon: int) -> tuple[float, ...]:
    """Return the most that may have been spent by the end of each month."""
    monthly = len(budget.approved) > 1
    approved = accumulate(budget.approved) if monthly else repeat(budget.approved[0], horizon)
    return tuple(limit * (1.0 + ROUNDING) for limit in approved)
