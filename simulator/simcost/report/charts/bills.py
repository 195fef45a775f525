"""What was billed of each category beside what was planned for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from simcost.report.charts.breakdown import MOST_BARS, breakdown_figure, breakdown_words
from simcost.report.charts.drawing import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.report.variance.answer import VarianceReport

CAPTION = "Bars and figures are the planned means, lines reach from P5 to P95 of the plan; diamonds are what was billed."


def bills_asked(report: VarianceReport) -> Iterator[Asked]:
    """Ask for a chart of the categories, and of the owners if lines have some, over all closed months."""
    for group, title in (("category", "Billed to date beside the plan, by category"), ("owner", "The same by owner")):
        parts = [each for each in report.periods[-1].parts if each.group == group]
        shown = sorted(parts, key=lambda each: -max(abs(each.planned.mean), abs(each.actual)))[:MOST_BARS]
        if shown:
            planned, billed = ({each.name: each.planned for each in shown}, {each.name: each.actual for each in shown})
            draw = partial(breakdown_figure, planned, report.scenario.currency, approved=billed, marked="billed")
            yield Asked(f"billed-{group}", title, CAPTION, breakdown_words(planned, report.scenario.currency), draw)
