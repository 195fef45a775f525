"""How likely the approved sums of periods, categories, stages and owners are kept, by each of several models."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simcost.analysis.estimates.quantiles import share
from simcost.compile.costs import EVERY_PERIOD, WITHIN, every_part
from simcost.scenario.scenario import APPROVED_GROUPS, PERIODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simcost.analysis.comparisons.paired import PairedTotals
    from simcost.analysis.estimates.intervals import Estimate

PERIOD = "period"
"""The group of quarters or fiscal years, whichever have sums."""

KEPT_GROUPS = (PERIOD, *APPROVED_GROUPS)
"""All groups."""


@dataclass(frozen=True, slots=True)
class KeptSums:
    """Probabilities, with intervals of 95 %.

    Parameters
    ----------
    parts
        By group (``period``, ``owner``, ``owner_by_period``, ...) and name: that its cost is at most the sum approved for it.
    together
        By group: that all of them stay within their sums at once.
    """

    parts: Mapping[str, Mapping[str, Estimate]] = field(default_factory=dict)
    together: Mapping[str, Estimate] = field(default_factory=dict)


def kept_sums(found: PairedTotals, model: int) -> KeptSums:
    """Count for one model how often its sums are kept, over the futures in which all totals are finite."""
    parts: dict[str, dict[str, Estimate]] = {}
    together: dict[str, Estimate] = {}
    for (column, label), summary in found.kept.items():
        if not int(summary.count()[model]):
            continue
        if column in _TOGETHER:
            together[_TOGETHER[column]] = share(summary, model)
        else:
            parts.setdefault(_GROUP[column], {})[label] = share(summary, model)
    return KeptSums(parts, together)


def names_of(kept: Sequence[KeptSums]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each group in which some model has sums, and the names of these."""
    for group in KEPT_GROUPS:
        names = dict.fromkeys(name for each in kept for name in each.parts.get(group, ()))
        if names:
            yield group, tuple(names)


_TOGETHER = {EVERY_PERIOD: PERIOD, **{every_part(group): group for group in APPROVED_GROUPS}}
_GROUP = {f"{WITHIN}{group}": PERIOD if group in PERIODS else group for group in (*PERIODS, *APPROVED_GROUPS)}
