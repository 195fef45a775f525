"""A pool by the hour, and what a reservation covers of it: against sums over 24 hours by hand, and what is worth reserving."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.acceptance.pools import DAY, FESTIVAL, HEAD, PRICE, RESERVED

import simcost
from simcost.errors import ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

POOL = f"""[[compute]]
name = "Ranker"
demand = "1_000 request/s"
throughput = "100 request/s/GPU"
utilization = "50 %"
provision = "hour"
profile = {DAY}
"""
MEAN = 1_000 / (100 * 0.5)
"""Devices that the mean demand keeps busy."""


def by_hand(mean: float = MEAN, *, spare: float = 0.0, node: int = 1, minimum: int = 0) -> np.ndarray:
    """Devices of each hour of a day, (24,)."""
    shares = np.array(DAY) / np.mean(DAY)
    return np.array([node * ceil(max(mean * (1 + spare) * share, minimum) / node) for share in shares])


def written(folder: Path, *parts: str) -> Path:
    path = folder / "pool.toml"
    path.write_text(HEAD.format(months=12) + "\n".join(parts), encoding="utf-8")
    return path


def run(folder: Path, *parts: str, **options):
    path = written(folder, *parts)
    return simcost.run(path, n=10, keep="all", output=folder / "pool.h5", force=True, backend="reference", **options)


def lines(folder: Path, *parts: str, **options) -> dict[str, float]:
    figures = run(folder, *parts, **options).figures.lines
    return {name.partition(": ")[2]: figure.mean for name, figure in figures.items()}


@pytest.mark.parametrize(
    ("keys", "known"),
    [
        ("", {}),
        ('spare = "25 %"\nnode = 8', {"spare": 0.25, "node": 8}),
        ('minimum = "16 GPU"', {"minimum": 16}),
        ('minimum = "13 GPU"\nnode = 8', {"minimum": 13, "node": 8}),
    ],
)
def test_each_hour_has_its_own_devices_and_the_mean_of_them_is_paid(tmp_path: Path, keys: str, known: dict) -> None:
    day = by_hand(**known)
    found = lines(tmp_path, POOL + PRICE + keys)
    assert found["busy"] == pytest.approx(MEAN * 10 * 8_760, rel=1e-13)
    assert sum(found.values()) == pytest.approx(day.mean() * 10 * 8_760, rel=1e-13)
    assert run(tmp_path, POOL + PRICE + keys).samples("pool").max() == day.max()


def test_replicas_of_a_large_model_are_whole_in_each_hour(tmp_path: Path) -> None:
    """Three devices a replica, two replicas at least."""
    memory = 'memory = { holds = "150 GB", each = "72 GB/GPU", replicas = 2 }'
    day = np.maximum(3 * np.ceil(MEAN * np.array(DAY) / np.mean(DAY) / 3), 6)
    assert sum(lines(tmp_path, POOL + PRICE + memory).values()) == pytest.approx(day.mean() * 10 * 8_760, rel=1e-13)


@pytest.mark.parametrize("quantity", [0, 7, 24, 60])
def test_what_lies_beyond_a_reservation_is_counted_hour_by_hour(tmp_path: Path, quantity: int) -> None:
    reserved = RESERVED.replace("24 GPU", f"{quantity} GPU")
    beyond, covered = np.maximum(by_hand() - quantity, 0).mean(), np.minimum(by_hand(), quantity).mean()
    cash = lines(tmp_path, POOL, reserved)
    assert cash == pytest.approx({"committed": quantity * 4 * 8_760, "overage": beyond * 10 * 8_760}, rel=1e-13)
    amortised = lines(tmp_path, POOL, reserved, overrides=['scenario.view="amortised"'])
    assert amortised["used"] == pytest.approx(covered * 4 * 8_760, rel=1e-13)
    assert amortised["unused"] == pytest.approx((quantity - covered) * 4 * 8_760, rel=1e-12)


def layer(name: str, quantity: int, price: float, beyond: float, *keys: str) -> str:
    return "\n".join(
        [
            f'[[commitments]]\nname = "{name}"\npool = "Ranker"\nquantity = "{quantity} GPU"\nterm = 12',
            f'price = "{price} CNY/GPU/hour"\nlist_price = "{beyond} CNY/GPU/hour"',
            *keys,
        ]
    )


def test_each_of_several_reservations_covers_what_those_before_it_leave_in_every_hour(tmp_path: Path) -> None:
    layers = [layer("Base", 10, 3, 0), layer("Second", 16, 5, 0), layer("Third", 4, 6, 10)]
    day, cash = by_hand(), run(tmp_path, POOL, *layers).figures.lines
    paid = {"Base: committed": 10 * 3, "Second: committed": 16 * 5, "Third: committed": 4 * 6}
    paid["Third: overage"] = np.maximum(day - 30, 0).mean() * 10
    assert {name: figure.mean for name, figure in cash.items()} == pytest.approx(
        {name: rate * 8_760 for name, rate in paid.items()}, rel=1e-13
    )
    both = run(tmp_path, POOL, *layers, overrides=['scenario.view="amortised"']).figures.lines
    used = {"Base": np.minimum(day, 10), "Second": np.clip(day - 10, 0, 16), "Third": np.clip(day - 26, 0, 4)}
    for (name, covered), rate, quantity in zip(used.items(), (3, 5, 6), (10, 16, 4), strict=True):
        assert both[f"{name}: used"].mean == pytest.approx(covered.mean() * rate * 8_760, rel=1e-13)
        assert both[f"{name}: unused"].mean == pytest.approx((quantity - covered.mean()) * rate * 8_760, rel=1e-12)
    assert 0 < used["Third"].mean() < 4  # so a wrong order, or none, would be noticed


def test_two_layers_of_one_price_cost_what_one_of_both_does(tmp_path: Path) -> None:
    parted = run(tmp_path, POOL, layer("Base", 9, 4, 0), layer("Second", 15, 4, 10)).figures.total.mean
    whole = run(tmp_path, POOL, layer("Base", 24, 4, 10)).figures.total.mean
    assert parted == pytest.approx(whole, rel=1e-13)


def test_a_layer_that_starts_later_covers_nothing_before(tmp_path: Path) -> None:
    """Through March the second tier has all that the first, which begins in April, will take."""
    later = layer("Base", 10, 3, 0, "month = 4")
    found = run(tmp_path, POOL, later, layer("Second", 16, 5, 10)).figures.lines
    before, after = (np.maximum(by_hand() - reserved, 0).mean() for reserved in (16, 26))
    quarter = 24 * (31 + 28 + 31)
    assert found["Second: overage"].mean == pytest.approx(10 * (before * quarter + after * (8_760 - quarter)), rel=1e-13)


def test_what_is_worth_reserving_is_what_runs_for_two_fifths_of_the_hours(tmp_path: Path) -> None:
    """A device saves 10 in each hour in which it runs and costs 4 in all: so as many as run in more than 40 % of them."""
    best = max(count for count in range(100) if np.mean(by_hand() >= count) > 0.4)
    values = ",".join(str(best + step) for step in (-2, -1, 0, 1, 2))
    path = written(tmp_path, POOL, RESERVED)
    found = simcost.sweep(path, f"commitments.Reserved.quantity={values}", n=10, backend="reference").to_xarray()
    assert int(np.argmin(found.total_mean.values)) == 2
    for_the_mean_hour = ceil(by_hand().mean())
    assert best != for_the_mean_hour  # the control: the mean hour says something else


def test_the_day_may_be_in_any_unit_and_flat(tmp_path: Path) -> None:
    flat = POOL.replace(str(DAY), str([0.1] * 24)) + PRICE
    mean = POOL.replace(f"profile = {DAY}\n", "").replace('"hour"', '"mean"') + PRICE
    assert lines(tmp_path, flat) == pytest.approx(lines(tmp_path, mean), rel=1e-13)


ZEROS = f"profile = {[0] * 24}"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([POOL.replace(f"profile = {DAY}", "") + PRICE], 'provision = "hour" without profile'),
        ([POOL.replace(f"profile = {DAY}", ZEROS) + PRICE], "a profile with negative hours, or of none above 0"),
        ([POOL.replace("[2, 1", "[-2, 1") + PRICE], "a profile with negative hours, or of none above 0"),
        ([POOL + PRICE + "peak = 2"], "peak of a pool that is provisioned by the hour"),
        ([POOL + PRICE + 'idle = "20 %"'], "idle of a pool that is provisioned by the hour"),
        ([POOL + PRICE + "shrinks = false"], "shrinks of a pool that is provisioned by the hour"),
        ([POOL + PRICE + 'festivals = ["619"]', FESTIVAL], 'no festival is named "619"'),
        ([POOL.replace('"hour"', '"peak"') + PRICE], "a profile of a pool for the peak"),
        ([POOL.replace('"hour"', '"mean"') + PRICE], "profile of a pool that is provisioned for the mean"),
        ([POOL, RESERVED.replace("Ranker", "Rankers")], 'no pool is named "Rankers"'),
        ([POOL, RESERVED + 'use = "ranker_running"'], "use and pool"),
        ([POOL, RESERVED.replace('pool = "Ranker"', "")], "neither use nor pool"),
        (
            [POOL, RESERVED.replace('pool = "Ranker"', 'use = "ranker_running"')],
            'ranker_running is one number, and the pool "Ranker" has other devices in every hour',
        ),
        (
            [POOL, RESERVED.replace('pool = "Ranker"', 'use = "ranker_devices"')],
            'ranker_devices is one number, and the pool "Ranker" has other devices in every hour',
        ),
        ([POOL + PRICE, RESERVED], 'the pool "Ranker" has a price: it bills its devices, and the commitment bills them too'),
        (
            [POOL, RESERVED, RESERVED.replace('"Reserved"', '"For three years"')],
            '"For three years" is on the pool "Ranker" too, and each of the two bills all that lies beyond itself',
        ),
        ([POOL, RESERVED + 'in_use = "50 %"'], "in_use of a pool by the hour"),
        (
            [POOL.replace('"hour"', '"mean"').replace(f"profile = {DAY}", ""), RESERVED],
            'the pool "Ranker" is not provisioned by the hour',
        ),
    ],
)
def test_what_contradicts_the_hours_is_refused_by_name(tmp_path: Path, parts: list[str], said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        run(tmp_path, *parts)
    assert [problem.what for problem in caught.value.problems] == [said]


def test_a_reservation_in_another_unit_than_the_pools_is_refused(tmp_path: Path) -> None:
    other = RESERVED.replace("24 GPU", "24 server").replace("CNY/GPU", "CNY/server")
    with pytest.raises(ScenarioError, match="GPU") as caught:
        run(tmp_path, POOL, other)
    assert {problem.place for problem in caught.value.problems} == {"commitments.0.pool"}


@pytest.mark.parametrize("with_price", [True, False])
def test_a_pool_that_only_a_reservation_names_is_paid_for(tmp_path: Path, with_price: bool) -> None:
    rent = '[inputs]\nrent = "1 CNY/month"\n[[cost]]\nname = "Rent"\ncategory = "office"\namount = "rent"\n'
    found = [remark.problem.what for remark in simcost.lint(written(tmp_path, POOL, RESERVED if with_price else "", rent))]
    said = "the pool has no price, and nothing pays for ranker_running"
    assert (said in found) is not with_price


@pytest.mark.parametrize("how", ['provision = "mean"', f'provision = "hour"\nprofile = {DAY}'], ids=["mean", "hour"])
def test_before_a_migration_a_model_has_no_replicas(tmp_path: Path, how: str) -> None:
    """Two replicas of three devices each are the least from July on, however little is asked; a minimum is there before."""
    pool = f"""[drivers]
asked = "where(month < 7, 0, one)"
[inputs.one]
value = "1 request/s"
[[compute]]
name = "Ranker"
demand = "asked"
throughput = "100 request/s/GPU"
utilization = "50 %"
{how}
memory = {{ holds = "150 GB", each = "72 GB/GPU", replicas = 2 }}
"""
    from_july = sum(24 * days for days in (31, 31, 30, 31, 30, 31))
    assert sum(lines(tmp_path, pool + PRICE).values()) == pytest.approx(6 * 10 * from_july, rel=1e-13)
    assert sum(lines(tmp_path, pool + PRICE + 'minimum = "6 GPU"\n').values()) == pytest.approx(6 * 10 * 8_760, rel=1e-13)
