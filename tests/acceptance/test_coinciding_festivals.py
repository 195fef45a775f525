"""Any number of festivals in one month: against every stretch between their edges in exact fractions, and day by day."""

from __future__ import annotations

import calendar
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import ceil, prod
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.festival_tables import HEAD, festival
from tests.acceptance.pools import PEAKED

import simcost

if TYPE_CHECKING:
    from pathlib import Path

ROUNDING = 1e-13
"""Of a mean of 40 factors in float64, whose jumps add and take away some 40 times as much."""

MONTHS = ((2027, 10), (2027, 11), (2027, 12), (2028, 1))


def drivers_of(path: Path, tables: dict[str, str], scenario: int = 0) -> dict[str, tuple[float, ...]]:
    """What the drivers are in the months of one future."""
    names = ", ".join(f'"{name}"' for name in tables)
    path.write_text(HEAD.format(months=4) + PEAKED.format(names=names) + "\n".join(tables.values()), encoding="utf-8")
    story = simcost.replay(path, scenario=scenario, backend="reference", seed=20270101)
    return {each.name: each.values for each in story.future.drivers}


def of_stretches(windows: list[tuple[float, float, float]], days: int) -> Fraction:
    """Mean over a month of the product of the factors whose window (first, length, factor) holds a day; exact."""
    exact = [(Fraction(first), Fraction(first) + Fraction(length), Fraction(factor)) for first, length, factor in windows]
    edges = sorted({Fraction(1), Fraction(days + 1), *(edge for first, end, _ in exact for edge in (first, end))})
    lengths = [
        (end - begin) * prod(factor for first, last, factor in exact if first <= begin and end <= last)
        for begin, end in pairwise(edges)
        if begin >= 1 and end <= days + 1
    ]
    return sum(lengths, Fraction(0)) / days


CERTAIN = {
    "one": [(11, 11, 3, 2)],
    "five that follow each other": [(11, 5 * i + 1, 5, 1.2 + 0.3 * i) for i in range(5)],
    "six that follow each other": [(11, 5 * i + 1, 5, 1.2 + 0.3 * i) for i in range(6)],
    "six on the same days": [(11, 11, 4, 1.2 + 0.1 * i) for i in range(6)],
    "six within each other": [(11, 1 + 2 * i, 26 - 4 * i, 0.7 + 0.2 * i) for i in range(6)],
    "a month of lulls to nothing": [(11, 1 + 5 * i, 5, 0) for i in range(6)],
    "twelve, some with an edge in common": [
        (11, 1 + 3 * (i // 2), 3 + 4 * (i % 3), 0.8 + 0.1 * i, 0.1 * (i % 2)) for i in range(12)
    ],
    "twelve that go into the next months": [(9 + i // 3, 4 + 7 * (i % 3), 6 + 5 * i, 1.1 + 0.05 * i) for i in range(12)],
    "forty": [(11, 1 + 7 * i % 30, 1 + 5 * i % 13, 0.9 + 0.01 * i, 0.2 * (i % 3)) for i in range(40)],
}
"""(month, first day, days, uplift, elastic) of each festival."""


@pytest.mark.parametrize("festivals", CERTAIN.values(), ids=CERTAIN)
def test_festivals_of_a_month_are_counted_day_by_day(tmp_path: Path, festivals: list[tuple]) -> None:
    """On whole days: the mean is that of the days' products, the pool is sized by the day with most that is provisioned."""
    tables = {f"F{i}": festival(f"F{i}", *each) for i, each in enumerate(festivals)}
    found = drivers_of(tmp_path / "festivals.toml", tables)
    for at, (year, month) in enumerate(MONTHS):
        days = [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]
        mean = sum(prod(each[3] for each in festivals if holds(each, day)) for day in days) / len(days)
        peak = max(prod(provisioned(each, days) for each in festivals if holds(each, day)) for day in days)
        assert found["searches"][at] == pytest.approx(100 * mean, rel=ROUNDING, abs=100 * ROUNDING)
        assert found["searches"][at] >= 0
        assert found["pool_devices"][at] == ceil(round(50 * peak, 9))


def holds(each: tuple, day: date) -> bool:
    return 0 <= (day - date(2027, each[0], each[1])).days < each[2]


def provisioned(each: tuple, month: list[date]) -> float:
    """What of a festival's peak is provisioned: all that is not elastic; a lull takes nothing where the month has other days."""
    peak = each[3] if all(holds(each, day) for day in month) else max(each[3], 1)
    return 1 + (peak - 1) * (1 - sum(each[4:]))


DRAWN = {
    5: [("1 to 8 to 20", "1 to 5 to 25 day", "1.1 to 1.5 to 3")] * 5,
    6: [("1 to 8 to 20", "1 to 5 to 25 day", "1.1 to 1.5 to 3")] * 6,
    12: [(f"1 to {2 + i} to 31", f"1 to {3 + i} to 40 day", "0.3 to 0.9 to 2") for i in range(12)],
    40: [(f"1 to {2 + i % 20} to 31", f"1 to {3 + i % 5} to 25 day", "0.8 to 1 to 1.3") for i in range(40)],
}
"""(first day, days, uplift) of so many festivals of November."""


@pytest.mark.parametrize("n", [5, 6, 12, pytest.param(40, marks=pytest.mark.slow)])
def test_festivals_on_drawn_days_have_the_mean_of_all_stretches_between_their_edges(tmp_path: Path, n: int) -> None:
    tables = {f"F{i}": festival(f"F{i}", 11, *each) for i, each in enumerate(DRAWN[n])}
    for scenario in (0, 7):
        found = drivers_of(tmp_path / "festivals.toml", tables, scenario)
        for at, (year, month) in enumerate(MONTHS[1:3], 1):
            days = calendar.monthrange(year, month)[1]
            windows = [tuple(found[f"f{i}_{part}"][at] for part in ("first_day", "days", "factor")) for i in range(n)]
            assert found["searches"][at] == pytest.approx(100 * float(of_stretches(windows, days)), rel=ROUNDING)
            by_chance = prod(1 + (factor - 1) * length / days for _, length, factor in windows)  # negative control
            assert month == 12 or found["searches"][at] != pytest.approx(100 * by_chance, rel=1e-4)


def test_the_order_in_which_festivals_are_named_moves_rounding_alone(tmp_path: Path) -> None:
    """Edges at one time are taken in that order."""
    tables = {f"F{i}": festival(f"F{i}", *each) for i, each in enumerate(CERTAIN["twelve, some with an edge in common"])}
    found = drivers_of(tmp_path / "festivals.toml", tables)
    turned = drivers_of(tmp_path / "turned.toml", dict(reversed(tables.items())))
    assert found["searches"] == pytest.approx(turned["searches"], rel=ROUNDING)
    assert list(found["pool_devices"]) == list(turned["pool_devices"])


def test_what_names_the_same_festivals_shares_their_formulas(tmp_path: Path) -> None:
    """Thirty regions with one calendar are no longer than one of them."""
    tables = {f"F{i}": festival(f"F{i}", 11, *each) for i, each in enumerate(DRAWN[6])}
    found = drivers_of(tmp_path / "festivals.toml", tables)
    assert "searches_uplift_of_festivals" in found
    assert "pool_uplift_of_festivals" not in found


def test_names_may_be_as_long_as_a_block_s_however_many_festivals_there_are(tmp_path: Path) -> None:
    tables = {f"Festival {i:031d}": festival(f"Festival {i:031d}", 11, *DRAWN[6][0]) for i in range(20)}
    path = tmp_path / "festivals.toml"
    drivers_of(path, tables)
    text = (
        path.read_text(encoding="utf-8")
        .replace("searches", "s" * 40)
        .replace('"Pool"', f'"{"p" * 40}"')
        .replace("pool_", "p" * 40 + "_")
    )
    path.write_text(text, encoding="utf-8")
    assert f"{'s' * 40}_uplift_of_festivals" in {driver.name for driver in simcost.load(path).drivers}


def test_pairs_beyond_what_formulas_of_a_file_may_have_are_refused_before_they_are_written(tmp_path: Path) -> None:
    """Of a stranger's file; in one calendar of the year each month's neighbours alone are pairs."""
    tables = {f"F{i}": festival(f"F{i}", 11, *DRAWN[6][0]) for i in range(66)}
    with pytest.raises(simcost.ScenarioError, match=r"66 festivals, 2,145 pairs of which may have days in the same month"):
        drivers_of(tmp_path / "festivals.toml", tables)
    spread = {f"F{i}": festival(f"F{i}", 1 + i % 12, 1 + i % 20, 10, 1.5) for i in range(66)}
    drivers_of(tmp_path / "spread.toml", spread)
