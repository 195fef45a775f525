"""``simcost stress``: the table, the document, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.documents import answered

import simcost

QUICK = ("-n", "4000", "--backend", "reference")
CATALOGUE = """
[stress.surge]
band = { gpu_price = "P90 to P100", staff = "P95" }

[stress.dear]
scale = { wage = 1.2 }

[stress.cheap]
option = "reserved"
"""


@pytest.fixture
def stressed(scenario: Path) -> Path:
    path = scenario.with_name("stressed.toml")
    path.write_text(scenario.read_text(encoding="utf-8") + CATALOGUE, encoding="utf-8")
    return path


def test_every_stress_is_run_singly_and_whole(call, stressed: Path) -> None:
    document = answered(call, "stress", stressed, *QUICK)
    assert document["schema"] == "simcost/stress/1"
    assert [(each["name"], each["condition"]) for each in document["stresses"]] == [
        ("surge", ""),
        ("surge", "gpu_price in P90 to P100"),
        ("surge", "staff at P95"),
        ("dear", ""),
        ("cheap", ""),
    ]
    surge, *_, dear, cheap = (each["change"]["p95"]["value"] for each in document["stresses"])
    assert surge > 0 > cheap
    assert dear > 0
    assert document["reverse"]["joint"]["share_of_worst"]["value"] > document["reverse"]["joint"]["share"]["value"]


def test_stresses_that_can_be_are_run_together_too(call, stressed: Path) -> None:
    done = call("stress", stressed, *QUICK, "--stress", "surge", "--stress", "dear")
    assert "all together" in done.stdout
    assert "The hardest is all together: P95 becomes " in done.stdout
    assert "all together" not in call("stress", stressed, *QUICK, "--stress", "surge", "--band", "staff=P5").stdout


def test_validate_tells_the_stresses_as_they_were_understood(call, stressed: Path) -> None:
    document = answered(call, "validate", stressed)
    assert [(each["name"], each["conditions"]) for each in document["stresses"]] == [
        ("surge", ["gpu_price in P90 to P100", "staff at P95"]),
        ("dear", ["wage times 1.2"]),
        ("cheap", ["option reserved"]),
    ]


def test_a_shift_is_told_in_the_unit_of_its_input(call, scenario: Path) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write('\n[stress.more]\nshift = { gpu_price = "2 CNY/GPU/hour", staff = "-1 person" }\n')
    (told,) = answered(call, "validate", scenario)["stresses"]
    assert told["conditions"] == ["gpu_price plus 2 CNY/GPU/hour", "staff less 1 person"]
    assert "gpu_price plus 2 CNY/GPU/hour" in call("stress", scenario, *QUICK).stdout


def test_bands_of_the_command_line_need_no_catalogue(call, scenario: Path) -> None:
    done = call("stress", scenario, *QUICK, "--band", "staff='P90 to P100'", "--band", "gpu_price=P90")
    assert done.exit_code == 0, done.stderr
    assert "bands of the command line" in done.stdout
    assert "staff in P90 to P100" in done.stdout


def test_without_a_stress_the_worst_futures_are_told_and_how_to_give_one(call, scenario: Path) -> None:
    done = call("stress", scenario, *QUICK, "--worst", "5 %")
    assert done.exit_code == 0
    assert "No stress is given: write [stress.NAME] into the scenario" in done.stdout
    assert "The worst 5.0 % of 4,000 scenarios exceed " in done.stdout


def test_the_python_interface_says_the_same_and_shows_itself_in_a_notebook(call, stressed: Path) -> None:
    document = answered(call, "stress", stressed, *QUICK)
    report = simcost.stress(stressed, n=4000, backend="reference")
    assert report.test.outcomes[0].change.p95.value == document["stresses"][0]["change"]["p95"]["value"]
    assert "<table>" in report._repr_html_()


def test_a_stress_of_an_option_is_that_option(call, stressed: Path) -> None:
    document = answered(call, "stress", stressed, *QUICK, "--stress", "cheap")
    run = answered(call, "run", stressed, *QUICK, "--option", "reserved", "-o", "r.h5")
    assert document["stresses"][0]["figures"]["mean"]["value"] == pytest.approx(run["total"]["mean"], rel=1e-12)


def test_an_expanded_file_keeps_its_stresses(call, stressed: Path) -> None:
    plain = stressed.with_name("plain.toml")
    plain.write_text(call("expand", stressed).stdout, encoding="utf-8")
    first, second = (answered(call, "stress", path, *QUICK)["stresses"] for path in (stressed, plain))
    assert first == second


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--stress", "serge"], 'no stress is named "serge". Did you mean "surge"?'),
        (["--stress", "surge, staff"], "They are several: give --stress surge --stress staff."),
        (["--stress", "zzz"], 'no stress is named "zzz". Known: '),
        (["--band", "staf=P90"], 'no input has this name. Did you mean "staff"?'),
        (["--band", "inputs.staff=P90"], 'no input has this name. Did you mean "staff"?'),
        (["--band", "staff=90"], "is no band of percentiles"),
        (["--band", "gpus=P90"], "gpus: is certain and has no percentiles"),
        (["--band", "staff=P90", "--band", "staff=P95"], "staff is given twice"),
        (["--option", "reserved"], "a stress applies the option reserved, and one is the most"),
        (["--worst", "0"], "is no share"),
        (["--set", "inputs.staff=4 person"], "staff is certain, or reaches no cost line"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(call, stressed: Path, words: list[str], said: str) -> None:
    done = call("stress", stressed, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
