"""What the pairs of correlated inputs get of the rank correlation that the file asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.achieved_rank import WITH_TIES, achieved_rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.compile.correlation import Group
    from simcost.scenario.scenario import Correlation, Scenario

WORTH_A_WARNING = 0.02
"""Rank correlation lost to ties that the user should know of: it is asked for in tenths, or twentieths."""


def achieved_ranks(scenario: Scenario, groups: tuple[Group, ...]) -> tuple[float, ...]:
    """Return Spearman's rho that each pair of the file gets: less than asked after a repair, and by ties of discrete inputs."""
    inputs = {each.name: each.distribution for each in scenario.inputs}
    found = []
    for pair in scenario.correlations:
        group, i, j = _place(pair, groups)
        score = max(-1.0, min(1.0, float(group.factor[i] @ group.factor[j])))
        found.append(achieved_rank(score, *(inputs[name] for name in pair.between)))
    return tuple(found)


def ties_warnings(scenario: Scenario, groups: tuple[Group, ...], achieved: tuple[float, ...]) -> Iterator[str]:
    """Yield a warning for each pair whose ties cost it a good part of its rank correlation."""
    tied = {each.name for each in scenario.inputs if isinstance(each.distribution, WITH_TIES)}
    for pair, rank in zip(scenario.correlations, achieved, strict=True):
        group, i, j = _place(pair, groups)
        lost = abs(float(group.ranks[i, j])) - abs(rank)
        names = [name for name in pair.between if name in tied]
        if names and lost > WORTH_A_WARNING:
            yield (
                f"{pair.between[0]} and {pair.between[1]} get a rank correlation of {rank:.2f}, not {pair.rank:.4g}: "
                f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} few values, and equal values share their rank"
            )


def _place(pair: Correlation, groups: tuple[Group, ...]) -> tuple[Group, int, int]:
    (group,) = (each for each in groups if pair.between[0] in each.names)
    first, second = (group.names.index(name) for name in pair.between)
    return group, first, second
