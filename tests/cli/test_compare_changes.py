"""``simcost compare`` of files says what they say differently: in the table, as JSON, and in the comment of a pull request."""

from __future__ import annotations

from pathlib import Path

from tests.cli.documents import answered

from simcost.report.compare.changes import MOST_CHANGES


def test_a_pull_request_sees_which_price_has_changed_and_what_that_costs(call, scenario: Path) -> None:
    later = scenario.with_name("later.toml")
    later.write_text(scenario.read_text("utf-8").replace("9 to 16 CNY", "10 to 17 CNY"), encoding="utf-8")
    shown = call("compare", scenario, later, "-q").stdout
    (row,) = [line.split("  ") for line in shown.splitlines() if line.startswith(" inputs.gpu_price ")]
    assert [cell.strip() for cell in row if cell.strip()] == ["inputs.gpu_price", "9 to 16 CNY/GPU/hour", "10 to 17 CNY/GPU/hour"]
    found = answered(call, "compare", scenario, later)
    (difference,) = found["differences"]
    change = {"key": "inputs.gpu_price", "before": '"9 to 16 CNY/GPU/hour"', "after": '"10 to 17 CNY/GPU/hour"'}
    assert difference["changes"] == [change]
    answer = scenario.with_name("compare.json")
    answer.write_text(call("compare", scenario, later, "--json", "-q").stdout, encoding="utf-8")
    comment = call("report", answer, "--format", "md").stdout
    assert "| inputs.gpu_price | 9 to 16 CNY/GPU/hour | 10 to 17 CNY/GPU/hour |" in comment


def test_options_of_one_file_say_themselves_what_they_change(call, scenario: Path) -> None:
    assert "changed in" not in call("compare", scenario, "-q").stdout
    assert [each["changes"] for each in answered(call, "compare", scenario)["differences"]] == [[]]


def test_of_very_many_changes_the_first_are_shown_and_all_are_in_the_answered(call, scenario: Path) -> None:
    later, many = scenario.with_name("later.toml"), MOST_CHANGES + 5
    text = scenario.read_text("utf-8")
    later.write_text(text + "".join(f'\n[inputs.new_{i}]\nvalue = "{i} CNY"\n' for i in range(many)), encoding="utf-8")
    assert [line.strip() for line in call("compare", scenario, later, "-q").stdout.splitlines()].count("and 5 more") == 1
    assert len(answered(call, "compare", scenario, later)["differences"][0]["changes"]) == many
