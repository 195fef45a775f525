"""``simcost optimize`` where the best decision is a quantile: that draw, and no trial of a search is cheaper."""

from __future__ import annotations

import numpy as np
import pytest
from tests.acceptance.decided import NEWSVENDOR, TWO, searched, solved, value
from tests.places import SCENARIOS

from simcost import api

SHOP = (
    (SCENARIOS / "small_shop.toml").read_text("utf-8")
    + """
[optimize]
[[optimize.decision]]
set  = 'commitments."GPU servers".quantity'
from = "0 server"
to   = "6 server"
"""
)
"""The library's shop: how many of its machines to pay for in advance and by the hour, with list prices beyond them."""


@pytest.mark.parametrize("text", [NEWSVENDOR, TWO, SHOP, SHOP + 'step = "1 server"'], ids=["one", "two", "shop", "shop in steps"])
def test_the_quantile_is_what_the_search_finds_and_no_trial_is_cheaper(tmp_path, monkeypatch, text):
    found, (other, figures) = solved(tmp_path, text, n=3_000), searched(tmp_path, text, monkeypatch, n=3_000)
    assert (bool(found.ratios), bool(other.ratios)) == (True, False)
    assert found.searched <= min(figures) * (1.0 + 1e-12)  # sums of equal totals differ by rounding
    for mine, its in zip(found.choices, other.choices, strict=True):
        assert value(its.low) - 1e-3 <= value(mine.value) <= value(its.high) + 1e-3  # places are told to six digits
        assert value(mine.low) - 1e-3 <= value(its.value) <= value(mine.high) + 1e-3
    assert found.trials < other.trials or other.trials == 7  # of seven servers all are tried to tell what is as good


def test_it_is_the_draw_of_the_demand_that_the_critical_ratio_names(tmp_path):
    found, n = solved(tmp_path, NEWSVENDOR, n=5_000), 5_000
    path = tmp_path / "demand.toml"
    of_demand = NEWSVENDOR.replace('"reserved * price"', '"demand * price"').replace('"short * burst"', '"0 * short * burst"')
    path.write_text(of_demand, encoding="utf-8")
    ran = api.run(path, n=n, keep="all", backend="reference", output=tmp_path / "demand.h5")
    demand = np.sort(ran.samples("total").ravel()) / 100.0
    assigned = found.choices[0].assignment.split('"')[1].split()[0]
    assert float(assigned) == pytest.approx(demand[3 * n // 4 - 1], rel=1e-11)
    (ratio,) = found.ratios
    assert (ratio.exceeded, ratio.too_many, ratio.too_few) == pytest.approx((0.25, 100.0, 300.0), rel=1e-9)
    assert (ratio.weighed, ratio.end) == (False, "")


@pytest.mark.parametrize(
    ("change", "end", "best"), [(('"100 CNY', '"500 CNY'), "low", 0.0), (('"300 GPU"', '"60 GPU"'), "high", 60.0)]
)
def test_beyond_the_range_its_end_is_best(tmp_path, change, end, best):
    found = solved(tmp_path, NEWSVENDOR.replace(*change), n=2_000)
    assert (found.ratios[0].end, value(found.choices[0].value)) == (end, best)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[optimize]", '[optimize]\nminimise = "p90"'),
        ('"reserved * price"', '"ceil(reserved / tolerated) * tolerated * price"'),  # by the rack
        ('"reserved * price"', '"reserved * price - max(reserved - tolerated, 0) * price / 2"'),  # a rebate is not convex
        ('"short * burst"', '"short * burst * reserved / tolerated"'),
    ],
)
def test_what_is_no_quantile_is_searched(tmp_path, old, new):
    assert not solved(tmp_path, NEWSVENDOR.replace(old, new, 1), n=1_000).ratios


def test_a_limit_that_the_quantile_breaks_is_searched_and_one_that_it_keeps_is_not(tmp_path):
    limit = '[[optimize.limit]]\nname = "shortage"\nevent = "short > tolerated"\nprobability = {}\n'
    rare, often = (solved(tmp_path, NEWSVENDOR + limit.format(each), n=3_000) for each in (0.01, 0.9))
    assert not rare.ratios
    assert often.ratios
    assert value(rare.choices[0].value) > value(often.choices[0].value)
