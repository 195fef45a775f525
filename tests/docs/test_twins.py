"""Scenarios in two languages are one model: the same kernel, the same numbers, the same bits from the same draws."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.places import SCENARIOS

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels.backends.reference import ReferenceKernel

TWINS = sorted(SCENARIOS.glob("*.zh.toml"))
N = 5_000
HAN = re.compile(r"[\u4e00-\u9fff]")


def english(path: Path) -> Path:
    return path.with_name(path.name.replace(".zh.", "."))


def test_two_scenarios_are_in_chinese_too() -> None:
    assert len(TWINS) >= 2


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.name.partition(".")[0])
@pytest.mark.parametrize("option", [0, 1])
def test_a_twin_has_the_totals_of_its_original(path: Path, option: int) -> None:
    """Draws are keyed by the names of inputs: given those of the original, every column has its bits."""
    plans = []
    for each in (english(path), path):
        options = load(each).options
        plans.append(compile_scenario(load(each, option=options[0] if option else "")).plan)
    original, twin = plans
    assert (twin.digest, twin.parameters, twin.n_columns) == (original.digest, original.parameters, original.n_columns)
    assert twin.streams != original.streams
    columns = np.empty((2, original.n_columns, N))
    for plan, out in zip((original, replace(twin, streams=original.streams)), columns, strict=True):
        ReferenceKernel(plan).run(1, 0, N, out)
    assert np.array_equal(columns[0].view(np.int64), columns[1].view(np.int64))


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.name.partition(".")[0])
def test_a_twin_names_in_chinese_what_its_original_names(path: Path) -> None:
    scenario, original = load(path), load(english(path))
    assert len(scenario.inputs) == len(original.inputs)
    labels = {cost.name for cost in scenario.costs} | {cost.category for cost in scenario.costs} | {scenario.name}
    assert [label for label in labels if not HAN.search(label)] == []
    comments = [line for line in path.read_text("utf-8").splitlines() if line.startswith("# ")]
    assert [line for line in comments if not HAN.search(line)] == []
