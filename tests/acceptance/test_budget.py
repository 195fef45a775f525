"""``simcost budget`` against closed forms: a normal total, a lognormal one, and an estimate that GAO published."""

from __future__ import annotations

from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import simcost

SIGMAS = 4.5
N = 400_000
SUM = """\
schema = 1
[scenario]
name = "Two normals"
currency = "CNY"
start = "2027-01"
months = 2
[inputs]
a = {{ normal = {{ mean = 40_000, sd = 3_000 }}, unit = "CNY/month" }}
b = {{ {b}, unit = "CNY" }}
[[cost]]
name = "a"
category = "x"
amount = "a"
[[cost]]
name = "b"
category = "y"
every = "once"
amount = "b"
[budget]
approved = "{approved} CNY"
confidence = {confidence}
"""


@pytest.fixture
def report(tmp_path: Path):
    def answer(b: str, approved: float, confidence: float):
        path = tmp_path / "sum.toml"
        path.write_text(SUM.format(b=b, approved=approved, confidence=confidence), encoding="utf-8")
        return simcost.budget(path, n=N, seed=5)

    return answer


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95])
def test_a_normal_total_has_the_closed_forms_of_every_answer(report, confidence: float) -> None:
    law = stats.norm(130_000, sqrt(6_000**2 + 8_000**2))
    answers = report("normal = { mean = 50_000, sd = 8_000 }", 138_000, confidence).answers
    z, sd = stats.norm.ppf(confidence), law.std()
    within = law.cdf(138_000)
    assert abs(answers.figures.probability_within.value - within) <= SIGMAS * sqrt(within * (1 - within) / N)
    at = law.ppf(confidence)
    error = SIGMAS * sqrt(confidence * (1 - confidence) / N) / law.pdf(at)
    assert abs(answers.figures.sum_for_confidence.value - at) <= error
    assert abs(answers.figures.reserve_for_confidence.value - (at - 138_000)) <= error
    tail = law.mean() + sd * stats.norm.pdf(z) / (1 - confidence)
    mean = stats.norm.pdf(z) - z * (1 - confidence)  # of max(Z - z, 0), and its second moment
    second = (1 + z * z) * (1 - confidence) - z * stats.norm.pdf(z)
    error = SIGMAS * sd * sqrt((second - mean**2) / N) / (1 - confidence)
    assert abs(answers.cvar_for_confidence.value - tail) <= error + answers.cvar_for_confidence.bound
    assert (
        abs(answers.cvar_for_confidence.value - 1.01 * tail) > error + answers.cvar_for_confidence.bound
    )  # a hundredth too much is caught
    assert answers.base.estimate.total == pytest.approx(130_000, rel=1e-14)
    assert abs(answers.base.probability_within.value - 0.5) <= SIGMAS * sqrt(0.25 / N)
    assert answers.base.reserve_for_confidence.value == pytest.approx(answers.figures.sum_for_confidence.value - 130_000)


def test_the_mode_of_a_lognormal_lies_at_its_sigma_below_the_median(report) -> None:
    answers = report("lognormal = { median = 50_000, sd_log = 0.5 }", 138_000, 0.8).answers
    assert answers.base.estimate.total == pytest.approx(80_000 + 50_000 * exp(-0.25), rel=1e-14)
    assert answers.base.estimate.medians == ()


def test_an_input_without_a_mode_is_at_its_median_and_named(report) -> None:
    answers = report("uniform = { low = 20_000, high = 50_000 }", 138_000, 0.8).answers
    assert answers.base.estimate.total == pytest.approx(115_000, rel=1e-14)
    assert answers.base.estimate.medians == ("b",)


def test_the_interval_of_the_base_estimate_s_place_covers_it(report) -> None:
    place = report("normal = { mean = 50_000, sd = 8_000 }", 138_000, 0.8).answers.base.probability_within
    assert place.low < 0.5 < place.high
    assert place.high - place.low < 2 * 1.96 * sqrt(0.25 / N) * 1.1


def test_gao_s_sum_of_modes_is_kept_in_an_eighth_of_the_futures() -> None:
    """P(total <= sum of modes) is 0.1258 for GAO's seven elements, independent and triangular."""
    base = simcost.budget(Path(__file__).with_name("gao_uav.toml"), approved=1_000, n=N).answers.base
    assert abs(base.probability_within.value - 0.1258) <= SIGMAS * sqrt(0.1258 * 0.8742 / N) + 5e-5
    assert base.estimate.medians == ()


UNDEFINED = """schema = 1
[scenario]
name = "One month of a future in ten is undefined"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
fee = "900 to 1_500 to 4_000 CNY/month"
open = { bernoulli = { p = 0.9 }, unit = "1", draw = "month" }
[[cost]]
name = "Fee"
category = "fees"
amount = "fee / where(month == 3, open, 1)"
[budget]
approved = "18_000 CNY"
"""


def test_what_is_undefined_is_within_no_sum_neither_the_approved_one_nor_the_base_estimate(tmp_path):
    path = tmp_path / "undefined.toml"
    path.write_text(UNDEFINED, encoding="utf-8")
    result = simcost.run(path, n=5_000, keep="all", output=tmp_path / "r.h5", backend="reference")
    totals = result.samples("total")
    assert 0.05 < np.mean(~np.isfinite(totals)) < 0.15
    within = np.mean(totals <= 18_000)
    report = simcost.budget(result.path)
    base = report.answers.base
    assert base.estimate.total == 18_000
    assert report.answers.figures.probability_within.value == within
    assert base.probability_within.value == pytest.approx(within, abs=1e-3)  # of a cell, within which values lie evenly
    assert base.probability_within.low < within < base.probability_within.high
