"""``simcost drivers``: the table, the document, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.documents import answered

import simcost

QUICK = ("-n", "2000", "--backend", "reference")


def changed(scenario: Path, old: str, new: str) -> Path:
    text = scenario.read_text(encoding="utf-8")
    assert old in text
    path = scenario.with_name("changed.toml")
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_table_ends_in_sentences_with_money_and_interval(call, scenario: Path) -> None:
    done = call("drivers", scenario, *QUICK)
    assert done.exit_code == 0, done.stderr
    assert "If staff were certain, at its median, the P95 would be " in done.stdout
    assert " CNY lower (95 % interval " in done.stdout
    assert "The total exceeds 700,000 CNY in " in done.stdout
    assert "█" in done.stdout
    assert [path.name for path in scenario.parent.iterdir()] == [scenario.name]


def test_the_document_has_every_input_and_group(call, scenario: Path) -> None:
    document = answered(call, "drivers", scenario, *QUICK, "--group", "both=staff,gpu_price")
    assert document["schema"] == "simcost/drivers/1"
    assert {each["name"] for each in document["inputs"]} == {"gpu_price", "staff"}
    assert document["certain"] == 3
    named = [each for each in document["groups"] if each["kind"] == "named"]
    assert [(each["name"], each["members"]) for each in named] == [("both", ["staff", "gpu_price"])]
    assert named[0]["first_order"]["value"] == pytest.approx(1.0, abs=1e-3)
    for each in (*document["inputs"], *document["groups"]):
        assert set(each["impact"]) == {"mean", "p50", "p80", "p95", "cvar95"}


def test_the_document_and_the_python_interface_say_the_same(call, scenario: Path) -> None:
    document = answered(call, "drivers", scenario, *QUICK)
    found = simcost.drivers(scenario, n=2000, backend="reference").drivers
    assert [each.input.name for each in found.inputs] == [each["name"] for each in document["inputs"]]
    assert found.inputs[0].impact.p95.value == document["inputs"][0]["impact"]["p95"]["value"]


def test_a_notebook_shows_the_tables_and_has_every_figure_as_a_dataset(scenario: Path) -> None:
    report = simcost.drivers(scenario, n=2000, backend="reference")
    assert "<table>" in report._repr_html_()
    dataset, first = report.to_xarray(), report.drivers.inputs[0]
    assert float(dataset.impact.sel(input=first.input.name, figure="p95")) == first.impact.p95.value
    assert float(dataset.impact_low.sel(input=first.input.name, figure="cvar95")) == first.impact.cvar95.low
    assert float(dataset.total_order_high.sel(input=first.input.name)) == first.indices.total.high
    assert dataset.shapley.isnull().all()


@pytest.mark.slow
def test_the_back_end_and_the_number_of_workers_change_no_figure(call, scenario: Path) -> None:
    def figures(*words: str) -> object:
        document = answered(call, "drivers", scenario, "-n", "70000", *words)
        return {key: document[key] for key in ("base", "inputs", "groups", "worst")}

    assert figures("--backend", "cpu", "--workers", "2") == figures("--backend", "reference")


def test_sobol_points_give_narrower_intervals(call, scenario: Path) -> None:
    sobol = changed(scenario, "seed      = 7", 'seed      = 7\nmethod    = "sobol"')
    wide, narrow = (
        answered(call, "drivers", path, "-n", "16384", "--backend", "reference")["inputs"][0]["impact"]["p95"]
        for path in (scenario, sobol)
    )
    assert narrow["high"] - narrow["low"] < 0.7 * (wide["high"] - wide["low"])
    assert wide["low"] < narrow["value"] < wide["high"]


def test_shapley_effects_are_told_where_they_are_asked_for(call, scenario: Path) -> None:
    document = answered(call, "drivers", scenario, *QUICK, "--shapley")
    assert sum(each["shapley"]["value"] for each in document["inputs"]) == pytest.approx(1.0)
    assert "Shapley" in call("drivers", scenario, *QUICK, "--shapley").stdout
    assert "Shapley" not in call("drivers", scenario, *QUICK).stdout


def test_a_total_that_does_not_vary_has_undefined_indices(call, scenario: Path) -> None:
    flat = changed(scenario, '"staff * wage"', '"0 * staff * wage"')
    flat = changed(flat, 'rate = "gpus * gpu_price"', 'rate = "0 * gpus * gpu_price"')
    done = call("drivers", flat, *QUICK)
    assert "The total does not vary: its Sobol' indices are undefined." in done.stdout
    document = answered(call, "drivers", flat, *QUICK)
    assert all(each["first_order"] is each["total_order"] is each["rank_correlation"] is None for each in document["inputs"])


def test_an_input_that_reaches_no_cost_line_is_named(call, scenario: Path) -> None:
    idle = changed(scenario, '"staff * wage"', '"2 * wage * person"')
    idle = changed(idle, "[drivers]", 'person    = "1 person"\n\n[drivers]')
    assert "Uncertain, but reaches no cost line: staff." in call("drivers", idle, *QUICK).stdout


def test_an_end_at_which_the_total_is_undefined_costs_the_other_figures_nothing(call, scenario: Path) -> None:
    broken = changed(scenario, '"staff * wage"', '"staff * wage * sqrt(gpu_price / (10 * one / gpus * gpus / hour1 / gpu) - 1)"')
    broken = changed(broken, "[drivers]", 'hour1 = "1 hour"\ngpu = "1 GPU"\n\n[drivers]')
    document = answered(call, "drivers", broken, *QUICK)
    price = next(each for each in document["inputs"] if each["name"] == "gpu_price")
    staff = next(each for each in document["inputs"] if each["name"] == "staff")
    assert price["at_p10"]["p95"] is None
    assert price["at_p90"]["p95"]["value"] is not None
    assert staff["impact"]["p95"]["low"] is not None
    assert 0 < document["non_finite"] < 1000
    assert "are left out" in document["warnings"][-1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--group", "prices=gpu_prise"], 'no input is named "gpu_prise". Did you mean "gpu_price"?'),
        (["--group", "prices=gpus"], "gpus is certain, or reaches no cost line"),
        (["--group", "prices"], "a group has a name and inputs"),
        (["--figure", "p99"], "'p99' is not one of"),
        (["-n", "0"], "is not between 1 and"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(call, scenario: Path, words: list[str], said: str) -> None:
    done = call("drivers", scenario, *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_a_scenario_without_uncertainty_has_no_drivers(call, scenario: Path) -> None:
    certain = changed(scenario, '"9 to 16 CNY/GPU/hour"', '"12 CNY/GPU/hour"')
    certain = changed(certain, '"3 to 4 to 6 person"', '"4 person"')
    done = call("drivers", certain)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no uncertain input reaches a cost line" in done.stderr
