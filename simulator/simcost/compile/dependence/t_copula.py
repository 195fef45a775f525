"""The t copula: correlated normal scores, stretched by what they share and brought back to normal scores by a table.

With Z correlated and W chi-square with df degrees of freedom, X = Z / sqrt(W / df) has t distributions (Demarta and McNeil 2005,
"The t copula and related copulas", International Statistical Review 73), and z = quantile of the normal at the t
distribution function of X is a normal score again: so any marginal follows as under the Gaussian copula.

The t distribution function is that of the beta distribution: its tail beyond a = |X| / sqrt(df) is I_y(df/2, df/2), where
y = q^2 / (1 + q^2) and q = 1 / (a + sqrt(1 + a^2)) (Abramowitz and Stegun, chapter 26; y = (1 - a / sqrt(1 + a^2)) / 2).
As a function of q/2, which lies in (0, 1/2], the score is analytic and grows as the root of a logarithm at 0: what
`smooth_table` resolves, to 1e-13 for df from 1 to 1,000. Beyond q = 2**-52 it stays: once in 2**52 draws at df = 1.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.distributions.quantiles import quantile_steps
from simcost.compile.distributions.tables import function_table
from simcost.scenario.distributions import canonical as d
from simcost_kernels.functions.elementary import SMALLEST_UNIFORM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.compile.steps import Steps
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Table


SMALLEST_TAIL = 1e-3
"""From which scipy's incomplete beta function is used, whose tails are 3e-11 off at some df; a series of its logarithm below."""

TERMS = 400
"""Of that series, whose terms have fallen below 1e-30 by then, for df up to 1,000."""


def t_scores(steps: Steps, df: float, scores: Sequence[str], u: str) -> tuple[str, ...]:
    """Write the steps from correlated normal scores to those that a t copula joins.

    Parameters
    ----------
    df
        Degrees of freedom, 1 to 1,000.
    scores
        Operands of correlated standard normal scores.
    u
        Operand of the uniform that decides on the chi-square which they share.

    Returns
    -------
    tuple of str
        Operands of standard normal scores.
    """
    stretch = steps.op("div", steps.number(1.0), steps.op("sqrt", quantile_steps(steps, d.Gamma(df / 2.0, 2.0), u)))
    table = steps.table(score_table(df))
    return tuple(_stretched(steps, score, stretch, table) for score in scores)


def _stretched(steps: Steps, score: str, stretch: str, table: str) -> str:
    op, number = steps.op, steps.number
    a = op("mul", op("abs", score), stretch)
    reach = op("add", a, op("sqrt", op("add", op("mul", a, a), number(1.0))))
    place = op("max", op("div", number(0.5), reach), number(SMALLEST_UNIFORM))
    low = op("smooth_quantile", place, table)
    return op("where", op("lt", score, number(0.0)), low, op("neg", low))


@lru_cache(maxsize=64)
def score_table(df: float) -> Table:
    """Return the table of the normal score, at most 0, as a function of q/2."""
    return function_table(f"normal score of t, df {df!r}", _score_of(df))


def tail_score(df: float, q: Array) -> Array:
    """Return the normal score of the t distribution's lower tail.

    Parameters
    ----------
    q
        Above 0 up to 1, float64 (n,).

    Returns
    -------
    ndarray
        float64 (n,), at most 0; relative error below 2e-14.
    """
    import scipy.special

    found: Array = scipy.special.ndtri_exp(_log_tail(scipy.special, df / 2.0, q))
    return found


def _score_of(df: float) -> Any:
    def score_at(p: Array, q: Array) -> Array:
        score = tail_score(df, 2.0 * np.minimum(p, q))
        return np.where(p <= q, score, -score)

    return score_at


def _log_tail(special: Any, half: float, q: Array) -> Array:
    """Return log I_y(half, half); where it is tiny by its power series (Abramowitz and Stegun, chapter 26)."""
    y = q * q / (1.0 + q * q)
    with np.errstate(under="ignore"):
        tail = special.betainc(half, half, y)
    deep = tail <= SMALLEST_TAIL
    logarithm = np.log(np.where(deep, 1.0, tail))
    term = total = np.ones(np.count_nonzero(deep))
    for n in range(TERMS):
        term = term * ((2.0 * half + n) / (half + 1.0 + n)) * y[deep]
        total = total + term
    front = 2.0 * half * (np.log(q[deep]) - np.log1p(q[deep] ** 2)) - np.log(half) - special.betaln(half, half)
    logarithm[deep] = front + np.log(total)
    return logarithm
