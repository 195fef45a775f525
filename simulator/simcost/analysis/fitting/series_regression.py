"""A line through the logarithms of a monthly series, with seasons, and what is left: an AR(1), or steps of a random walk.

The two are what ``[series.NAME]`` has: ``noise`` about ``growth``, or ``volatility`` about it. Both are linear but for the
persistence, which is that of greatest restricted likelihood: Cooper and Thompson 1977, "A note on the estimation of the
parameters of the autoregressive moving average process", Biometrika 64. Months without a value are gaps, which an AR(1)
passes over exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.scenario.months import MONTHS_A_YEAR

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array, Whole


PERSISTENCES = np.arange(-90, 100) / 100.0
"""Where the persistence is looked for: its standard error is ten times a step, and at 1 the other form begins."""


ROUNDING = 1e-14
"""What is left of a sum of squares is known to this part of it."""


@dataclass(frozen=True, slots=True)
class Regression:
    """A fitted line.

    Parameters
    ----------
    wanders
        Whether what is left is a random walk, or else an AR(1) about the line.
    persistence
        Of the AR(1).
    coefficients
        Level of the logarithm in the last month (not of a random walk, whose last value it is), growth of it in a month, and
        with seasons eleven of them, January's first; December's is minus their sum.
    covariance
        Of the coefficients.
    sd
        Of the AR(1) in any month, or of a step of the walk.
    residuals
        Independent ones of variance 1, if the form is right.
    makes_residuals
        The projection that makes them of what is whitened.
    """

    wanders: bool
    persistence: float
    coefficients: Array
    covariance: Array
    sd: float
    residuals: Array
    makes_residuals: Array

    @property
    def growth(self) -> float:
        """Of the logarithm in a month."""
        return float(self.coefficients[0 if self.wanders else 1])

    @property
    def growth_error(self) -> float:
        """Standard error of it."""
        place = 0 if self.wanders else 1
        return float(np.sqrt(self.covariance[place, place]))

    @property
    def seasons(self) -> Array:
        """Twelve additions to the logarithm, January's first, whose sum is 0; all 0 without seasons."""
        return contrasts(np.arange(MONTHS_A_YEAR)) @ self._effects if self._effects.size else np.zeros(MONTHS_A_YEAR)

    @property
    def season_errors(self) -> Array:
        """Standard error of each season."""
        if not self._effects.size:
            return np.zeros(MONTHS_A_YEAR)
        first = len(self.coefficients) - len(self._effects)
        rows = contrasts(np.arange(MONTHS_A_YEAR))
        return np.asarray(np.sqrt(((rows @ self.covariance[first:, first:]) * rows).sum(axis=1)))

    @property
    def _effects(self) -> Array:
        return self.coefficients[1 if self.wanders else 2 :]


def contrasts(calendar: Whole) -> Array:
    """Return rows that pick the season of each month of the calendar, 0 to 11, from eleven: December's is minus their sum."""
    rows = np.eye(MONTHS_A_YEAR)[:, : MONTHS_A_YEAR - 1]
    rows[MONTHS_A_YEAR - 1] = -1.0
    return np.asarray(rows[calendar])


def design(months: Whole, *, since: int, seasonal: bool) -> Array:
    """Return level, months since one of them, and seasons: float64 (months, 2 or 13)."""
    columns = [np.ones((len(months), 1)), (months - since)[:, None].astype(np.float64)]
    return np.concatenate([*columns, *([contrasts(months % MONTHS_A_YEAR)] if seasonal else [])], axis=1)


def whitened(rows: Array, gaps: Whole, persistence: float) -> tuple[Array, float]:
    """Turn rows whose error is an AR(1) of variance 1 into rows of independent errors; and the log-determinant of that.

    Parameters
    ----------
    rows
        Float64 (months, columns).
    gaps
        Months from each to the next.
    """
    kept = (
        persistence ** gaps.astype(np.float64) if persistence >= 0.0 else np.sign(persistence) ** gaps * abs(persistence) ** gaps
    )
    scale = np.sqrt(1.0 - kept**2)
    rest = (rows[1:] - kept[:, None] * rows[:-1]) / scale[:, None]
    return np.concatenate([rows[:1], rest]), 2.0 * float(np.log(scale).sum())


def most_likely_persistence(y: Array, x: Array, gaps: Whole) -> Array:
    """Persistence of greatest restricted likelihood for each column of y, float64 (months, series)."""
    free = x.shape[0] - x.shape[1]
    regressors, log_determinants = zip(*(whitened(x, gaps, each) for each in PERSISTENCES.tolist()), strict=True)
    bases, triangles = np.linalg.qr(np.stack(regressors))
    volumes = 2.0 * np.log(np.abs(np.diagonal(triangles, axis1=1, axis2=2))).sum(axis=1) + log_determinants
    criteria = []
    for persistence, q, volume in zip(PERSISTENCES.tolist(), bases, volumes, strict=True):
        values = whitened(y, gaps, persistence)[0]
        squares = (values**2).sum(axis=0)
        left = np.maximum(squares - ((q.T @ values) ** 2).sum(axis=0), ROUNDING * squares)
        criteria.append(free * np.log(left) + volume)
    return np.asarray(PERSISTENCES[np.argmin(criteria, axis=0)])


def regress(logarithms: Array, months: Whole, *, seasonal: bool, wanders: bool) -> Regression:
    """Fit a line to the logarithms of a series.

    Parameters
    ----------
    logarithms
        Float64 (months,).
    months
        Number of each month, ascending, that of a January divisible by twelve.
    """
    x, y, gaps = design(months, since=int(months[-1]), seasonal=seasonal), logarithms[:, None], np.diff(months)
    persistence = 0.0
    if wanders:
        root = np.sqrt(gaps)[:, None]
        regressors, values = np.diff(x[:, 1:], axis=0) / root, np.diff(y, axis=0) / root
    else:
        persistence = float(most_likely_persistence(y, x, gaps)[0])
        regressors, values = (whitened(each, gaps, persistence)[0] for each in (x, y))
    return _least_squares(values[:, 0], regressors, wanders=wanders, persistence=persistence)


def _least_squares(values: Array, regressors: Array, *, wanders: bool, persistence: float) -> Regression:
    q, r = np.linalg.qr(regressors)
    coefficients = np.linalg.solve(r, q.T @ values)
    left = values - regressors @ coefficients
    n, k = regressors.shape
    variance = float(left @ left) / (n - k)
    inverse = np.linalg.inv(r)
    return Regression(
        wanders=wanders,
        persistence=persistence,
        coefficients=coefficients,
        covariance=variance * inverse @ inverse.T,
        sd=float(np.sqrt(variance)),
        residuals=left / np.sqrt(variance),
        makes_residuals=np.eye(n) - q @ q.T,
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """Months that follow, lognormal each: median and standard deviation of the logarithm, float64 (months,)."""

    median: Array
    sd_log: Array


def outlook(fitted: Regression, logarithms: Array, months: Whole, ahead: Whole) -> Outlook:
    """Forecast the months so many after the last, with what is not known of the line counted in.

    As the language draws it: the noise of an AR(1) begins anew, in its stationary distribution.
    """
    effects = design(months[-1] + ahead, since=int(months[-1]), seasonal=len(fitted.coefficients) > MONTHS_A_YEAR - 1)
    if fitted.wanders:
        last = design(months[-1:], since=int(months[-1]), seasonal=effects.shape[1] > 2)
        rows, base, variance = (effects - last)[:, 1:], float(logarithms[-1]), fitted.sd**2 * ahead
    else:
        rows, base, variance = effects, 0.0, np.full(len(ahead), fitted.sd**2)
    known = ((rows @ fitted.covariance) * rows).sum(axis=1)
    return Outlook(np.exp(base + rows @ fitted.coefficients), np.sqrt(variance + known))
