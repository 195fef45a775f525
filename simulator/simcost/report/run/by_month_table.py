"""What each category, cost line, stage or owner costs in each month on average: tables that add up both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.parts.money import decimals_for, money
from simcost.report.parts.months_across import months_across
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.sections.breakdown import PLURAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.analysis.figures import Figures
    from simcost.analysis.statistics import Statistics

ADDING_UP = "Means by month add up to those of the month and of the whole; an export has their percentiles, which do not."


def by_month_tables(figures: Figures, width: int) -> Iterator[Table]:
    """Yield the means of what was asked for by month, with the whole run to the right and the month as a whole below."""
    decimals = decimals_for([figures.total.max, figures.total.min])
    titles = [*(month.month for month in figures.months), "total"]
    for group, plural in PLURAL.items():
        parts = figures.by_month.get(group, {})
        whole = getattr(figures, FIELD_OF[group])
        rows: list[tuple[str, list[Statistics]]] = [(name, [*months, whole[name]]) for name, months in parts.items()]
        rows.append((f"all {plural}", [*(month.total for month in figures.months), figures.total]))
        if parts:
            texts = [(name, [money(item.mean, decimals) for item in items]) for name, items in rows]
            yield from months_across(f"mean by {group.replace('line', 'cost line')}", texts, titles, width)
