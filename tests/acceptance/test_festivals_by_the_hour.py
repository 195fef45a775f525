"""Festivals of a pool by the hour: devices, the bill and what a reservation covers, against sums over days and hours by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from tests.acceptance.festival_tables import festival
from tests.acceptance.pools import DAY, HEAD, HOURS, PRICE, RESERVED

import simcost
from simcost.errors import ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

POOL = f"""[[compute]]
name = "Ranker"
demand = "1_003 request/s"
throughput = "100 request/s/GPU"
utilization = "50 %"
spare = "10 %"
node = 2
provision = "hour"
profile = {DAY}
festivals = [{{names}}]
"""
DAYS = HOURS // 24
JANUARY_FIRST = np.cumsum([0, *DAYS])


class Window(NamedTuple):
    month: int
    starts: int
    days: int
    uplift: float
    elastic: float = 0.0


CASES = {
    "a month to itself": [Window(6, 3, 18, 2.0)],
    "in different months": [Window(3, 1, 5, 1.4), Window(6, 3, 18, 2.0), Window(11, 30, 1, 3.0)],
    "the whole of a month, a lull": [Window(2, 1, 28, 0.6)],
    "a lull of some days": [Window(2, 5, 7, 0.6)],
    "a part of its peak is elastic": [Window(6, 3, 18, 2.0, 0.4)],
    "a lull has nothing elastic": [Window(2, 5, 7, 0.6, 0.4)],
    "into the months that follow": [Window(9, 20, 60, 1.7)],
    "two that share days": [Window(6, 1, 18, 2.0), Window(6, 10, 15, 1.3)],
    "two that follow each other": [Window(6, 1, 9, 2.0), Window(6, 10, 15, 1.3, 0.5)],
    "one within another": [Window(6, 1, 30, 1.2), Window(6, 10, 5, 1.9)],
    "two on the same days, and one in another month": [Window(6, 4, 9, 2.0), Window(6, 4, 9, 1.3), Window(10, 1, 7, 1.6)],
    "one that runs into another's month": [Window(10, 20, 20, 1.5), Window(11, 1, 11, 2.2), Window(11, 5, 2, 0.9)],
    "eight": [Window(11, 1 + 3 * i, 1 + 2 * i, 0.8 + 0.2 * i, 0.1 * (i % 2)) for i in range(8)],
}


def devices_by_hand(windows: list[Window]) -> list[np.ndarray]:
    """Devices of each hour of each day of the year, month by month, (days, 24) each; windows that begin in it."""
    year = np.ones(365)
    for month, starts, days, uplift, elastic in windows:
        first = JANUARY_FIRST[month - 1] + starts - 1
        year[first : first + days] *= min(uplift, 1 + (uplift - 1) * (1 - elastic))
    shares = np.array(DAY) / np.mean(DAY)
    needed = 1_003 / (100 * 0.5) * year[:, None] * 1.1 * shares
    return np.split(2 * np.ceil(needed / 2), JANUARY_FIRST[1:-1])


def run(folder: Path, windows: list[Window], *parts: str):
    named = {f"F{i}": window for i, window in enumerate(windows)}
    tables = [festival(name, *window) for name, window in named.items()]
    pool = POOL.format(names=", ".join(f'"{name}"' for name in named))
    path = folder / "pool.toml"
    path.write_text(HEAD.format(months=12) + "\n".join([pool + parts[0], *parts[1:], *tables]), encoding="utf-8")
    return simcost.run(path, n=10, keep="all", output=folder / "pool.h5", force=True, backend="reference")


@pytest.mark.parametrize("windows", CASES.values(), ids=CASES)
def test_the_hours_of_a_festivals_own_days_are_sized_and_paid(tmp_path: Path, windows: list[Window]) -> None:
    found, by_hand = run(tmp_path, windows, PRICE), devices_by_hand(windows)
    assert np.array(found.samples("month"))[:, 0] == pytest.approx([10 * each.sum() for each in by_hand], rel=1e-12)
    assert np.array(found.samples("pool")).max() == max(each.max() for each in by_hand)


@pytest.mark.parametrize("windows", CASES.values(), ids=CASES)
def test_what_lies_beyond_a_reservation_is_counted_in_the_hours_of_each_day(tmp_path: Path, windows: list[Window]) -> None:
    figures = run(tmp_path, windows, "", RESERVED.replace("24 GPU", "31 GPU")).figures.lines
    beyond = sum(np.maximum(each - 31, 0).sum() for each in devices_by_hand(windows))
    assert figures["Reserved: committed"].mean == pytest.approx(31 * 4 * 8_760, rel=1e-12)
    assert figures["Reserved: overage"].mean == pytest.approx(10 * beyond, rel=1e-12)


def test_an_average_day_would_have_other_devices() -> None:
    """The control: devices are whole and what lies beyond is convex, so that the days cannot be told by their mean."""
    june = devices_by_hand([Window(6, 3, 18, 2.0)])[5]
    average = devices_by_hand([Window(6, 1, 30, 1 + 18 / 30)])[5]
    assert june.sum() != average.sum()
    assert np.maximum(june - 31, 0).sum() > 1.05 * np.maximum(average - 31, 0).sum()


def test_nine_festivals_that_may_share_days_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        run(tmp_path, [Window(11, 1 + i, 3, 1.1) for i in range(9)], PRICE)
    assert [problem.what for problem in caught.value.problems] == ["9 festivals of a pool by the hour may share days"]
