"""Maximum likelihood of each family, of many samples at once: float64 (rows, n) in, parameters (rows, k) out, as a file has them.

Rows are the data and what a bootstrap draws, so that a thousand fits cost as many array operations as one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import digamma, gammaln, polygamma

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array


DEGREES_OF_FREEDOM = (2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 30.0)
"""Of student_t: data hardly tell its neighbours apart, the language needs more than 2, and above 30 it is a normal."""

MOST_STEPS = 200
CLOSE = 1e-10
"""Relative change of a step at which an iteration ends: far below any standard error."""


def normal(x: Array) -> Array:
    """Mean and standard deviation, with divisor n."""
    return np.stack([x.mean(axis=1), x.std(axis=1)], axis=1)


def lognormal(x: Array) -> Array:
    """Median and standard deviation of the logarithm."""
    y = np.log(x)
    return np.stack([np.exp(y.mean(axis=1)), y.std(axis=1)], axis=1)


def exponential(x: Array) -> Array:
    """Mean."""
    return np.asarray(x.mean(axis=1, keepdims=True))


def gamma(x: Array) -> Array:
    """Mean and standard deviation; the shape by Minka 2002, "Estimating a Gamma distribution", equation 18."""
    mean = x.mean(axis=1)
    spread = np.log(mean) - np.log(x).mean(axis=1)
    shape = (3.0 - spread + np.sqrt((spread - 3.0) ** 2 + 24.0 * spread)) / (12.0 * spread)
    for _ in range(MOST_STEPS):
        step = (np.log(shape) - digamma(shape) - spread) / (shape * (1.0 - shape * polygamma(1, shape)))
        last, shape = shape, shape / (1.0 + step)
        if np.allclose(shape, last, rtol=CLOSE, atol=0.0):
            break
    return np.stack([mean, mean / np.sqrt(shape)], axis=1)


def weibull(x: Array) -> Array:
    """Shape and scale: the shape by Newton's method, from that of the logarithm's spread."""
    y = np.log(x)
    y = y - y.max(axis=1, keepdims=True)
    mean = y.mean(axis=1)
    shape = np.pi / np.sqrt(6.0) / y.std(axis=1)
    for _ in range(MOST_STEPS):
        weight = np.exp(shape[:, None] * y)
        weight /= weight.sum(axis=1, keepdims=True)
        first = (weight * y).sum(axis=1)
        second = (weight * y * y).sum(axis=1)
        step = (first - 1.0 / shape - mean) / (second - first**2 + 1.0 / shape**2)
        last, shape = shape, np.maximum(shape - step, shape / 4.0)
        if np.allclose(shape, last, rtol=CLOSE, atol=0.0):
            break
    log_scale = np.log(np.exp(shape[:, None] * y).mean(axis=1)) / shape
    return np.stack([shape, np.exp(log_scale + np.log(x).max(axis=1))], axis=1)


def beta(x: Array) -> Array:
    """Mean and standard deviation of values between 0 and 1, by Newton's method in alpha and beta from the moments."""
    logs = np.stack([np.log(x).mean(axis=1), np.log1p(-x).mean(axis=1)])
    mean, variance = x.mean(axis=1), x.var(axis=1)
    total = np.maximum(mean * (1.0 - mean) / variance - 1.0, 0.1)
    both = np.stack([mean, 1.0 - mean]) * total
    for _ in range(MOST_STEPS):
        whole = both.sum(axis=0)
        gradient = digamma(whole) - digamma(both) + logs
        own, shared = -polygamma(1, both), polygamma(1, whole)
        common = (gradient / own).sum(axis=0) / (1.0 / shared + (1.0 / own).sum(axis=0))
        last, both = both, np.maximum(both - (gradient - common) / own, both / 4.0)
        if np.allclose(both, last, rtol=CLOSE, atol=0.0):
            break
    total = both.sum(axis=0)
    mean = both[0] / total
    return np.stack([mean, np.sqrt(mean * (1.0 - mean) / (total + 1.0))], axis=1)


def student_t(x: Array) -> Array:
    """Degrees of freedom, mean and standard deviation: for each of `DEGREES_OF_FREEDOM` by expectation-maximisation, the best."""
    tried = [(df, *_location_and_scale(x, df)) for df in DEGREES_OF_FREEDOM]
    best = np.argmax([height for *_, height in tried], axis=0)
    df = np.array(DEGREES_OF_FREEDOM)[best]
    rows = np.arange(len(x))
    location, scale = (np.stack([each[place] for each in tried])[best, rows] for place in (1, 2))
    return np.stack([df, location, scale * np.sqrt(df / (df - 2.0))], axis=1)


def _location_and_scale(x: Array, df: float) -> tuple[Array, Array, Array]:
    """Location, scale and log-likelihood of t with so many degrees of freedom.

    Kent, Tyler and Vardi 1994, "A curious likelihood identity for the multivariate t-distribution": weights over their sum.
    """
    location, scale = np.median(x, axis=1), x.std(axis=1)
    for _ in range(MOST_STEPS):
        weight = (df + 1.0) / (df + ((x - location[:, None]) / scale[:, None]) ** 2)
        total = weight.sum(axis=1)
        before = location, scale
        location = (weight * x).sum(axis=1) / total
        scale = np.sqrt((weight * (x - location[:, None]) ** 2).sum(axis=1) / total)
        moved = np.maximum(np.abs(location - before[0]), np.abs(scale - before[1]))
        if np.all(moved <= 1e-7 * scale):
            break
    z = (x - location[:, None]) / scale[:, None]
    constant = gammaln((df + 1.0) / 2.0) - gammaln(df / 2.0) - 0.5 * np.log(df * np.pi)
    height = x.shape[1] * (constant - np.log(scale)) - (df + 1.0) / 2.0 * np.log1p(z * z / df).sum(axis=1)
    return location, scale, height
