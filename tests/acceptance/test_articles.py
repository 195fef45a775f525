"""The two articles' examples: nothing is uncertain, so every figure is exact, down to the last percentile of the JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.places import ROOT, SCENARIOS

CASES = json.loads((ROOT / "tests" / "acceptance" / "cases.json").read_text("utf-8"))
ARTICLES = {"article_purchase": "article_a_monthless", "article_monthly": "article_b_month"}


@pytest.fixture(scope="module")
def document(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `simcost run scenarios/NAME.toml --json` prints."""
    scenario = SCENARIOS / f"{request.param}.toml"
    output = tmp_path_factory.mktemp("article") / "result.h5"
    command = [sys.executable, "-m", "simcost", "run", str(scenario), "--json", "-o", str(output)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.parametrize(("document", "case"), ARTICLES.items(), indirect=["document"])
def test_article_is_exact_in_every_figure(document: dict[str, Any], case: str) -> None:
    figures = {"total": document["total"], **document["categories"]}
    assert set(figures) == set(CASES[case]["result"])
    for label, money in CASES[case]["result"].items():
        found = figures[label]
        assert (found["mean"], found["sd"], found["min"], found["max"]) == (money, 0, money, money)
        for name, percentile in found["percentiles"].items():
            assert percentile == {"value": money, "low": money, "high": money}, name


@pytest.mark.parametrize("document", ["article_purchase"], indirect=True)
def test_purchases_fall_into_the_first_month(document: dict[str, Any]) -> None:
    """A year's wages are one payment, in January, as are the purchases: what the article adds up is a cash flow of one month."""
    months = document["months"]
    assert [month["total"]["mean"] for month in months] == [1_595_000] + [0] * 11
    assert [month["cumulative"]["mean"] for month in months] == [1_595_000] * 12


def test_adding_unlike_things_as_the_second_article_does_is_refused(tmp_path: Path) -> None:
    text = (SCENARIOS / "article_monthly.toml").read_text("utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace("gpus * gpu_rent", "gpu_rent * (gpus + storage)"), "utf-8")
    done = subprocess.run([sys.executable, "-m", "simcost", "validate", str(wrong)], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert "GPU" in done.stderr
    assert "TB" in done.stderr
    assert done.stdout == ""


def test_a_wage_in_a_single_payment_is_refused(tmp_path: Path) -> None:
    text = (SCENARIOS / "article_purchase.toml").read_text("utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace('every    = "year"', 'every    = "once"'), "utf-8")
    done = subprocess.run([sys.executable, "-m", "simcost", "validate", str(wrong)], capture_output=True, check=False, text=True)
    assert done.returncode == 2
    assert "staff * pay" in done.stderr
