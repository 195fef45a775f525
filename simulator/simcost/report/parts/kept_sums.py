"""How likely approved sums are kept by several models, points or stresses: as tables, documents and datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.budgets.kept_sums import KEPT_GROUPS, PERIOD, names_of
from simcost.report.parts.estimate_document import figure_document
from simcost.report.parts.money import percent
from simcost.report.parts.months_across import months_across
from simcost.report.parts.printable import printable
from simcost.results.axes import Axes
from simcost.results.file.figure_arrays import FIELD_OF
from simcost.scenario.sections.breakdown import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.budgets.kept_sums import KeptSums
    from simcost.results.axes import Variables

EVERY = "probability_within_every_"
"""What the names of the probabilities begin with that all sums of a group are kept at once."""


def kept_key(group: str) -> str:
    """Return how documents call the parts of a group: ``periods``, ``owners``."""
    return "periods" if group == PERIOD else FIELD_OF[group]


def kept_tables(named: Sequence[tuple[str, KeptSums]], width: int) -> Iterator[Table]:
    """Yield a table for each group with sums of its own: a row for each model, a column for each sum, and one for all of them."""
    for group, labels in names_of([kept for _, kept in named]):
        several = len(labels) > 1 and group != PERIOD
        titles = [*map(printable, labels), *(["all of them"] if several else [])]
        rows = [(name, _row(kept, group, labels)[: len(titles)]) for name, kept in named]
        yield from months_across(f"within, {spoken(group)}", rows, titles, width)


def _row(kept: KeptSums, group: str, labels: Sequence[str]) -> list[str]:
    each = [kept.parts.get(group, {}).get(label) for label in labels]
    return [percent(one.value if one else None) for one in (*each, kept.together.get(group))]


def together_columns(kept: Sequence[KeptSums]) -> dict[str, list[str]]:
    """Return by its title how likely all sums of a group are kept at once, of each model; periods are told elsewhere."""
    groups = [group for group, _ in names_of(kept) if group != PERIOD]
    found = {group: [each.together.get(group) for each in kept] for group in groups}
    return {f"every {spoken(group)}": [percent(each.value if each else None) for each in its] for group, its in found.items()}


def kept_document(kept: KeptSums) -> dict[str, Any]:
    """Arrange it for `json.dumps`.

    Returns
    -------
    dict
        ``probability_within_every_period`` (None without sums by quarter or fiscal year); where there are such sums ``periods``,
        ``owners``, ``owners_by_period``, ..., each name with its ``probability_within``, and ``probability_within_every_owner``,
        ...
    """
    parts = {
        kept_key(group): {name: {"probability_within": figure_document(each)} for name, each in its.items()}
        for group, its in kept.parts.items()
    }
    every = {f"{EVERY}{group}": figure_document(each) for group, each in kept.together.items()}
    return {f"{EVERY}{PERIOD}": None, **every, **parts}


def kept_together(axes: Axes, kept: Sequence[KeptSums]) -> Variables:
    """Return how likely all sums of a group are kept at once, of each model; of periods even where none have sums."""
    found: Variables = {}
    for group in KEPT_GROUPS:
        its = [each.together.get(group) for each in kept]
        if group == PERIOD or any(its):
            found |= axes.estimates(f"{EVERY}{group}", its)
    return found


def kept_dataset(axes: Axes, kept: Sequence[KeptSums]) -> Any:
    """Return how likely each sum is kept, of each model: ``probability_within_by_owner``, on the axis ``approved_owner`` more."""
    found = axes.dataset({})
    for group, labels in names_of(kept):
        axis = PERIOD if group == PERIOD else f"approved_{group}"
        more = Axes({**axes.labels, axis: labels}, axes.currency, axes.units)
        values = [each.parts.get(group, {}).get(label) for each in kept for label in labels]
        found = found.merge(more.dataset(more.estimates(f"probability_within_by_{group}", values)))
    return found
