"""Every scenario of the library validates and runs, and is what the issue asks for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.places import LIBRARY, RECOMMENDER, ROOT, SCENARIOS

WITH_OPTIONS = [(path, option) for path in LIBRARY for option in ("", *tomllib.loads(path.read_text("utf-8")).get("options", {}))]


@pytest.mark.parametrize(("path", "option"), WITH_OPTIONS, ids=lambda value: value.stem if isinstance(value, Path) else value)
def test_scenario_runs_with_each_of_its_options(path: Path, option: str, tmp_path: Path) -> None:
    from simcost.api import run

    result = run(path, option=option, n=1000, output=tmp_path / "result.h5")
    assert result.figures.non_finite == 0
    assert result.figures.total.min > 0


@pytest.mark.parametrize("path", [*LIBRARY, *sorted((ROOT / "tests" / "acceptance").glob("*.toml"))], ids=lambda path: path.stem)
def test_first_line_names_the_schema(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("#:schema ")
    assert (path.parent / first.removeprefix("#:schema ")).resolve() == SCENARIOS / "simcost.schema.json"


def test_recommender_is_rich_enough_for_the_benchmarks() -> None:
    file = tomllib.loads(RECOMMENDER.read_text("utf-8"))
    uncertain = [table for table in file["inputs"].values() if isinstance(table, dict)]
    assert len(uncertain) >= 40
    assert sum(table.get("draw") == "month" for table in uncertain) >= 3
    assert len({cost["category"] for cost in file["cost"]}) >= 6
    assert len(file["options"]) == 2
    assert file["correlation"]
    assert file["budget"]
    assert all(table.get("source") for table in uncertain)
