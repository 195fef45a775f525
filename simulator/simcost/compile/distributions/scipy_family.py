"""Any continuous distribution of scipy.stats: by its own inverse where that is smooth to the ends, else from its density."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.distributions.continuous import Continuous, by_tail
from simcost.compile.distributions.density import from_density
from simcost.compile.distributions.smooth_table import ERROR_BOUND, tabulate
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from simcost.scenario.distributions.canonical import Scipy

SMOOTH = 1e-11
"""Error of a table of scipy's own inverse up to which the density is not tried."""

UNUSABLE = {
    "ksone": "a distribution of a test statistic, by a sum at each point",
    "kstwo": "a distribution of a test statistic, by a sum at each point",
    "levy_stable": "without mean or standard deviation, by a quadrature at each point",
    "studentized_range": "a distribution of a test statistic, by a double integral at each point",
    "vonmises": "wound around a circle: vonmises_line is the same on a line",
}
"""Refused by name: a table of them takes minutes, or has no meaning."""


def scipy_family(of: Scipy) -> Continuous:
    """Return the functions of a distribution of scipy.stats.

    Many there have no inverse of their own: scipy then searches the distribution function point by point, with an absolute error
    that leaves nothing of the tails (13 s and infinities for a table of exponnorm), while the density is exact.

    Raises
    ------
    Refusal
        If there is no such distribution, or neither its inverse nor its density is accurate.
    """
    frozen = _frozen(of)
    low, high = map(float, frozen.support())
    own = Continuous(frozen.cdf, frozen.sf, lambda p, q: by_tail(p, q, frozen.ppf, frozen.isf), low, high)
    error = _error(own) if _has_own(frozen.dist, "_ppf") else math.inf
    if error <= SMOOTH:
        return own
    if _has_own(frozen.dist, "_pdf") or _has_own(frozen.dist, "_logpdf"):
        try:
            return _from_density(frozen)
        except Refusal:
            if error > ERROR_BOUND:
                raise
    if error <= ERROR_BOUND:
        return own
    what = f"scipy.stats.{of.name} has neither an accurate inverse nor a density of its own"
    raise Refusal(what, "Use another distribution, or give percentiles as a metalog.")


def _from_density(frozen: Any) -> Continuous:
    with np.errstate(all="ignore"):
        low, high = map(float, frozen.support())
        return from_density(frozen.pdf, low, high, float(frozen.median()))


def _frozen(of: Scipy) -> Any:
    import scipy.stats

    remedy = "Give a continuous distribution of scipy.stats with its own shape parameters, loc and scale."
    if of.name in UNUSABLE:
        what = f"scipy.stats.{of.name} cannot be used here: it is {UNUSABLE[of.name]}"
        raise Refusal(what, "Use another distribution, or give percentiles as a metalog.")
    family = getattr(scipy.stats, of.name, None)
    if not isinstance(family, scipy.stats.rv_continuous):
        what = f"scipy.stats has no continuous distribution {of.name}"
        raise Refusal(what, remedy)
    try:
        frozen = family(**dict(of.parameters))
        low, high = frozen.support()
    except (TypeError, ValueError) as error:
        what = f"scipy.stats.{of.name} cannot be made: {error}"
        raise Refusal(what, remedy) from error
    if not low < high:
        what = f"scipy.stats.{of.name} has no such parameters"
        raise Refusal(what, remedy)
    return frozen


def _has_own(family: Any, method: str) -> bool:
    """Tell whether a distribution brings a method, rather than the generic one."""
    import scipy.stats

    return getattr(type(family), method) is not getattr(scipy.stats.rv_continuous, method)


def _error(own: Continuous) -> float:
    """Return the error of a table of the inverse: what is rounded off in a tail shows as noise."""
    try:
        with np.errstate(all="ignore"):
            return max(segment.error for segment in tabulate(own.inverse))
    except Refusal:
        return math.inf
