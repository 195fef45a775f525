"""From data to the scenario file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.errors import UsageError
from simcost.scenario.problems import Findings, suggestion
from simcost.scenario.quantities.vocabulary import CURRENCIES, MONEY, NO_CURRENCY
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.fitting.distribution_fit import DistributionFit
    from simcost.analysis.fitting.series_fit import SeriesFit
    from simcost.api.path import PathLike
    from simcost.report.fit.answer import FitReport
    from simcost.scenario.distributions.observations import Observations


@checked
def fit(  # noqa: PLR0913 - what to read, what to call it, and what to take
    path: PathLike,
    *,
    column: str,
    month: str = "",
    name: str = "",
    unit: str = "1",
    family: str = "",
    bounds: str = "",
    start: str = "",
    uncertain: bool = False,
    where: Sequence[str] = (),
    combine: str = "",
) -> FitReport:
    """Turn a column of data into the lines of a scenario file that say what it says, with the evidence for and against them.

    Parameters
    ----------
    path
        A CSV file.
    column
        The values: those of a distribution, or with ``month`` of a series.
    month
        The column that has the month of each row: the series of the language is fitted, growth and what befalls it.
    name, unit
        Of the input or series; else named after the column, a pure number.
    family
        The distribution to take; else the first by AICc that fits, and ``empirical`` if none does.
    bounds
        Where values can lie at all, ``"0,1"``: a beta over them is tried too, and others are cut off there.
    start
        First month of the scenario, ``"2027-01"``; else the one after the last of the series.
    uncertain
        Whether parameters are written with their own uncertainty, for `simcost.uncertainty`.
    where
        ``product=H100 spot``: only rows that have this in that column.
    combine
        ``mean`` or ``sum``: what a month has of several rows, such as its days. A month without all of its days has no sum.

    Returns
    -------
    FitReport
        With ``toml``, the lines.

    Raises
    ------
    UsageError
        With every problem of the file, or of what was asked.
    """
    from simcost.report.fit.answer import FitReport
    from simcost.scenario.distributions.observations import read_observations
    from simcost.scenario.distributions.row_choice import row_choice

    _refuse_what_does_not_go_together(month, (("family", family), ("bounds", bounds), ("uncertain", uncertain)), start)
    called, ends = _name(name, column), _bounds(bounds)
    choice = row_choice(where, combine, month)
    data = read_observations(os.fspath(path), column, month, currency=_currency_of(unit), choice=choice)
    return FitReport(
        data=data,
        name=called,
        unit=unit,
        uncertain=uncertain,
        bounds=ends,
        distribution=None if month else _distribution(data, family, ends),
        series=_series(data, start) if month else None,
    )


def _refuse_what_does_not_go_together(month: str, of_values: tuple[tuple[str, object], ...], start: str) -> None:
    for given, value in of_values:
        if month and value:
            message = f"`{given}` is of a distribution, and `month` asks for a series. Give one of the two."
            raise UsageError(message)
    if start and not month:
        message = "`start` is of a series. Give `month`, the column that has the months, too."
        raise UsageError(message)


def _name(name: str, column: str) -> str:
    from simcost.scenario.names import check_name, identifier_for

    called, findings = name or identifier_for(column.strip()) or "fitted", Findings()
    if not check_name(called, ("name",), findings):
        finding = findings.found[0]
        message = f"{finding.what}. {finding.remedy}" if name else f"{finding.what}. Name it: `name={called}_value`."
        raise UsageError(message)
    return called


def _currency_of(unit: str) -> str:
    """Return the currency that a unit is in; empty if it is in none."""
    from simcost.scenario.quantities.units import parse_unit

    money = next((code for code in sorted(CURRENCIES) if code in unit), NO_CURRENCY)
    try:
        in_money = MONEY + money in dict(parse_unit(unit, money).dimension)
    except Refusal as error:
        message = f"{error.what}. {error.remedy}"
        raise UsageError(message) from None
    return money if in_money else ""


def _bounds(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        low, high = map(float, text.split(","))
    except ValueError:
        low = high = 0.0
    if low < high < float("inf") and low > float("-inf"):
        return low, high
    message = f'`bounds`: "{text[:60]}" is no LOW,HIGH. Give two ascending numbers: `bounds=0,1`.'
    raise UsageError(message)


def _distribution(data: Observations, family: str, bounds: tuple[float, float] | None) -> DistributionFit:
    import numpy as np

    from simcost.analysis.fitting.distribution_fit import EMPIRICAL, FEWEST, fit_distribution, possible
    from simcost.analysis.fitting.families import NAMES

    if family and family not in (*NAMES, EMPIRICAL):
        message = f'`family`: no family "{family[:60]}". {suggestion(family, (*NAMES, EMPIRICAL))}'
        raise UsageError(message)
    values = np.array(data.values)
    _refuse_too_few(data, FEWEST, "values", 'Write what you know instead: "LOW to HIGH", or "LOW to MODE to HIGH".')
    if bounds is not None and not bounds[0] <= values.min() <= values.max() <= bounds[1]:
        outside = next(place for place, value in enumerate(data.values) if not bounds[0] <= value <= bounds[1])
        message = (
            f"{data.file}, line {data.lines[outside]}: {data.values[outside]:g} is beyond the bounds. Widen them, or mend it."
        )
        raise UsageError(message)
    if family not in ("", EMPIRICAL, *(each.name for each in possible(values, bounds))):
        why = "is tried between `bounds` that no value touches" if family == "beta" else "has values above 0 alone"
        message = f"a {family} {why}, and the values go from {values.min():g} to {values.max():g}. Take another."
        raise UsageError(message)
    found = fit_distribution(values, bounds=bounds, family=family)
    if family and found.chosen != family:
        message = f"a {family} has no likelihood that is greatest for these values. Take another."
        raise UsageError(message)
    return found


def _refuse_too_few(data: Observations, fewest: int, what: str, remedy: str) -> None:
    where = data.whence
    if len(data.values) < fewest:
        left_out = " ".join(["", *data.remarks])
        mend = remedy if data.values else "Name a column that has numbers."
        message = f"{where} has {len(data.values)} {what}, and a fit takes {fewest}.{left_out} {mend}"
        raise UsageError(message)
    if len(set(data.values)) == 1:
        message = (
            f'{where}: all {len(data.values):,} {what} are {data.values[0]:g}. It is certain: write "{data.values[0]:g} UNIT".'
        )
        raise UsageError(message)


def _series(data: Observations, start: str) -> SeriesFit:
    import numpy as np

    from simcost.analysis.fitting.series_fit import FEWEST, fit_series, is_a_series

    _refuse_too_few(data, FEWEST, "months", "Write what you know instead: start and growth, or an expert's percentiles by month.")
    if min(data.values) <= 0.0:
        place = min(range(len(data.values)), key=data.values.__getitem__)
        message = (
            f"{data.file}, line {data.lines[place]}: {data.values[place]:g} is not above 0, and growth multiplies. "
            f'Draw the months themselves again: history = {{ file = "{data.file}", as = "level" }}.'
        )
        raise UsageError(message)
    found = fit_series(np.array(data.values), data.months, _ahead(data, start))
    if not is_a_series(found):
        message = (
            f"{data.whence}: the months follow growth and seasons exactly, or leap beyond any. Write "
            f'growth as it is, or draw the months themselves again: history = {{ file = "{data.file}", as = "level" }}.'
        )
        raise UsageError(message)
    return found


MOST_AHEAD = 24
"""Months between the data and the scenario: growth over more of them is not in the data."""


def _ahead(data: Observations, start: str) -> int:
    """Return the months from the last of the data to the first of the scenario."""
    from simcost.scenario.distributions.months_of_rows import parsed_month
    from simcost.scenario.months import MONTHS_A_YEAR, month_name

    if not start:
        return 1
    first, last = parsed_month(start), data.months[-1]
    ahead = 0 if first is None else (first[0] - last[0]) * MONTHS_A_YEAR + first[1] - last[1]
    if 1 <= ahead <= MOST_AHEAD:
        return ahead
    known = f"{month_name(last)}, the last of the data"
    message = f'`start`: "{start[:60]}" is no month within {MOST_AHEAD} after {known}. Give it like 2027-01.'
    raise UsageError(message)
