"""The style sheet of a report: for a light or a dark screen, and for A4."""

from __future__ import annotations

from importlib.resources import files

from simcost.report.charts.palette import dark_rules


def style_sheet() -> str:
    """Return ``page.css``, and what the colours of charts become on a dark screen."""
    text = files("simcost.report.board").joinpath("page.css").read_text(encoding="utf-8")
    return f"{text}@media screen and (prefers-color-scheme:dark){{{dark_rules()}}}\n"
