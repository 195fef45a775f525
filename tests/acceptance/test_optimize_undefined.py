"""`simcost optimize` where a decision leaves scenarios without a finite cost: the rest of them may be the cheapest."""

from __future__ import annotations

import pytest
from tests.acceptance.decided import HEAD, solved, value

from simcost.errors import UsageError

RISKY = (
    HEAD
    + """
[inputs]
x     = 0.9
price = "100 CNY/month"
u     = { uniform = { low = 0, high = 0.75 }, unit = "1" }
[[cost]]
name = "Share"
category = "compute"
amount = "price * x / floor(x + 1 - u)"
[optimize]
[[optimize.decision]]
set  = "inputs.x"
from = 0.25
to   = 1
step = 0.25
"""
)
"""Costs x of the price, and is divided by zero where u > x: in a third of the scenarios of x = 0.5, in none of x = 0.75."""


def test_a_decision_that_leaves_scenarios_without_a_total_is_not_the_cheapest(tmp_path):
    found = solved(tmp_path, RISKY, n=2_000)
    (choice,) = found.choices
    assert (value(choice.value), value(choice.low), value(choice.high)) == (0.75, 0.75, 0.75)
    assert [point.values for point in found.frontier] == [("0.75",)]
    assert found.limits == ()


def test_a_file_that_has_such_scenarios_is_told_so(tmp_path):
    found = solved(tmp_path, RISKY.replace("x     = 0.9", "x     = 0.5"), n=20_000)
    (broken,) = found.broken
    assert (broken.name, broken.allowed) == ("no finite total", 0.0)
    assert broken.found == pytest.approx(1 / 3, abs=0.02)  # six standard errors of 20,000 scenarios


def test_where_every_decision_has_such_scenarios_it_is_refused_with_where_to_look(tmp_path):
    text = RISKY.replace("to   = 1", "to   = 0.5")
    said = (
        r'none of 2 trials keeps the limits. Nearest is inputs.x = 0.5: "no finite total" 0.3\d+, allowed 0. .* division by zero'
    )
    with pytest.raises(UsageError, match=said):
        solved(tmp_path, text, n=2_000)
