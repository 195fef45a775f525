"""Bills against the plan: sums by hand, and the plan's own samples sorted by NumPy."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from click.testing import CliRunner

import simcost
from simcost.cli.root import root
from simcost.compile.studies.variance_plan import MOST_LINES
from simcost.errors import UsageError

N = 4_096
FILE = """schema = 1
[scenario]
name = "Variance"
currency = "CNY"
start = "2027-01"
months = 4
by_month = ["line", "category", "stage", "owner"]
[inputs]
gpus = "10 GPU"
price = "9 to 16 CNY/GPU/hour"
rent = "500 CNY/month"
load = { lognormal = { p5 = 0.8, p95 = 1.4 }, unit = "1", draw = "month" }
outage = { bernoulli = { p = 0.25 }, unit = "1", draw = "month" }
fine = "9_000 CNY/month"
[[cost]]
name = "GPUs"
category = "compute"
owner = "search"
stage = "deployment"
amount = "gpus * price * load"
[[cost]]
name = "Rent"
category = "office"
owner = "search"
amount = "rent"
[[cost]]
name = "Fines"
category = "risk"
owner = "legal"
amount = "outage * fine"
[budget]
approved = "360_000 CNY"
[actuals]
file = "bills.csv"
"""
BILLS = """month,line,category,owner,amount
2027-01,GPUs,,,90000
2027-02,GPUs,,,99000.5
2027-01,Rent,,,500
2027-02,Rent,,,500
2027-02,Fines,,,9000
2027-02,Travel,people,search,700
"""
BILLED = {
    ("total", ""): (90_500.0, 109_200.5),
    ("category", "compute"): (90_000.0, 99_000.5),
    ("category", "office"): (500.0, 500.0),
    ("category", "risk"): (0.0, 9_000.0),
    ("category", "people"): (0.0, 700.0),
    ("line", "GPUs"): (90_000.0, 99_000.5),
    ("line", "Rent"): (500.0, 500.0),
    ("line", "Fines"): (0.0, 9_000.0),
    ("line", "Travel"): (0.0, 700.0),
    ("stage", "deployment"): (90_000.0, 99_000.5),
    ("stage", "(no stage)"): (500.0, 10_200.0),
    ("owner", "search"): (90_500.0, 100_200.5),
    ("owner", "legal"): (0.0, 9_000.0),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "bills.csv").write_text(BILLS, encoding="utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text(FILE, encoding="utf-8")
    return plan


def planned(path: Path, *overrides: str) -> dict[tuple[str, str], np.ndarray]:
    """Return what each part was to cost in each month and scenario of the plan, (months, N)."""
    result = simcost.run(
        path,
        n=N,
        overrides=("actuals.through=2026-12", *overrides),
        keep="all",
        output=path.with_name("r.h5"),
        backend="reference",
        force=True,
    )
    samples = result.to_xarray("samples")
    found = {("total", ""): samples.month_cost.values}
    for group in ("category", "line", "stage", "owner"):
        found |= {
            (group, str(name)): samples[f"{group}_by_month_cost"].sel({group: name}).values for name in samples[group].values
        }
    return found


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_each_part_has_its_plan_its_bills_and_its_place_among_the_plan_s_futures(path: Path, method: str) -> None:
    sampling = f'sampling.method="{method}"'
    if method == "sobol":
        sampling = 'sampling={ method = "sobol", scenarios = 65536 }'
    report = simcost.variance(path, n=N if method == "random" else 65_536, overrides=[sampling] if method == "sobol" else [])
    by_month = planned(path)
    assert [(each.first, each.last) for each in report.periods] == [(2, 2), (1, 2)]
    for period in report.periods:
        assert {(each.group, each.name) for each in period.parts} == BILLED.keys()
        for each in period.parts:
            bills = sum(BILLED[each.group, each.name][period.first - 1 : period.last])
            plan = by_month.get((each.group, each.name), np.zeros((4, N)))[period.first - 1 : period.last].sum(axis=0)
            assert each.actual == pytest.approx(bills, rel=1e-15)
            place = (np.mean(plan < bills) + np.mean(plan <= bills)) / 2
            if method == "random":
                assert each.planned.mean == pytest.approx(plan.mean(), rel=1e-12)
                assert each.planned.percentile(95).value == pytest.approx(np.sort(plan)[int(np.ceil(0.95 * N)) - 1], rel=1e-12)
                assert each.position.value == pytest.approx(place, abs=1e-12)
            else:
                assert each.position.value == pytest.approx(place, abs=4 * 0.5 / N**0.5)
            assert each.difference == each.actual - each.planned.mean


def test_what_costs_the_same_is_half_below(path: Path) -> None:
    month = {(each.group, each.name): each for each in simcost.variance(path, n=N).periods[0].parts}
    rent, fines, travel = (month["line", name] for name in ("Rent", "Fines", "Travel"))
    assert (rent.position.value, rent.is_unusual) == (0.5, False)
    share = planned(path)["line", "Fines"][1].mean() / 9_000
    assert fines.position.value == pytest.approx(1 - share / 2, abs=1e-12)  # billed in full, as in a quarter of the futures
    assert (travel.position.value, travel.is_unusual, travel.planned.mean) == (1.0, True, 0.0)


def test_the_whole_run_is_that_of_two_runs(path: Path) -> None:
    report = simcost.variance(path, n=N)
    for found, overrides in ((report.plan, ["actuals.through=2026-12"]), (report.forecast, [])):
        result = simcost.run(path, n=N, overrides=overrides, output=path.with_name("w.h5"), force=True)
        assert found.total == result.figures.total
        assert result.figures.budget is not None
        assert found.probability_within == result.figures.budget.probability_within
    assert report.approved == 360_000


def test_a_measured_input_leaves_what_it_does_not_explain(path: Path) -> None:
    """Variance by price and by volume: with the price that was paid, what is left is the load."""
    all_of_it = simcost.variance(path, n=N).periods[1].parts[1]
    left = simcost.variance(path, n=N, overrides=['inputs.price="14 CNY/GPU/hour"']).periods[1].parts[1]
    mean = planned(path, 'inputs.price="14 CNY/GPU/hour"')["category", "compute"][:2].sum(axis=0).mean()
    assert (all_of_it.name, left.name) == ("compute", "compute")
    assert left.difference == pytest.approx(189_000.5 - mean, rel=1e-9)
    assert left.difference < all_of_it.difference


def test_the_command_names_who_is_outside_the_plan_and_json_has_every_figure(path: Path) -> None:
    done = CliRunner().invoke(root, ["variance", str(path), "-n", "4096", "-q"], prog_name="simcost")
    assert done.exit_code == 0, done.output
    assert "2027-01 to 2027-02: 199,700 CNY were billed, " in done.stdout
    assert "Outside P5 to P95 of the plan to date, categories: people +700." in done.stdout
    assert "Of the approved 360,000 CNY 55.5 % are spent after 2 of 4 months." in done.stdout
    assert "owners:" not in done.stdout
    asked = CliRunner().invoke(root, ["variance", str(path), "-n", "4096", "-q", "--json"], prog_name="simcost")
    document, report = json.loads(asked.stdout), simcost.variance(path, n=N)
    assert document["schema"] == "simcost/variance/1"
    assert [(each["first"], each["last"]) for each in document["periods"]] == [("2027-02", "2027-02"), ("2027-01", "2027-02")]
    part, told = report.periods[1].parts[1], document["periods"][1]["parts"][1]
    assert (told["group"], told["name"], told["actual"]) == ("category", "compute", part.actual)
    assert told["position"] == {"value": part.position.value, "low": part.position.low, "high": part.position.high}
    assert (told["planned"]["mean"], told["difference"]) == (part.planned.mean, part.difference)
    assert document["forecast"]["probability_within"]["value"] == report.forecast.probability_within.value


def test_a_table_has_every_figure_for_a_spreadsheet(path: Path) -> None:
    table = path.with_name("february.csv")
    report = simcost.variance(path, n=N, output=table)
    with table.open(encoding="utf-8", newline="") as file:
        rows = {(row["group"], row["name"], row["month"], row["statistic"]): row for row in csv.DictReader(file)}
    assert len(rows) == len(report.rows())
    for each, months in ((report.periods[0], "2027-02"), (report.periods[1], "2027-01 to 2027-02")):
        for part in each.parts:
            found = {
                name: rows[part.group, part.name, months, name] for name in ("actual", "difference", "position", "mean", "p95")
            }
            assert float(found["actual"]["value"]) == part.actual
            assert float(found["difference"]["value"]) == part.difference
            assert float(found["position"]["low"]) == part.position.low
            assert float(found["mean"]["value"]) == part.planned.mean
            assert float(found["p95"]["value"]) == part.planned.percentile(95).value
    assert float(rows["forecast", "", "", "mean"]["value"]) == report.forecast.total.mean
    with pytest.raises(UsageError, match="exists already"):
        simcost.variance(path, n=N, output=table)
    with pytest.raises(UsageError, match="Name it by one of them"):
        simcost.variance(path, n=N, output=path.with_name("february.doc"))


def test_a_workbook_has_one_sheet_for_each_group_with_the_rows_of_both_periods(path: Path) -> None:
    report = simcost.variance(path, n=N, output=path.with_name("february.xlsx"))
    told = Counter(row.group for row in report.rows())
    with ZipFile(path.with_name("february.xlsx")) as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        sheets = [archive.read(f"xl/worksheets/sheet{place}.xml").decode() for place in range(1, len(names) + 1)]
    assert {name: sheet.count("<row ") - 1 for name, sheet in zip(names, sheets, strict=True) if name != "run"} == told
    assert told["total"] == 2 * sum(row.group == "total" and row.month == "2027-02" for row in report.rows())


def test_without_bills_there_is_no_variance(path: Path) -> None:
    with pytest.raises(UsageError, match="no month is closed"):
        simcost.variance(path, overrides=["actuals.through=2026-12"])
    path.write_text(FILE.partition("[actuals]")[0], encoding="utf-8")
    with pytest.raises(UsageError, match=r"Add \[actuals\] with file"):
        simcost.variance(path)


def test_what_the_amortised_view_alone_counts_is_never_billed_and_not_compared(path: Path) -> None:
    share = """[[cost]]
name = "Share of servers"
category = "machines"
amount = "rent"
view = "amortised"
"""
    path.write_text(FILE + share, encoding="utf-8")
    (cash,), (amortised,) = (
        simcost.variance(path, n=N, overrides=["actuals.through=2027-01", f'scenario.view="{view}"']).periods
        for view in ("cash", "amortised")
    )
    assert [(each.name, each.planned, each.actual) for each in amortised.parts] == [
        (each.name, each.planned, each.actual) for each in cash.parts
    ]


def test_more_cost_lines_than_columns_are_told_by_category(path: Path) -> None:
    line = '[[cost]]\nname = "Rent {}"\ncategory = "office"\namount = "rent"\n'
    many = "".join(line.format(number) for number in range(MOST_LINES - 3))
    plain, more = FILE.partition("[actuals]")[::2]
    for extra, told in (("", True), (line.format("more"), False)):
        path.write_text(f"{plain}{many}{extra}[actuals]{more}", encoding="utf-8")
        report = simcost.variance(path, n=64, overrides=["actuals.through=2027-01"])
        groups = {each.group for each in report.periods[0].parts}
        assert groups == {"total", "category", "stage", "owner", *(["line"] if told else [])}
        assert any("told by category and owner" in warning for warning in report.warnings) is not told
        office = next(each for each in report.periods[0].parts if each.name == "office")
        assert office.planned.mean == pytest.approx(500 * (1 + many.count("Rent") + bool(extra)), rel=1e-12)


def test_the_first_month_is_told_once(path: Path) -> None:
    report = simcost.variance(path, n=N, overrides=["actuals.through=2027-01"])
    assert [(each.first, each.last) for each in report.periods] == [(1, 1)]
