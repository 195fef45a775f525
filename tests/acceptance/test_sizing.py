"""What is told of pools: the month that sizes them and its devices, against numpy's argmax of what each month costs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats
from tests.acceptance.pools import FESTIVAL, HEAD, HOURS, POOL

import simcost
from simcost.report.model.document import model_document
from simcost.report.run.document import summary_document
from simcost.results.export import export
from simcost_kernels.draws.sampling import ROW

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.results.result import Result

N = 5_000
NOISY = '[series.traffic]\nstart = "800 to 1_200 request/s"\nnoise = { sd = "20 %", persistence = 0.5 }\n'


def run(folder: Path, *parts: str, n: int = 10) -> Result:
    path = folder / "pool.toml"
    path.write_text(HEAD.format(months=12) + "\n".join(parts), encoding="utf-8")
    return simcost.run(path, n=n, keep="all", output=folder / "pool.h5", force=True, backend="reference")


def test_the_festival_sizes_the_pool(tmp_path: Path) -> None:
    result = run(tmp_path, FESTIVAL, POOL, 'demand = "1_000 request/s"\npeak = 1.5\nfestivals = ["618"]')
    pool = result.figures.pools["Pool"]
    assert (pool.devices.min, pool.devices.max) == (60, 60)
    assert [share.value for share in pool.sized_in] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert pool.headroom == result.figures.lines["Pool: headroom"]
    busy = 20 * (1 + 18 / 30 * (np.arange(12) == 5))
    devices = np.where(np.arange(12) == 5, 60, 30)
    assert pool.headroom.mean == pytest.approx(((devices - busy) * HOURS * 10).sum(), rel=1e-13)


@pytest.mark.parametrize("more", ["", "shrinks = false", "node = 8"])
def test_devices_and_month_are_those_of_every_scenario(tmp_path: Path, more: str) -> None:
    result = run(tmp_path, NOISY, POOL, 'demand = "traffic"', more, n=N)
    devices = np.round(result.samples("month") / HOURS[:, np.newaxis] / 10)
    largest, month = result.samples("pool")[0], result.samples("sizing")[0]
    assert np.array_equal(largest, devices.max(axis=0))
    assert np.array_equal(month, devices.argmax(axis=0) + 1)  # the first of several, as numpy takes it
    counts = np.bincount(month.astype(int), minlength=13)[1:]
    shares = result.figures.pools["Pool"].sized_in
    assert np.array_equal([share.value for share in shares], counts / N)
    exact = [stats.binomtest(int(k), N).proportion_ci(0.95, method="exact") for k in counts]
    assert [share.low for share in shares] == pytest.approx([each.low for each in exact], abs=1e-12)
    assert [share.high for share in shares] == pytest.approx([each.high for each in exact], abs=1e-12)
    assert np.count_nonzero(counts) > 3


def test_a_pool_without_price_is_what_a_commitment_pays(tmp_path: Path) -> None:
    plan = (
        '[[commitments]]\nname = "Plan"\nquantity = "40 GPU"\nuse = "pool_devices"\nprice = "6 CNY/GPU/hour"\n'
        'list_price = "12 CNY/GPU/hour"\nterm = 12'
    )
    demand = 'demand = "1_000 request/s"\npeak = 1.5\nfestivals = ["618"]'
    result = run(tmp_path, FESTIVAL, POOL.replace('price = "10 CNY/GPU/hour"\n', ""), demand, plan)
    assert result.figures.lines.keys() == {"Plan: committed", "Plan: overage"}
    assert result.figures.total.mean == pytest.approx(40 * 6 * 8_760 + 20 * 12 * 720, rel=1e-14)
    assert result.figures.pools["Pool"].headroom is None


def test_a_pool_that_no_line_pays_is_sized_all_the_same(tmp_path: Path) -> None:
    """Its devices come by way of drivers that no cost line needs."""
    unpaid = POOL.replace('price = "10 CNY/GPU/hour"\n', "")
    paid = '[inputs]\nrent = "1_000 CNY/month"\n[[cost]]\nname = "Rent"\ncategory = "offices"\namount = "rent"'
    sized = run(tmp_path, NOISY, unpaid, 'demand = "traffic"', paid, n=N).samples("pool")
    assert np.array_equal(sized, run(tmp_path, NOISY, POOL, 'demand = "traffic"', n=N).samples("pool"))


def test_a_certain_pool_is_sized_by_its_first_busiest_month(tmp_path: Path) -> None:
    season = 'season = [1, 1, 2, 1, 1, 1, 2, 1, 1, 1, 1, 1]\nstart = "1_000 request/s"'
    pool = run(tmp_path, f"[series.traffic]\n{season}", POOL, 'demand = "traffic"').figures.pools["Pool"]
    assert (pool.devices.mean, [share.value for share in pool.sized_in].index(1)) == (40, 2)
    assert repr(pool) == "<PoolFigures: devices mean 40.00, P5 40.00, P50 40.00, P95 40.00, sized in month 3 with 1>"


def test_a_pool_of_ones_own_formulas_has_its_sizing_month(tmp_path: Path) -> None:
    own = '[[pool]]\nname = "Cores"\ndevices = "cores"\n[drivers]\ncores = "ceil(traffic / each) * one"\n'
    inputs = '[inputs]\none = "1 core"\neach = "25 request/s"\nprice = "1 CNY/core/hour"\n'
    result = run(tmp_path, NOISY, inputs, own, '[[cost]]\nname = "Cores"\ncategory = "compute"\namount = "cores * price"', n=N)
    devices = np.round(result.samples("month") / HOURS[:, np.newaxis])
    assert np.array_equal(result.samples("pool")[0], devices.max(axis=0))
    assert result.figures.pools["Cores"].headroom is None
    assert result.scenario.pools == (("Cores", "core"),)


def test_a_pool_changes_no_bit_of_what_is_paid(tmp_path: Path) -> None:
    own = '[[pool]]\nname = "Traffic"\ndevices = "traffic"\n'
    plain = run(tmp_path, NOISY, POOL, 'demand = "traffic"', n=N).samples("line")
    assert np.array_equal(plain, run(tmp_path, NOISY, own, POOL, 'demand = "traffic"', n=N).samples("line"))


def test_devices_undefined_in_a_month_are_undefined_in_all_and_counted(tmp_path: Path) -> None:
    broken = '[[pool]]\nname = "Broken"\ndevices = "sqrt(traffic / limit - 1)"\n[inputs]\nlimit = "700 request/s"\n'
    result = run(tmp_path, NOISY, broken, POOL, 'demand = "traffic"', n=N)
    traffic = np.round(result.samples("month") / HOURS[:, np.newaxis] / 10)
    undefined = np.isnan(result.samples("pool")[0])
    assert result.columns[-4:-2] == (("pool", "Broken", -1), ("pool", "Pool", -1))
    assert 0 < np.count_nonzero(undefined) == result.figures.non_finite < N
    assert np.all(traffic.min(axis=0)[undefined] <= 700 / 50)
    assert np.all(traffic.min(axis=0)[~undefined] >= 700 / 50)


def test_json_table_and_export_tell_the_same(tmp_path: Path) -> None:
    result = run(tmp_path, NOISY, POOL, 'demand = "traffic"', n=N)
    pool = result.figures.pools["Pool"]
    model = model_document(simcost.validate(tmp_path / "pool.toml"))
    assert model["pools"] == [{"name": "Pool", "unit": "GPU", "devices": "pool_devices"}]
    told = json.loads(json.dumps(summary_document(result.figures, result.scenario, result.run)))["pools"]["Pool"]
    assert (told["unit"], told["devices"]["mean"]) == ("GPU", pool.devices.mean)
    told_shares = {month: share["value"] for month, share in told["sized_in"].items()}
    assert sum(told_shares.values()) == pytest.approx(1, abs=1e-12)
    likeliest = max(told_shares, key=told_shares.get)
    (row,) = (line for line in str(result).splitlines() if line.startswith(" Pool, GPU"))
    assert row.split()[2] == likeliest
    export(result, "csv", tmp_path / "pool.csv")
    rows = [line.split(",") for line in (tmp_path / "pool.csv").read_text("utf-8").splitlines()]
    assert {row[2]: float(row[4]) for row in rows if row[0] == "sizing" and float(row[4])} == pytest.approx(told_shares)
    assert {row[7] for row in rows if row[0] == "pool"} == {"GPU"}


def test_both_views_tell_the_same_of_a_pool(tmp_path: Path) -> None:
    from simcost.results.views import in_view

    plan = (
        '[[commitments]]\nname = "Plan"\nquantity = "9 GPU"\nuse = "pool_devices"\nupfront = "50 CNY/GPU"\n'
        'list_price = "9 CNY/GPU/hour"\nterm = 12'
    )
    result = run(tmp_path, NOISY, POOL, 'demand = "traffic"', plan)
    amortised = in_view(result, "amortised")
    assert amortised.figures.lines.keys() != result.figures.lines.keys()
    assert amortised.figures.pools == result.figures.pools != {}


@pytest.mark.parametrize("engine", ["h5netcdf", "netcdf4"])
def test_xarray_reads_pools(tmp_path: Path, engine: str) -> None:
    import xarray

    result = run(tmp_path, NOISY, POOL, 'demand = "traffic"', n=N)
    with (
        xarray.open_dataset(result.path, engine=engine) as root,
        xarray.open_dataset(result.path, engine=engine, group="samples") as samples,
    ):
        assert root["sizing_probability"].dims == ("pool", "month")
        assert float(root["pool_mean"].sel(pool="Pool")) == result.figures.pools["Pool"].devices.mean
        assert samples["pool_devices"].attrs["units"] == "1"
        assert samples["sizing_month"].sizes == {"pool": 1, "scenario": N}


def test_intervals_of_sobol_points_come_from_their_replicates(tmp_path: Path) -> None:
    """Half the width is Student's t of 15 degrees of freedom times the standard error of the replicates' shares."""
    n, replicates = ROW * 16 * 4, 16
    path = tmp_path / "pool.toml"
    path.write_text(f'{HEAD.format(months=12)}[sampling]\nmethod = "sobol"\n{NOISY}{POOL}demand = "traffic"', encoding="utf-8")
    result = simcost.run(path, n=n, keep="all", output=tmp_path / "pool.h5", backend="reference")
    months = result.samples("sizing")[0].reshape(-1, replicates, ROW)  # rows are dealt out in turn
    for month, share in enumerate(result.figures.pools["Pool"].sized_in, start=1):
        each = (months == month).mean(axis=(0, 2))
        assert share.value == np.mean(months == month)
        half = stats.t.ppf(0.975, replicates - 1) * each.std(ddof=1) / np.sqrt(replicates)
        assert share.high - share.low == pytest.approx(2 * half, rel=1e-9)
