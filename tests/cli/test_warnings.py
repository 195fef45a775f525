"""What lint warns of stands in every answer that rests on the file, once, wherever the answer goes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.cli.documents import answered

import simcost

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
schema = 1

[scenario]
name     = "Warned of"
currency = "CNY"
start    = "2027-01"
months   = 2

[sampling]
scenarios = 400

[inputs]
servers  = "3 server"
price    = { normal = { mean = 10, sd = SPREAD }, unit = "CNY/server/hour" }
overhead = { lognormal = { median = "8 to 12", sd_log = 0.3 }, unit = "CNY/hour" }
rent     = "1 CNY/hour"

[[cost]]
name     = "Serving"
category = "compute"
amount   = "servers * price + overhead + rent"

[budget]
approved   = "60_000 CNY"
confidence = 0.8

[options.reserved]
set = { inputs.servers = "4 server" }

[options.guessed]
set = { inputs.overhead = { lognormal = { p5 = 1, p95 = 400 }, unit = "CNY/hour" } }

[stress.guessed]
option = "guessed"

[[optimize.decision]]
set  = "inputs.servers"
from = "2 server"
to   = "4 server"
step = "1 server"
"""

ANSWERS: tuple[tuple[str, ...], ...] = (
    ("validate", "FILE"),
    ("run", "FILE", "--backend", "reference"),
    ("budget", "FILE", "--backend", "reference", "--no-split"),
    ("compare", "FILE", "--option", "reserved", "--backend", "reference"),
    ("drivers", "FILE", "--backend", "reference"),
    ("stress", "FILE", "--band", "overhead=P90 to P100", "--backend", "reference"),
    ("sweep", "FILE", "inputs.servers=2,3", "--backend", "reference"),
    ("seek", "FILE", "inputs.servers", "--backend", "reference"),
    ("optimize", "FILE", "--backend", "reference"),
    ("uncertainty", "FILE", "--outer", "20", "--backend", "reference"),
    ("replay", "FILE", "--scenario", "3"),
)


def written(folder: Path, *, spread: float) -> Path:
    path = folder / "warned.toml"
    path.write_text(FILE.replace("SPREAD", str(spread)), encoding="utf-8")
    return path


@pytest.fixture
def warned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, spread=9)


def answer(call, path: Path, words: tuple[str, ...], *more: str) -> str:
    said = call(*(str(path) if word == "FILE" else word for word in words), *more)
    assert said.exit_code == 0, said.output
    return said.stdout


def rules(warnings: list[str]) -> list[str]:
    return [each.partition(" (line")[0] for each in warnings if each.startswith("SC")]


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: words[0])
def test_every_answer_tells_what_lint_warns_of_once(call, warned: Path, words: tuple[str, ...]) -> None:
    printed = answer(call, warned, words, "-q")
    assert printed.count("warning: SC101 inputs.price (line 14): ") == 1
    assert rules(json.loads(answer(call, warned, words, "-q", "--json"))["warnings"]) == ["SC101 inputs.price"]


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: words[0])
def test_an_answer_from_a_sound_file_warns_of_nothing(call, tmp_path: Path, monkeypatch, words: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    assert rules(json.loads(answer(call, written(tmp_path, spread=1), words, "-q", "--json"))["warnings"]) == []


@pytest.mark.parametrize("words", ANSWERS, ids=lambda words: words[0])
def test_every_answer_warns_of_a_value_that_is_set(call, tmp_path: Path, monkeypatch, words: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    told = json.loads(answer(call, written(tmp_path, spread=1), words, "-q", "--json", "--set", "inputs.rent=-2"))["warnings"]
    assert [each.partition(": ")[0] for each in rules(told)] == ["SC108 assignment inputs.rent=-2"]


def test_a_replayed_result_tells_what_its_run_told(call, warned: Path) -> None:
    answer(call, warned, ("run", "FILE", "-o", "a.h5", "--backend", "reference"))
    found = answered(call, "replay", "a.h5", "--scenario", "3")["warnings"]
    assert found == answered(call, "show", "a.h5")["warnings"]
    assert rules(found) == ["SC101 inputs.price"]


def test_what_one_option_alone_is_warned_of_has_its_name(warned: Path) -> None:
    compared = simcost.compare(warned, backend="reference").warnings
    assert sum(each.startswith("SC101 inputs.price") for each in compared) == 1
    assert sum(each.startswith("guessed: SC102 options.guessed.set.inputs.overhead") for each in compared) == 1
    assert sum(each.startswith("as it is, reserved: not known") for each in compared) == 1
    stressed = simcost.stress(warned, backend="reference").warnings
    assert sum(each.startswith("with the option guessed: SC102") for each in stressed) == 1


def test_nothing_is_said_of_a_distribution_that_every_tried_value_replaces(warned: Path) -> None:
    assert rules(list(simcost.sweep(warned, ["inputs.price=9,10"], backend="reference").warnings)) == []


def test_a_tried_value_is_warned_of_beside_one_that_is_set_and_breaks_the_same_rule(warned: Path) -> None:
    set_and_tried = simcost.sweep(warned, ["inputs.price=-3,-2"], overrides=["inputs.overhead=-5"], backend="reference").warnings
    assert [each.partition(": ")[0] for each in rules(list(set_and_tried))] == [
        "SC108 assignment inputs.overhead=-5",
        'SC108 assignment inputs.price="-3 CNY/server/hour"',
    ]


def test_that_parameters_are_not_known_is_no_warning_of_the_answer_to_that(warned: Path) -> None:
    assert any(each.startswith("not known") for each in simcost.validate(warned).warnings)
    assert not any(each.startswith("not known") for each in simcost.uncertainty(warned, outer=20, backend="reference").warnings)
