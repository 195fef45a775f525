"""The columns of a table that tell how likely models, stresses or values stay within what is approved: the whole, each period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from simcost.analysis.budgets.kept_sums import PERIOD
from simcost.report.parts.money import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.budgets.kept_sums import KeptSums
    from simcost.analysis.estimates.intervals import Estimate

    class Judged(Protocol):
        """What has both probabilities, the first None where nothing is approved."""

        @property
        def probability_within(self) -> Estimate | None:
            """Of the whole."""

        @property
        def kept(self) -> KeptSums:
            """Of the other approved sums."""


def within_columns(judged: Sequence[Judged]) -> dict[str, list[str]]:
    """Return the cells of each column by its title, without the columns that would have none."""
    found = {
        "within budget": [each.probability_within for each in judged],
        "every period": [each.kept.together.get(PERIOD) for each in judged],
    }
    return {title: [percent(share.value if share else None) for share in its] for title, its in found.items() if any(its)}
