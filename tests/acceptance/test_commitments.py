"""Reservations and savings plans to the cent: the FOCUS specification's rows, and what both views have in common."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import simcost

from .standard_errors import STANDARD_ERRORS

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
FOCUS = CASES["savings_plan_75"]["result"]
DAYS = 365
SEED = 20270101

HEAD = """schema = 1
[scenario]
name = "Commitment"
currency = "USD"
start = "{start}"
months = {months}
[[commitments]]
name = "Plan"
"""
SAVINGS_PLAN = """quantity = "1 plan"
upfront = "459_024 USD/plan"
list_price = "78.60 USD/plan/hour"
term = 12
"""


def run(folder: Path, text: str, *, view: str, months: int = 12, start: str = "2027-01", n: int = 10):
    path = folder / "plan.toml"
    path.write_text(HEAD.format(start=start, months=months) + text, encoding="utf-8")
    overrides = [f'scenario.view="{view}"']
    target = folder / f"{view}.h5"
    return simcost.run(path, overrides=overrides, n=n, seed=SEED, keep="all", output=target, force=True, backend="reference")


def lines(folder: Path, text: str, *, view: str, months: int = 12) -> dict[str, float]:
    """Cost lines over the run, without the block's name."""
    figures = run(folder, text, view=view, months=months).figures.lines
    return {name.removeprefix("Plan: "): figure.mean for name, figure in figures.items()}


def cents(value: float) -> float:
    return round(value, 2)


def test_the_savings_plan_of_focus_at_three_quarters_of_use(tmp_path: Path) -> None:
    """18 of 24 hours used: 943.20 used and 314.40 unused a day, 459,024.00 paid upfront."""
    text = SAVINGS_PLAN + 'use = "1 plan"\nin_use = "75 %"\n'
    amortised, cash = lines(tmp_path, text, view="amortised"), lines(tmp_path, text, view="cash")
    assert cents(amortised["used"] / DAYS) == FOCUS["day used"]
    assert cents(amortised["unused"] / DAYS) == FOCUS["day unused"]
    assert cents((amortised["used"] + amortised["unused"]) / DAYS) == FOCUS["day effective"]
    assert amortised["overage"] == 0
    assert {name: cents(value) for name, value in cash.items()} == {"upfront": FOCUS["upfront"], "overage": 0}


@pytest.mark.parametrize(
    ("use", "used", "unused", "overage"),
    [(0.0, 0.0, 1257.6, 0.0), (0.5, 628.8, 628.8, 0.0), (1.0, 1257.6, 0.0, 0.0), (1.25, 1257.6, 0.0, 0.25 * 24 * 78.6)],
)
def test_the_savings_plan_at_other_uses_by_the_same_rules(
    tmp_path: Path, use: float, used: float, unused: float, overage: float
) -> None:
    found = lines(tmp_path, SAVINGS_PLAN + f'use = "{use} plan"\n', view="amortised")
    assert {name: cents(value / DAYS) for name, value in found.items()} == {
        "used": cents(used),
        "unused": cents(unused),
        "overage": cents(overage),
    }


def test_the_plan_breaks_even_where_focus_says(tmp_path: Path) -> None:
    """At a use of 2/3 of the hours, list price costs as much."""
    text = SAVINGS_PLAN + f'use = "1 plan"\nin_use = {FOCUS["break-even use"]}\n'
    on_demand = 78.60 * 24 * DAYS * FOCUS["break-even use"]
    assert sum(lines(tmp_path, text, view="cash").values()) == pytest.approx(on_demand, rel=1e-6)


RESERVED = """quantity = "4 instance"
use = "5 instance"
price = "0.80 USD/instance/hour"
upfront = "3_504 USD/instance"
list_price = "2 USD/instance/hour"
term = 12
"""


@pytest.mark.parametrize(
    ("months", "terms", "start"), [(12, "", "2027-01"), (36, "renew = true\n", "2027-01"), (24, "renew = true\n", "2027-07")]
)
def test_both_views_of_a_reservation_with_partial_upfront_have_one_total(tmp_path: Path, months, terms, start) -> None:
    cash, amortised = (run(tmp_path, RESERVED + terms, view=view, months=months, start=start) for view in ("cash", "amortised"))
    paid, belonging = (np.array(result.samples("month"))[:, 0] for result in (cash, amortised))
    assert paid.sum() == pytest.approx(belonging.sum(), rel=1e-12)
    assert np.all(np.abs(paid - belonging) > 1)
    first_month = 31 * 24
    assert cents(paid[0]) == cents(4 * 3_504 + (4 * 0.8 + 2) * first_month)
    assert paid[12::12] - paid[11:-1:12] == pytest.approx(4 * 3_504, abs=(4 * 0.8 + 2) * 3 * 24)


def test_the_first_month_of_the_reservation_is_exact_when_amortised(tmp_path: Path) -> None:
    month = np.array(run(tmp_path, RESERVED, view="amortised").samples("month"))[0, 0]
    assert cents(month) == cents((4 * (0.8 + 3_504 / 8_760) + 2) * 744)


def test_a_leap_year_has_a_longer_term(tmp_path: Path) -> None:
    """Of the same upfront payment, an hour of 2028 carries 1/8,784."""
    months = np.array(run(tmp_path, RESERVED + "renew = true\n", view="amortised", months=24).samples("month"))[:, 0]
    assert cents(months[12]) == cents((4 * (0.8 + 3_504 / 8_784) + 2) * 744)


def test_without_renewal_all_is_bought_at_list_price_after_the_term(tmp_path: Path) -> None:
    text = RESERVED.replace("term = 12", "term = 2\nmonth = 2\nrenew = false")
    months = np.array(run(tmp_path, text, view="cash", months=5).samples("month"))[:, 0]
    hours = np.array([31, 28, 31, 30, 31]) * 24
    expected = [10 * hours[0], 4 * 3_504 + 5.2 * hours[1], 5.2 * hours[2], 10 * hours[3], 10 * hours[4]]
    assert months == pytest.approx(expected, rel=1e-14)


def test_a_commitment_of_spend_takes_use_at_its_own_rates(tmp_path: Path) -> None:
    """A plan of 52.40 an hour in dollars an hour: use is what the plan's rates make of it, list price is 1.5 times as high."""
    text = 'quantity = "52.40 USD/hour"\nprice = 1\nlist_price = 1.5\nterm = 12\nuse = "65.50 USD/hour"\n'
    found = lines(tmp_path, text, view="amortised")
    assert {name: cents(value / DAYS) for name, value in found.items()} == {"used": 1257.6, "unused": 0, "overage": 471.6}


NORMAL_USE = 'use = { normal = { mean = 100, sd = 20 }, unit = "GPU" }\n'


def newsvendor(quantity: float, price: float, list_price: float) -> float:
    """Expected cost of an hour: price Q + list E[(D - Q)+], E[(D - Q)+] = sd (phi(k) - k (1 - Phi(k))), k = (Q - mean) / sd."""
    k = (quantity - 100) / 20
    return price * quantity + list_price * 20 * (stats.norm.pdf(k) - k * stats.norm.sf(k))


@pytest.mark.parametrize("quantity", [70, 100, 115])
def test_expected_cost_under_uncertain_demand_is_the_newsvendors(tmp_path: Path, quantity: int) -> None:
    prices = 'price = "7 USD/GPU/hour"\nlist_price = "12 USD/GPU/hour"\nterm = 12\n'
    text = f'quantity = "{quantity} GPU"\n{NORMAL_USE.replace("unit", "min = 0, unit")}{prices}'
    total = np.array(run(tmp_path, text, view="cash", n=100_000).samples("total"))
    error = total.std(ddof=1) / np.sqrt(total.size)
    assert abs(total.mean() - 8_760 * newsvendor(quantity, 7, 12)) < STANDARD_ERRORS * error
    at_the_mean = 8_760 * (7 * quantity + 12 * max(100 - quantity, 0))
    assert abs(total.mean() - at_the_mean) > STANDARD_ERRORS * error  # the cost is convex: negative control
