"""Whether values that follow each other are independent: what a distribution that is drawn anew takes for granted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from simcost.analysis.estimates.rank_correlation import mean_ranks

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array


MOST_LAGS = 10
"""Of the test, and a fifth of the values at most: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 5.4."""


@dataclass(frozen=True, slots=True)
class SerialDependence:
    """How values go with those before them, by ranks, which no outlier moves.

    Parameters
    ----------
    next
        Correlation of each with the next.
    bound
        Beyond plus or minus this one in twenty of independent rows would be.
    lags
        Of the Ljung-Box test.
    p_value
        Its probability of as much dependence in independent values.
    """

    next: float
    bound: float
    lags: int
    p_value: float


def serial_dependence(values: Array) -> SerialDependence:
    """Test values in their order, float64 (n,), not all of them equal."""
    n = len(values)
    lags = max(min(MOST_LAGS, n // 5), 1)
    centred = mean_ranks(values) - (n + 1) / 2.0
    by_lag = autocorrelations(centred[None, :], lags)
    return SerialDependence(float(by_lag[0, 0]), 1.96 / sqrt(n), lags, float(chdtrc(lags, ljung_box(by_lag, n)[0])))


def autocorrelations(centred: Array, lags: int) -> Array:
    """Correlations of each row with itself 1, 2, ... later: float64 (rows, lags)."""
    squares = (centred * centred).sum(axis=1)
    return np.stack([(centred[:, lag:] * centred[:, :-lag]).sum(axis=1) / squares for lag in range(1, lags + 1)], axis=1)


def ljung_box(by_lag: Array, n: int) -> Array:
    """Return the statistic of each row: Ljung and Box 1978, "On a measure of lack of fit", Biometrika 65."""
    return np.asarray(n * (n + 2.0) * (by_lag**2 / (n - np.arange(1, by_lag.shape[1] + 1))).sum(axis=1))


def is_sorted(values: Array) -> bool:
    """Whether values rise or fall all the way: rows that were sorted say nothing of their order in time."""
    steps = np.diff(values)
    return bool(np.all(steps >= 0.0) or np.all(steps <= 0.0))
