"""How well bills have been learned from, in plain words: for ``variance`` and ``budget``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.parts.money import decimals_for, money, percent
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simcost.analysis.learning.learning import Learning, Unexplained

MOST_NAMED = 5
"""Parts that a sentence names."""


def how_learned(learned: Learning) -> str:
    """Say from how many scenarios it was learned, and what they are worth."""
    scenarios, effective = f"{learned.scenarios:,} scenarios", f"{learned.total.effective:,.0f}"
    return (
        f"Learned: from those of {scenarios} whose closed months are nearest to the bills, for the total as good as {effective} "
        "independent ones."
    )


def doubts(learned: Learning) -> Iterator[str]:
    """Name what the model does not explain."""
    outside = [each for each in learned.unexplained if not each.is_learned_from]
    if outside:
        outside.sort(key=lambda each: -max(each.low - each.actual, each.actual - each.high))
        yield f"No scenario of the plan costs that, and nothing is learned from it: {_listed(map(_outside, outside))}."
    if odd := [each for each in learned.unexplained if each.is_learned_from]:
        named = _listed(f"{_name(each)} ({percent(each.surprise.value)})" for each in odd)
        yield f"Hardly any scenario of the plan has these bills, month after month: {named}. What they tell is doubtful."
    if learned.surprise is not None and learned.is_unlikely:
        share = percent(learned.surprise.value)
        yield f"All bills together are as unusual in {share} of the scenarios: the model explains them badly. Mend it first."


def _listed(names: Iterable[str]) -> str:
    each = [*names]
    return "; ".join(each[:MOST_NAMED]) + ("; ..." if len(each) > MOST_NAMED else "")


def _name(each: Unexplained) -> str:
    return printable(each.name) or "total"


def _outside(each: Unexplained) -> str:
    decimals = decimals_for([each.actual, each.low, each.high])
    ends = [money(end, decimals) for end in (each.low, each.high)]
    planned = ends[0] if ends[0] == ends[1] else " to ".join(ends)
    return f"{_name(each)} {money(each.actual, decimals)}, planned {planned}"
