"""Each category, cost line, stage and owner in each month: by hand where all is certain, adding up both ways where it is not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import simcost
from simcost.cli.root import root
from simcost.compile.cut import cut

FILE = Path(__file__).with_name("by_month.toml")
N = 2_000
CERTAIN = ('inputs.gpu_price="10 CNY/GPU/hour"', 'inputs.load={ value = 1, unit = "1" }')
GPUS = (74_400.0, 67_200.0, 74_400.0)
"""10 GPU at 10 CNY/GPU/hour for the 744, 672 and 744 hours of January to March 2027."""

BY_HAND = {
    "category": {
        "compute": tuple(month + 100.0 for month in GPUS),
        "software": (0.0, 5_000.0, 0.0),
        "machines": (6_000.0, 0.0, 0.0),
    },
    "line": {
        "GPUs": GPUS,
        "Buckets": (100.0, 100.0, 100.0),
        "Licence": (0.0, 5_000.0, 0.0),
        "Servers": (6_000.0, 0.0, 0.0),
    },
    "stage": {
        "deployment": GPUS,
        "data": (100.0, 100.0, 100.0),
        "training": (6_000.0, 0.0, 0.0),
        "(no stage)": (0.0, 5_000.0, 0.0),
    },
    "owner": {"search": GPUS, "(no owner)": (6_100.0, 5_100.0, 100.0)},
}
AMORTISED = {**BY_HAND["category"], "machines": (2_000.0, 2_000.0, 2_000.0)}

ROUNDING = 8 * 2.0**-53
"""Of the sum of at most 8 amounts, all of them positive, in any order: a relative error of 2**-53 for each addition."""


def run(folder: Path, *overrides: str):
    return simcost.run(
        FILE, n=N, seed=1, overrides=overrides, keep="all", output=folder / "r.h5", force=True, backend="reference"
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory):
    return run(tmp_path_factory.mktemp("by_month"))


def call(*words: object) -> str:
    done = CliRunner().invoke(root, [str(word) for word in words], prog_name="simcost")
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_certain_bill_is_the_one_by_hand(tmp_path: Path) -> None:
    figures = run(tmp_path, *CERTAIN).figures
    assert figures.other_view is not None
    told = [(figures.by_month, BY_HAND), ({"category": figures.other_view.figures.by_month["category"]}, {"category": AMORTISED})]
    for found, expected in told:
        for statistic in (lambda item: item.mean, lambda item: item.percentile(50).value, lambda item: item.percentile(95).value):
            values = {
                group: {name: tuple(map(statistic, months)) for name, months in items.items()} for group, items in found.items()
            }
            assert values == expected


@pytest.mark.parametrize("view", ["", "amortised_"])
@pytest.mark.parametrize("group", ["category", "line", "stage", "owner"])
def test_parts_by_month_add_up_to_the_months_and_to_the_parts_in_every_scenario(result, view: str, group: str) -> None:
    parts, months, total = (result.samples(view + name) for name in (group, "month", "total"))
    by_month = result.samples(f"{view}{group}_by_month").reshape(len(parts), len(months), N)
    np.testing.assert_allclose(by_month.sum(axis=0), months, rtol=ROUNDING)
    np.testing.assert_allclose(by_month.sum(axis=1), parts, rtol=ROUNDING)
    np.testing.assert_allclose(by_month.sum(axis=(0, 1)), total[0], rtol=2 * ROUNDING)
    shifted = np.roll(by_month, 1, axis=1)  # the control: months in each other's places add up to the parts alone
    assert not np.allclose(shifted.sum(axis=0), months, rtol=1e-3)


def test_means_add_up_and_percentiles_do_not(result) -> None:
    figures = result.figures
    for place, month in enumerate(figures.months):
        items = [months[place] for months in figures.by_month["line"].values()]
        assert sum(item.mean for item in items) == pytest.approx(month.total.mean, rel=N * ROUNDING)
    gpus = figures.by_month["line"]["GPUs"]
    assert sum(month.percentile(95).value for month in gpus) > 1.005 * figures.lines["GPUs"].percentile(95).value


def test_no_other_column_is_moved_or_changed(result, tmp_path: Path) -> None:
    plain = run(tmp_path, "scenario.by_month=[]")
    assert plain.figures.by_month == {}
    assert [column for column in result.columns if "_by_month" not in column[0]] == list(plain.columns)
    for group in dict.fromkeys(group for group, _, _ in plain.columns):
        assert np.array_equal(plain.samples(group).view(np.int64), result.samples(group).view(np.int64))
    with_it, without = (simcost.load(FILE, overrides=each) for each in ((), ["scenario.by_month=[]"]))
    assert (with_it.by_month, without.by_month) == (("category", "line", "stage", "owner"), ())
    plans = [simcost.api.compile(FILE, overrides=each).plan for each in ((), ["scenario.by_month=[]"])]
    groups = {group for group, _, _ in plain.columns}
    assert cut(plans[0], groups).content_digest == cut(plans[1], groups).content_digest


def test_the_file_has_named_dimensions_and_units(result) -> None:
    figures, samples = result.to_xarray(), result.to_xarray("samples")
    assert figures.category_by_month_mean.dims == ("category", "month")
    assert figures.category_by_month_percentile.dims == ("category", "month", "percentile")
    assert figures.category_by_month_histogram.dims == ("category", "month", "bin")
    assert samples.category_by_month_cost.dims == ("category", "month", "scenario")
    assert samples.amortised_owner_by_month_cost.dims == ("amortised_owner", "month", "scenario")
    assert (figures.category_by_month_mean.units, samples.category_by_month_cost.units) == ("CNY", "CNY")
    march = figures.category_by_month_percentile.sel(category="compute", month="2027-03-01", percentile=95)
    kept = np.sort(samples.category_by_month_cost.sel(category="compute", month="2027-03-01").values)
    assert float(march) == result.figures.by_month["category"]["compute"][2].percentile(95).value == kept[int(0.95 * N) - 1]


def test_read_back_shown_and_verified(result) -> None:
    again = simcost.show(result.path)
    assert again.figures.by_month == result.figures.by_month
    shown = simcost.show(result.path, view="amortised", percentiles=[97.5]).figures
    own = shown.by_month["category"]["machines"][2]
    assert (own.mean, own.percentile(97.5).value) == (2_000.0, 2_000.0)
    assert simcost.verify(result.path).passed


def test_documents_tables_and_exports_tell_it(result, tmp_path: Path) -> None:
    document = json.loads(call("show", result.path, "--json"))
    item = result.figures.by_month["owner"]["search"][1]
    told = document["owners_by_month"]["search"]["2027-02"]
    assert told["mean"] == item.mean
    assert told["percentiles"]["p80"]["value"] == item.percentile(80).value
    call("export", result.path, "-o", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["group"] == "owner_by_month"]
    (row,) = [row for row in rows if (row["name"], row["month"], row["statistic"]) == ("search", "2027-02", "p95")]
    assert (float(row["value"]), row["unit"]) == (item.percentile(95).value, "CNY")
    assert len(rows) == 2 * 3 * 11  # owners, months, four moments and seven percentiles
    call("export", result.path, "-o", tmp_path / "a.xlsx")


def test_the_printed_table_adds_up_to_the_cent(tmp_path: Path) -> None:
    words = [word for each in (*CERTAIN, 'scenario.by_month="category"') for word in ("--set", each)]
    printed = call("run", FILE, "-n", 100, "--backend", "reference", "-o", tmp_path / "r.h5", "-q", *words)
    table = printed.partition(" mean by category")[2].splitlines()
    rows = {
        line.rsplit(maxsplit=4)[0].strip(): [float(cell.replace(",", "")) for cell in line.split()[-4:]] for line in table[2:6]
    }
    assert rows == {
        "compute": [74_500.0, 67_300.0, 74_500.0, 216_300.0],
        "software": [0.0, 5_000.0, 0.0, 5_000.0],
        "machines": [6_000.0, 0.0, 0.0, 6_000.0],
        "all categories": [80_500.0, 72_300.0, 74_500.0, 227_300.0],
    }
    assert "Means by month add up" in printed


def test_the_flag_is_the_key_of_the_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain.toml"
    plain.write_text(FILE.read_text("utf-8").replace('by_month = ["category", "line", "stage", "owner"]\n', ""), "utf-8")
    words = ("-n", 300, "--backend", "reference", "-q")
    call("run", plain, *words, "-o", tmp_path / "a.h5", "--by-month", "owner", "--by-month", "category")
    call("run", FILE, *words, "-o", tmp_path / "b.h5", "--set", 'scenario.by_month=["category", "owner"]')
    flagged, keyed = (simcost.open_result(tmp_path / name) for name in ("a.h5", "b.h5"))
    assert flagged.columns == keyed.columns
    assert flagged.figures == keyed.figures
    assert list(flagged.figures.by_month) == ["category", "owner"]


def test_a_replayed_future_has_its_categories_by_month(result) -> None:
    kept = result.samples("category_by_month").reshape(3, 3, N)
    told = json.loads(call("replay", result.path, "--scenario", 321, "--json"))
    assert [each["name"] for each in told["categories"]] == ["compute", "software", "machines"]
    assert [each["amounts"] for each in told["categories"]] == kept[:, :, 321].tolist()
    assert "all categories" in call("replay", result.path, "--scenario", 321)


@pytest.mark.parametrize(
    "words",
    [
        ["sweep", "FILE", "inputs.gpus=8,12", "-n", "4096"],
        ["budget", "FILE", "--approved", "250000 CNY", "-n", "4096"],
        [
            "run",
            "FILE",
            "--set",
            "sampling.stop={ percentile = 95, relative = 0.002 }",
            "--set",
            "sampling.method=sobol",
            "-n",
            "131072",
        ],
    ],
    ids=lambda words: words[0],
)
def test_answers_about_the_total_are_the_same_with_it_to_the_last_bit(tmp_path: Path, words: list[str]) -> None:
    told = []
    for by_month in ('["category"]', "[]"):
        common = ["--set", f"scenario.by_month={by_month}", "--backend", "reference", "-q", "--json"]
        output = ["-o", tmp_path / f"{len(by_month)}.h5"] if words[0] in ("run", "budget") else []
        document = json.loads(call(*(FILE if word == "FILE" else word for word in words), *common, *output))
        assert ("categories_by_month" in document) == (words[0] == "run" and by_month != "[]")
        told.append({key: value for key, value in document.items() if key not in ("scenario", "run") and "_by_month" not in key})
    assert told[0] == told[1]
