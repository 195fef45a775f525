"""Whether values may come from a family at all, and how well its P95 is known: the parametric bootstrap.

The Anderson-Darling statistic of a distribution whose parameters were estimated from the same values has no table: samples drawn
from the fit are fitted anew, and how many of them lie as far from their fits tells (Lilliefors' idea; Stute, Gonzalez Manteiga
and Presedo Quindimil 1993, "Bootstrap based goodness-of-fit tests", Metrika 40). The weight of its tails is why it is this one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate

if TYPE_CHECKING:
    from simcost.analysis.fitting.families import Family
    from simcost_kernels.arrays import Array


SAMPLES = 999
"""Bootstrap samples: a p-value of 0.05 is then known to 0.007."""

MOST_TESTED = 1_000
"""Values that are tested, of more as many drawn at random: a hundred thousand contradict every family, for trifles."""

SEED = 20270101

NEAREST_TO_0 = 1e-15
"""Probabilities are kept so far from 0 and 1: their logarithms stay finite."""


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """What samples drawn from a fit say of it.

    Parameters
    ----------
    p_value
        Share of the samples that lie farther from their own fit than the values from theirs.
    p95
        Of the fit, with its 95 % interval if the family is right.
    errors
        Standard error of each parameter; of what is above 0 that of its logarithm.
    correlation
        Of the last two parameters' estimates, in the same measure; 0 of one alone.
    """

    p_value: float
    p95: Estimate
    errors: tuple[float, ...]
    correlation: float


def bootstrapped(family: Family, values: Array, parameters: Array) -> Bootstrapped:
    """Draw samples from a fit, and fit each anew.

    Parameters
    ----------
    values
        Float64 (n,).
    parameters
        Of the family, fitted to all of them: float64 (k,).
    """
    rng = np.random.default_rng(SEED)
    n = len(values)
    tested = values if n <= MOST_TESTED else rng.choice(values, MOST_TESTED, replace=False)
    own = family.estimate(tested[None, :])
    samples = family.draw(rng, own, (SAMPLES, len(tested)))
    fitted = family.estimate(samples)
    beyond = anderson_darling(family, samples, fitted) >= anderson_darling(family, tested[None, :], own)
    narrower = np.sqrt(len(tested) / n)  # of the errors, since all values were fitted
    errors, correlation = _errors(family, fitted, narrower)
    return Bootstrapped(
        p_value=float((1 + np.count_nonzero(beyond)) / (SAMPLES + 1)),
        p95=_interval(family, parameters, own, fitted, narrower),
        errors=errors,
        correlation=correlation,
    )


def anderson_darling(family: Family, x: Array, parameters: Array) -> Array:
    """Return A^2 of each row: Anderson and Darling 1954, "A test of goodness of fit", JASA 49."""
    n = x.shape[1]
    u = np.clip(np.sort(family.probability(x, parameters), axis=1), NEAREST_TO_0, 1.0 - NEAREST_TO_0)
    weights = 2.0 * np.arange(1, n + 1) - 1.0
    return np.asarray(-n - (weights * (np.log(u) + np.log1p(-u[:, ::-1]))).mean(axis=1))


def _interval(family: Family, parameters: Array, own: Array, fitted: Array, narrower: float) -> Estimate:
    """95 % interval of P95 by a pivot: its error over the distance to P50, of logarithms where all is positive.

    Of a family of location and scale, or of their logarithms, that is exact but for the number of samples.
    """
    p95, distance = _p95_and_distance(family, fitted)
    truth, _ = _p95_and_distance(family, own)
    (at,), (spread,) = _p95_and_distance(family, parameters[None, :])
    tail = (1.0 - CONFIDENCE) / 2.0
    above, below = np.quantile((p95 - truth) / distance * narrower, [1.0 - tail, tail])
    ends = (float(each) for each in (at, at - above * spread, at - below * spread))
    return Estimate(*(float(np.exp(each)) if family.positive else each for each in ends))


def _p95_and_distance(family: Family, parameters: Array) -> tuple[Array, Array]:
    """P95 of each row, and how far it is from P50; of their logarithms where all is positive."""
    p50, p95 = (family.quantile(p, parameters) for p in (0.5, 0.95))
    if family.positive:
        p50, p95 = np.log(p50), np.log(p95)
    return p95, p95 - p50


def _errors(family: Family, fitted: Array, narrower: float) -> tuple[tuple[float, ...], float]:
    """Standard errors of the parameters, and the correlation of the last two."""
    columns = [column if name == "mean" and not family.positive else np.log(column) for name, column in _named(family, fitted)]
    errors = tuple(float(column.std()) * narrower for column in columns)
    together = len(columns) > 1 and min(errors[-2:]) > 0.0
    return errors, float(np.corrcoef(columns[-2], columns[-1])[0, 1]) if together else 0.0


def _named(family: Family, fitted: Array) -> list[tuple[str, Array]]:
    return list(zip(family.parameters, fitted.T, strict=True))
