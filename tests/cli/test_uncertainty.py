"""``simcost uncertainty``: tables, document, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.documents import answered


@pytest.fixture
def unknown(scenario: Path) -> Path:
    text = scenario.read_text("utf-8").replace(
        'gpu_price = "9 to 16 CNY/GPU/hour"',
        'gpu_price = { lognormal = { median = "10 to 14", sd_log = 0.1 }, unit = "CNY/GPU/hour" }',
    )
    scenario.write_text(text, "utf-8")
    return scenario


def test_it_prints_bands_and_ends_in_a_sentence(call, unknown: Path) -> None:
    said = call("uncertainty", unknown, "--outer", "20")
    assert said.exit_code == 0, said.stderr
    assert "gpu_price.lognormal.median  10 to 14" in said.stdout
    assert "90 % band" in said.stdout
    assert "P95 is " in said.stdout
    assert list(unknown.parent.iterdir()) == [unknown]


def test_its_document_has_every_draw(call, unknown: Path) -> None:
    document = answered(call, "uncertainty", unknown, "--outer", "25", "-n", "300")
    assert document["schema"] == "simcost/uncertainty/1"
    assert (document["run"]["scenarios"], len(document["draws"]["p95"])) == (300, 25)
    p95 = document["figures"]["p95"]
    assert p95["low"] < p95["value"] < p95["high"]
    assert min(document["draws"]["p95"]) < p95["low"] < p95["high"] < max(document["draws"]["p95"])
    assert 0 <= document["figures"]["probability_within"]["low"] <= 1
    again = answered(call, "uncertainty", unknown, "--outer", "25", "-n", "300")
    for each in (document, again):
        del each["run"]["seconds"]
    assert document == again


def test_how_a_budget_is_divided_changes_no_figure_of_the_total(call, unknown: Path) -> None:
    words = ("uncertainty", unknown, "--outer", "20", "-n", "500")
    whole = answered(call, *words)
    divided = unknown.read_text("utf-8").replace('"700_000 CNY"', "{ FY2027 = 700_000 }")
    unknown.write_text(divided.replace("[scenario]\n", "[scenario]\nfiscal_year_start = 1\n"), "utf-8")
    by_year = answered(call, *words)
    names = by_year["figures"].keys() - whole["figures"].keys()
    assert {each.partition(" (")[0] for each in names} == {"probability_within_every_period", "probability_within FY2027"}
    for name in names:  # the only year is all of the run
        assert by_year["figures"].pop(name) == by_year["figures"]["probability_within"]
        assert by_year["pooled"].pop(name) == pytest.approx(whole["pooled"]["probability_within"], rel=1e-12)
        del by_year["draws"][name]
    changed = {key for key in whole if whole[key] != by_year[key]}
    assert changed == {"run", "scenario"}  # seconds, and the file's bytes


def test_a_run_warns_and_a_file_that_knows_everything_is_refused(call, unknown: Path) -> None:
    assert "gpu_price.lognormal.median" in call("run", unknown, "-n", "100", "-o", "r.h5").stdout
    known = unknown.with_name("known.toml")
    known.write_text(unknown.read_text("utf-8").replace('"10 to 14"', "12"), "utf-8")
    told = call("uncertainty", known)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "no parameter of a distribution is uncertain itself" in told.stderr


@pytest.mark.parametrize("words", [["--outer", "5"], ["--outer", "x"], ["-n", "0"]])
def test_numbers_that_make_no_sense_are_refused(call, unknown: Path, words: list[str]) -> None:
    assert call("uncertainty", unknown, *words).exit_code == 2
