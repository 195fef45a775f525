"""The table of pools: how many devices the sizing month takes, which month that is, and what the headroom costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.money import money, percent
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from simcost.analysis.figures import Figures
    from simcost.analysis.pools import PoolFigures
    from simcost.analysis.statistics import Statistics
    from simcost.report.run.text import ShownColumns

MOST_MONTHS = 3
"""Sizing months that are named, the likeliest first."""

HEADROOM = (50.0, 95.0)


def pool_table(figures: Figures, columns: ShownColumns, *, units: Mapping[str, str]) -> Table:
    """Build the table; devices are counted in the unit of each pool, the headroom in money over the run."""
    names = [*(["devices mean"] if columns.mean else []), *(f"P{p:.10g}" for p in columns.percentiles)]
    table = columns_table("pool", "sized in", *names, *(f"headroom P{p:g}" for p in HEADROOM))
    table.columns[0].min_width = 8
    sized_in = table.columns[1]
    sized_in.justify, sized_in.overflow, sized_in.no_wrap = "left", "fold", False
    months = [month.month for month in figures.months]
    for name, pool in figures.pools.items():
        mean = [money(pool.devices.mean, 0)] if columns.mean else []
        devices = [money(value, 0) for value in _values(pool.devices, columns.percentiles)]
        headroom = _values(pool.headroom, HEADROOM) if pool.headroom else []
        sums = [money(value, columns.decimals) for value in headroom] or ["-"] * len(HEADROOM)
        table.add_row(Text(printable(f"{name}, {units[name]}")), _months(pool, months), *mean, *devices, *sums)
    return table


def _values(item: Statistics, percentiles: tuple[float, ...]) -> list[float]:
    return [item.percentile(p).value for p in percentiles]


def _months(pool: PoolFigures, names: list[str]) -> str:
    """Return the likeliest sizing months, each with its probability; none of a pool that never has a device."""
    if pool.devices.max == 0:
        return "-"
    likely = sorted(zip((each.value for each in pool.sized_in), names, strict=True), key=lambda each: -each[0])
    return ", ".join(f"{month} {percent(share)}" for share, month in likely[:MOST_MONTHS] if share > 0)
