"""The plan that tells a future computes what the plan of the run computes, and more of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.places import LIBRARY, RECOMMENDER

from simcost import api
from simcost.compile.studies.story import DRIVER, INPUT, LINE_MONTH, story_plan
from simcost_kernels.backends.reference import ReferenceKernel

METHODS = ("random", "sobol", "latin-hypercube")


@pytest.mark.parametrize(("place", "path"), list(enumerate(LIBRARY)), ids=[path.stem for path in LIBRARY])
def test_its_first_columns_are_those_of_the_run_to_the_last_bit(place: int, path: Path) -> None:
    method = METHODS[place % len(METHODS)]
    compiled = api.compile(path, overrides=(f"sampling.method={method}", "sampling.scenarios=8192"))
    plan, story = compiled.plan, story_plan(compiled.scenario)
    assert list(story.columns())[: plan.n_columns] == list(plan.columns())
    assert story.dimensions() == plan.dimensions()
    run, told = np.empty((plan.n_columns, 40)), np.empty((story.n_columns, 1))
    ReferenceKernel(plan).run(7, 5_000, 5_040, run)
    ReferenceKernel(story).run(7, 5_023, 5_024, told)
    assert told[: plan.n_columns, 0].tobytes() == run[:, 23].tobytes()
    ReferenceKernel(story).run(7, 5_024, 5_025, told)
    differs = told[: plan.n_columns, 0].tobytes() != run[:, 23].tobytes()
    assert differs == bool(plan.streams)  # the control: another scenario has other bits, unless all is certain


def test_lines_by_month_add_up_to_the_months_and_to_the_lines_of_the_run() -> None:
    compiled = api.compile(RECOMMENDER)
    story = story_plan(compiled.scenario)
    out = np.empty((story.n_columns, 5))
    ReferenceKernel(story).run(3, 100, 105, out)
    columns = list(story.columns())
    by_line = np.array([out[place] for place, (group, _, _) in enumerate(columns) if group == LINE_MONTH])
    by_line = by_line.reshape(len(compiled.scenario.costs), compiled.scenario.months, 5)
    for place, (group, label, month) in enumerate(columns):
        if group == "month":
            np.testing.assert_allclose(by_line[:, month].sum(axis=0), out[place], rtol=1e-12)
        if group == "line":
            line = [cost.name for cost in compiled.scenario.costs].index(label)
            np.testing.assert_allclose(by_line[line].sum(axis=0), out[place], rtol=1e-12)
    assert {group for group, _, _ in columns} >= {INPUT, DRIVER}
