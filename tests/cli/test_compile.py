"""``simcost compile``: the plan, shown, counted or saved."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.documents import answered

from simcost_kernels.saved_plan import from_json


def test_the_parts_of_the_plan_are_counted(call, scenario: Path) -> None:
    document = answered(call, "compile", scenario)
    assert document["schema"] == "simcost/compile/1"
    assert document["months"] == 3
    assert document["draws"] == 2
    assert len(document["digest"]) == 64
    assert f"digest     {document['digest']}" in call("compile", scenario).stdout


def test_an_edited_price_leaves_the_digest_and_an_edited_formula_does_not(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8")
    plain = answered(call, "compile", scenario)["digest"]
    scenario.write_text(text.replace("9 to 16", "8 to 15"), encoding="utf-8")
    assert answered(call, "compile", scenario)["digest"] == plain
    scenario.write_text(text.replace("staff * wage", "2 * staff * wage + wage * staff * staff / staff"), encoding="utf-8")
    assert answered(call, "compile", scenario)["digest"] != plain


def test_the_kernel_is_shown_without_any_name_of_the_file(call, scenario: Path) -> None:
    result = call("compile", scenario, "--show")
    assert result.exit_code == 0, result.stderr
    assert "normal_quantile" in result.stdout
    for name in ("gpu_price", "Serving", "小"):
        assert name not in result.stdout


def test_a_saved_plan_is_read_back_and_is_the_same(call, scenario: Path) -> None:
    result = call("compile", scenario, "-o", "plan.json", "--json")
    assert result.exit_code == 0, result.stderr
    assert "written to plan.json" in result.stderr
    plan = from_json(Path("plan.json").read_text(encoding="utf-8"))
    assert plan.digest == json.loads(result.stdout)["digest"]
    refused = call("compile", scenario, "-o", "plan.json")
    assert refused.exit_code == 2
    assert "plan.json exists already" in refused.stderr
