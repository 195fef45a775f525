"""The lines for a scenario file, to be appended: tables and comments, nothing else."""

from __future__ import annotations

from math import asin, exp, log, pi
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.analysis.fitting.distribution_fit import EMPIRICAL
from simcost.analysis.fitting.series_fit import growth_a_year
from simcost.report.fit.sentences import back_test, fit_warnings, interval
from simcost.report.parts.number import number
from simcost.report.parts.printable import printable
from simcost.scenario.months import MONTHS_A_YEAR, month_name, months_from
from simcost.scenario.text.toml_value import in_toml, in_toml_key

if TYPE_CHECKING:
    from simcost.analysis.fitting.distribution_fit import Candidate, DistributionFit
    from simcost.analysis.fitting.series_fit import SeriesFit
    from simcost.report.fit.answer import FitReport

DIGITS = 5
"""Significant digits of what is estimated: far below its standard error."""

NORMAL_P95 = 1.6448536269514722

LEAST_ERROR = 1e-3
"""Relative standard error below which a parameter is a number: its range would be one number twice."""

LEAST_GROWTH = -0.9
"""Growth is cut off here where its distribution reaches that far: nothing is left at -1."""

LEAST_RANK = 0.01
"""Rank correlation below which none is written."""

MOST_CORRELATED = 0.999
"""A higher one is as good as 1, which is no correlation of two inputs."""


def fit_toml(report: FitReport) -> str:
    """Return the lines, with a blank one before them: they may follow a file that does not end in one."""
    lines = _of_distribution(report, report.distribution) if report.distribution is not None else []
    lines += _of_series(report, report.series) if report.series is not None else []
    return "\n" + "\n".join(lines) + "\n"


def rounded(value: float) -> float | int:
    """Return a number with the digits that are written."""
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) and abs(short) < 1e15 else short


def _head(report: FitReport, told: str) -> list[str]:
    warnings = (f"warning: {each.replace('`', '')}" for each in fit_warnings(report))
    return [_comment(each) for each in (f"simcost fit: {told}", *report.data.remarks, *warnings)]


def _comment(text: str) -> str:
    return f"# {printable(text)}"


def _of_distribution(report: FitReport, found: DistributionFit) -> list[str]:
    data, taken = report.data, found.taken
    whence = f"{data.whence}: {found.n:,} values"
    own = ", ".join(f"{name} {number(each.value)}" for name, each in zip(("P5", "P50", "P95"), found.percentiles, strict=True))
    lines = _head(report, f"{whence} with {own}")
    if taken is not None and found.percentiles[2].high is not None:
        lines.append(
            _comment(f"P95 of this {taken.family} {number(taken.p95.value)}, {interval(taken.p95)} if it is the right one")
        )
    lines += [
        f"[inputs.{in_toml_key(report.name)}]",
        f"{found.chosen} = {in_toml(_parameters(report, found))}",
        f"unit = {in_toml(report.unit)}",
    ]
    if report.bounds is not None and found.chosen not in ("beta", EMPIRICAL):
        lines += [f"{key} = {rounded(end)}" for key, end in zip(("min", "max"), report.bounds, strict=True)]
    how = "as they are" if taken is None else f"{taken.family} by maximum likelihood"
    draw = '# draw = "month"  # if a value is that of a month; without, one draw holds for the whole run'
    return [*lines, draw, f"source = {in_toml(f'{whence}, {how}')}"]


def _parameters(report: FitReport, found: DistributionFit) -> dict[str, Any]:
    if found.taken is None:
        data = report.data
        return {"file": data.file, "column": data.column} if data.plain else {"values": [float(each) for each in data.values]}
    written: dict[str, Any] = {
        name: _uncertain(name, value, error, found.taken) if report.uncertain else rounded(value)
        for (name, value), error in zip(found.taken.parameters, found.taken.errors, strict=True)
    }
    if found.chosen == "beta" and report.bounds is not None:
        written |= {name: rounded(end) for name, end in zip(("low", "high"), report.bounds, strict=True)}
    return written


def _uncertain(name: str, value: float, error: float, candidate: Candidate) -> Any:
    """Return a parameter as ``simcost uncertainty`` reads it; its median is the estimate."""
    if name == "df":
        return rounded(value)
    if name == "mean" and candidate.family in ("normal", "student_t", "beta"):
        return {"normal": {"mean": rounded(value), "sd": rounded(error)}}
    return _range(value, error)


def _range(median: float, sd_log: float) -> Any:
    """``"10.9 to 12.4"``: P5 to P95 of a lognormal."""
    if sd_log < LEAST_ERROR:
        return rounded(median)
    low, high = (rounded(median * exp(sign * NORMAL_P95 * sd_log)) for sign in (-1.0, 1.0))
    return f"{low} to {high}"


def _of_series(report: FitReport, found: SeriesFit) -> list[str]:
    data, fitted = report.data, found.taken.fitted
    whence = f"{data.whence}: {found.n} months from {month_name(found.first)} to {month_name(found.last)}"
    first = month_name(months_from(found.last, found.ahead + 1)[-1])
    start = {"lognormal": {"median": rounded(found.start[0]), "sd_log": rounded(found.start[1])}, "unit": report.unit}
    noise = {"sd": rounded(fitted.sd), "persistence": rounded(fitted.persistence)}
    wandering = f"volatility = {rounded(fitted.sd * MONTHS_A_YEAR**0.5)}"
    return [
        *_head(report, whence),
        _comment(f"Back-test: {back_test(found)}."),
        f"[series.{in_toml_key(report.name)}]",
        f"start = {in_toml(start)}  # level in {first}, in which the scenario has to start",
        f"growth = {in_toml(_growth(found))}",
        *([f"season = {in_toml(_season(found))}"] if found.seasonal else []),
        wandering if found.wanders else f"noise = {in_toml(noise)}",
        f"note = {in_toml(whence)}",
        *_correlation(report.name, found),
    ]


def _correlation(name: str, found: SeriesFit) -> list[str]:
    """What the estimates of start and growth share: Spearman's rank correlation of two normals."""
    rank = 6.0 / pi * asin(min(max(found.start_correlation, -MOST_CORRELATED), MOST_CORRELATED) / 2.0)
    if abs(rank) < LEAST_RANK:
        return []
    between = f"between = {in_toml([f'{name}_start', f'{name}_growth'])}"
    return ["", _comment("start and growth were estimated together"), "[[correlation]]", between, f"rank = {rounded(rank)}"]


def _growth(found: SeriesFit) -> dict[str, Any]:
    mean, sd = growth_a_year(found.taken.fitted)
    written: dict[str, Any] = {"normal": {"mean": rounded(mean), "sd": rounded(sd)}, "unit": "1", "draw": "run"}
    return written | ({"min": LEAST_GROWTH} if mean - 5.0 * sd < LEAST_GROWTH else {})


def _season(found: SeriesFit) -> list[Any]:
    """Twelve factors of mean 1, each from P5 to P95 of what is known of it."""
    fitted = found.taken.fitted
    mean = log(np.exp(fitted.seasons).mean())
    return [
        _range(exp(season - mean), error)
        for season, error in zip(fitted.seasons.tolist(), fitted.season_errors.tolist(), strict=True)
    ]
