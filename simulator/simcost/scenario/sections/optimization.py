"""``[optimize]``, resolved: used by `simcost optimize` alone. Its tables are in `optimization_schema`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.names import check_text
from simcost.scenario.problems import Finding, Findings, Place, show
from simcost.scenario.quantities.units import DIMENSIONLESS
from simcost.scenario.sections.certain_money import certain_money
from simcost.scenario.sections.decisions import Decision, read_decision
from simcost.scenario.sections.optimization_schema import OptimizeTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.sections.optimization_schema import LimitTable

FIGURE = re.compile(r"mean|cvar95|p(?P<percent>[0-9]{1,2}(\.[0-9]+)?)")
"""Figures of the total: its mean, the mean of its worst twentieth, or a percentile."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the total: ``level`` is None for the mean; ``tail`` tells a CVaR from a percentile."""

    name: str
    level: float | None = None
    tail: bool = False


@dataclass(frozen=True, slots=True)
class EventLimit:
    """An event that may happen, in any month of the run, with a probability of at most ``probability``."""

    name: str
    formula: str
    expression: Expression
    probability: float


@dataclass(frozen=True, slots=True)
class FigureLimit:
    """A figure of the total that may be at most ``at_most``, in the scenario's currency."""

    name: str
    figure: Figure
    at_most: float


@dataclass(frozen=True, slots=True)
class Optimization:
    """The section ``[optimize]``, resolved."""

    minimise: Figure
    decisions: tuple[Decision, ...]
    events: tuple[EventLimit, ...] = ()
    figures: tuple[FigureLimit, ...] = ()
    within_budget: bool = False


def read_optimization(
    raw: Mapping[str, Any],
    targets: Mapping[str, Finding],
    options: Collection[str],
    resolution: Resolution,
    *,
    has_budget: bool,
) -> Optimization | None:
    """Read ``[optimize]``; None if it has findings.

    Parameters
    ----------
    targets
        What `wrong_targets` found before blocks were expanded.
    options
        Names of the file's options.
    resolution
        With the units of all inputs and drivers.
    """
    findings = resolution.findings
    known = len(findings.found)
    table = validation.checked(OptimizeTable, raw, ("optimize",), findings)
    if table is None:
        return None
    minimise = figure_of(table.minimise, ("optimize", "minimise"), findings)
    decisions = [read_decision(each, place, targets, options, resolution) for place, each in enumerate(table.decision)]
    _check_once([each.set for each in table.decision], "decision", "set", findings)
    _check_once([each.name for each in table.limit], "limit", "name", findings)
    if table.within_budget and not has_budget:
        remedy = 'Write [budget] with approved = "..." and confidence.'
        findings.add(Finding(("optimize", "within_budget"), "there is no budget to stay within", remedy))
    limits = [_limit(each, place, resolution) for place, each in enumerate(table.limit)]
    if len(findings.found) > known or minimise is None:
        return None
    return Optimization(
        minimise,
        tuple(each for each in decisions if each is not None),
        tuple(each for each in limits if isinstance(each, EventLimit)),
        tuple(each for each in limits if isinstance(each, FigureLimit)),
        table.within_budget,
    )


def figure_of(text: str, place: Place, findings: Findings) -> Figure | None:
    """Read the name of a figure of the total; a finding and None if there is none of that name."""
    match = FIGURE.fullmatch(text)
    if match is None or (match["percent"] and not float(match["percent"])):
        findings.add(Finding(place, f"{show(text)} is no figure of the total", 'Write "mean", "p95" or "cvar95".'))
        return None
    if match["percent"] is None:
        return Figure(text, 0.95, tail=True) if text == "cvar95" else Figure(text)
    return Figure(text, float(Fraction(match["percent"]) / 100))


def _check_once(names: Sequence[str], section: str, key: str, findings: Findings) -> None:
    for position, name in enumerate(names):
        if name in names[:position]:
            what = f"{show(name)} was given to {section} {names.index(name) + 1} before"
            findings.add(Finding(("optimize", section, position, key), what, "Give each its own."))


def _limit(table: LimitTable, position: int, resolution: Resolution) -> EventLimit | FigureLimit | None:
    place: Place = ("optimize", "limit", position)
    findings = resolution.findings
    check_text(table.name, (*place, "name"), findings)
    has_event, has_figure = bool(table.event) or table.probability is not None, bool(table.figure) or table.at_most is not None
    if has_event == has_figure:
        what = "a limit of an event and of a figure" if has_event else "a limit of nothing"
        remedy = 'Write event = "needed > reserved" and probability = 0.01, or figure = "cvar95" and at_most = "...".'
        findings.add(Finding(place, what, remedy, at="key"))
        return None
    return _event(table, place, resolution) if has_event else _figure(table, place, resolution)


def _event(table: LimitTable, place: Place, resolution: Resolution) -> EventLimit | None:
    for key, missing in (("event", not table.event), ("probability", table.probability is None)):
        if missing:
            resolution.findings.add(Finding(place, f"{key} is missing", 'Write event = "..." and probability = 0.01.', at="key"))
            return None
    found = resolution.read(table.event, (*place, "event"))
    if found is None or table.probability is None:
        return None
    expression, unit = found
    if unit.dimension != DIMENSIONLESS.dimension:
        what = f"the event is in {unit.text}, not true or false"
        resolution.findings.add(Finding((*place, "event"), what, 'Compare: "needed > reserved".'))
        return None
    return EventLimit(table.name, table.event, expression, table.probability)


def _figure(table: LimitTable, place: Place, resolution: Resolution) -> FigureLimit | None:
    figure = figure_of(table.figure, (*place, "figure"), resolution.findings)
    at_most = certain_money(table.at_most, resolution.currency, (*place, "at_most"), resolution.findings, key="at_most")
    return None if figure is None or at_most is None else FigureLimit(table.name, figure, at_most)
