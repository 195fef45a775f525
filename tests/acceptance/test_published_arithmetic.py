"""Published cases without a random figure: a commitment partly used, and tiers of a price list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
SCENARIOS = 1_000
DECIMALS = 7
"""Of the published figures."""


def figure(run: object, group: str, label: str) -> float:
    """A cost line or category that is the same in all scenarios."""
    place = run.column(group, label)
    assert run.summary.minimum()[place] == run.summary.maximum()[place]
    return round(float(run.summary.mean()[place]), DECIMALS)


@pytest.mark.parametrize("label", ["upfront", "day used", "day unused", "break-even use"])
def test_a_savings_plan_three_quarters_used_costs_what_is_published(run_case: Callable, label: str) -> None:
    assert figure(run_case("savings_plan_75", SCENARIOS), "line", label) == CASES["savings_plan_75"]["result"][label]


def test_what_a_day_really_costs_is_used_and_unused_together(run_case: Callable) -> None:
    assert (
        figure(run_case("savings_plan_75", SCENARIOS), "category", "day") == CASES["savings_plan_75"]["result"]["day effective"]
    )


def test_tiers_are_filled_by_their_widths(run_case: Callable) -> None:
    run = run_case("tiers", SCENARIOS)
    assert [figure(run, "line", label) for label in ("first", "second", "rest")] == CASES["tiers"]["result"]
