"""Archimedean copulas as steps: uniforms that depend on each other from independent ones.

===========  ===================================================================================================================
clayton      one after the other, each by its distribution given those before it, a short formula for any number (Cook and Johnson
             1981, Journal of the Royal Statistical Society B 43)
frank, two   the second by its distribution given the first (Nelsen 2006, "An Introduction to Copulas")
frank, more  u = psi(E / V) with exponential E and a frailty V that all share (Marshall and Olkin 1988, "Families of multivariate
             distributions", Journal of the American Statistical Association 83); V is logarithmic, drawn by two uniforms (Kemp
             1981, "Efficient generation of logarithmically distributed pseudo-random variables", Applied Statistics 30)
gumbel       the same with V positive stable, drawn by two uniforms (Kanter 1975, "Stable densities under change of scale and
             total variation inequalities", Annals of Probability 3): its sines are a table of the first uniform
===========  ===================================================================================================================

Each result increases with the input's own uniform, and the first of a Clayton group or of a Frank pair keeps its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.dependence.copulas import Clayton, Frank, Gumbel, Survival
from simcost.compile.distributions.probability import Probability
from simcost.compile.distributions.tables import function_table
from simcost_kernels.functions.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.compile.dependence.copulas import Archimedean
    from simcost.compile.steps import Steps
    from simcost.scenario.scenario import Persistence
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Table


@dataclass(frozen=True, slots=True)
class Exchangeable:
    """Inputs that an Archimedean copula joins, each pair alike.

    Parameters
    ----------
    names
        In the order of the file's inputs.
    draw
        Their common persistence.
    joint
        The copula of each pair, and by its generator of all.
    """

    names: tuple[str, ...]
    draw: Persistence
    joint: Archimedean

    @property
    def warning(self) -> str:
        """Nothing has to be changed: any of these copulas is possible."""
        return ""

    @property
    def keeps_first(self) -> bool:
        """Whether the first input has the draws that it would have alone."""
        return not self.streams

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the random numbers that all share: none is an input's name, since these have no blanks."""
        shared = isinstance(self._natural, Gumbel) or (isinstance(self._natural, Frank) and len(self.names) > 2)
        return tuple(f"copula of {', '.join(sorted(self.names))}: {part}" for part in ("1", "2")) if shared else ()

    def copula(self, first: str, second: str) -> Archimedean:  # noqa: ARG002 (all pairs are alike)
        """Return the copula of a pair."""
        return self.joint

    def probabilities(self, steps: Steps, uniform: Callable[[str], str]) -> dict[str, Probability]:
        """Write the steps that join the group.

        Parameters
        ----------
        uniform
            Gives the operand of the uniform of an input or of one of ``streams``.

        Returns
        -------
        dict
            The probability of each input.
        """
        own = [uniform(name) for name in self.names]
        turned = isinstance(self.joint, Survival)
        independent = [steps.op("sub", steps.number(1.0), u) for u in own] if turned else own
        joined = self._joined(steps, independent, [uniform(name) for name in self.streams])
        probabilities = [Probability(steps, u, from_above=turned) for u in joined]
        if self.keeps_first:
            probabilities[0] = Probability(steps, own[0])
        return dict(zip(self.names, probabilities, strict=True))

    @property
    def _natural(self) -> Archimedean:
        return self.joint.of if isinstance(self.joint, Survival) else self.joint

    def _joined(self, steps: Steps, u: Sequence[str], shared: Sequence[str]) -> tuple[str, ...]:
        match self._natural:
            case Clayton(theta):
                joined = clayton_steps(steps, theta, u)
            case Gumbel(theta):
                joined = gumbel_steps(steps, theta, u, shared)
            case Frank(theta) if shared:
                joined = frank_steps(steps, theta, u, shared)
            case Frank(theta):
                joined = (u[0], frank_pair_step(steps, theta, u[0], u[1]))
            case _:
                message = f"{self.joint} has no steps: a bug in simcost"
                raise TypeError(message)
        return tuple(_kept_inside(steps, each) for each in joined)


def clayton_steps(steps: Steps, theta: float, u: Sequence[str]) -> tuple[str, ...]:
    """Write u_k = (1 + t_k)**(-1/theta), t_k = S_k (u**(-theta / (1 + theta k)) - 1), S_k = 1 + t_0 + ... + t_(k-1)."""
    op, number = steps.op, steps.number
    total, joined = number(1.0), []
    for place, own in zip(count(), u, strict=False):
        growth = op("exp", op("mul", number(-theta / (1.0 + theta * place)), op("log", own)))
        t = op("mul", total, op("sub", growth, number(1.0)))
        total = op("add", total, t)
        joined.append(op("exp", op("mul", number(-1.0 / theta), op("log", op("add", number(1.0), t)))))
    return (u[0], *joined[1:])


def frank_pair_step(steps: Steps, theta: float, first: str, own: str) -> str:
    """Write the second of a pair: -log((u g + (1 - u) a) / (u + (1 - u) a)) / theta, a = g**first, g = exp(-theta)."""
    op, number = steps.op, steps.number
    rest = op("mul", op("sub", number(1.0), own), op("exp", op("mul", number(-theta), first)))
    ratio = op("div", op("add", op("mul", own, number(math.exp(-theta))), rest), op("add", own, rest))
    return op("mul", number(-1.0 / theta), op("log", ratio))


def frank_steps(steps: Steps, theta: float, u: Sequence[str], shared: Sequence[str]) -> tuple[str, ...]:
    """Write psi(E / V), psi(t) = -log((1 - exp(-t)) + exp(-theta - t)) / theta."""
    op, number = steps.op, steps.number
    chance = _log1p(steps, op("neg", op("exp", op("mul", number(-theta), shared[0]))))  # of yet another: its logarithm
    frailty = op("add", op("floor", op("div", op("log", shared[1]), chance)), number(1.0))

    def joined(own: str) -> str:
        t = op("div", op("log", own), frailty)  # below 0
        inner = op("add", op("neg", _expm1(steps, t)), op("exp", op("sub", t, number(theta))))
        return op("mul", number(-1.0 / theta), op("log", inner))

    return tuple(joined(own) for own in u)


def gumbel_steps(steps: Steps, theta: float, u: Sequence[str], shared: Sequence[str]) -> tuple[str, ...]:
    """Write exp(-(E / V)**alpha), alpha = 1 / theta, where alpha log V is the table's value less (1 - alpha) log(-log u)."""
    op, number, alpha = steps.op, steps.number, 1.0 / theta
    wait = op("mul", number(1.0 - alpha), op("log", op("neg", op("log", shared[1]))))
    less = op("sub", op("smooth_quantile", shared[0], steps.table(stable_table(alpha))), wait)

    def joined(own: str) -> str:
        exponent = op("sub", op("mul", number(alpha), op("log", op("neg", op("log", own)))), less)
        return op("exp", op("neg", op("exp", exponent)))

    return tuple(joined(own) for own in u)


@lru_cache(maxsize=64)
def stable_table(alpha: float) -> Table:
    """Return the table of `stable_angle` as a function of a uniform."""
    return function_table(f"angle of a stable law, alpha {alpha!r}", stable_angle(alpha))


def stable_angle(alpha: float) -> Callable[[Array, Array], Array]:
    """Return log(sin(alpha pi p)**alpha sin((1 - alpha) pi p)**(1 - alpha) / sin(pi q)) as a function of p and q = 1 - p."""

    def angle(p: Array, q: Array) -> Array:
        beta = 1.0 - alpha
        first, second = (np.log(np.sin(part * np.pi * p)) for part in (alpha, beta))
        value: Array = alpha * first + beta * second - np.log(np.sin(np.pi * np.minimum(p, q)))
        return value

    return angle


def _kept_inside(steps: Steps, u: str) -> str:
    """Keep a uniform where a uniform may be, whatever rounding did."""
    return steps.op("min", steps.op("max", u, steps.number(SMALLEST_UNIFORM)), steps.number(LARGEST_UNIFORM))


def _log1p(steps: Steps, x: str) -> str:
    """Write log(1 + x) for -1 <= x: the rounding of 1 + x cancels in the quotient.

    Kahan, in Goldberg (1991), "What every computer scientist should know about floating-point arithmetic".
    """
    op, one = steps.op, steps.number(1.0)
    y = op("add", one, x)
    return op("where", op("eq", y, one), x, op("div", op("mul", op("log", y), x), op("sub", y, one)))


def _expm1(steps: Steps, x: str) -> str:
    """Write exp(x) - 1 for -700 < x < 700, likewise (Higham 2002, "Accuracy and Stability of Numerical Algorithms")."""
    op, one = steps.op, steps.number(1.0)
    y = op("exp", x)
    return op("where", op("eq", y, one), x, op("div", op("mul", op("sub", y, one), x), op("log", y)))
