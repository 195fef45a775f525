"""Totals in hinge form: put together again at any decision, they are the total of a run with that decision."""

from __future__ import annotations

import numpy as np
import pytest

from simcost.compile.studies.hinge_form import Entering
from simcost.compile.studies.newsvendor import compile_newsvendor
from simcost.compile.studies.trials import compile_trial
from simcost.scenario import load
from simcost_kernels.backends.reference import ReferenceKernel

N = 500
SCENARIO = """
schema = 1
scenario = {{ name = "Hinges", currency = "CNY", start = "2027-01", months = 4 }}
[inputs]
q      = "40 GPU"
other  = "10 GPU"
one    = "1 GPU"
an_hour = "1 hour"
use    = {{ lognormal = {{ median = 50, sd_log = 0.5 }}, unit = "GPU", draw = "month" }}
sign   = {{ normal = {{ mean = 0, sd = 1 }}, unit = "1" }}
price  = "2 to 3 CNY/GPU/hour"
[drivers]
{drivers}
[[cost]]
name = "Line"
category = "compute"
amount = "{amount}"
{keys}
[[cost]]
name = "Other line"
category = "compute"
amount = "max(use - q, 0) * 7 * price"
"""
DECISIONS = (0.0, 17.5, 40.0, 63.0, 400.0)
"""GPUs, the scenario's own 40 among them: below, among and above the use."""


def scenario_of(tmp_path, amount, *, drivers="", keys="", q=40.0):
    path = tmp_path / "hinges.toml"
    path.write_text(SCENARIO.format(amount=amount, drivers=drivers, keys=keys), encoding="utf-8")
    return load(path, overrides=(f'inputs.q="{q} GPU"',))


def columns(plan):
    """Return the first scenarios of a plan: arrays (outputs, n) by group."""
    out = np.empty((plan.n_columns, N))
    ReferenceKernel(plan).run(1, 0, N, out)
    groups = [group for group, _, _ in plan.columns()]
    return {group: out[[each == group for each in groups]] for group in dict.fromkeys(groups)}


def newsvendor(scenario):
    return compile_newsvendor(scenario, (), {"q": Entering(0, 0.0, 1.0)}, 1)


def put_together(model, q):
    parts = columns(model.plan)
    total = parts["base"][0] + parts["slope"][0] * q
    weights = parts.get("weight", np.zeros((0, N)))
    points = np.where(weights == 0.0, 0.0, parts.get("point", weights))
    return total + np.sum(weights * np.maximum(points - q, 0.0), axis=0)


@pytest.mark.parametrize(
    "amount",
    [
        "q * price",
        "max(use - q, 0) * price",
        "max(q - use, 0) * price",
        "min(use, q) * price + (q - min(q, use)) * price / 2",
        "abs(use - q) * price - 3 * q * price",
        "clip(use, other, q) * price",
        "where(use > other and month > 2, q, other) * price",
        "max(use - where(month >= 2 and month < 4, q, 0 * q), 0) * price",
        "max(use * sign - q * round(sign), 0) * price",
        "-(q - use) / (one + other) * price * one",
        "(max(q, use) + max(2 * q - other, use)) * price",
    ],
)
def test_the_parts_make_the_total_whatever_is_decided(tmp_path, amount):
    model = newsvendor(scenario_of(tmp_path, amount))
    for q in DECISIONS:
        (total,) = columns(compile_trial(scenario_of(tmp_path, amount, q=q), ()))["total"]
        np.testing.assert_allclose(put_together(model, q), total, rtol=1e-12, atol=1e-6)


@pytest.mark.parametrize("keys", ['every = "once"\nmonth = 3', 'every = "year"'])
def test_a_payment_counts_when_it_is_due(tmp_path, keys):
    amount = "(q + max(use - q, 0)) * price * an_hour"
    model = newsvendor(scenario_of(tmp_path, amount, keys=keys))
    (total,) = columns(compile_trial(scenario_of(tmp_path, amount, keys=keys, q=63.0), ()))["total"]
    np.testing.assert_allclose(put_together(model, 63.0), total, rtol=1e-12)


def test_a_driver_is_followed_and_one_that_no_line_needs_is_of_no_concern(tmp_path):
    drivers = 'short = "max(use - q, 0)"\ntwice = "short + short"\nunused = "ceil(q / one)"'
    model = newsvendor(scenario_of(tmp_path, "twice * price", drivers=drivers))
    assert model.hinges == (0,)  # both lines save up to the same point
    (total,) = columns(compile_trial(scenario_of(tmp_path, "twice * price", drivers=drivers, q=55.0), ()))["total"]
    np.testing.assert_allclose(put_together(model, 55.0), total, rtol=1e-12)


@pytest.mark.parametrize("amount", ["max(grown - q, 0) * price", "max(use - q, 0) * price + cumulative(use) * price / 9"])
def test_what_goes_on_from_month_to_month_apart_from_the_decision_is_carried(tmp_path, amount):
    drivers = 'grown = "0.5 * prev(grown, use) + use"'
    model = newsvendor(scenario_of(tmp_path, amount, drivers=drivers))
    for q in DECISIONS:
        (total,) = columns(compile_trial(scenario_of(tmp_path, amount, drivers=drivers, q=q), ()))["total"]
        np.testing.assert_allclose(put_together(model, q), total, rtol=1e-12)


@pytest.mark.parametrize(
    "amount",
    [
        "ceil(q / one) * one * price",
        "q / one * q * price",
        "one / q * one * price",
        "where(q > use, one, other) * price",
        "max(max(use - q, 0) - other, 0) * price",
        "prev(q, one) * price",
        "cumulative(max(use - q, 0)) * price",
        "sqrt(q / one) * one * price",
    ],
)
def test_what_is_more_than_linear_with_hinges_is_left_to_the_search(tmp_path, amount):
    assert newsvendor(scenario_of(tmp_path, amount)) is None
