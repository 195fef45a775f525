"""Which inputs of a scenario depend on each other, and what each pair gets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

from simcost.compile.dependence.achieved_rank import WITH_TIES, achieved_rank
from simcost.compile.dependence.archimedean import Exchangeable
from simcost.compile.dependence.copulas import archimedean, frank_of_rank, spearman
from simcost.compile.dependence.correlation import draw_of, groups
from simcost.compile.dependence.factors import FactorGroup, factor_groups
from simcost.compile.distributions.refusals import check_streams
from simcost.scenario.distributions.canonical import Uniform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simcost.compile.dependence.copulas import Copula, Gaussian, StudentT
    from simcost.compile.distributions.probability import Probability
    from simcost.compile.steps import Steps
    from simcost.scenario.dependence import Correlation
    from simcost.scenario.scenario import Persistence, Scenario

WORTH_A_WARNING = 0.02
"""Rank correlation lost to ties that the user should know of: it is asked for in tenths, or twentieths."""


class Joined(Protocol):
    """Inputs that depend on each other: `correlation.CorrelatedGroup`, `archimedean.Exchangeable`, `factors.FactorGroup`."""

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the file's inputs."""

    @property
    def draw(self) -> Persistence:
        """Their common persistence."""

    @property
    def warning(self) -> str:
        """What had to be changed to make the dependence possible; empty if nothing."""

    @property
    def keeps_first(self) -> bool:
        """Whether the first input has the draws that it would have alone."""

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of the random numbers that all share: none is an input's name, since these have no blanks."""

    def copula(self, first: str, second: str) -> Copula:
        """Return the copula of a pair."""

    def probabilities(self, steps: Steps, uniform: Callable[[str], str]) -> dict[str, Probability]:
        """Write the steps that join the group; return the probability of each input."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two inputs that the file names together.

    Parameters
    ----------
    asked
        What it says of them.
    copula
        What joins them.
    achieved
        Spearman's rho that they get: less than asked after a repair, and by ties of discrete inputs.
    """

    between: tuple[str, str]
    asked: Correlation
    copula: Copula
    achieved: float


def joined(scenario: Scenario) -> tuple[Joined, ...]:
    """Return the groups of a scenario's inputs that depend on each other.

    Raises
    ------
    ScenarioError
        If a group is impossible and the scenario is strict, or would draw the random numbers of an input.
    """
    found: tuple[Joined, ...] = (
        *groups(scenario),
        *factor_groups(scenario),
        *(_exchangeable(scenario, each) for each in scenario.correlations if not each.is_elliptical),
    )
    check_streams(scenario, [stream for group in found for stream in group.streams])
    return found


def pairs(scenario: Scenario, found: tuple[Joined, ...]) -> tuple[Pair, ...]:
    """Return every pair that the file names, in its order."""
    inputs = {each.name: each.distribution for each in scenario.inputs}
    group_of = {name: group for group in found for name in group.names}
    made = []
    for asked in scenario.correlations:
        for first, second in combinations(asked.between, 2):
            copula = group_of[first].copula(first, second)
            made.append(Pair((first, second), asked, copula, achieved_rank(copula, inputs[first], inputs[second])))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Loading:
    """An input that a factor drives, and Spearman's rho of the two: smaller by ties of a discrete input."""

    factor: str
    copula: Gaussian | StudentT
    name: str
    achieved: float


def loadings(scenario: Scenario, found: tuple[Joined, ...]) -> tuple[Loading, ...]:
    """Return what each input has of its factor."""
    inputs = {each.name: each.distribution for each in scenario.inputs}
    of_factors = [(group, name) for group in found if isinstance(group, FactorGroup) for name in group.names]
    copulas = [group.with_factor(name) for group, name in of_factors]
    return tuple(
        Loading(group.factor, copula, name, achieved_rank(copula, inputs[name], Uniform(0.0, 1.0)))
        for (group, name), copula in zip(of_factors, copulas, strict=True)
    )


def ties_warnings(scenario: Scenario, found: tuple[Pair, ...], driven: tuple[Loading, ...]) -> Iterator[str]:
    """Yield a warning for each pair whose ties cost it a good part of its rank correlation, and for each input of a factor."""
    tied = {each.name for each in scenario.inputs if isinstance(each.distribution, WITH_TIES)}
    for pair in found:
        names = [name for name in pair.between if name in tied]
        without = spearman(pair.copula) if names else 0.0
        if abs(without) - abs(pair.achieved) > WORTH_A_WARNING:
            wanted = without if pair.asked.rank is None else pair.asked.rank
            yield (
                f"{pair.between[0]} and {pair.between[1]} get a rank correlation of {pair.achieved:.2f}, not {wanted:.4g}: "
                f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} few values, and equal values share their rank"
            )
    for each in driven:
        without = spearman(each.copula) if each.name in tied else 0.0
        if abs(without) - abs(each.achieved) > WORTH_A_WARNING:
            yield (
                f"{each.name} gets a rank correlation of {each.achieved:.2f} with the factor {each.factor}, not {without:.4g}: "
                "it has few values, and equal values share their rank"
            )


def _exchangeable(scenario: Scenario, asked: Correlation) -> Exchangeable:
    order = [each.name for each in scenario.inputs]
    names = tuple(sorted(asked.between, key=order.index))
    if asked.kendall is None:
        return Exchangeable(names, draw_of(scenario, names), frank_of_rank(asked.rank or 0.0))
    return Exchangeable(names, draw_of(scenario, names), archimedean(asked.copula, asked.kendall, asked.tail))
