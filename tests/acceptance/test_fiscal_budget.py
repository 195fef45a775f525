"""A budget by fiscal year or quarter: each period against the quantiles and probabilities of a normal cost."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import h5py
import numpy as np
import pytest

import simcost
from simcost.analysis.estimates.intervals import Estimate

from .fiscal_file import FILE
from .standard_errors import STANDARD_ERRORS

N = 100_000
MEAN, SD = 1_000.0, 200.0
YEAR = NormalDist(12 * MEAN, 12**0.5 * SD)

YEARS = '{ FY2028 = "12_500 CNY", FY2029 = 12_000 }'


def run(folder: Path, approved: str = YEARS, n: int = N):
    path = folder / "budget.toml"
    path.write_text(FILE.format(approved=approved), encoding="utf-8")
    return simcost.run(path, n=n, seed=20270101, keep="all", output=folder / "b.h5", force=True, backend="reference")


def test_each_year_stays_within_its_own_sum_with_the_probability_of_a_normal_cost(tmp_path: Path) -> None:
    budget = run(tmp_path).figures.budget
    for each, approved in zip(budget.periods, (12_500.0, 12_000.0), strict=True):
        assert each.approved == approved
        p = YEAR.cdf(approved)
        assert abs(each.probability_within.value - p) < STANDARD_ERRORS * (p * (1 - p) / N) ** 0.5
        enough = YEAR.inv_cdf(0.9)
        assert abs(each.sum_for_confidence.value - enough) < STANDARD_ERRORS * (0.09 / N) ** 0.5 / YEAR.pdf(enough)
        assert abs(each.probability_within.value - YEAR.cdf(approved + 100)) > 0.01  # negative control
    assert [each.label for each in budget.periods] == ["FY2028", "FY2029"]
    assert sum(each.sum_for_confidence.value for each in budget.periods) > budget.sum_for_confidence.value + 100


def test_months_may_spend_what_is_approved_up_to_the_end_of_their_year(tmp_path: Path) -> None:
    result = run(tmp_path, n=20_000)
    to_date, within = np.cumsum(result.samples("month"), axis=0), result.samples("within_fiscal_year")
    to_date[12:] -= to_date[11]  # what the first year leaves over is gone
    limits = np.repeat([12_500.0, 12_000.0], 12)[:, None]
    breached = np.logical_or.accumulate(to_date > limits, axis=0)
    assert np.array_equal(result.samples("breach"), breached)
    budget = result.figures.budget
    assert budget.first_breach.never == budget.probability_within_every_period
    assert abs(budget.first_breach.never.value - budget.probability_within.value) > 0.05  # negative control: of the whole
    years = result.samples("fiscal_year")
    assert np.array_equal(within, years <= np.array([[12_500.0], [12_000.0]]))
    assert result.figures.budget.approved == 24_500


def test_how_likely_all_years_hold_at_once_is_counted_on_joint_paths(tmp_path: Path) -> None:
    result = run(tmp_path)
    budget, years = result.figures.budget, result.samples("fiscal_year")
    together = budget.probability_within_every_period
    kept = np.all(years <= np.array([[12_500.0], [12_000.0]]), axis=0)
    assert together.value == kept.mean()
    assert np.array_equal(result.samples("within_every_period")[0], kept)
    p = YEAR.cdf(12_500.0) * YEAR.cdf(12_000.0)  # months are independent, and so are years
    assert abs(together.value - p) < STANDARD_ERRORS * (p * (1 - p) / N) ** 0.5
    assert together.low < together.value < together.high
    assert together.value < min(each.probability_within.value for each in budget.periods) - 0.001  # negative control
    assert abs(together.value - budget.probability_within.value) > 0.01  # of the whole, for which one year may help another


def test_years_that_rise_and_fall_together_hold_together(tmp_path: Path) -> None:
    path = tmp_path / "budget.toml"
    path.write_text(FILE.format(approved=YEARS).replace('draw = "month"', 'draw = "run"'), encoding="utf-8")
    budget = simcost.run(path, n=20_000, output=tmp_path / "b.h5", backend="reference").figures.budget
    assert budget.probability_within_every_period == budget.periods[1].probability_within  # the tighter of the two


def test_quarters_may_have_sums_of_their_own(tmp_path: Path) -> None:
    names = [f"FY{year} Q{quarter}" for year in (2028, 2029) for quarter in (1, 2, 3, 4)]
    result = run(tmp_path, "{ " + ", ".join(f'"{name}" = {3_000 + 10 * i}' for i, name in enumerate(names)) + " }", n=2_000)
    assert [(each.label, each.approved) for each in result.figures.budget.periods] == [
        (name, 3_000.0 + 10 * i) for i, name in enumerate(names)
    ]
    shares = (result.samples("quarter") <= 3_000 + 10 * np.arange(8)[:, None]).mean(axis=1)
    assert [each.probability_within.value for each in result.figures.budget.periods] == pytest.approx(shares)
    every = (result.samples("quarter") <= 3_000 + 10 * np.arange(8)[:, None]).all(axis=0).mean()
    assert result.figures.budget.probability_within_every_period.value == every


def test_the_file_gives_back_what_the_run_said_and_budget_and_export_tell_it(tmp_path: Path) -> None:
    result = run(tmp_path, n=2_000)
    assert simcost.show(result.path).figures.budget == result.figures.budget
    simcost.export(result.path, tmp_path / "b.csv")
    assert "budget,FY2029,,approved,12000.0,,,CNY" in (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()
    assert simcost.budget(result.path).answers.figures.periods == result.figures.budget.periods
    together = result.figures.budget.probability_within_every_period
    row = f"budget,,,probability_within_every_period,{together.value!r},{together.low!r},{together.high!r},1"
    assert row in (tmp_path / "b.csv").read_text(encoding="utf-8").splitlines()
    document = result.document()
    assert document["budget"]["probability_within_every_period"]["value"] == together.value


def test_the_file_names_each_period_s_figures_as_the_documents_do(tmp_path: Path) -> None:
    result = run(tmp_path, n=200)
    document = result.document()
    said = {name for each in document["budget"]["periods"].values() for name in each}
    with h5py.File(result.path) as file:
        held = {name for name in file["budget"] if name.endswith("_by_period")}
    assert held == {f"{name}_by_period" for name in said}


MORE = """
[options.dearer.set]
inputs.fee = { normal = { mean = 1_030, sd = 200 }, unit = "CNY/month", draw = "month" }
[options.whole.set]
inputs.fee = { normal = { mean = 1_030, sd = 200 }, unit = "CNY/month", draw = "month" }
budget.approved = "24_500 CNY"
[stress.dearer]
shift = { fee = "30 CNY/month" }
[stress.whole]
option = "whole"
"""


def judged(estimate: Estimate | None) -> tuple[float | None, ...] | None:
    return estimate and (estimate.value, estimate.low, estimate.high)


@pytest.mark.parametrize("sampling", ["", '[sampling]\nmethod = "sobol"\n'])
def test_models_side_by_side_tell_of_every_period_what_their_runs_tell(tmp_path: Path, sampling: str) -> None:
    path = tmp_path / "budget.toml"
    path.write_text(FILE.format(approved=YEARS) + sampling + MORE, encoding="utf-8")
    n = 70_000 if not sampling else 4_096  # with two blocks
    choices = {"n": n, "seed": 7, "backend": "reference"}
    runs = [
        simcost.run(path, option=option, **choices, output=tmp_path / "b.h5", force=True, keep="none").figures.budget
        for option in ("", "dearer", "whole")
    ]
    expected = [judged(each.probability_within_every_period) for each in runs]
    assert expected[0][0] > expected[1][0] + 0.1
    assert expected[2] is None
    compared = simcost.compare(path, workers=2, **choices)
    assert [judged(each.kept.together.get("period")) for each in compared.comparison.models] == expected
    swept = simcost.sweep(path, "inputs.fee=1000,1035", **choices).points  # certain: 12,420 a year are within one of two
    assert [each.kept.together["period"].value for each in swept] == [1.0, 0.0]
    test = simcost.stress(path, **choices).test
    found = [judged(each.kept.together.get("period")) for each in (test.base, *test.outcomes)]
    assert found == expected
    assert [each.probability_within.value for each in (test.base, *test.outcomes)] == [
        each.probability_within.value for each in runs
    ]
    held = compared.to_xarray().probability_within_every_period
    assert held.values.tolist()[:2] == [each[0] for each in expected[:2]]
    assert np.isnan(held.sel(model="whole"))
    assert " every period " in f"{compared}"


def test_what_nobody_knows_moves_how_likely_every_period_holds(tmp_path: Path) -> None:
    """In a draw with mean m both years of a fee drawn for the run cost 12 m (1 + Z / 5): the tighter one decides."""
    path = tmp_path / "budget.toml"
    text = FILE.format(approved=YEARS).replace("mean = 1_000, sd = 200", 'mean = "950 to 1_050", sd = 200')
    path.write_text(text.replace('draw = "month"', 'draw = "run"'), encoding="utf-8")
    report = simcost.uncertainty(path, outer=40, n=4_000, backend="reference")
    found = {each.name: each for each in report.found.figures}["probability_within_every_period"]
    (means,) = report.drawn.values
    exact = np.array([NormalDist(mean, 200.0).cdf(1_000.0) for mean in means])
    place = [each.name for each in report.found.figures].index("probability_within_every_period")
    assert np.abs(report.found.draws[place] - exact).max() < 0.04  # five standard errors
    assert found.low < found.value < found.high
    assert found.pooled == pytest.approx(report.found.draws[place].mean())
    plain = simcost.run(path, n=4_000, backend="reference", output=tmp_path / "b.h5").figures.budget
    assert found.value == plain.probability_within_every_period.value
    assert "every period" in f"{report}"


def test_without_sums_by_period_nothing_is_told_of_them(tmp_path: Path) -> None:
    path = tmp_path / "budget.toml"
    path.write_text(FILE.format(approved='"24_500 CNY"') + MORE, encoding="utf-8")
    compared = simcost.compare(path, options="dearer", n=500, backend="reference")
    assert "every period" not in f"{compared}"
    assert compared.document()["models"][0]["probability_within_every_period"] is None
