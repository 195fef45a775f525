"""Sweeps and searches read back from their documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.searches.seeking import Sought
from simcost.api.reading.parts import (
    estimate_of,
    figure_of,
    figures_of,
    kept_of,
    number,
    percentile_of,
    run_of,
    scenario_of,
    statistics_of,
    text,
)
from simcost.compile.studies.grid import Grid
from simcost.report.search.answers import SeekReport, SweepPoint, SweepReport

if TYPE_CHECKING:
    from collections.abc import Mapping


def sweep_of(document: Mapping[str, Any]) -> SweepReport:
    """Return the sweep that a document tells."""
    grids = tuple(
        Grid(text(each["target"]), tuple(map(number, each["values"])), text(each["unit"])) for each in document["grids"]
    )
    points = tuple(_point(each) for each in document["points"])
    expected = 1
    for grid in grids:
        expected *= len(grid.values)
    if len(points) != expected or not 1 <= len(grids) <= 2:
        message = f"{len(points)} points for {len(grids)} numbers"
        raise ValueError(message)
    return SweepReport(
        scenario=scenario_of(document["scenario"]),
        grids=grids,
        points=points,
        non_finite=int(number(document["non_finite"])),
        run=run_of(document["run"]),
        warnings=tuple(map(text, document["warnings"])),
    )


def _point(document: Mapping[str, Any]) -> SweepPoint:
    return SweepPoint(
        tuple(map(number, document["values"])),
        statistics_of(document["total"]),
        estimate_of(document["probability_within"]),
        kept_of(document),
        figures_of(document["change"]),
    )


def seek_of(document: Mapping[str, Any]) -> SeekReport:
    """Return the search that a document tells."""
    percent, sought = number(document["percentile"]), figure_of(document["sought"])
    return SeekReport(
        scenario=scenario_of(document["scenario"]),
        target=text(document["target"]),
        unit=text(document["unit"]),
        percentile=percent,
        at_most=number(document["at_most"]),
        period=text(document["period"] or ""),
        several=bool(document["several"]),
        sought=Sought(
            value=sought.value,
            at_value=percentile_of(percent, document["at_sought"]),
            beyond=number(document["beyond"]),
            at_beyond=percentile_of(percent, document["at_beyond"]),
            low=sought.low,
            high=sought.high,
            rising=bool(document["rising"]),
            runs=int(number(document["runs"])),
        ),
        run=run_of(document["run"]),
        warnings=tuple(map(text, document["warnings"])),
    )
