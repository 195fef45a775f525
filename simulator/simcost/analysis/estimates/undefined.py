"""Costs that are infinite or undefined: a warning that names the lines, or a refusal where no scenario has a total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.costs import total_column
from simcost.errors import UndefinedCostError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.summaries.summary import Summary

MOST_NAMED = 5
"""Cost lines that a message names."""

REMEDY = "Look for a division by zero, a logarithm of what is not positive, or a runaway power"


def refuse_undefined(columns: Sequence[tuple[str, str, int]], summary: Summary) -> None:
    """Refuse a run of which no figure of the whole could be told.

    Parameters
    ----------
    columns
        (group, label, month) of each column, as `Plan.columns` yields them.
    summary
        Of these columns.

    Raises
    ------
    UndefinedCostError
        If the total is finite in no scenario.
    """
    total = total_column(columns)
    if not summary.n or summary.count()[total]:
        return
    named = [f'"{label}"' for label, _ in _undefined_lines(columns, summary)]
    where = f"cost line {_listed(named)}" if named else "the sum of the cost lines"
    first = f"first in scenario {summary.first_non_finite}"
    message = f"no scenario has a finite total: {where} is infinite or undefined, {first}. {REMEDY} there."
    raise UndefinedCostError(message)


def undefined_warning(columns: Sequence[tuple[str, str, int]], summary: Summary) -> list[str]:
    """Say in how many scenarios which lines are not finite; nothing if all are."""
    if not summary.non_finite_scenarios:
        return []
    lines = [f'"{label}" in {count:,}' for label, count in _undefined_lines(columns, summary)]
    count = summary.non_finite_scenarios
    found = f"{count:,} of {summary.n:,} scenarios {'has' if count == 1 else 'have'} an infinite or undefined cost"
    where = f": cost line {_listed(lines)}" if lines else ""
    first = f"the first is number {summary.first_non_finite}"
    return [f"{found}{where} ({first}). Each figure is over the scenarios in which it is finite. {REMEDY}."]


def _undefined_lines(columns: Sequence[tuple[str, str, int]], summary: Summary) -> list[tuple[str, int]]:
    """Return the cost lines that are not always finite, each with its number of such scenarios, the worst first."""
    counts = [(label, int(summary.non_finite[place])) for place, (group, label, _) in enumerate(columns) if group == "line"]
    return sorted((each for each in counts if each[1]), key=lambda each: -each[1])


def _listed(items: list[str]) -> str:
    return ", ".join(items if len(items) <= MOST_NAMED else [*items[:MOST_NAMED], f"and {len(items) - MOST_NAMED} more"])
