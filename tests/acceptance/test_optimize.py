"""`simcost optimize` against problems that are solved on paper."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, lognorm, norm
from tests.acceptance.decided import HEAD, NEWSVENDOR, TWO, solved, value

import simcost
from simcost import api


def expected_cost(reserved):
    """Mean of a newsvendor's cost: c q + p E max(D - q, 0) of a normal demand."""
    z = (reserved - 100.0) / 20.0
    return 100.0 * reserved + 400.0 * 20.0 * (norm.pdf(z) - z * norm.sf(z))


def test_a_newsvendor_s_optimum_is_a_quantile_of_the_demand(tmp_path):
    found = solved(tmp_path, NEWSVENDOR)
    (choice,) = found.choices
    best = 100.0 + 20.0 * norm.ppf(0.75)  # 1 - c / p
    assert value(choice.low) <= best <= value(choice.high)
    assert value(choice.high) - value(choice.low) < 5.0
    assert found.fresh.low <= expected_cost(value(choice.value)) <= found.fresh.high
    assert expected_cost(value(choice.value)) <= expected_cost(best) * 1.0005
    assert found.saving.low <= expected_cost(50.0) - expected_cost(value(choice.value)) <= found.saving.high
    assert found.optimism.value == pytest.approx(found.fresh.value - found.searched)


def test_ends_without_a_unit_are_in_that_of_the_input(tmp_path):
    told = [solved(tmp_path, text) for text in (NEWSVENDOR, NEWSVENDOR.replace('"0 GPU"', "0").replace('"300 GPU"', "300"))]
    assert told[0].choices == told[1].choices


SHARE = (
    HEAD
    + """
[inputs]
share = 0.2
price = "100 CNY/month"
need  = { uniform = { low = 0, high = 1 }, unit = "1" }
[[cost]]
name = "Share"
category = "compute"
amount = "price * (share + 3 * max(need - share, 0) ** 2)"
[optimize]
[[optimize.decision]]
set  = "inputs.share"
from = 0
to   = 1
"""
)
"""Mean s + 3 E max(u - s, 0)^2 = s + (1 - s)^3 of the price: least where 3 (1 - s)^2 = 1."""


def test_a_pure_number_can_be_decided(tmp_path):
    found = solved(tmp_path, SHARE)
    (choice,) = found.choices
    best = 1.0 - 3.0**-0.5
    assert value(choice.low) <= best <= value(choice.high)
    assert choice.value == f"{value(choice.value):g}"  # without a unit
    assert found.fresh.low <= 100.0 * (best + (1.0 - best) ** 3) <= found.fresh.high
    assert value(choice.value) == pytest.approx(best, abs=0.02)
    (tmp_path / "scenario.toml").write_text(SHARE.replace(" ** 2", ""), "utf-8")  # 1 of a price against 3 in a third of futures
    shown = str(api.optimize(tmp_path / "scenario.toml", backend="reference"))
    assert "One unit too many costs" in shown


def test_an_input_in_percent_is_decided_in_percent(tmp_path):
    percent = (
        SHARE.replace("share = 0.2", 'share = "20 %"').replace("from = 0", 'from = "0 %"').replace("to   = 1", 'to = "100 %"')
    )
    (choice,) = solved(tmp_path, percent).choices
    assert choice.value.endswith(" %")
    assert value(choice.value) / 100 == pytest.approx(1.0 - 3.0**-0.5, abs=0.02)
    with pytest.raises(simcost.ScenarioError, match=r"inputs\.share is in %, and 0 has no unit"):
        solved(tmp_path, percent.replace('"0 %"', "0"))


COMMITTED = (
    HEAD.replace("months = 1 ", "months = 12 ").replace("100_000", "2_000")
    + """
[inputs]
growth = "20 to 30 GPU"
[drivers]
used = "growth * month / 6"
[[commitments]]
name = "Reserved"
quantity = "40 GPU"
use = "used"
price = "6 CNY/GPU/hour"
list_price = "10 CNY/GPU/hour"
month = 1
term = 12
[optimize]
[[optimize.decision]]
set  = "commitments.Reserved.month"
from = 1
to   = 12
step = 1
"""
)


def test_a_month_can_be_decided_and_is_the_best_of_all(tmp_path):
    found = solved(tmp_path, COMMITTED)
    (choice,) = found.choices
    months = ",".join(str(month) for month in range(1, 13))
    swept = api.sweep(tmp_path / "scenario.toml", f"commitments.Reserved.month={months}", backend="reference")
    means = {point.values[0]: point.total.mean for point in swept.points}
    assert value(choice.value) == min(means, key=means.get) not in (1.0, 12.0)
    assert found.searched == min(means.values())


def test_a_rare_shortage_takes_more_than_the_cheapest_reserve(tmp_path):
    limit = '[[optimize.limit]]\nname = "shortage"\nevent = "short > tolerated"\nprobability = 0.01\n'
    found = solved(tmp_path, NEWSVENDOR + limit)
    best = 70.0 + 20.0 * norm.ppf(0.99)
    # The 0.99 quantile of 100,000 draws, with 4.5 of its standard errors: sqrt(p (1 - p) / n) / f(q).
    error = 4.5 * np.sqrt(0.01 * 0.99 / 100_000) / norm.pdf(norm.ppf(0.99)) * 20.0
    assert value(found.choices[0].value) == pytest.approx(best, abs=error + 0.06)
    assert found.limits[0].allowed == 0.01
    assert found.limits[0].found == pytest.approx(0.01, abs=4.5 * np.sqrt(0.0099 * 2 / 100_000))


def test_two_commitments_are_two_quantiles(tmp_path):
    found = solved(tmp_path, TWO, n=20_000)
    wanted = (norm.ppf(1 - 100 / 250, 200, 30), lognorm.ppf(1 - 300 / 900, 0.5, scale=40))
    for choice, best in zip(found.choices, wanted, strict=True):
        assert value(choice.low) - 1 <= best <= value(choice.high) + 1
        assert value(choice.value) == pytest.approx(best, abs=6.0)


def test_the_frontier_trades_mean_for_risk(tmp_path):
    found = solved(tmp_path, NEWSVENDOR, n=20_000, frontier=4)
    means, risks = [each.mean for each in found.frontier], [each.cvar95 for each in found.frontier]
    assert len(means) == 4
    assert means == sorted(means)
    assert risks == sorted(risks, reverse=True)
    # At the cautious end, a (1 - c / p) share of the worst twentieth lies below what is reserved.
    assert value(found.frontier[-1].values[0]) == pytest.approx(norm.ppf(1 - 0.05 * 0.25, 100, 20), abs=4.0)


@pytest.mark.parametrize(("base", "reserved", "best"), [("as it is", "113 GPU", "more"), ("", "20 GPU", "as it is")])
def test_an_option_or_none_can_be_what_is_decided(tmp_path, base, reserved, best):
    text = NEWSVENDOR.replace(
        'set  = "inputs.reserved"\nfrom = "0 GPU"\nto   = "300 GPU"', f'set = "option"\nchoices = ["{base}", "more"]'
    )
    found = solved(tmp_path, f'{text}[options.more]\nset = {{ inputs.reserved = "{reserved}" }}\n', n=5_000)
    assert (found.choices[0].value, found.trials) == (best, 2)


def test_what_costs_the_same_is_chosen_within_its_budget(tmp_path):
    text = NEWSVENDOR.replace("[optimize]", "[optimize]\nwithin_budget = true").replace(
        "[optimize]", '[budget]\napproved = "14_500 CNY"\nconfidence = 0.9\n[optimize]', 1
    )
    found = solved(tmp_path, text, n=20_000)
    free = solved(tmp_path, NEWSVENDOR, n=20_000)
    (limit,) = found.limits
    assert (limit.name, limit.allowed) == ("budget", pytest.approx(0.1))
    assert found.searched > free.searched
    # Within 14,500 with a probability of 0.9: 100 q + 400 (d90 - q) = 14,500 for the 0.9 quantile of the demand.
    assert value(found.choices[0].value) == pytest.approx((400 * norm.ppf(0.9, 100, 20) - 14_500) / 300, abs=1.5)


def test_each_fiscal_year_s_sum_is_a_limit_though_the_whole_would_be_enough(tmp_path):
    text = NEWSVENDOR.replace("months = 1 }", "months = 2, fiscal_year_start = 2 }").replace(
        "[optimize]",
        "[budget]\napproved = { FY2027 = 14_500, FY2028 = 1_000_000 }\nconfidence = 0.9\n[optimize]\nwithin_budget = true",
        1,
    )
    found = solved(tmp_path, text, n=20_000)
    assert [limit.name for limit in found.limits] == ["budget", "budget of FY2027 (1 month)", "budget of FY2028 (1 month)"]
    # Both months have one demand, and the first may cost 14,500: as for a run of that month alone.
    assert value(found.choices[0].value) == pytest.approx((400 * norm.ppf(0.9, 100, 20) - 14_500) / 300, abs=1.5)
    assert found.limits[0].found == 0.0


def test_each_owner_s_sum_is_a_limit_though_the_whole_would_be_enough(tmp_path):
    text = NEWSVENDOR.replace('category = "', 'owner = "buyers"\ncategory = "').replace(
        "[optimize]",
        "[budget]\napproved = 1_000_000\nconfidence = 0.9\nowner = { buyers = 14_500 }\n[optimize]\nwithin_budget = true",
        1,
    )
    found = solved(tmp_path, text, n=20_000)
    assert [limit.name for limit in found.limits] == ["budget", "budget of buyers"]
    assert value(found.choices[0].value) == pytest.approx((400 * norm.ppf(0.9, 100, 20) - 14_500) / 300, abs=1.5)


@pytest.mark.slow
def test_the_fresh_interval_covers_the_true_cost_and_the_searched_figure_is_too_low(tmp_path):
    runs, n = 200, 2_000
    covered = low = 0
    for seed in range(runs):
        found = solved(tmp_path, NEWSVENDOR, n=n, seed=2 * seed, trials=40)
        true = expected_cost(value(found.choices[0].value))
        covered += found.fresh.low <= true <= found.fresh.high
        low += found.searched < true
    assert covered >= binom.ppf(1e-4, runs, 0.95)
    assert low >= runs / 2 - 2.5 * np.sqrt(runs / 4)
