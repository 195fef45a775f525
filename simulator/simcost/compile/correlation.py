"""Rank correlations of inputs: groups joined by a Gaussian copula, each with the factor that correlates its normal scores.

Spearman's rho of a Gaussian copula with normal-score correlation r is ``(6/pi) asin(r/2)``, so r = 2 sin(pi rho / 6) (Kruskal
1958, "Ordinal measures of association", Journal of the American Statistical Association 53, page 827). That is exact for
continuous inputs; the ranks of a discrete input have ties, and its achieved rho is somewhat smaller.

A pair of a group that the file does not name has rank correlation 0, or, where that is impossible beside the named ones, as
little as is possible (in the sense of the Frobenius norm over all such pairs). Only if the named ones are impossible together are
they changed, to the nearest possible matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.nearest_correlation import is_possible, lower_factor, nearest_correlation
from simcost.compile.refusals import located
from simcost.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simcost.compile.steps import Steps
    from simcost.scenario.scenario import Correlation, Persistence, Scenario

    Array = NDArray[np.float64]


KEPT = 1e-6
"""A rank correlation that differs by less is the one asked for: people write two or three digits."""


@dataclass(frozen=True, slots=True)
class Group:
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
        Spearman's rho that the group gets, float64 (n, n).
    warning
        What had to be changed to make the correlations possible; empty if nothing.
    repaired
        Whether that is something which the file asked for.
    """

    names: tuple[str, ...]
    draw: Persistence
    factor: Array
    ranks: Array
    warning: str = ""
    repaired: bool = False


def groups(scenario: Scenario) -> tuple[Group, ...]:
    """Return the correlation groups of a scenario, in the order of their first inputs.

    Raises
    ------
    ScenarioError
        If a group is impossible and the scenario is strict.
    """
    made, problems = [], []
    for names in _connected(scenario):
        asked = _asked(names, scenario.correlations)
        draw = next(each.draw for each in scenario.inputs if each.name == names[0])  # that of all: `scenario` sees to it
        group = _group(names, draw, asked, _given(names, scenario.correlations))
        if scenario.strict and group.repaired:
            problems.append(_impossible(group, scenario))
        made.append(group)
    if problems:
        raise ScenarioError(scenario.path, tuple(problems))
    return tuple(made)


def correlate_steps(steps: Steps, group: Group, scores: Sequence[str]) -> tuple[str, ...]:
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


def _group(names: tuple[str, ...], draw: Persistence, asked: Array, given: NDArray[np.bool_]) -> Group:
    scores = rank_to_score(asked)
    if is_possible(scores):
        return Group(names, draw, lower_factor(scores), asked)
    possible = nearest_correlation(scores, given)
    repaired = bool(np.max(np.abs(score_to_rank(possible) - asked)[given]) > KEPT)
    if repaired:
        possible = nearest_correlation(scores)
    ranks = score_to_rank(possible)
    changes = np.where(given, repaired, True) * np.abs(ranks - asked)
    row, column = sorted(int(place) for place in np.unravel_index(int(changes.argmax()), changes.shape))
    asked_for = f"{asked[row, column]:.4g}" if given[row, column] else "0 (not given)"
    change = f"{names[row]} and {names[column]}, asked {asked_for}, got {ranks[row, column]:.4f}"
    return Group(names, draw, lower_factor(possible), ranks, _warning(names, change, repaired=repaired), repaired)


def _warning(names: tuple[str, ...], change: str, *, repaired: bool) -> str:
    members = ", ".join(names if len(names) <= 6 else (*names[:5], f"and {len(names) - 5} more"))
    if repaired:
        what = f"no quantities can have the rank correlations asked of {members}: the nearest possible ones were taken"
    else:
        what = f"{members} cannot be uncorrelated in the pairs that are not given: the nearest possible ranks were taken there"
    return f"{what}. The largest change: {change}"


def _given(names: tuple[str, ...], correlations: tuple[Correlation, ...]) -> NDArray[np.bool_]:
    """Return which pairs the file names."""
    given = np.zeros((len(names), len(names)), dtype=np.bool_)
    for each in correlations:
        if each.between[0] in names:
            i, j = (names.index(name) for name in each.between)
            given[i, j] = given[j, i] = True
    return given


def _asked(names: tuple[str, ...], correlations: tuple[Correlation, ...]) -> Array:
    matrix = np.eye(len(names))
    for each in correlations:
        if each.between[0] in names:
            i, j = (names.index(name) for name in each.between)
            matrix[i, j] = matrix[j, i] = each.rank
    return matrix


def _connected(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return the names that correlations connect, group by group, in the order of the file's inputs."""
    neighbours: dict[str, set[str]] = {}
    for each in scenario.correlations:
        first, second = each.between
        neighbours.setdefault(first, set()).add(second)
        neighbours.setdefault(second, set()).add(first)
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


def _impossible(group: Group, scenario: Scenario) -> Problem:
    first = next(i for i, each in enumerate(scenario.correlations) if each.between[0] in group.names)
    return located(scenario, ("correlation", first), group.warning, "Give possible correlations, or leave out strict = true.")
