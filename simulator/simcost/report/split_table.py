"""The table of the reserve split: each part's mean, that in the worst scenarios, and the difference; columns add up as shown."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from rich.text import Text

from simcost.report.columns_table import columns_table
from simcost.report.estimate_json import estimate_keys, finite
from simcost.report.money import adding_up, interval, money, percent
from simcost.report.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from simcost.analysis.reserve_split import ReserveSplit, Share

NAMES = {"category": "by category", "stage": "by stage", "owner": "by owner"}
KEYS = {"category": "categories", "stage": "stages", "owner": "owners"}

READING = (
    "The reserve over the mean is split by what each part costs in the worst scenarios (Euler allocation of CVaR): "
    "its parts add up to the whole."
)


def split_table(split: ReserveSplit, currency: str, decimals: int) -> Table:
    """Build the table; amounts are rounded so that the parts of each group add up to the whole in every column."""
    worst = f"in the worst {100 * (1 - split.level):.10g} %"
    table = columns_table(f"reserve over the mean, {currency}", "mean", worst, "95 % interval", "reserve", "share")
    _add(table, "whole", [split.whole], split, decimals, style="bold")
    for group, shares in split.groups.items():
        if len(shares) == 1:
            continue
        table.add_section()
        table.add_row(Text(NAMES[group], style="italic"))
        _add(table, group, shares, split, decimals)
    return table


def split_document(split: ReserveSplit) -> dict[str, Any]:
    """Arrange a split for `json.dumps`: the whole and lists of parts, ``name`` None for what has none."""
    groups = {KEYS[group]: [_share(each) for each in shares] for group, shares in split.groups.items()}
    return {"level": split.level, "whole": _share(split.whole), **groups}


def _share(share: Share) -> dict[str, Any]:
    return {
        "name": share.name,
        "mean": finite(share.mean),
        **estimate_keys("cvar", share.worst),
        "reserve": finite(share.reserve),
    }


def _add(table: Table, group: str, shares: Sequence[Share], split: ReserveSplit, decimals: int, *, style: str = "") -> None:
    means = adding_up([each.mean for each in shares], decimals)
    worsts = adding_up([each.worst.value for each in shares], decimals)
    for share, mean, worst in zip(shares, means, worsts, strict=True):
        of_all = share.reserve / split.whole.reserve if split.whole.reserve else float("nan")
        name = "total" if group == "whole" else "  " + (f"(no {group})" if share.name is None else share.name)
        table.add_row(
            Text(printable(name)),
            money(mean, decimals),
            money(worst, decimals),
            interval(share.worst.low, share.worst.high, lambda value: money(value, decimals)),
            money(worst - mean, decimals),
            _share_of_all(of_all),
            style=style,
        )


def _share_of_all(share: float) -> str:
    """A part that is cheaper in the worst scenarios takes from the reserve: its share is negative."""
    return f"{100 * share:.1f} %" if isfinite(share) and not 0.0 <= share <= 1.0 else percent(share)
