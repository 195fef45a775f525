"""What drives a cost, in plain words, with money and intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.influences.fifths import FIFTH
from simcost.report.parts.heading import METHODS, counted
from simcost.report.parts.money import decimals_for, money, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.influences.drivers import GroupInfluence, InputInfluence
    from simcost.report.drivers.answer import DriversReport

NAMED = 3
"""Inputs that a sentence is about."""

CLASSES = {"run": "drawn once for the run", "year": "drawn for each year", "month": "drawn for each month"}

FAR = 0.05
"""How far from 0.5 the separation of an input lies that sets the worst scenarios apart."""


def drivers_sentences(report: DriversReport, figure: str, most: int | None) -> Iterator[str]:
    """Yield what the tables say: the largest impacts, where the variance comes from, what breaks the budget, what was done."""
    yield from _impacts(report, figure, most)
    yield from _variance(report)
    yield from _worst(report)
    yield from _how(report)


def _impacts(report: DriversReport, figure: str, most: int | None) -> Iterator[str]:
    found, currency = report.drivers, report.scenario.currency
    decimals = decimals_for([getattr(found.base, figure).value])
    ordered = by_figure(found.inputs, figure)
    told = [each for each in ordered if _is_clear(getattr(each.impact, figure))][:NAMED]
    if not told:
        yield f"No single input's uncertainty changes the {in_words(figure)} by more than chance in these scenarios."
    for place, each in enumerate(told):
        impact: Estimate = getattr(each.impact, figure)
        size = f"{money(abs(impact.value), decimals)} {currency}"
        way = "lower" if impact.value > 0 else "higher"
        low, high = sorted(abs(end) for end in (impact.low or 0.0, impact.high or 0.0))
        interval = f"95 % interval {money(low, decimals)} to {money(high, decimals)}"
        first = f"If {each.input.name} were certain, at its median, the {in_words(figure)} would be {size} {way} ({interval})"
        yield f"{first}." if not place else f"{each.input.name}: {size} {way} ({interval})."
    hidden = ordered[most:] if most is not None else []
    if hidden:
        most_of_them = max(abs(getattr(each.impact, figure).value) for each in hidden)
        each_worth = f"{money(most_of_them, decimals)} {currency} at most"
        yield f"{len(hidden)} more input{'s, each' if len(hidden) > 1 else ','} worth {each_worth}: --all shows them."


def _is_clear(impact: Estimate) -> bool:
    return impact.low is not None and impact.high is not None and (impact.low > 0.0 or impact.high < 0.0)


def _variance(report: DriversReport) -> Iterator[str]:
    parts = []
    for kind in ("persistence", "source"):
        shares = [each for each in report.drivers.groups if each.kind == kind and each.indices.total is not None]
        if len(shares) > 1:
            shares.sort(key=lambda each: -_total(each))
            parts.append(
                ", ".join(f"{percent(min(max(_total(each), 0.0), 1.0))} {CLASSES.get(each.name, each.name)}" for each in shares)
            )
    if all(each.indices.total is None for each in report.drivers.groups if each.kind == "persistence"):
        yield "The total does not vary: its Sobol' indices are undefined."
    if parts:
        yield f"Shares of the total's variance, interactions counted with each: {'; by source, '.join(parts)}."


def _total(each: GroupInfluence) -> float:
    return 0.0 if each.indices.total is None else each.indices.total.value


def _worst(report: DriversReport) -> Iterator[str]:
    sample = report.drivers.associations
    apart = [each for each in report.drivers.inputs if _distance(each) >= FAR]
    apart.sort(key=lambda each: -_distance(each))
    what = f"The total exceeds {money(sample.threshold, decimals_for([sample.threshold]))} {report.scenario.currency} in "
    if sample.share.value == 0.0:
        yield f"{what}none of {counted(sample.scenarios)}."
        return
    said = []
    for each in apart[:NAMED]:
        high = (each.association.separation or 0.0) > 0.5
        goes = each.association
        share, part = (goes.worst_if_highest, goes.highest) if high else (goes.worst_if_lowest, goes.lowest)
        fifth = "fifth" if percent(part) == percent(FIFTH) else percent(part)
        said.append(f"{percent(share.value)} where {each.input.name} is in its {'highest' if high else 'lowest'} {fifth}")
    yield f"{what}{percent(sample.share.value)} of the scenarios{': in ' if said else ''}{', '.join(said)}."


def _distance(each: InputInfluence) -> float:
    separation = each.association.separation
    return 0.0 if separation is None else abs(separation - 0.5)


def _how(report: DriversReport) -> Iterator[str]:
    found = report.drivers
    yield (
        f"Impact: the figure less that with the input at its median in every period, in the same {counted(found.scenarios)}. "
        f"First and total: Sobol' indices, {found.points:,} {METHODS[found.points_method]}; inputs that move together have one."
    )
    if found.idle:
        many = len(found.idle) > 1
        names = ", ".join(found.idle[:5]) + (f" and {len(found.idle) - 5} more" if len(found.idle) > 5 else "")
        yield f"Uncertain, but {'reach' if many else 'reaches'} no cost line: {names}."


def in_words(figure: str) -> str:
    """``P95``, ``mean``, ``CVaR``."""
    return {"mean": "mean", "cvar95": "CVaR"}.get(figure, figure.upper())


def by_figure(influences: Sequence[InputInfluence], figure: str) -> list[InputInfluence]:
    """Return inputs by their impact on a figure, the largest first; those without one last."""
    return sorted(influences, key=lambda each: -size(getattr(each.impact, figure)))


def size(estimate: Estimate) -> float:
    """Return how much an impact is, whichever way it goes; 0 where it is undefined."""
    return abs(estimate.value) if estimate.value == estimate.value else 0.0
