"""Observed values to the distributions that they may come from, ranked, with the evidence for each and against it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import Estimate, quantile_rank, ranks
from simcost.analysis.fitting.families import ANYWHERE, BETA, POSITIVE, Family
from simcost.analysis.fitting.goodness import bootstrapped
from simcost.analysis.fitting.serial_dependence import SerialDependence, is_sorted, serial_dependence

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array


FEWEST = 8
"""Values from which on families are compared; of fewer, whoever knows the matter says more than any likelihood."""

CONTRADICTED = 0.05
"""p-value below which a family does not fit."""

ALIKE = 2.0
"""Difference of AICc that tells no family from another: Burnham and Anderson, "Model Selection", 2.6."""

OUTLYING = 0.01
"""Probability that one of n values from the others' fit lies as far out: below, it is an outlier."""

EMPIRICAL = "empirical"

PERCENTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family fitted to the values by maximum likelihood.

    Parameters
    ----------
    family
        Its name in a file.
    parameters
        Names and values, in the unit of the data.
    errors
        Standard error of each, as `Bootstrapped` has them.
    correlation
        Of the last two parameters' estimates.
    aicc
        Akaike's criterion, corrected for few values.
    p_value
        Of the Anderson-Darling test by the parametric bootstrap.
    p5, p50
        Of the fit.
    p95
        With its 95 % interval if the family is right.
    below_zero
        Probability of a value below 0.
    """

    family: str
    parameters: tuple[tuple[str, float], ...]
    errors: tuple[float, ...]
    correlation: float
    aicc: float
    p_value: float
    p5: float
    p50: float
    p95: Estimate
    below_zero: float

    @property
    def fits(self) -> bool:
        """Whether the values do not contradict it."""
        return self.p_value >= CONTRADICTED


@dataclass(frozen=True, slots=True)
class Outlier:
    """A value that does not go with the others: its place, and the P95 of the family that is taken without it."""

    place: int
    value: float
    p95_without: float


@dataclass(frozen=True, slots=True)
class DistributionFit:
    """What the values say.

    Parameters
    ----------
    n
        Number of values.
    percentiles
        P5, P50 and P95 of the values themselves with 95 % intervals; an end that so few values cannot give is None.
    distinct
        Number of different values.
    candidates
        By AICc, the best first.
    chosen
        Name of the family that is taken: the first that fits or the one asked for; ``empirical`` if none fits.
    serial
        None where the rows are sorted by value.
    outliers
        The smallest or the largest value, or both.
    lowest
        The smallest value.
    """

    n: int
    percentiles: tuple[Estimate, Estimate, Estimate]
    distinct: int
    candidates: tuple[Candidate, ...]
    chosen: str
    serial: SerialDependence | None
    outliers: tuple[Outlier, ...]
    lowest: float

    @property
    def taken(self) -> Candidate | None:
        """The candidate that is taken; None of the empirical distribution."""
        return next((each for each in self.candidates if each.family == self.chosen), None)

    @property
    def alike(self) -> tuple[Candidate, ...]:
        """Other candidates that fit and that the values cannot tell from the one that is taken."""
        if self.taken is None:
            return ()
        near = self.taken.aicc + ALIKE
        return tuple(each for each in self.candidates if each is not self.taken and each.fits and each.aicc <= near)


def fit_distribution(values: Array, *, bounds: tuple[float, float] | None = None, family: str = "") -> DistributionFit:
    """Fit every family that can have the values.

    Parameters
    ----------
    values
        In the order of the rows, float64 (n,): `FEWEST` or more, not all equal.
    bounds
        Where values can lie at all: a beta over them is tried too.
    family
        The one to take, ``empirical`` too; else the first by AICc that fits. ``empirical`` if it has no numbers for them.
    """
    families = possible(values, bounds)
    scale = _width(values)
    with np.errstate(all="ignore"):  # what a family makes of values that are not its own may have no numbers: it is left out
        tried = [_candidate(each, values, bounds, scale) for each in families]
    found = sorted(filter(_has_numbers, tried), key=lambda each: each.aicc)
    fitting = [each.family for each in found if each.fits]
    chosen = next((each.family for each in found if each.family == family), EMPIRICAL) if family else (*fitting, EMPIRICAL)[0]
    taken = next((each for each in families if each.name == chosen), None)
    return DistributionFit(
        n=len(values),
        percentiles=tuple(_percentile(np.sort(values), p) for p in PERCENTILES),  # type: ignore[arg-type]  # three of them
        distinct=len(np.unique(values)),
        candidates=tuple(found),
        chosen=chosen,
        serial=None if is_sorted(values) else serial_dependence(values),
        outliers=() if taken is None else _outliers(taken, values, bounds),
        lowest=float(values.min()),
    )


def possible(values: Array, bounds: tuple[float, float] | None) -> tuple[Family, ...]:
    """Return the families that can have every one of the values."""
    within = bounds is not None and bounds[0] < values.min() and values.max() < bounds[1]
    return (*ANYWHERE, *(POSITIVE if values.min() > 0.0 else ()), *((BETA,) if within else ()))


def _has_numbers(candidate: Candidate) -> bool:
    """Whether everything about a candidate is finite; an end of its interval may be missing."""
    numbers = (*(value for _, value in candidate.parameters), *candidate.errors, candidate.correlation, candidate.aicc)
    return all(map(isfinite, (*numbers, candidate.p5, candidate.p50, candidate.p95.value)))


def _width(values: Array) -> float:
    """A power of two near the values' size: divided by it they are near 1, to the last bit."""
    return float(2.0 ** np.floor(np.log2(np.abs(values).max())))


def _measured(family: Family, bounds: tuple[float, float] | None, scale: float) -> tuple[float, float]:
    """Return the zero and the unit in which a family is fitted: 0 and the scale, or the bounds of a beta."""
    return (bounds[0], bounds[1] - bounds[0]) if family is BETA and bounds is not None else (0.0, scale)


def _candidate(family: Family, values: Array, bounds: tuple[float, float] | None, scale: float) -> Candidate:
    zero, unit = _measured(family, bounds, scale)
    x = (values - zero) / unit
    row = family.estimate(x[None, :])
    k, n = len(family.parameters), len(x)
    likelihood = float(family.log_density(x[None, :], row).sum()) - n * np.log(unit)
    checked = bootstrapped(family, x, row[0])
    p5, p50 = (float(family.quantile(p, row)[0]) * unit + zero for p in PERCENTILES[:2])
    ends = (checked.p95.value, checked.p95.low, checked.p95.high)
    return Candidate(
        family=family.name,
        parameters=_in_the_data_s_unit(family, row[0], zero, unit),
        errors=_errors_in_the_data_s_unit(family, checked.errors, unit),
        correlation=checked.correlation,
        aicc=float(2.0 * k - 2.0 * likelihood + 2.0 * k * (k + 1) / (n - k - 1)),
        p_value=checked.p_value,
        p5=p5,
        p50=p50,
        p95=Estimate(*(each * unit + zero for each in ends if each is not None)),
        below_zero=0.0 if family.positive else float(family.probability(np.full((1, 1), -zero / unit), row)[0, 0]),
    )


MEASURED = ("mean", "sd", "median", "scale")
"""Parameters in the unit of the values; others are pure numbers."""


def _in_the_data_s_unit(family: Family, row: Array, zero: float, unit: float) -> tuple[tuple[str, float], ...]:
    shifts = {"mean": zero}
    return tuple(
        (name, float(value) * unit + shifts.get(name, 0.0) if name in MEASURED else float(value))
        for name, value in zip(family.parameters, row, strict=True)
    )


def _errors_in_the_data_s_unit(family: Family, errors: tuple[float, ...], unit: float) -> tuple[float, ...]:
    """Errors of logarithms have none; that of a mean of either sign has the values'."""
    shifted = [name == "mean" and not family.positive for name in family.parameters]
    return tuple(error * unit if own else error for error, own in zip(errors, shifted, strict=True))


def _percentile(ordered: Array, p: float) -> Estimate:
    """Return a percentile of the values with its exact interval of order statistics."""
    n = len(ordered)
    ends = [None if rank is None else float(ordered[rank]) for rank in ranks(n, p)]
    return Estimate(float(ordered[quantile_rank(n, p)]), *ends)


def _outliers(family: Family, values: Array, bounds: tuple[float, float] | None) -> tuple[Outlier, ...]:
    """Return the extremes that the distribution fitted to all other values would hardly ever give."""
    zero, unit = _measured(family, bounds, _width(values))
    x = (values - zero) / unit
    found = []
    for place, upper in ((int(x.argmin()), False), (int(x.argmax()), True)):
        with np.errstate(all="ignore"):
            row = family.estimate(np.delete(x, place)[None, :])
            below = float(family.probability(x[place : place + 1][None, :], row)[0, 0])
        if len(x) * (1.0 - below if upper else below) < OUTLYING:
            found.append(Outlier(place, float(values[place]), float(family.quantile(0.95, row)[0]) * unit + zero))
    return tuple(found)
