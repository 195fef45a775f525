"""From what a person knows of a quantity (mean and spread, percentiles, three points) to canonical parameters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simcost.scenario.distributions.canonical import Beta, Gamma, Lognormal, Metalog, Normal, Pareto, StudentT
from simcost.scenario.distributions.continuous import normal_score
from simcost.scenario.distributions.metalog import from_line, to_line
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SMALLEST_U = 2.0**-53
"""The smallest uniform that is ever drawn; 1 minus it is the largest."""

LARGEST_OUTCOME = 1e200
"""No draw of a distribution may be larger, so that sums and products of draws stay finite."""

SHAPES = (0.01, 1e9)
"""Shape parameters of beta and gamma: outside, draws would all be at an end or all be equal."""

_FARTHEST_SCORE = 8.21
"""The standard normal's quantile at the largest uniform is 8.2095."""

_METALOG_LIMIT = 1.66711
"""Largest |a3| / a2 of a feasible three-term metalog (Keelin 2016, table 3)."""


class FitError(Refusal):
    """Numbers that no distribution of this family has."""


def normal_from_percentiles(points: Mapping[float, float]) -> Normal:
    """Return the normal through two points ``{probability: value}``, both ascending."""
    mean, sd = _line_through(points, float)
    return Normal(mean, sd)


def lognormal_from_percentiles(points: Mapping[float, float]) -> Lognormal:
    """Return the lognormal through two points ``{probability: value}``, both ascending, values above 0."""
    return finite_lognormal(*_line_through(points, math.log))


def _line_through(points: Mapping[float, float], of: Callable[[float], float]) -> tuple[float, float]:
    """Return intercept and slope of ``of(value)`` over the normal scores of two probabilities."""
    (low, first), (high, second) = sorted(points.items())
    below, above = normal_score(low), normal_score(high)
    slope = (of(second) - of(first)) / (above - below)
    if not slope > 0:
        what = f"{first!r} and {second!r} are too close together"
        raise FitError(what, "Give values farther apart, or a certain number.")
    return (of(first) * above - of(second) * below) / (above - below), slope


def finite_lognormal(mu: float, sigma: float) -> Lognormal:
    """Return the lognormal if its largest draw stays finite."""
    if mu + sigma * _FARTHEST_SCORE > math.log(LARGEST_OUTCOME):
        what = f"a lognormal this wide (sd of the logarithm {sigma:.4g}) has draws beyond {LARGEST_OUTCOME:g}"
        raise FitError(what, "Give a narrower range.")
    if not sigma > 0:
        what = "the spread is too small beside the mean"
        raise FitError(what, "Give a larger sd, or a certain number.")
    return Lognormal(mu, sigma)


def lognormal_from_moments(mean: float, sd: float) -> Lognormal:
    """Return the lognormal with this mean and standard deviation, both above 0."""
    ratio = sd / mean
    variance = math.log1p(ratio * ratio) if ratio < 1e10 else 2 * math.log(ratio)
    return finite_lognormal(math.log(mean) - variance / 2, math.sqrt(variance))


def lognormal_from_median(median: float, sd_log: float) -> Lognormal:
    """Return the lognormal with this median and this standard deviation of the logarithm, both above 0."""
    return finite_lognormal(math.log(median), sd_log)


def finite_pareto(pareto: Pareto) -> Pareto:
    """Return the Pareto if its largest draw stays finite."""
    if math.log(pareto.minimum) - math.log(SMALLEST_U) / pareto.shape > math.log(LARGEST_OUTCOME):
        what = f"a pareto with minimum = {pareto.minimum:g} and shape = {pareto.shape:g} has draws beyond {LARGEST_OUTCOME:g}"
        raise FitError(what, "Give a larger shape.")
    return pareto


def pert(low: float, mode: float, high: float) -> Beta:
    """Return the PERT distribution, ``low <= mode <= high``: mean (low + 4 mode + high) / 6 (Malcolm et al. 1959)."""
    width = high - low
    return Beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, low, high)


def beta_from_moments(mean: float, sd: float, low: float, high: float) -> Beta:
    """Return the beta over ``low`` to ``high`` with this mean and standard deviation, by the method of moments."""
    width = high - low
    if not low < mean < high:
        what = f"mean = {mean:g} is not between {low:g} and {high:g}"
        raise FitError(what, "Give low < mean < high.")
    m, v = (mean - low) / width, sd / width * (sd / width)
    largest = width * math.sqrt(m * (1 - m))
    if not v < m * (1 - m):
        what = f"sd = {sd:g} is more than a beta with mean {mean:g} between {low:g} and {high:g} can have"
        raise FitError(what, f"Give sd below {largest:.4g}.")
    if v == 0:
        what = f"sd = {sd:g} is too small beside the range {low:g} to {high:g}"
        raise FitError(what, "Give a larger sd, or value = ...")
    total = m * (1 - m) / v - 1
    return checked_beta(Beta(m * total, (1 - m) * total, low, high))


def checked_beta(beta: Beta) -> Beta:
    """Return the beta if its shapes are within `SHAPES`."""
    for name, shape in (("alpha", beta.alpha), ("beta", beta.beta)):
        _check_shape(name, shape)
    return beta


def _check_shape(name: str, shape: float) -> None:
    if not SHAPES[0] <= shape <= SHAPES[1]:
        what = f"{name} = {shape:.4g} is not from {SHAPES[0]:g} to {SHAPES[1]:g}"
        raise FitError(what, "Give a smaller sd." if shape < SHAPES[0] else "Give a larger sd, or use normal.")


def gamma_from_moments(mean: float, sd: float) -> Gamma:
    """Return the gamma with this mean and standard deviation, both above 0."""
    if not 1e-50 < sd / mean < 1e50:
        what = f"mean = {mean:g} and sd = {sd:g} are too far apart"
        raise FitError(what, "Give numbers of like size.")
    return checked_gamma(Gamma((mean / sd) ** 2, sd * (sd / mean)))


def checked_gamma(gamma: Gamma) -> Gamma:
    """Return the gamma if its shape is within `SHAPES`."""
    _check_shape("shape", gamma.shape)
    return gamma


def student_t(df: float, mean: float, sd: float) -> StudentT:
    """Return Student's t with this mean and standard deviation, ``df > 2``: its variance is scale^2 df / (df - 2)."""
    return StudentT(df, mean, sd * math.sqrt((df - 2) / df))


def metalog(points: tuple[float, float, float], low: float | None, high: float | None) -> Metalog:
    """Return the three-term metalog through P10, P50 and P90 (Keelin 2016, "The metalog distributions", section 4.1).

    Raises
    ------
    FitError
        If the points lie outside the bounds, or so far from symmetry that the density would be negative somewhere.
    """
    _check_metalog_bounds(points[0], points[2], low, high)
    first, second, third = (to_line(value, low, high) for value in points)
    width, log_odds = third - first, math.log(9.0)
    a2 = width / 2 / log_odds
    a3 = (1 - 2 * (second - first) / width) * width / (0.8 * log_odds)
    if not abs(a3) < _METALOG_LIMIT * a2:
        raise _too_skew(points, (first, width), low, high)
    _check_metalog_range((second, a2, a3), low, high)
    return Metalog((second, a2, a3), low, high)


def _check_metalog_bounds(p10: float, p90: float, low: float | None, high: float | None) -> None:
    if low is not None and p10 <= low:
        what = f"p10 = {p10:g} is not above low = {low:g}"
        raise FitError(what, "Give low < p10 < p50 < p90.")
    if high is not None and p90 >= high:
        what = f"p90 = {p90:g} is not below high = {high:g}"
        raise FitError(what, "Give p10 < p50 < p90 < high.")


def _too_skew(points: tuple[float, float, float], line: tuple[float, float], low: float | None, high: float | None) -> FitError:
    first, width = line
    margin = (1 - _METALOG_LIMIT * 0.8 / 2) / 2  # of the width, on each side; Keelin 2016, equation 12
    least, most = (from_line(first + width * share, low, high) for share in (margin, 1 - margin))
    p10, p50, p90 = points
    what = f"no metalog has p10 = {p10:g}, p50 = {p50:g}, p90 = {p90:g}: it is too skew"
    return FitError(what, f"Give p50 between {least:.6g} and {most:.6g}, or use lognormal.")


def _check_metalog_range(coefficients: tuple[float, float, float], low: float | None, high: float | None) -> None:
    """With one bound the outcome is an exponential: it must stay finite at the farthest uniform."""
    if (low is None) == (high is None):
        return
    a1, a2, a3 = coefficients
    sign = 1.0 if low is not None else -1.0
    log_odds = sign * math.log(1 / SMALLEST_U - 1)
    if sign * (a1 + (a2 + a3 * sign * 0.5) * log_odds) > math.log(LARGEST_OUTCOME):
        what = f"this metalog has draws beyond {LARGEST_OUTCOME:g}"
        raise FitError(what, "Give a narrower range, or the other bound too.")
