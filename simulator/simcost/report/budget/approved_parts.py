"""What a budget approves for categories, stages and owners: a table of each of them, and a sentence."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from math import fsum
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.analysis.budgets.overrun import HIGH
from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.money import interval, money, percent, wanted_percent, with_interval
from simcost.report.parts.printable import printable
from simcost.scenario.scenario import BY_PERIOD
from simcost.scenario.sections.breakdown import PLURAL, spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.budgets.budget import BudgetFigures
    from simcost.analysis.budgets.part_budget import PartBudget

MOST_NAMED = 5
"""Parts that a sentence names."""


def part_tables(figures: BudgetFigures, decimals: int) -> Iterator[Table]:
    """Yield a table of categories, stages and owners each, where some have approved sums of their own."""
    for group, parts in _by_group(figures):
        yield _table(figures, group, parts, decimals)


def _by_group(figures: BudgetFigures) -> Iterator[tuple[str, list[PartBudget]]]:
    for group, parts in groupby(figures.parts, lambda each: each.group):
        yield group, list(parts)


def _table(figures: BudgetFigures, group: str, parts: Sequence[PartBudget], decimals: int) -> Table:
    sum_of, with_p95 = partial(money, decimals=decimals), figures.confidence != HIGH
    enough = f"enough in {wanted_percent(figures.confidence)}"
    titles = ("within", "95 % interval", enough, "95 % interval", *(["P95"] if with_p95 else []), "mean overrun")
    spare = ((5,), (3,), (6,), (7,)) if with_p95 else ((5,), (3,), (6,))
    table = columns_table(f"{spoken(group)} by itself", "approved", *titles, spare=spare)
    for each in parts:
        over = sum_of(each.overrun.mean.value) if each.overrun else ""
        row = (
            *(sum_of(each.approved), *with_interval(each.probability_within, percent)),
            *with_interval(each.sum_for_confidence, sum_of),
            *([sum_of(each.p95.value)] if with_p95 else []),
            over,
        )
        table.add_row(Text(printable(each.label)), *row)
    if group in figures.probability_within_every_part:
        table.add_row("all of them at once", "", *with_interval(figures.probability_within_every_part[group], percent))
    left = figures.approved - fsum(each.approved for each in parts)
    if round(left, decimals) and not group.endswith(BY_PERIOD):
        table.add_row("approved for none of them", sum_of(left))
    return table


def part_sentences(figures: BudgetFigures) -> Iterator[str]:
    """Say for which categories, stages or owners what is approved is enough, and how likely for all of them at once."""
    wanted = wanted_percent(figures.confidence)
    for group, parts in _by_group(figures):
        short = [each for each in parts if each.probability_within.value < figures.confidence]
        named = ", ".join(f"{printable(each.label)} ({percent(each.probability_within.value)})" for each in short[:MOST_NAMED])
        more = f" and {len(short) - MOST_NAMED} more" if len(short) > MOST_NAMED else ""
        kept = f"each is kept with {wanted}" if not short else f"not kept with {wanted} by {named}{more}"
        together = figures.probability_within_every_part[group]
        ends = interval(together, percent)
        yield (
            f"Sums of {_several(group)}: {kept}; all of them at once in {percent(together.value)} of the scenarios"
            f"{f' (95 % interval {ends})' if ends else ''}."
        )


def _several(group: str) -> str:
    """Return what the parts of a group are called."""
    return PLURAL[group.removesuffix(BY_PERIOD)] + (" by period" if group.endswith(BY_PERIOD) else "")
