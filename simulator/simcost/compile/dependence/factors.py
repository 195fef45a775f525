"""Inputs that a shared factor drives: a part of each one's normal score is the factor's, and the rest its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.compile.dependence.copulas import Gaussian, StudentT
from simcost.compile.dependence.t_copula import t_scores
from simcost.compile.distributions.probability import Probability

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.compile.steps import Steps
    from simcost.scenario.scenario import Persistence, Scenario


@dataclass(frozen=True, slots=True)
class FactorGroup:
    """The inputs of one factor: score = loading * factor + sqrt(1 - loading**2) * own, two of them correlated by the product.

    The one-factor model of credit risk (Vasicek 2002, "Loan portfolio value", Risk 15). An input that is added leaves the draws
    of the others as they are.

    Parameters
    ----------
    names
        In the order of the file's inputs.
    draw
        Their common persistence.
    factor
        Its name.
    loadings
        Of each input, -1 to 1.
    df
        Degrees of freedom of a t copula; None for the Gaussian.
    """

    names: tuple[str, ...]
    draw: Persistence
    factor: str
    loadings: tuple[float, ...]
    df: float | None

    @property
    def warning(self) -> str:
        """Nothing has to be changed: any loadings are possible."""
        return ""

    @property
    def keeps_first(self) -> bool:
        """No input has the draws that it would have alone."""
        return False

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the random numbers that all share: none is an input's name, since these have no blanks."""
        own = f"factor {self.factor}"
        return (own,) if self.df is None else (own, f"{own}: chi-square")

    def copula(self, first: str, second: str) -> Gaussian | StudentT:
        """Return the copula of a pair."""
        one, other = (self.loadings[self.names.index(name)] for name in (first, second))
        return _elliptical(one * other, self.df)

    def with_factor(self, name: str) -> Gaussian | StudentT:
        """Return the copula of an input and the factor."""
        return _elliptical(self.loadings[self.names.index(name)], self.df)

    def probabilities(self, steps: Steps, uniform: Callable[[str], str]) -> dict[str, Probability]:
        """Write the steps from the factor and each input's own uniform to its score; see `CorrelatedGroup` of `correlation`."""
        shared = steps.op("normal_quantile", uniform(self.streams[0]))
        scores = tuple(
            _mixed(steps, loading, shared, steps.op("normal_quantile", uniform(name)))
            for name, loading in zip(self.names, self.loadings, strict=True)
        )
        if self.df is not None:
            scores = t_scores(steps, self.df, scores, uniform(self.streams[1]))
        return {name: Probability(steps, "", score=score) for name, score in zip(self.names, scores, strict=True)}


def factor_groups(scenario: Scenario) -> tuple[FactorGroup, ...]:
    """Return the groups of inputs that share a factor, in the order of the file's factors."""
    found = []
    for factor in scenario.factors:
        driven = [each for each in scenario.inputs if each.driver == factor.name]
        if driven:
            names, loadings = tuple(each.name for each in driven), tuple(each.loading or 0.0 for each in driven)
            found.append(FactorGroup(names, driven[0].draw, factor.name, loadings, factor.df))
    return tuple(found)


def _mixed(steps: Steps, loading: float, shared: str, own: str) -> str:
    part = steps.op("mul", steps.number(loading), shared)
    rest = steps.number(math.sqrt((1.0 - loading) * (1.0 + loading)))
    return steps.op("add", part, steps.op("mul", rest, own))


def _elliptical(r: float, df: float | None) -> Gaussian | StudentT:
    return Gaussian(r) if df is None else StudentT(r, df)
