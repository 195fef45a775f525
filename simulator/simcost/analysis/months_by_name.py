"""The months of each category, cost line, stage or owner, where a run has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.costs import BY_MONTH
from simcost.scenario.scenario import BREAKDOWNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.statistics import Statistics

    ByMonth = Mapping[str, Mapping[str, tuple[Statistics, ...]]]


def months_by_name(every: Mapping[tuple[str, str, int], Statistics], prefix: str) -> ByMonth:
    """Return the months of each name by its group: ``["category"]["compute"][0]``; only groups that there are.

    Parameters
    ----------
    every
        By (group, label, month), the months of a label in their order.
    prefix
        Of the groups of one view.
    """
    found: dict[str, dict[str, list[Statistics]]] = {}
    groups = {f"{prefix}{name}{BY_MONTH}": name for name in BREAKDOWNS}
    for (group, label, _), item in every.items():
        if group in groups:
            found.setdefault(groups[group], {}).setdefault(label, []).append(item)
    return {name: {label: tuple(months) for label, months in items.items()} for name, items in found.items()}
