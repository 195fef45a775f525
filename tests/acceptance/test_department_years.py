"""Approved sums of owners by fiscal year and quarter: each against the quantiles and probabilities of a normal cost."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from statistics import NormalDist

import h5py
import numpy as np
import pytest
from click.testing import CliRunner

import simcost
from simcost.analysis.budgets.budget_gate import gate
from simcost.cli.root import root
from simcost.report.budget.text import gate_sentence
from simcost.report.run.document import summary_document

from .standard_errors import STANDARD_ERRORS

N = 100_000
SEARCH, PLATFORM = NormalDist(12_000.0, 12**0.5 * 200.0), NormalDist(6_000.0, 12**0.5 * 100.0)
"""What each owner costs in a fiscal year."""

FILE = """schema = 1
[scenario]
name = "Departments"
currency = "CNY"
start = "2027-04"
months = 24
fiscal_year_start = 4
by_month = ["owner"]
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
approved = "40_000 CNY"
confidence = 0.8
[budget.owner]
search = { FY2028 = "12_500 CNY", FY2029 = 13_000 }
platform = { FY2028 = 6_300, FY2029 = 6_200 }
"""

SUMS = {
    "search FY2028": (SEARCH, 12_500.0),
    "search FY2029": (SEARCH, 13_000.0),
    "platform FY2028": (PLATFORM, 6_300.0),
    "platform FY2029": (PLATFORM, 6_200.0),
}


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "years.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, n: int = N, text: str = FILE):
    return simcost.run(written(folder, text), n=n, seed=7, keep="all", output=folder / "y.h5", force=True, backend="reference")


def by_period(parts) -> dict:
    return {each.label: each for each in parts if each.group == "owner_by_period"}


def test_each_owner_stays_within_the_sum_of_a_year_with_the_probability_of_a_normal_cost(tmp_path: Path) -> None:
    """Beyond a the mean of a normal is m + s h with h = pdf(z) / (1 - cdf(z)), its variance s^2 (1 + z h - h^2)."""
    parts = run(tmp_path).figures.budget.parts
    whole = [(each.label, each.approved) for each in parts if each.group == "owner"]
    assert whole == [("search", 25_500.0), ("platform", 12_500.0)]
    assert list(by_period(parts)) == list(SUMS)
    for label, each in by_period(parts).items():
        cost, approved = SUMS[label]
        p, exact = cost.cdf(approved), cost.inv_cdf(0.8)
        assert each.approved == approved
        assert abs(each.probability_within.value - p) < STANDARD_ERRORS * (p * (1 - p) / N) ** 0.5
        assert abs(each.probability_within.value - cost.cdf(approved + 100)) > 0.01  # negative control
        assert abs(each.sum_for_confidence.value - exact) < STANDARD_ERRORS * (0.8 * 0.2 / N) ** 0.5 / cost.pdf(exact)
        z = (approved - cost.mean) / cost.stdev
        over = 1 - NormalDist().cdf(z)
        h = NormalDist().pdf(z) / over
        error = cost.stdev * ((1 + z * h - h * h) / (N * over)) ** 0.5
        assert abs(each.overrun.mean.value - (cost.mean + cost.stdev * h - approved)) < STANDARD_ERRORS * error


def test_an_owner_s_year_is_the_sum_of_its_months_in_every_scenario(tmp_path: Path) -> None:
    result = run(tmp_path)
    months = result.samples("owner_by_month").reshape(2, 2, 12, N)  # owner, year, month
    years = months.sum(axis=2).reshape(4, N)
    assert np.allclose(result.samples("owner_by_period"), years, rtol=1e-12)
    kept = years <= np.array([[approved] for _, approved in SUMS.values()])
    assert np.array_equal(result.samples("within_owner_by_period"), kept)
    together = result.figures.budget.probability_within_every_part["owner_by_period"]
    assert together.value == kept.all(axis=0).mean()
    p = prod(cost.cdf(approved) for cost, approved in SUMS.values())
    assert abs(together.value - p) < STANDARD_ERRORS * (p * (1 - p) / N) ** 0.5


def test_sums_by_year_move_no_other_column(tmp_path: Path) -> None:
    with_years = run(tmp_path, 500)
    whole = FILE.replace('{ FY2028 = "12_500 CNY", FY2029 = 13_000 }', "25_500").replace(
        "{ FY2028 = 6_300, FY2029 = 6_200 }", "12_500"
    )
    plain = run(tmp_path, 500, whole)
    assert with_years.plan_digest != plain.plan_digest
    for group in ("total", "owner", "month", "within", "within_owner", "within_every_owner", "breach", "owner_by_month"):
        assert np.array_equal(with_years.samples(group), plain.samples(group))


@pytest.mark.parametrize("view", ["cash", "amortised"])
def test_a_quarter_of_a_category_counts_what_the_view_counts(tmp_path: Path, view: str) -> None:
    """A year is paid at once in its first month, or worn in twelve: 1200 in the first quarter, or 300 in each."""
    text = """schema = 1
[scenario]
name = "Quarters"
currency = "CNY"
start = "2027-06"
months = 4
fiscal_year_start = 4
[inputs]
x = "1 to 2 CNY/month"
price = "1_200 CNY"
wear = "100 CNY/month"
[[cost]]
name = "Paid"
category = "assets"
view = "cash"
amount = "price"
every = "once"
[[cost]]
name = "Worn"
category = "assets"
view = "amortised"
amount = "wear"
[[cost]]
name = "Rest"
category = "rest"
amount = "x"
[budget]
approved = 2_000
[budget.category]
assets = { "FY2028 Q1" = 500, "FY2028 Q2" = 300 }
"""
    result = simcost.run(
        written(tmp_path, text), n=50, output=tmp_path / "q.h5", backend="reference", overrides=[f'scenario.view="{view}"']
    )
    parts = {each.label: each for each in result.figures.budget.parts if each.group == "category_by_period"}
    costs = {"cash": (1_200.0, 0.0), "amortised": (100.0, 300.0)}[view]
    labels = ("assets FY2028 Q1 (1 month)", "assets FY2028 Q2")
    assert tuple(parts) == labels
    for label, cost in zip(labels, costs, strict=True):
        assert parts[label].sum_for_confidence.value == cost
        assert parts[label].probability_within.value == float(cost <= parts[label].approved)


def test_the_file_gives_back_what_the_run_said_and_the_documents_name_it_alike(tmp_path: Path) -> None:
    result = run(tmp_path, 2_000)
    budget = result.figures.budget
    again = simcost.show(result.path)
    assert again.figures.budget == budget
    assert again.figures.owners_by_period == result.figures.owners_by_period
    assert all(check.passed for check in simcost.verify(result.path).checks)
    document = summary_document(result.figures, result.scenario, result.run)
    told = document["budget"]["owners_by_period"]["search FY2028"]
    assert told["probability_within"]["value"] == by_period(budget.parts)["search FY2028"].probability_within.value
    assert document["owners_by_period"]["search FY2028"]["mean"] == result.samples("owner_by_period")[0].mean()
    with h5py.File(result.path) as file:
        every = file["budget"].attrs["probability_within_every_owner_by_period"]
        assert every == document["budget"]["probability_within_every_owner_by_period"]["value"]
    within = simcost.budget(result.path).to_xarray().probability_within_by_owner_by_period
    assert within.sel(approved_owner_by_period="search FY2028").item() == told["probability_within"]["value"]
    simcost.export(result.path, tmp_path / "y.csv")
    assert "budget_owner_by_period,platform FY2029,,approved,6200.0,,,CNY" in (tmp_path / "y.csv").read_text(encoding="utf-8")


def test_a_year_that_fails_is_not_mended_by_another_and_the_verdict_names_it(tmp_path: Path) -> None:
    result = run(tmp_path, 20_000)
    verdict = gate(result.figures.budget, 20_000)
    assert (verdict.met, verdict.decided, verdict.part.label) == (False, True, "platform FY2029")
    said = gate_sentence(result.figures.budget, verdict, "CNY")
    assert said.startswith("Gate: the wanted 80 % is not met by owner platform FY2029: 6,200 CNY is enough in ")
    owners = {each.label: each.probability_within.value for each in result.figures.budget.parts if each.group == "owner"}
    assert min(owners.values()) > 0.8  # over both years
    shown = f"{simcost.budget(result.path)}"
    assert "\n search FY2028 " in shown
    assert "Sums of owners by period: not kept with 80 % by search FY2028 (7" in shown
    asked = simcost.budget(result.path, confidence=0.7).answers
    assert asked.gate.met
    assert by_period(asked.figures.parts)["search FY2028"].sum_for_confidence.value == pytest.approx(
        SEARCH.inv_cdf(0.7), rel=0.005
    )


def test_validate_names_every_sum_of_a_year(tmp_path: Path) -> None:
    said = CliRunner().invoke(root, ["validate", str(written(tmp_path))]).stdout
    named = "search FY2028 12,500, search FY2029 13,000, platform FY2028 6,300, platform FY2029 6,200 CNY."
    assert f"Of it, each with that probability too, by owners and period: {named}" in " ".join(said.split())


def test_one_year_of_one_owner_is_given_another_sum(tmp_path: Path) -> None:
    asked = ["budget.owner.platform.FY2029=6_400"]
    report = simcost.budget(written(tmp_path), overrides=asked, n=500, split=False, backend="reference")
    assert [each.approved for each in by_period(report.answers.figures.parts).values()] == [12_500.0, 13_000.0, 6_300.0, 6_400.0]


def test_a_value_is_sought_that_keeps_every_owner_s_year(tmp_path: Path) -> None:
    """A certain fee of x costs search 12 x a year: 12,500 is kept up to x = 1041.67; both years together would take more."""
    text = FILE.replace("6_300", "6_600").replace("6_200", "6_600")
    report = simcost.seek(written(tmp_path, text), "inputs.a", between="500,1500", n=4_000, backend="reference")
    assert report.period == "owner search FY2028"
    assert report.sought.value == pytest.approx(12_500 / 12, rel=1e-5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", FY2029 = 13_000", "", 'owner.search: no sum for FY2029. Add FY2029 = "6_500_000 CNY".'),
        ("FY2029 = 13_000", "FY2031 = 13_000", 'the run has no fiscal year or quarter "FY2031". The run has FY2028, FY2029.'),
        ("fiscal_year_start = 4\n", "", "nothing tells when these begin. Write fiscal_year_start = 4 under [scenario]"),
        ("FY2029 = 13_000", "FY2029 = -1", "owner.search.FY2029: -1 is negative. Give a sum of zero or more."),
        ("FY2029 = 13_000", 'FY2029 = "13 GPU"', 'owner.search.FY2029: "13 GPU" is in GPU, not in CNY. Write FY2029 ='),
        ('"40_000 CNY"', "{ FY2028 = 18_000, FY2029 = 22_000 }", "the sums of owners in FY2028 are 18,800 CNY in all, more than"),
        ('"40_000 CNY"', '"37_000 CNY"', "the sums of owners are 38,000 CNY in all, more than the approved 37,000."),
    ],
)
def test_sums_by_year_that_are_none_are_told_in_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(simcost.ScenarioError) as caught:
        simcost.run(written(tmp_path, FILE.replace(old, new, 1)), n=10)
    assert said in f"{caught.value}"
    assert len(caught.value.problems) == 1


BILLS = "month,line,amount\n" + "".join(
    f"{year}-{month:02d},{line},{amount}\n"
    for year, month in [(2027, each) for each in range(4, 13)] + [(2028, each) for each in range(1, 7)]
    for line, amount in (("A", 1_010), ("B", 490))
)
"""Fifteen months: all of the first fiscal year, and three of the second."""


def test_bills_show_what_is_spent_of_each_year_s_sum_and_how_likely_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text(BILLS, encoding="utf-8")
    text = FILE.replace('"40_000 CNY"', "{ FY2028 = 19_000, FY2029 = 20_000 }") + '[actuals]\nfile = "bills.csv"\n'
    report = simcost.variance(written(tmp_path, text), learn=True, n=40_000, seed=7, backend="reference")
    assert report.spent["owner_by_period", "search FY2028"] == 12 * 1_010
    assert report.spent["owner_by_period", "platform FY2029"] == 3 * 490
    assert report.spent["fiscal_year", "FY2029"] == 3 * 1_500
    plan, forecast = by_period(report.plan.parts), by_period(report.forecast.parts)
    rest = NormalDist(3 * 490 + 9 * 500, 3 * 100.0)
    for found, p in (
        (plan["platform FY2029"], PLATFORM.cdf(6_200)),
        (forecast["platform FY2029"], rest.cdf(6_200)),
    ):
        assert abs(found.probability_within.value - p) < STANDARD_ERRORS * (p * (1 - p) / 40_000) ** 0.5
    assert forecast["platform FY2028"].probability_within.value == 1.0  # 5,880 were billed
    learned = {(each.group, each.name): each for each in report.learned.parts}["owner_by_period", "platform FY2029"]
    assert learned.probability_within.low < rest.cdf(6_200) < learned.probability_within.high  # months are drawn anew
    shown = " ".join(f"{report}".split())
    (tmp_path / "v.json").write_text(json.dumps(report.document()), encoding="utf-8")
    assert "search FY2028 12,500 12,120 97.0 %" in shown
    assert "FY2029 20,000 4,500 22.5 %" in shown
    assert "owner in a period" in simcost.page(tmp_path / "v.json", format="md")


MORE = """
[options.dearer]
set = { inputs.a.normal.mean = 1_030 }
[options.whole]
set = { budget.owner = {} }
[stress.dearer]
shift = { a = "30 CNY/month" }
[stress.whole]
option = "whole"
"""


def told(kept) -> dict:
    return {
        (group, name): (each.value, each.low, each.high) for group, its in kept.parts.items() for name, each in its.items()
    } | {(group, "all"): (each.value, each.low, each.high) for group, each in kept.together.items()}


def of_run(budget) -> dict:
    parts = {(each.group, each.label): each.probability_within for each in budget.parts}
    together = {(group, "all"): each for group, each in budget.probability_within_every_part.items()}
    return {part: (each.value, each.low, each.high) for part, each in (parts | together).items()}


@pytest.mark.parametrize("sampling", ["", '[sampling]\nmethod = "sobol"\n'])
def test_models_side_by_side_tell_of_every_sum_what_their_runs_tell(tmp_path: Path, sampling: str) -> None:
    path = written(tmp_path, FILE.replace('by_month = ["owner"]\n', "") + sampling + MORE)
    choices = {"n": 70_000 if not sampling else 4_096, "seed": 7, "backend": "reference"}
    runs = [
        of_run(simcost.run(path, option=each, **choices, output=tmp_path / "m.h5", force=True, keep="none").figures.budget)
        for each in ("", "dearer", "whole")
    ]
    search, platform = ("owner_by_period", "search FY2028"), ("owner_by_period", "platform FY2028")
    p, dearer = (NormalDist(12 * mean, SEARCH.stdev).cdf(12_500) for mean in (1_000, 1_030))
    for run_of, exact in zip(runs, (p, dearer), strict=False):
        assert abs(run_of[search][0] - exact) < STANDARD_ERRORS * (exact * (1 - exact) / choices["n"]) ** 0.5
    assert runs[0][platform] == runs[1][platform]
    assert runs[2] == {}
    compared = simcost.compare(path, workers=2, **choices)
    assert [told(each.kept) for each in compared.comparison.models] == runs
    test = simcost.stress(path, **choices).test
    assert [told(each.kept) for each in (test.base, *test.outcomes)] == runs
    swept = simcost.sweep(path, "inputs.a=1_000,1_050", **choices)
    assert [each.kept.parts["owner"]["search"].value for each in swept.points] == [1.0, 1.0]  # 25,500 are for both years
    assert [each.kept.parts["owner_by_period"]["search FY2028"].value for each in swept.points] == [1.0, 0.0]


def test_what_several_models_tell_of_sums_is_told_alike_in_text_documents_and_datasets(tmp_path: Path) -> None:
    path = written(tmp_path, FILE + MORE)
    choices = {"n": 2_000, "backend": "reference"}
    answers = (
        simcost.compare(path, **choices),
        simcost.stress(path, **choices),
        simcost.sweep(path, "inputs.a=1000,1050", **choices),
    )
    for answer, key, axis in zip(answers, ("models", "stresses", "points"), ("model", "stress", "inputs.a"), strict=True):
        document, held = answer.document(), answer.to_xarray()
        last = document[key][0 if key == "stresses" else 1]
        assert list(last["owners"]) == ["search", "platform"]
        kept = last["owners_by_period"]["search FY2029"]["probability_within"]["value"]
        every = last["probability_within_every_owner_by_period"]["value"]
        assert held.probability_within_by_owner_by_period.sel(approved_owner_by_period="search FY2029")[1].item() == kept
        assert held.probability_within_every_owner_by_period.isel({axis: 1}).item() == every
        assert "within, owner in a period" in f"{answer}"
        if key != "stresses":
            (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
            assert "within, owner in a period" in simcost.page(tmp_path / "a.json", format="md")
    crossed = simcost.sweep(path, ["inputs.a=1000,1050", "inputs.b=500,510"], **choices)
    assert " every owner in a period " in f"{crossed}"


def test_what_nobody_knows_moves_how_likely_each_sum_is_kept(tmp_path: Path) -> None:
    """In a draw with mean m a year of search costs 12 m, with a deviation of 12 ** 0.5 * 200."""
    text = FILE.replace("mean = 1_000, sd = 200", 'mean = "980 to 1_040", sd = 200').replace('by_month = ["owner"]\n', "")
    report = simcost.uncertainty(written(tmp_path, text), outer=40, n=4_000, backend="reference")
    names = [each.name for each in report.found.figures]
    place, other = (names.index(f"probability_within owner {each} FY2028") for each in ("search", "platform"))
    (means,) = report.drawn.values
    exact = np.array([NormalDist(12 * mean, SEARCH.stdev).cdf(12_500) for mean in means])
    assert np.abs(report.found.draws[place] - exact).max() < 0.04  # five standard errors
    assert np.ptp(exact) > 0.2
    assert np.ptp(report.found.draws[other]) == 0.0  # common random numbers, and nothing of platform is unknown
    assert report.found.figures[place].pooled == pytest.approx(report.found.draws[place].mean())
    assert "every owner in a period" in f"{report}"
    assert "  owner search FY2028" in f"{report}"
