"""When a budget is first broken and by how much it is exceeded: against sorted and counted samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.summaries import summary_of

import simcost
from simcost.analysis.budgets.first_breach import first_breach
from simcost.analysis.budgets.overrun import overrun
from simcost.analysis.estimates.intervals import ranks
from simcost_kernels.summaries.sections import section_numbers

APPROVED = 2_000_000.0
SCENARIO = """\
schema = 1
[scenario]
name = "Breaks in any month"
currency = "CNY"
start = "2027-01"
months = 6
[sampling]
scenarios = {n}
seed = 11
method = "{method}"
[inputs]
rent = {{ lognormal = {{ median = 300_000, sd_log = 0.4 }}, unit = "CNY/month", draw = "month" }}
[[cost]]
name = "rent"
category = "compute"
amount = "rent"
[budget]
approved = ["250_000 CNY", "400_000 CNY", "400_000 CNY", "300_000 CNY", "350_000 CNY", "300_000 CNY"]
confidence = 0.8
"""


@pytest.fixture
def result(tmp_path: Path):
    def run(n: int, method: str = "random"):
        path = tmp_path / "breaks.toml"
        path.write_text(SCENARIO.format(n=n, method=method), encoding="utf-8")
        return simcost.run(path, keep="all", backend="reference", output=tmp_path / f"{method}-{n}.h5")

    return run


@pytest.mark.parametrize(("n", "method"), [(37, "random"), (20_000, "random"), (4_096, "sobol")])
def test_first_breaches_are_those_of_the_kept_samples_exactly_and_sum_to_one(result, n: int, method: str) -> None:
    found = result(n, method)
    broken = found.samples("breach").astype(bool)
    counts = [int(np.count_nonzero(broken[month] & ~broken[:month].any(axis=0))) for month in range(6)]
    first = found.figures.budget.first_breach
    assert [each.value for each in first.by_month] == [count / n for count in counts]
    assert first.never.value == (n - sum(counts)) / n
    assert round(n * sum(each.value for each in (*first.by_month, first.never))) == n
    assert all(each.low <= each.value <= each.high for each in (*first.by_month, first.never))


def test_first_breaches_of_replicates_have_the_interval_of_their_shares(result) -> None:
    n, replicates = 16_384, 16
    found = result(n, "sobol")
    broken = found.samples("breach").astype(bool)
    first = broken & ~np.vstack([np.zeros((1, n), dtype=bool), broken[:-1]])
    happens = np.vstack([first, ~broken[-1:]])  # in each month, and never
    numbers = section_numbers(0, n, replicates)
    told = found.figures.budget.first_breach
    exact = 0
    for each, values in zip((*told.by_month, told.never), happens, strict=True):
        if values.sum() < 5 * replicates:  # too few for the spread of shares to be normal
            exact += 1
            continue
        shares = [values[numbers == place].mean() for place in range(replicates)]
        half = stats.t.ppf(0.975, replicates - 1) * stats.sem(shares)
        assert (each.low, each.high) == pytest.approx((values.mean() - half, values.mean() + half), rel=1e-9)
    assert exact <= 2


def test_first_breaches_do_not_depend_on_the_cumulative_ones_being_wrong() -> None:
    """Negative control: columns that are cumulative in the wrong month are told apart."""
    broken = np.array([[0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0]])
    summary = summary_of(broken)
    assert [each.value for each in first_breach(summary, (0, 1)).by_month] == [0.25, 0.25]
    assert [each.value for each in first_breach(summary, (1, 0)).by_month] != [0.25, 0.25]


def test_an_overrun_is_that_of_the_sorted_samples_to_the_last_bit(result) -> None:
    found = result(200)
    totals = np.sort(found.samples("total")[0])
    over = totals[totals > APPROVED] - APPROVED
    told, count = found.figures.budget.overrun, len(over)
    assert 60 < count < 120
    assert told.mean.value == pytest.approx(over.mean(), rel=1e-12)
    assert told.p50.value == over[-(-count // 2) - 1]
    low, high = ranks(count, 0.5)
    assert (told.p50.low, told.p50.high) == (over[low], over[high])
    assert told.p95.value == over[-(-count * 95 // 100) - 1]
    half = 1.959963984540054 * over.std() / np.sqrt(count)
    assert told.mean.high - told.mean.value == pytest.approx(half, rel=1e-6)  # two values of a cell count as its middle


def test_an_overrun_of_many_scenarios_is_theirs_as_far_as_cells_tell(result) -> None:
    found = result(20_000)
    totals = found.samples("total")[0]
    over, told = totals[totals > APPROVED] - APPROVED, found.figures.budget.overrun
    cell = 2.0**-12 * totals.max()
    assert abs(told.mean.value - over.mean()) < cell / 10
    for estimate, share in ((told.p50, 0.5), (told.p95, 0.95)):
        assert abs(estimate.value - np.quantile(over, share, method="inverted_cdf")) < cell
        assert estimate.low < estimate.value < estimate.high


def test_few_overruns_have_no_ends_and_none_has_no_figures() -> None:
    summary = summary_of(np.arange(100.0))
    few = overrun(summary, 0, 97.5, 2)
    assert (few.mean.value, few.mean.low, few.p95.value, few.p95.high) == (1.0, None, 1.5, None)
    assert overrun(summary, 0, 99.0, 0) is None


@pytest.mark.slow
def test_the_interval_of_a_mean_overrun_covers_what_it_should() -> None:
    """Of 2,000 seeds; the bound is 4.5 standard errors of a share of 0.95, and half the width covers far less."""
    rng = np.random.default_rng(5)
    truth, hits, narrow, seeds = 1.0, 0, 0, 2_000  # an exponential total beyond any sum has its own mean there
    for _ in range(seeds):
        values = rng.exponential(size=2_000)
        summary = summary_of(values)
        found = overrun(summary, 0, 1.0, int((values > 1.0).sum())).mean
        hits += found.low <= truth <= found.high
        narrow += abs(found.value - truth) <= (found.high - found.low) / 4
    assert abs(hits / seeds - 0.95) < 4.5 * np.sqrt(0.95 * 0.05 / seeds)
    assert narrow / seeds < 0.8
