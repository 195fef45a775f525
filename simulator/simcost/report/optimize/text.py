"""What ``simcost optimize`` prints for people: what to decide, what it costs, what else would do, and the frontier."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.figure_label import figure_label
from simcost.report.parts.heading import heading, provenance
from simcost.report.parts.money import decimals_for, interval, money, percent
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.optimize.critical_ratio import CriticalRatio
    from simcost.analysis.optimize.optimum import Optimum
    from simcost.analysis.optimize.trial import Standing
    from simcost.report.optimize.answer import OptimizeReport
    from simcost.scenario.scenario import Scenario


def optimize_page(report: OptimizeReport) -> Page:
    """Arrange an optimum for a terminal or a notebook."""
    found = report.optimum
    trials = "1 trial" if found.trials == 1 else f"{found.trials} trials"
    return Page(
        heading(report.scenario),
        (provenance(report.run), f"{trials}; the optimum and the file as it is again with seed {found.fresh_seed}"),
        report.warnings,
        lambda _: _tables(found),
        ("", *sentences(found)),
    )


def sentences(found: Optimum) -> list[str]:
    """Say what to decide and what that brings."""
    currency, decimals = found.scenario.currency, _decimals(found)
    figure = figure_label(found.minimise.name)
    decided = ", ".join(f"{each.target} = {each.value}" for each in found.choices)
    said = [f"Least {figure}: {money(found.fresh.value, decimals)} {currency}{_interval(found.fresh, decimals)} with {decided}."]
    said.append(f"{_beside_the_file(found)}{_broken(found)}.")
    said.extend(_why(each, found.scenario) for each in found.ratios)
    if found.spent:
        trials = "its only trial" if found.spent == 1 else f"its {found.spent:,} trials"
        said.append(f"The search had not come to its end when {trials} had been run: more trials may find less.")
    return said


def _beside_the_file(found: Optimum) -> str:
    """Say how much less that is than the file as it is, or that the file costs the same."""
    saving, decimals = found.saving, _decimals(found)
    if saving.value == 0.0 and (saving.low or 0.0) == (saving.high or 0.0) == 0.0:
        same = "The file as it is costs the same"
        return same if found.broken else f"{same}: it is at the optimum"
    word, apart = ("less", saving) if saving.value >= 0.0 else ("more", saving.negated())
    known = saving.low is not None and saving.low <= 0.0 <= (saving.high or 0.0)
    chance = ", which chance alone explains" if known else ""
    size = f"{money(apart.value, decimals)} {found.scenario.currency}"
    return f"That is {size} {word} than the file as it is{_interval(apart, decimals)}{chance}"


def _broken(found: Optimum) -> str:
    """Say which limits the file as it is does not keep."""
    over = "; ".join(
        f'"{each.name}" {_standing(each.found, each)}, allowed {_standing(each.allowed, each)}' for each in found.broken
    )
    return f". The file as it is does not keep the limits: {over}" if over else ""


def _why(ratio: CriticalRatio, scenario: Scenario) -> str:
    """Say of a decision that is a quantile which one, and why."""
    unit = ratio.unit if ratio.unit not in ("", "1") else "unit"
    if ratio.end:
        more, end = ("no less", "least") if ratio.end == "low" else ("less", "most")
        return f"{ratio.target}: one {unit} more costs {more} than it saves even at the {end} that may be decided, which is best."
    time = "months" if scenario.months > 1 else "scenarios"
    weighed = f", {time} weighed by what one {unit} saves in them" if ratio.weighed else ""
    too_many, too_few = (f"{money(each, decimals_for([each]))} {scenario.currency}" for each in (ratio.too_many, ratio.too_few))
    return (
        f"{ratio.target}: no search was needed, the answer is a quantile. One {unit} too many costs {too_many} over the run, "
        f"one too few {too_few}: so the best is the least load that is exceeded in at most {percent(ratio.exceeded)} of the "
        f"{time}{weighed}."
    )


def _tables(found: Optimum) -> Iterator[Table]:
    decimals = _decimals(found)
    decisions = columns_table("decision", "best", "as good from", "to", folded=True)
    for choice in found.choices:
        decisions.add_row(*map(_text, (choice.target, choice.value, choice.low, choice.high)))
    yield decisions
    figures = columns_table(
        f"{figure_label(found.minimise.name)}, {found.scenario.currency}", "value", "95 % interval", folded=True
    )
    figures.add_row("on the draws of the search", money(found.searched, decimals), "")
    figures.add_row("on fresh draws", money(found.fresh.value, decimals), _ends(found.fresh, decimals))
    figures.add_row("  optimism of the search", money(found.optimism.value, decimals), _ends(found.optimism, decimals))
    figures.add_row("the file as it is", money(found.as_it_is, decimals), "")
    figures.add_row("  saving", money(found.saving.value, decimals), _ends(found.saving, decimals))
    yield figures
    if found.limits:
        yield _limits(found, decimals)
    if len(found.frontier) > 1:
        frontier = columns_table(
            "frontier", *(choice.target for choice in found.choices), "mean", "mean of the worst 5 %", folded=True
        )
        for number, point in enumerate(found.frontier, start=1):
            frontier.add_row(str(number), *map(_text, point.values), money(point.mean, decimals), money(point.cvar95, decimals))
        yield frontier


def _limits(found: Optimum, decimals: int) -> Table:
    table = columns_table("limit, on fresh draws", "found", "allowed", "", folded=True)
    for limit in found.limits:
        shown = (_standing(value, limit, decimals) for value in (limit.found, limit.allowed))
        table.add_row(_text(limit.name), *shown, "exceeded" if limit.by else "kept")
    return table


def _standing(value: float, limit: Standing, decimals: int = 0) -> str:
    return percent(value) if limit.is_probability else money(value, decimals)


def _decimals(found: Optimum) -> int:
    return decimals_for([found.searched, found.fresh.value, found.as_it_is])


def _interval(estimate: Estimate, decimals: int) -> str:
    ends = _ends(estimate, decimals)
    return f" (95 % interval {ends})" if ends else ""


def _ends(estimate: Estimate, decimals: int) -> str:
    return interval(estimate, partial(money, decimals=decimals))


def _text(text: str) -> Text:
    return Text(printable(text))
