"""Reverse stress: which conditions of the inputs, alone and jointly, make up the worst scenarios.

A condition is that an input lies in its highest or its lowest fifth (`simcost.analysis.influences.fifths`). The joint one is
found greedily: of all conditions, the one is added that most raises the correlation between the scenarios in which all hold and
the worst ones (the phi coefficient of their fourfold table), as long as it rises and enough of the worst are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import Estimate, quantile_rank
from simcost.analysis.influences.fifths import fifths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.estimates.shares import Replicates
    from simcost_kernels.arrays import Array, Truth


MOST = 4
"""Conditions of the joint one: more are not read."""

FEWEST = 30
"""Of the worst scenarios, those in which the joint condition must hold: fewer tell nothing."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What holds in a part of the scenarios.

    Parameters
    ----------
    inputs
        (name, ``highest`` or ``lowest``): each lies in that fifth of its values; an input drawn more than once with its mean.
    share
        Of all scenarios.
    share_of_worst
        Of the worst scenarios.
    worst_if
        Probability that a scenario is among the worst, given that it holds.
    """

    inputs: tuple[tuple[str, str], ...]
    share: Estimate
    share_of_worst: Estimate
    worst_if: Estimate


@dataclass(frozen=True, slots=True)
class ReverseStress:
    """The worst scenarios of a sample.

    Parameters
    ----------
    scenarios, worst
        In the sample, and how many of them are the worst.
    threshold
        Total that all of these exceed.
    single
        The most telling condition of each input, the most telling first.
    joint
        Conditions that hold together; of one input if no other tells more. None if there is nothing to tell.
    """

    scenarios: int
    worst: int
    threshold: float
    single: tuple[Condition, ...]
    joint: Condition | None


def reverse_stress(total: Array, inputs: Mapping[str, Array], share: float, replicates: Replicates) -> ReverseStress:
    """Find the conditions of the worst scenarios.

    Parameters
    ----------
    total
        float64 (n,), finite.
    inputs
        By name, float64 (n,) each.
    share
        Of the scenarios that are the worst.
    replicates
        To which the scenarios belong.
    """
    if not len(total):
        return ReverseStress(0, 0, float("nan"), (), None)
    limit = float(np.partition(total, rank := quantile_rank(len(total), 1.0 - share))[rank])
    worst = total > limit
    held = {each: true for name, values in inputs.items() for each, true in _conditions(name, values)}
    best = {
        name: max((("highest", name), ("lowest", name)), key=lambda each: _phi(held[each[1], each[0]], worst)) for name in inputs
    }
    single = [
        _told(((name, end),), held[name, end], worst, replicates)
        for name, (end, _) in best.items()
        if _phi(held[name, end], worst) > 0
    ]
    single.sort(key=lambda each: -_phi(held[each.inputs[0]], worst))
    return ReverseStress(len(total), int(worst.sum()), limit, tuple(single), _joint(held, worst, replicates))


def _conditions(name: str, values: Array) -> Sequence[tuple[tuple[str, str], Truth]]:
    lowest, highest = fifths(values)
    return ((name, "lowest"), lowest), ((name, "highest"), highest)


def _joint(held: dict[tuple[str, str], Truth], worst: Truth, replicates: Replicates) -> Condition | None:
    chosen: list[tuple[str, str]] = []
    together, reached = np.ones(len(worst), dtype=np.bool_), 0.0
    while len(chosen) < MOST:
        free = [each for each in held if each[0] not in {name for name, _ in chosen}]
        found = [(_phi(together & held[each], worst), each) for each in free if np.sum(together & held[each] & worst) >= FEWEST]
        if not found or max(found)[0] <= reached:
            break
        reached, best = max(found)
        chosen.append(best)
        together &= held[best]
    return _told(tuple(chosen), together, worst, replicates) if chosen else None


def _told(inputs: tuple[tuple[str, str], ...], holds: Truth, worst: Truth, replicates: Replicates) -> Condition:
    share = replicates.share
    return Condition(inputs, share(holds, np.ones_like(holds)), share(holds, worst), share(worst, holds))


def _phi(a: Truth, b: Truth) -> float:
    """Correlation of two truths; 0 where one of them is certain."""
    p, q, both = float(a.mean()), float(b.mean()), float((a & b).mean())
    spread = p * (1.0 - p) * q * (1.0 - q)
    return (both - p * q) / spread**0.5 if spread > 0.0 else 0.0
