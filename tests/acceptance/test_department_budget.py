"""Approved sums of owners and categories: each against the quantiles and probabilities of a normal cost."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import h5py
import numpy as np
import pytest

import simcost
from simcost.analysis.budgets.budget_gate import gate
from simcost.report.budget.text import gate_sentence
from simcost.report.run.document import summary_document

from .standard_errors import STANDARD_ERRORS

N = 100_000
SEARCH, PLATFORM = NormalDist(12_000.0, 12**0.5 * 200.0), NormalDist(6_000.0, 12**0.5 * 100.0)

FILE = """schema = 1
[scenario]
name = "Departments"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
a = { normal = { mean = 1_000, sd = 200 }, unit = "CNY/month", draw = "month" }
b = { normal = { mean = 500, sd = 100 }, unit = "CNY/month", draw = "month" }
[[cost]]
name = "A"
category = "compute"
owner = "search"
amount = "a"
[[cost]]
name = "B"
category = "staff"
owner = "platform"
amount = "b"
[budget]
approved = "20_000 CNY"
confidence = 0.9
[budget.owner]
search = "12_500 CNY"
platform = 6_300
[budget.category]
compute = "13_000 CNY"
"""


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "departments.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, n: int = N, text: str = FILE):
    return simcost.run(written(folder, text), n=n, seed=7, keep="all", output=folder / "d.h5", force=True, backend="reference")


def test_each_owner_and_category_stays_within_its_sum_with_the_probability_of_a_normal_cost(tmp_path: Path) -> None:
    parts = run(tmp_path).figures.budget.parts
    assert [(each.group, each.label, each.approved) for each in parts] == [
        ("category", "compute", 13_000.0),
        ("owner", "search", 12_500.0),
        ("owner", "platform", 6_300.0),
    ]
    for each, cost in zip(parts, (SEARCH, SEARCH, PLATFORM), strict=True):
        p = cost.cdf(each.approved)
        assert abs(each.probability_within.value - p) < STANDARD_ERRORS * (p * (1 - p) / N) ** 0.5
        assert abs(each.probability_within.value - cost.cdf(each.approved + 100)) > 0.01  # negative control
        for level, found in ((0.9, each.sum_for_confidence), (0.95, each.p95)):
            exact = cost.inv_cdf(level)
            assert abs(found.value - exact) < STANDARD_ERRORS * (level * (1 - level) / N) ** 0.5 / cost.pdf(exact)
            assert found.low < found.value < found.high


def test_the_mean_overrun_of_an_owner_is_that_of_a_normal_tail(tmp_path: Path) -> None:
    """Beyond a the mean of a normal is m + s h with h = pdf(z) / (1 - cdf(z)), its variance s^2 (1 + z h - h^2)."""
    for each, cost in zip(run(tmp_path).figures.budget.parts[1:], (SEARCH, PLATFORM), strict=True):
        z = (each.approved - cost.mean) / cost.stdev
        over = 1 - NormalDist().cdf(z)
        h = NormalDist().pdf(z) / over
        error = cost.stdev * ((1 + z * h - h * h) / (N * over)) ** 0.5
        assert abs(each.overrun.mean.value - (cost.mean + cost.stdev * h - each.approved)) < STANDARD_ERRORS * error


def test_how_likely_all_owners_are_kept_at_once_is_counted_on_joint_paths(tmp_path: Path) -> None:
    result = run(tmp_path)
    together = result.figures.budget.probability_within_every_part
    kept = result.samples("owner") <= np.array([[12_500.0], [6_300.0]])
    assert np.array_equal(result.samples("within_owner"), kept)
    assert together["owner"].value == kept.all(axis=0).mean()
    p = SEARCH.cdf(12_500) * PLATFORM.cdf(6_300)
    assert abs(together["owner"].value - p) < STANDARD_ERRORS * (p * (1 - p) / N) ** 0.5
    assert together["category"] == result.figures.budget.parts[0].probability_within
    assert together["owner"].value < result.figures.budget.probability_within.value - 0.1  # of the whole: one may help another


def test_the_sums_of_parts_move_no_other_column(tmp_path: Path) -> None:
    with_parts = run(tmp_path, 500)
    plain = run(tmp_path, 500, FILE[: FILE.index("[budget.owner]")])
    assert not plain.figures.budget.parts
    for group in ("total", "owner", "month", "within", "breach"):
        assert np.array_equal(with_parts.samples(group), plain.samples(group))


def test_the_file_gives_back_what_the_run_said_and_the_documents_name_it_alike(tmp_path: Path) -> None:
    result = run(tmp_path, 2_000)
    budget = result.figures.budget
    assert simcost.show(result.path).figures.budget == budget
    assert all(check.passed for check in simcost.verify(result.path).checks)
    document = summary_document(result.figures, result.scenario, result.run)["budget"]
    assert document["owners"]["search"]["probability_within"]["value"] == budget.parts[1].probability_within.value
    names = {name for name, each in document["owners"]["search"].items() if name != "overrun"}
    names |= {f"overrun_{name}" for name in document["owners"]["search"]["overrun"]}
    with h5py.File(result.path) as file:
        held = {name for name in file["budget"] if name.endswith("_by_owner")}
        assert file["budget"].attrs["probability_within_every_owner"] == document["probability_within_every_owner"]["value"]
    assert held == {f"{name}_by_owner" for name in names}
    assert result.to_xarray("samples").within_owner.approved_owner.values.tolist() == ["search", "platform"]
    simcost.export(result.path, tmp_path / "d.csv")
    table = (tmp_path / "d.csv").read_text(encoding="utf-8").splitlines()
    assert "budget_owner,platform,,approved,6300.0,,,CNY" in table
    assert any(row.startswith("budget_owner,search,,overrun_mean,") for row in table)


def test_an_owner_that_fails_is_not_mended_by_what_another_leaves_over(tmp_path: Path) -> None:
    result = run(tmp_path, 20_000)
    budget = result.figures.budget
    verdict = gate(budget, 20_000)
    assert budget.probability_within.value > 0.95
    assert (verdict.met, verdict.decided, verdict.part.label) == (False, True, "search")
    said = gate_sentence(budget, verdict, "CNY")
    assert said.startswith("Gate: the wanted 90 % is not met by owner search: 12,500 CNY is enough in ")
    asked = simcost.budget(result.path, confidence=0.75).answers  # 12,500 is the P76.5 of search's cost
    assert asked.gate.met
    assert asked.figures.parts[1].sum_for_confidence.value == pytest.approx(SEARCH.inv_cdf(0.75), rel=0.005)
    assert asked.figures.parts[1].probability_within == budget.parts[1].probability_within
    data = simcost.budget(result.path).to_xarray()
    assert data.overrun_mean_by_owner.sel(approved_owner="search").item() == budget.parts[1].overrun.mean.value
    assert data.probability_within_by_category_low.values.tolist() == [budget.parts[0].probability_within.low]


def test_another_sum_for_the_whole_is_asked_of_the_whole_alone(tmp_path: Path) -> None:
    answers = simcost.budget(written(tmp_path), approved="15_000 CNY", n=500, split=False, backend="reference").answers
    assert (answers.figures.approved, answers.figures.parts) == (15_000.0, ())


@pytest.mark.parametrize("years", ["", "{ FY2027 = 4_600, FY2028 = 15_400 }"])
def test_a_result_file_judges_another_confidence_as_the_scenario_does(tmp_path: Path, years: str) -> None:
    text = FILE.replace('"20_000 CNY"', years).replace("months = 12", "months = 12\nfiscal_year_start = 4") if years else FILE
    result = run(tmp_path, 4_000, text)
    ran = simcost.budget(tmp_path / "departments.toml", confidence=0.7, n=4_000, seed=7, split=False, backend="reference")
    read = simcost.budget(result.path, confidence=0.7)
    assert read.answers.figures == ran.answers.figures
    assert read.answers.gate == ran.answers.gate
    assert [each.approved for each in read.answers.figures.periods] == ([4_600.0, 15_400.0] if years else [])
    assert [each.label for each in read.answers.figures.parts] == ["compute", "search", "platform"]


def test_a_result_file_asks_its_own_sum_of_the_whole_alone_as_the_scenario_does(tmp_path: Path) -> None:
    result = run(tmp_path, 4_000)
    ran = simcost.budget(tmp_path / "departments.toml", approved=20_000, n=4_000, seed=7, split=False, backend="reference")
    read = simcost.budget(result.path, approved=20_000)
    assert read.answers.figures == ran.answers.figures
    assert (read.answers.gate.met, read.answers.gate.part) == (True, None)  # by itself search fails


def test_a_value_is_sought_that_keeps_every_owner_s_sum(tmp_path: Path) -> None:
    """A certain fee of x costs search 12 x: 12,500 is kept up to x = 1041.67, which the whole would let exceed."""
    text = FILE.replace("6_300", "6_600")
    report = simcost.seek(written(tmp_path, text), "inputs.a", between="500,1500", n=4_000, backend="reference")
    assert report.period == "owner search"
    assert report.sought.value == pytest.approx(12_500 / 12, rel=1e-5)


BILLS = "month,line,amount\n2027-01,A,2000\n2027-01,B,400\n2027-02,A,1800\n2027-02,B,450\n"


def test_bills_show_what_is_left_of_each_owner_s_sum(tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text(BILLS, encoding="utf-8")
    report = simcost.variance(written(tmp_path, FILE + '[actuals]\nfile = "bills.csv"\n'), n=40_000, seed=7, backend="reference")
    plan, forecast = ({each.label: each for each in one.parts} for one in (report.plan, report.forecast))
    assert list(plan) == list(forecast) == ["compute", "search", "platform"]
    rest = {"search": NormalDist(10_000.0 + 3_800.0, 10**0.5 * 200.0), "platform": NormalDist(5_850.0, 10**0.5 * 100.0)}
    for owner, planned in (("search", SEARCH), ("platform", PLATFORM)):
        for found, cost in ((plan[owner], planned), (forecast[owner], rest[owner])):
            p = cost.cdf(found.approved)
            assert abs(found.probability_within.value - p) < STANDARD_ERRORS * (p * (1 - p) / 40_000) ** 0.5
    shown = f"{report}"
    assert " search              12,500  3,800  30.4 %" in shown
    document = report.document()
    assert document["forecast"]["owners"]["search"]["probability_within"]["value"] == forecast["search"].probability_within.value
    assert ("forecast_owner", "platform", "approved") in {(row.group, row.name, row.statistic) for row in report.rows()}


def test_the_tables_and_sentences_tell_each_owner_and_what_is_left(tmp_path: Path) -> None:
    result = run(tmp_path, 5_000)
    shown = f"{simcost.budget(result.path)}"
    assert " owner by itself " in shown
    assert f"{shown}".split("approved for none of them")[2].split()[0] == "1,200"
    for told in (f"{result}", shown):  # the gate names one of them, the sentence all
        (said,) = (line for line in told.splitlines() if line.startswith("Sums of owners: not kept with 90 % by search (7"))
        assert "platform (" in said
    text = simcost.page(result.path, format="md")
    assert text.index("Sums of owners") < text.index("## Tables") < text.index("owner by itself")


@pytest.mark.parametrize("view", ["cash", "amortised"])
def test_an_owner_with_lines_in_the_other_view_alone_costs_nothing_and_keeps_its_sum(tmp_path: Path, view: str) -> None:
    paid = '[[cost]]\nname = "Servers"\ncategory = "assets"\nowner = "buyers"\namount = "c"\nevery = "once"\nview = "cash"\n'
    worn = '[[cost]]\nname = "Wear"\ncategory = "assets"\nowner = "search"\namount = "a * 0"\nview = "amortised"\n'
    text = (
        FILE.replace("[inputs]", '[inputs]\nc = "1_000 CNY"')
        .replace("[budget]\n", f"{paid}{worn}[budget]\n")
        .replace("platform = 6_300\n", "platform = 6_300\nbuyers = 900\n")
    )
    found = simcost.run(
        written(tmp_path, text), n=1_000, output=tmp_path / "v.h5", backend="reference", overrides=[f'scenario.view="{view}"']
    )
    buyers = next(each for each in found.figures.budget.parts if each.label == "buyers")
    within = {"cash": 0.0, "amortised": 1.0}[view]
    assert (buyers.probability_within.value, buyers.sum_for_confidence.value) == (within, 1_000.0 * (1.0 - within))


def test_a_search_that_reaches_no_value_names_the_sum_that_stands_in_its_way_at_each_end(tmp_path: Path) -> None:
    text = FILE.replace("platform = 6_300", "platform = 5_900").replace("[inputs]", '[inputs]\nk = "1"')
    text = text.replace('amount = "a"', 'amount = "a * k"')
    with pytest.raises(
        simcost.UsageError, match=r"545 CNY \(owner platform\) at inputs.k = 0.1 and [0-9,]+ CNY \(owner search\) at 2"
    ):
        simcost.seek(written(tmp_path, text), "inputs.k", between="0.1,2", n=20_000)
