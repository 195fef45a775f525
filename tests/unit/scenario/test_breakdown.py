"""What costs are broken down by: every line has a place, and those without a name share the last."""

from __future__ import annotations

import pytest
from tests.places import ROOT

from simcost.scenario import load
from simcost.scenario.scenario import BREAKDOWNS
from simcost.scenario.sections.breakdown import members

FILE = ROOT / "tests" / "acceptance" / "by_month.toml"


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], {"search": ["GPUs"], "(no owner)": ["Buckets", "Licence", "Servers"]}),
        (['cost."GPUs".owner=""'], {}),
        (['cost."GPUs".owner="(no owner)"'], {"(no owner)": ["GPUs", "Buckets", "Licence", "Servers"]}),
        (['cost."Servers".owner="ops"'], {"search": ["GPUs"], "ops": ["Servers"], "(no owner)": ["Buckets", "Licence"]}),
    ],
)
def test_lines_without_an_owner_share_the_last_name_unless_none_has_any(
    overrides: list[str], expected: dict[str, list[str]]
) -> None:
    costs = load(FILE, overrides=("scenario.by_month=[]", *overrides)).costs
    assert [*members("owner", costs).items()] == [
        (name, [each for each in costs if each.name in its]) for name, its in expected.items()
    ]


@pytest.mark.parametrize("group", BREAKDOWNS)
def test_every_line_has_one_place(group) -> None:
    costs = load(FILE).costs
    placed = [cost for its in members(group, costs).values() for cost in its]
    assert sorted(placed, key=costs.index) == list(costs)
