"""The assumptions of a report: every input as the result file keeps it, the uncertain ones first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.results.run_info import InputInfo

CERTAIN = "Constant("
"""What the distribution of a certain input begins with."""

DRAWN = {"run": "once", "year": "each year", "month": "each month"}


def input_tables(inputs: Sequence[InputInfo]) -> Iterator[Table]:
    """Yield a table of the uncertain inputs, and one of the certain; columns that nothing is in are left out."""
    uncertain = [each for each in inputs if not each.distribution.startswith(CERTAIN)]
    certain = [each for each in inputs if each.distribution.startswith(CERTAIN)]
    for title, some in (("uncertain", uncertain), ("certain", certain)):
        if some:
            yield _table(title, some, drawn=title == "uncertain")


def _table(title: str, inputs: Sequence[InputInfo], *, drawn: bool) -> Table:
    rows = {
        title: [each.name for each in inputs],
        "as the file has it": [each.value for each in inputs],
        "unit": [each.unit if each.unit != "1" else "" for each in inputs],
        **({"drawn": [DRAWN.get(each.draw, each.draw) for each in inputs]} if drawn else {}),
        "source": [each.source for each in inputs],
        "note": [each.note for each in inputs],
    }
    filled = {name: cells for name, cells in rows.items() if any(cells)}
    table = columns_table(*filled, folded=True)
    for column in table.columns:
        column.justify = "left"
    for row in zip(*filled.values(), strict=True):
        table.add_row(*map(Text, row))
    return table
