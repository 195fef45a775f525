"""A monthly series to the two forms of growth that the language has, seasons where the months show them, and their back-test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import fdtrc

from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.fitting.goodness import SEED
from simcost.analysis.fitting.serial_dependence import MOST_LAGS, autocorrelations, ljung_box
from simcost.analysis.fitting.series_regression import (
    Outlook,
    Regression,
    design,
    most_likely_persistence,
    outlook,
    regress,
)
from simcost.scenario.months import MONTHS_A_YEAR

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array, Whole


FEWEST = 12
"""Months from which on a series is fitted."""

TWO_YEARS = 24

SEASON_SEEN = 0.05
"""p-value of the F test below which seasons are taken."""

WALK_EXCLUDED = 0.1
"""p-value below which a random walk is excluded. A tenth, not a twentieth: both mistakes cost, the band is three times too wide
or too narrow, and in two years the test often cannot tell."""

DRAWN = 999
"""Random walks, and white residuals, that a p-value is counted in."""

MOST_HELD_OUT = 12

NORMAL_P95 = 1.6448536269514722

OUTLYING = 4.0
"""Standard deviations at which a month is no draw of the same noise: one in 16,000 months."""


@dataclass(frozen=True, slots=True)
class Form:
    """One of the two forms.

    Parameters
    ----------
    fitted
        Its regression.
    year_on
        The month twelve after the last: median, P5 and P95 as its ends.
    inside
        Of the months held out, those within P5 to P95 of the form fitted to the months before them.
    residual_p_value
        Of the Ljung-Box test of what is left, counted in white noise projected alike.
    """

    fitted: Regression
    year_on: Estimate
    inside: int
    residual_p_value: float


@dataclass(frozen=True, slots=True)
class SeriesFit:
    """What the months say.

    Parameters
    ----------
    n
        Months with a value.
    first, last
        Of them, (year, 1 to 12).
    noise, walk
        Growth with noise about it, and growth with volatility.
    walk_p_value
        Probability that a random walk looks as much like noise about a line.
    seasonal
        Whether there are seasons in both forms.
    season_p_value
        Of the F test; None of less than two full years.
    held_out
        Last months that the back-test forecasts.
    outlying
        Places of the months that go with neither form.
    ahead
        Months from the last to the first of the scenario.
    start
        Level in the first month of the scenario of the form that is taken, without its season: median and, as the file has it,
        the standard deviation of the logarithm.
    start_correlation
        Of its logarithm with the growth.
    """

    n: int
    first: tuple[int, int]
    last: tuple[int, int]
    noise: Form
    walk: Form
    walk_p_value: float
    seasonal: bool
    season_p_value: float | None
    held_out: int
    outlying: tuple[int, ...]
    ahead: int
    start: tuple[float, float]
    start_correlation: float

    @property
    def wanders(self) -> bool:
        """Whether volatility is taken: a random walk is not excluded."""
        return self.walk_p_value >= WALK_EXCLUDED

    @property
    def taken(self) -> Form:
        """The form that is taken."""
        return self.walk if self.wanders else self.noise


LEAST_NOISE = 1e-6
"""Deviation of the logarithm below which months are certain, whatever line they follow."""

MOST_GROWTH_OR_LEVEL = 1e90
"""Of a file's numbers, which go to 1e100."""


def fit_series(values: Array, months: tuple[tuple[int, int], ...], ahead: int) -> SeriesFit:
    """Fit both forms to a series.

    Parameters
    ----------
    values
        Above 0, float64 (n,), `FEWEST` or more, not all equal.
    months
        Of each, ascending and distinct.
    ahead
        Months from the last to the first of the scenario, 1 or more.
    """
    with np.errstate(all="ignore"):  # of months that follow a line exactly, or leap beyond any number: see `is_a_series`
        return _fit(values, months, ahead)


def _fit(values: Array, months: tuple[tuple[int, int], ...], ahead: int) -> SeriesFit:
    logarithms, numbers = np.log(values), np.array([year * MONTHS_A_YEAR + month - 1 for year, month in months])
    season_p_value = _season_p_value(logarithms, numbers) if has_two_years(numbers) else None
    seasonal = season_p_value is not None and season_p_value < SEASON_SEEN
    held_out = min(MOST_HELD_OUT, len(values) // 4)
    noise, walk = (_form(logarithms, numbers, held_out, seasonal=seasonal, wanders=wanders) for wanders in (False, True))
    walk_p_value = _walk_p_value(noise.fitted, numbers, seasonal=seasonal)
    taken = (walk if walk_p_value >= WALK_EXCLUDED else noise).fitted
    return SeriesFit(
        n=len(values),
        first=months[0],
        last=months[-1],
        noise=noise,
        walk=walk,
        walk_p_value=walk_p_value,
        seasonal=seasonal,
        season_p_value=season_p_value,
        held_out=held_out,
        outlying=_outlying(taken),
        ahead=ahead,
        start=_start(taken, logarithms, numbers, ahead),
        start_correlation=_start_correlation(taken, logarithms, numbers, ahead),
    )


def growth_a_year(fitted: Regression) -> tuple[float, float]:
    """Mean growth over a year and its standard error; volatility adds half its variance to that of the logarithm."""
    log = MONTHS_A_YEAR * (fitted.growth + (fitted.sd**2 / 2.0 if fitted.wanders else 0.0))
    with np.errstate(over="ignore"):
        return float(np.expm1(log)), float(np.exp(log)) * MONTHS_A_YEAR * fitted.growth_error


def is_a_series(found: SeriesFit) -> bool:
    """Whether the form that is taken has noise, and numbers that a file can have."""
    mean, sd = growth_a_year(found.taken.fitted)
    return found.taken.fitted.sd > LEAST_NOISE and max(abs(mean), sd, *found.start) < MOST_GROWTH_OR_LEVEL


def has_two_years(numbers: Whole) -> bool:
    """Whether the months are of two years or more, and each month of the calendar is there twice."""
    counts = np.bincount(numbers % MONTHS_A_YEAR, minlength=MONTHS_A_YEAR)
    return bool(numbers[-1] - numbers[0] + 1 >= TWO_YEARS and counts.min() >= 2)


def _season_p_value(logarithms: Array, numbers: Whole) -> float:
    """F test of the seasons in the growth from month to month, where both forms are stationary; with errors of the noise's."""
    full = regress(logarithms, numbers, seasonal=True, wanders=False)
    free, k = len(logarithms) - len(full.coefficients), MONTHS_A_YEAR - 1
    effects = full.coefficients[2:]
    statistic = float(effects @ np.linalg.solve(full.covariance[2:, 2:], effects)) / k
    return float(fdtrc(k, free, statistic))


def _form(logarithms: Array, numbers: Whole, held_out: int, *, seasonal: bool, wanders: bool) -> Form:
    fitted = regress(logarithms, numbers, seasonal=seasonal, wanders=wanders)
    on = outlook(fitted, logarithms, numbers, np.array([MONTHS_A_YEAR]))
    return Form(
        fitted,
        _middle(on),
        inside=_inside(logarithms, numbers, held_out, seasonal=seasonal, wanders=wanders),
        residual_p_value=_whiteness(fitted),
    )


def _middle(on: Outlook) -> Estimate:
    (median,), (sd,) = on.median.tolist(), on.sd_log.tolist()
    return Estimate(median, *(float(np.exp(np.log(median) + sign * NORMAL_P95 * sd)) for sign in (-1.0, 1.0)))


def _inside(logarithms: Array, numbers: Whole, held_out: int, *, seasonal: bool, wanders: bool) -> int:
    """Count the last months within P5 to P95 of what the months before them forecast; seasons if these are two years."""
    before, known = logarithms[:-held_out], numbers[:-held_out]
    fitted = regress(before, known, seasonal=seasonal and has_two_years(known), wanders=wanders)
    on = outlook(fitted, before, known, numbers[-held_out:] - known[-1])
    off = np.abs(logarithms[-held_out:] - np.log(on.median))
    return int(np.count_nonzero(off <= NORMAL_P95 * on.sd_log))


def _whiteness(fitted: Regression) -> float:
    """p-value of the Ljung-Box statistic of the residuals, among white noise that was projected as they were."""
    n = len(fitted.residuals)
    lags = max(min(MOST_LAGS, n // 5), 1)
    white = np.random.default_rng(SEED).normal(size=(DRAWN, n)) @ fitted.makes_residuals
    own, others = (ljung_box(autocorrelations(each, lags), n) for each in (fitted.residuals[None, :], white))
    return float((1 + np.count_nonzero(others >= own[0])) / (DRAWN + 1))


def _walk_p_value(noise: Regression, numbers: Whole, *, seasonal: bool) -> float:
    """Share of random walks, at these months and with this line taken out, whose persistence is estimated as low as this one.

    Neither drift, seasons nor size of the steps change the estimate, so the test is exact: that of Dickey and Fuller 1979 for any
    number of months (JASA 74), by simulation.
    """
    estimated = _of_walks(tuple(numbers.tolist()), seasonal)
    return float((1 + np.count_nonzero(estimated <= noise.persistence)) / (DRAWN + 1))


@lru_cache(maxsize=8)
def _of_walks(months: tuple[int, ...], seasonal: bool) -> Array:
    """Persistences that are estimated of random walks."""
    numbers = np.array(months)
    gaps = np.diff(numbers)
    steps = np.random.default_rng(SEED).normal(size=(len(gaps), DRAWN)) * np.sqrt(gaps)[:, None]
    walks = np.concatenate([np.zeros((1, DRAWN)), np.cumsum(steps, axis=0)])
    return most_likely_persistence(walks, design(numbers, since=months[-1], seasonal=seasonal), gaps)


def _outlying(fitted: Regression) -> tuple[int, ...]:
    """Places of the months whose residual, over its own standard deviation, is no draw of the same noise."""
    weights = np.sqrt(np.maximum(np.diag(fitted.makes_residuals), 1e-6))
    beyond = np.flatnonzero(np.abs(fitted.residuals) / weights > OUTLYING)
    return tuple((beyond + int(fitted.wanders)).tolist())


def _deseasoned(fitted: Regression, logarithms: Array, numbers: Whole) -> float:
    """Logarithm of the level in the last month, without its season."""
    if not fitted.wanders:
        return float(fitted.coefficients[0])
    return float(logarithms[-1] - fitted.seasons[numbers[-1] % MONTHS_A_YEAR])


def _start(fitted: Regression, logarithms: Array, numbers: Whole, ahead: int) -> tuple[float, float]:
    """Median and standard deviation of the logarithm of ``start``; what a file has as noise has the mean 1, and seasons too."""
    log = _deseasoned(fitted, logarithms, numbers) + fitted.growth * ahead + float(np.log(np.exp(fitted.seasons).mean()))
    if fitted.wanders:
        unknown = fitted.season_errors[numbers[-1] % MONTHS_A_YEAR] ** 2
        variance = fitted.sd**2 * ahead + (fitted.growth_error * ahead) ** 2 + unknown
    else:
        log += fitted.sd**2 / 2.0
        row = np.array([1.0, float(ahead)])
        variance = row @ fitted.covariance[:2, :2] @ row
    return float(np.exp(log)), float(np.sqrt(variance))


def _start_correlation(fitted: Regression, logarithms: Array, numbers: Whole, ahead: int) -> float:
    sd = _start(fitted, logarithms, numbers, ahead)[1]
    if fitted.wanders:
        shared = ahead * fitted.growth_error**2
    else:
        shared = float(fitted.covariance[0, 1] + ahead * fitted.covariance[1, 1])
    return shared / sd / fitted.growth_error
