"""Correlated inputs: groups joined by a Gaussian or a t copula, each with the factor that correlates its normal scores.

Spearman's rho of a Gaussian copula with normal-score correlation r is ``(6/pi) asin(r/2)``, so r = 2 sin(pi rho / 6) (Kruskal
1958, "Ordinal measures of association", Journal of the American Statistical Association 53, page 827). That is exact for
continuous inputs; the ranks of a discrete input have ties, and its achieved rho is somewhat smaller. Kendall's tau of either
copula is ``(2/pi) asin(r)`` (McNeil, Frey and Embrechts 2005, "Quantitative Risk Management", chapter 5).

A pair of a group that the file does not name has correlation 0, or, where that is impossible beside the named ones, as
little as is possible (in the sense of the Frobenius norm over all such pairs). Only if the named ones are impossible together are
they changed, to the nearest possible matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.dependence.copulas import Gaussian, StudentT
from simcost.compile.dependence.nearest_correlation import is_possible, lower_factor, nearest_correlation
from simcost.compile.dependence.t_copula import t_scores
from simcost.compile.distributions.probability import Probability
from simcost.compile.distributions.refusals import located
from simcost.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from simcost.compile.steps import Steps
    from simcost.scenario.dependence import Correlation
    from simcost.scenario.scenario import Persistence, Scenario
    from simcost_kernels.arrays import Array


KEPT = 1e-6
"""A rank correlation that differs by less is the one asked for: people write two or three digits."""


@dataclass(frozen=True, slots=True)
class CorrelatedGroup:
    """Inputs that are correlated, directly or through others.

    Parameters
    ----------
    names
        In the order of the file's inputs; the first keeps the draws that it would have alone.
    draw
        Their common persistence.
    factor
        Lower triangular, float64 (n, n), rows of length 1: correlated scores are ``factor @ scores``.
    ranks
        Spearman's rho that the group gets, or Kendall's tau under a t copula, float64 (n, n).
    warning
        What had to be changed to make the correlations possible; empty if nothing.
    repaired
        Whether that is something which the file asked for.
    df
        Degrees of freedom of a t copula; None for the Gaussian.
    """

    names: tuple[str, ...]
    draw: Persistence
    factor: Array
    ranks: Array
    warning: str = ""
    repaired: bool = False
    df: float | None = None

    @property
    def keeps_first(self) -> bool:
        """Whether the first input has the draws that it would have alone."""
        return self.df is None

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the random numbers that all share: none is an input's name, since these have no blanks."""
        return () if self.df is None else (f"copula of {', '.join(sorted(self.names))}: chi-square",)

    def copula(self, first: str, second: str) -> Gaussian | StudentT:
        """Return the copula of a pair."""
        one, other = (self.factor[self.names.index(name)] for name in (first, second))
        r = max(-1.0, min(1.0, float(one @ other)))
        return Gaussian(r) if self.df is None else StudentT(r, self.df)

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
        independent = tuple(steps.op("normal_quantile", uniform(name)) for name in self.names)
        scores = correlate_steps(steps, self, independent)
        if self.df is not None:
            scores = t_scores(steps, self.df, scores, uniform(*self.streams))
        return {name: Probability(steps, "", score=score) for name, score in zip(self.names, scores, strict=True)}


def groups(scenario: Scenario) -> tuple[CorrelatedGroup, ...]:
    """Return the groups of a scenario that a Gaussian or a t copula joins, in the order of their first inputs.

    Raises
    ------
    ScenarioError
        If a group is impossible and the scenario is strict.
    """
    made, problems = [], []
    for names in _connected(scenario):
        named = [each for each in scenario.correlations if each.between[0] in names]
        group = _group(names, draw_of(scenario, names), named)
        if scenario.strict and group.repaired:
            problems.append(_impossible(group, scenario))
        made.append(group)
    if problems:
        raise ScenarioError(scenario.path, tuple(problems))
    return tuple(made)


def draw_of(scenario: Scenario, names: Sequence[str]) -> Persistence:
    """Return the persistence of a group: that of all its inputs, as `scenario` sees to it."""
    return next(each.draw for each in scenario.inputs if each.name == names[0])


def correlate_steps(steps: Steps, group: CorrelatedGroup, scores: Sequence[str]) -> tuple[str, ...]:
    """Write the steps that correlate normal scores.

    Parameters
    ----------
    scores
        Operands of independent standard normal scores, one for each name of the group.

    Returns
    -------
    tuple of str
        Operands of correlated scores, each standard normal; the first is ``scores[0]`` itself.
    """
    return tuple(_combination(steps, row, scores) for row in group.factor.tolist())


def rank_to_score(rank: Array) -> Array:
    """Return the normal-score correlation that gives a rank correlation; exact at -1, 0 and 1."""
    return np.where(np.abs(rank) == 1.0, rank, 2.0 * np.sin(np.pi * rank / 6.0))


def score_to_rank(score: Array) -> Array:
    """Return the rank correlation that a normal-score correlation gives."""
    return np.where(np.abs(score) == 1.0, score, 6.0 / np.pi * np.arcsin(np.clip(score / 2.0, -0.5, 0.5)))


def kendall_to_score(kendall: Array) -> Array:
    """Return the normal-score correlation that gives a Kendall's tau; exact at -1, 0 and 1."""
    return np.where(np.abs(kendall) == 1.0, kendall, np.sin(np.pi * kendall / 2.0))


def score_to_kendall(score: Array) -> Array:
    """Return the Kendall's tau that a normal-score correlation gives."""
    return 2.0 / np.pi * np.arcsin(np.clip(score, -1.0, 1.0))


def _combination(steps: Steps, row: list[float], scores: Sequence[str]) -> str:
    terms = [
        score if weight == 1.0 else steps.op("mul", steps.number(weight), score)
        for weight, score in zip(row, scores, strict=True)
        if weight != 0.0
    ]
    total = terms[0]
    for term in terms[1:]:
        total = steps.op("add", total, term)
    return total


def _group(names: tuple[str, ...], draw: Persistence, named: Sequence[Correlation]) -> CorrelatedGroup:
    df, scores, given = named[0].df, *_asked(names, named)
    measured = score_to_rank if df is None else score_to_kendall
    asked = measured(scores)
    if is_possible(scores):
        return CorrelatedGroup(names, draw, lower_factor(scores), asked, df=df)
    possible = nearest_correlation(scores, given)
    repaired = bool(np.max(np.abs(measured(possible) - asked)[given]) > KEPT)
    if repaired:
        possible = nearest_correlation(scores)
    ranks = measured(possible)
    changes = np.where(given, repaired, True) * np.abs(ranks - asked)
    row, column = sorted(int(place) for place in np.unravel_index(int(changes.argmax()), changes.shape))
    asked_for = f"{asked[row, column]:.4g}" if given[row, column] else "0 (not given)"
    change = f"{names[row]} and {names[column]}, asked {asked_for}, got {ranks[row, column]:.4f}"
    measure = "rank correlations" if df is None else "Kendall's taus"
    return CorrelatedGroup(
        names, draw, lower_factor(possible), ranks, _warning(names, measure, change, repaired=repaired), repaired, df
    )


def _warning(names: tuple[str, ...], measure: str, change: str, *, repaired: bool) -> str:
    members = ", ".join(names if len(names) <= 6 else (*names[:5], f"and {len(names) - 5} more"))
    if repaired:
        what = f"no quantities can have the {measure} asked of {members}: the nearest possible ones were taken"
    else:
        what = f"{members} cannot be uncorrelated in the pairs that are not given: the nearest possible ranks were taken there"
    return f"{what}. The largest change: {change}"


def _asked(names: tuple[str, ...], named: Sequence[Correlation]) -> tuple[Array, NDArray[np.bool_]]:
    """Return the normal-score correlations that the file asks for, and which pairs it names."""
    scores, given = np.eye(len(names)), np.zeros((len(names), len(names)), dtype=np.bool_)
    for each in named:
        score = rank_to_score(np.array(each.rank)) if each.kendall is None else kendall_to_score(np.array(each.kendall))
        for pair in combinations(each.between, 2):
            i, j = (names.index(name) for name in pair)
            scores[i, j] = scores[j, i] = score
            given[i, j] = given[j, i] = True
    return scores, given


def _connected(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return the names that correlations connect, group by group, in the order of the file's inputs."""
    neighbours: dict[str, set[str]] = {}
    for each in scenario.correlations:
        for name in each.between if each.is_elliptical else ():
            neighbours.setdefault(name, set()).update(each.between)
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    order = [each.name for each in scenario.inputs]
    for name in order:
        if name in neighbours and name not in seen:
            members, pending = set[str](), [name]
            while pending:
                member = pending.pop()
                if member not in members:
                    members.add(member)
                    pending.extend(neighbours[member])
            seen |= members
            found.append(tuple(sorted(members, key=order.index)))
    return found


def _impossible(group: CorrelatedGroup, scenario: Scenario) -> Problem:
    first = next(i for i, each in enumerate(scenario.correlations) if each.between[0] in group.names)
    return located(scenario, ("correlation", first), group.warning, "Give possible correlations, or leave out strict = true.")
