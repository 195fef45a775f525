"""What an expert says of a series: P10, P50 and P90 of some months, straight lines between them, and how long an error lasts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.writing.table import Value, number
from simcost.scenario.bounds import POSITIVE, Bounds
from simcost.scenario.schema import MOST_MONTHS
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.quantities.units import Unit

PERSISTENCE = Bounds(above=-1, most=1)
SCORE_OF_P90 = 1.2815515655446004
"""Of a standard normal; that of P10 is its negative."""

PERCENTILES = ("p10", "p50", "p90")

IN_ONE_FORMULA = 32
"""Months whose lines stand in one formula: each is nested in the one before, and formulas have a greatest depth."""


class PercentilesTable(Table):
    """What an expert says of a month."""

    month: Annotated[int, Field(ge=1, le=MOST_MONTHS, description="Month of the run.", examples=[1])]
    p10: Annotated[Value, number("One in ten outcomes is lower.", "17e6 user", bounds=POSITIVE)]
    p50: Annotated[Value, number("The median.", "20e6 user", bounds=POSITIVE)]
    p90: Annotated[Value, number("One in ten outcomes is higher.", "26e6 user", bounds=POSITIVE)]


class ExpertTable(Table):
    """Percentiles by month, in straight lines between the months given and constant outside of them."""

    months: Annotated[
        list[PercentilesTable],
        Field(
            min_length=1,
            max_length=MOST_MONTHS,
            description="Some months, ascending.",
            examples=[[{"month": 1, "p10": "17e6 user", "p50": "20e6 user", "p90": "26e6 user"}]],
        ),
    ]
    persistence: Annotated[
        Value,
        number(
            "Correlation of a month's normal score with the next's; 1, a draw for the whole run, without.",
            0.9,
            unit="1",
            bounds=PERSISTENCE,
        ),
    ] = None


def level_by_percentiles(expert: ExpertTable, series: Writer) -> str:
    """Write the level: the quantile function of the month at a normal score that persists.

    With w = z / 1.2816, b = log P50, s half of log P90 - log P10, d = (log P10 + log P90) / 2 - b and m = s - |d|,
    log x = b + s w + sign(d) (sqrt(m^2 + (s^2 - m^2) w^2) - m): the J-QPD-S distribution with lower bound 0, its hyperbolic
    functions written out. Hadlock and Bickel 2017, "Johnson Quantile-Parameterized Distributions", Decision Analysis 14(1).
    """
    if not _are_possible(expert.months, series):
        return "0"
    low, median, high = (series.driver(key, _line(key, expert.months, series), "expert", "months") for key in PERCENTILES)
    spread = series.driver("spread", f"log({high} / {low}) / 2", "expert")
    skew = series.driver("skew", f"log({low} / {median}) / 2 + log({high} / {median}) / 2", "expert")
    short = series.driver("short", f"{spread} - abs({skew})", "expert")
    score = series.driver("score", f"{_score(series)} / {SCORE_OF_P90!r}", "expert")
    bend = f"sqrt({short} ** 2 + ({spread} ** 2 - {short} ** 2) * {score} ** 2) - {short}"
    return f"{median} * exp({spread} * {score} + where({skew} < 0, -1, 1) * ({bend}))"


def _unit(rows: Sequence[PercentilesTable], series: Writer) -> Unit | None:
    """Return the unit of the first percentile that has one: of what is none, such as a formula, nothing can be told."""
    found = (series.unit_of("expert", "months", i, key) for i in range(len(rows)) for key in PERCENTILES)
    return next((unit for unit in found if unit is not None), None)


def _are_possible(rows: Sequence[PercentilesTable], series: Writer) -> bool:
    """Whether months and percentiles ascend and are certain numbers of one unit; findings if not."""
    known, unit = series.problems, _unit(rows, series)
    for i, (before, row) in enumerate(pairwise(rows), 1):
        if row.month <= before.month:
            series.refuse(
                f"month {row.month} after month {before.month}", "Give months that ascend.", "expert", "months", i, "month"
            )
    for i in range(len(rows)):
        found = [series.certain("expert", "months", i, key, unit=unit) for key in PERCENTILES]
        for key, value in zip(PERCENTILES, found, strict=True):
            if value is None:
                what = f"{key} is no certain quantity{f' in {unit.text}' if unit is not None and unit.dimension else ''}"
                series.refuse(what, "Give a number with its unit; the three make the distribution.", "expert", "months", i, key)
        low, median, high = (value or 0.0 for value in found)
        if None not in found and not 0 < low < median < high:
            series.refuse("the percentiles do not ascend from above 0", "Give 0 < p10 < p50 < p90.", "expert", "months", i, "p10")
    if series.months < rows[-1].month:
        what = f"month {rows[-1].month} is after the last of {series.months} months"
        series.refuse(what, f"Give 1 to {series.months}.", "expert", "months", len(rows) - 1, "month")
    return series.problems == known


def _line(key: str, rows: Sequence[PercentilesTable], series: Writer) -> str:
    """Return a percentile by month: straight lines between the months given."""
    unit = series.unit_of("expert", "months", 0, "p10")
    given = [series.value("expert", "months", i, key, unit=unit, called=f"{key}_{row.month}") for i, row in enumerate(rows)]
    formula = given[-1]
    for i in reversed(range(len(rows) - 1)):
        first, then = rows[i].month, rows[i + 1].month
        if (len(rows) - 1 - i) % IN_ONE_FORMULA == 0:
            formula = series.driver(f"{key}_from_{then}", formula, "expert", "months")
        share = f"(month - {first}) / {then - first}" if then - first > 1 else f"(month - {first})"
        formula = f"where(month < {then}, {given[i]} + ({given[i + 1]} - {given[i]}) * {share}, {formula})"
    return f"where(month < {rows[0].month}, {given[0]}, {formula})" if rows[0].month > 1 else formula


def _score(series: Writer) -> str:
    """Return the normal score of the month: one draw for the run, or an AR(1) that is standard normal in every month."""
    if not series.has("expert", "persistence"):
        return series.normal("shock", "expert", draw="run")
    shock = series.normal("shock", "expert")
    kept = series.value("expert", "persistence", called="persistence")
    walk = f"where(month > 1, {kept} * prev({series.named('walk')}, 0) + sqrt(1 - {kept} ** 2) * {shock}, {shock})"
    return series.driver("walk", walk, "expert", "persistence")
