"""A table of every approved sum: how likely it is kept by the model, and given what the bills tell."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.money import money, percent, wanted_percent, with_interval
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.part_budget import PartBudget
    from simcost.analysis.budgets.period_budget import PeriodBudget

    Judged = BudgetFigures | PeriodBudget | PartBudget


def given_bills_table(figures: BudgetFigures, given: BudgetFigures, decimals: int) -> Table:
    """Return the whole, each period and each part: both probabilities, and the sums that would be enough.

    Parameters
    ----------
    figures, given
        The same sums, without what the bills tell and with it.
    """
    wanted, sum_of = f"enough in {wanted_percent(figures.confidence)}", partial(money, decimals=decimals)
    titles = ("approved", "within", "learned", "95 % interval", wanted, "learned", "95 % interval")
    table = columns_table("given the bills", *titles, spare=((7,), (4,), (5,)))
    for (name, each), (_, learned) in zip(_sums(figures), _sums(given), strict=True):
        within = (percent(each.probability_within.value), *with_interval(learned.probability_within, percent))
        enough = (sum_of(each.sum_for_confidence.value), *with_interval(learned.sum_for_confidence, sum_of))
        table.add_row(Text(printable(name)), sum_of(each.approved), *within, *enough)
    return table


def _sums(figures: BudgetFigures) -> Iterator[tuple[str, Judged]]:
    yield "whole run", figures
    yield from ((each.label, each) for each in figures.periods)
    yield from ((each.label, each) for each in figures.parts)
