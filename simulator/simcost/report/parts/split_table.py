"""The table of the reserve split: each part's mean, that in the worst scenarios, and the difference; columns add up as shown."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.estimate_document import figure_document, finite
from simcost.report.parts.money import adding_up, interval, money, percent, wanted_percent
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simcost.analysis.budgets.reserve_split import ReserveSplit, Share

NAMES = {"category": "by category", "stage": "by stage", "owner": "by owner"}
KEYS = {"category": "categories", "stage": "stages", "owner": "owners"}

NOISE = 9
"""Decimals of a share that are more than the rounding of sums: a certain part has none of the reserve."""

READING = (
    "The reserve over the mean is split by what each part costs in the worst scenarios (Euler allocation of CVaR): "
    "its parts add up to the whole."
)


def split_table(split: ReserveSplit, currency: str, decimals: int) -> Table:
    """Build the table: means as every table shows them, reserves rounded so that the parts of each group add up as shown."""
    worst = f"in the worst {wanted_percent(1 - split.level)}"
    table = columns_table(
        f"reserve over the mean, {currency}", "mean", worst, "95 % interval", "reserve", "share", spare=((3,), (1,))
    )
    _add(table, "", [split.whole], split, decimals, style="bold")
    for group, shares in split.groups.items():
        if len(shares) == 1:
            continue
        table.add_section()
        table.add_row(Text(NAMES[group], style="italic"))
        _add(table, group, shares, split, decimals)
    return table


def split_document(split: ReserveSplit) -> dict[str, Any]:
    """Arrange a split for `json.dumps`: the whole, whose ``name`` is None, and lists of parts."""
    groups = {KEYS[group]: [_share(each) for each in shares] for group, shares in split.groups.items()}
    return {"level": split.level, "whole": _share(split.whole), **groups}


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name or None,
        "mean": finite(share.mean),
        "cvar_contribution": figure_document(share.cvar_contribution),
        "reserve": finite(share.reserve),
    }


def _add(table: Table, group: str, shares: Sequence[Share], split: ReserveSplit, decimals: int, *, style: str = "") -> None:
    whole = round(split.whole.cvar_contribution.value, decimals) - round(split.whole.mean, decimals)
    for share, reserve in zip(shares, adding_up([each.reserve for each in shares], whole, decimals), strict=True):
        of_all = share.reserve / split.whole.reserve if split.whole.reserve else float("nan")
        table.add_row(
            Text(printable(f"  {share.name}" if group else "total")),
            money(share.mean, decimals),
            money(round(share.mean, decimals) + reserve, decimals),
            interval(share.cvar_contribution, partial(money, decimals=decimals)),
            money(reserve, decimals),
            _share_of_all(of_all),
            style=style,
        )


def _share_of_all(share: float) -> str:
    """A part that is cheaper in the worst scenarios takes from the reserve: its share is negative."""
    if not isfinite(share):
        return percent(share)
    shown = round(share, NOISE)
    return percent(shown) if 0.0 <= shown <= 1.0 else f"{round(100 * shown, 1) + 0.0:.1f} %"
