"""``simcost sweep``: each point is the run with that value, and tables fit."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.documents import answered
from tests.cli.rented_servers import run_of
from tests.places import RECOMMENDER

import simcost
from simcost import api
from simcost.compile.compiled import compile_scenario
from simcost.compile.cut import cut
from simcost.compile.studies.grid import read_grid, with_values
from simcost.report.parts.page import print_page


def test_each_point_of_a_sweep_is_a_run_with_that_value(call, rent: Path) -> None:
    found = answered(call, "sweep", rent, "inputs.gpus=8,10,12")
    assert found["schema"] == "simcost/sweep/1"
    assert found["grids"] == [{"target": "inputs.gpus", "unit": "GPU", "values": [8.0, 10.0, 12.0]}]
    for point in found["points"]:
        total, within = run_of(call, rent, "--set", f'inputs.gpus="{point["values"][0]} GPU"')
        assert point["total"] == total
        assert point["probability_within"]["value"] == within
    first, *others = found["points"]
    assert first["change"] is None
    for point in others:  # the total is proportional: the change is known to a fraction of the figures' own errors
        change, p95 = point["change"]["p95"], first["total"]["percentiles"]["p95"]
        share = point["values"][0] / 8 - 1
        assert change["value"] == pytest.approx(share * p95["value"], rel=1e-3)
        assert change["high"] - change["low"] == pytest.approx(share * (p95["high"] - p95["low"]), rel=0.5)


def test_a_sweep_over_two_numbers_runs_every_pair(call, rent: Path) -> None:
    found = answered(call, "sweep", rent, "inputs.gpus=8,10", "inputs.discount=20,30,40 %", "-n", "500")
    assert [each["values"] for each in found["points"]] == [[g, d] for g in (8.0, 10.0) for d in (20.0, 30.0, 40.0)]
    shown = call("sweep", rent, "inputs.gpus=8,10", "inputs.discount=20,30,40 %", "-n", "500", "-q").stdout
    assert "Down: inputs.gpus, GPU. Across: inputs.discount, %." in shown
    assert " within budget" in shown


def test_a_driver_gives_way_to_the_number(call, rent: Path) -> None:
    found = answered(call, "sweep", rent, "drivers.rent=50,60", "-n", "100")
    assert [each["total"]["mean"] for each in found["points"]] == [100.0, 120.0]
    assert [each["probability_within"]["value"] for each in found["points"]] == [1.0, 1.0]


def test_the_horizon_is_swept_by_whole_months(call, rent: Path) -> None:
    found = answered(call, "sweep", rent, "scenario.months=1,2,4", "--set", 'inputs.discount="0 %"', "-n", "300")
    first, *others = (each["total"]["mean"] for each in found["points"])
    assert others == pytest.approx([2 * first, 4 * first])


def test_a_narrow_terminal_keeps_the_names_and_the_most_wanted(rent: Path) -> None:
    report = simcost.sweep(rent, ["inputs.gpus=8000,10000"], n=500)
    narrow, wide = io.StringIO(), io.StringIO()
    print_page(replace(report.page(), narrowest=40, pipe=60), narrow)
    print_page(report.page(), wide)
    for text in (narrow, wide):
        assert " 8,000 " in text.getvalue()
        assert "…" not in text.getvalue()
    assert "P95 less the first's" in wide.getvalue()
    assert "P95 less the first's" not in narrow.getvalue()
    assert max(map(len, narrow.getvalue().splitlines()[3:6])) <= 60


def test_an_input_alone_is_swept_over_its_own_range(call, rent: Path) -> None:
    (grid,) = answered(call, "sweep", rent, "inputs.price", "-n", "100")["grids"]
    assert len(grid["values"]) == 17
    assert (grid["values"][0], grid["values"][-1]) == (pytest.approx(7.986, abs=0.01), pytest.approx(18.03, abs=0.01))


def test_values_are_numbers_of_one_compiled_model() -> None:
    scenario = api.load(RECOMMENDER)
    for target in ("inputs.gpu_price=8,9.5,14", "inputs.committed_gpus=100,200,300", "drivers.users=1e7,2e7"):
        grid = read_grid(target, scenario)
        plans = [compile_scenario(with_values(scenario, (grid,), (value,))).plan for value in grid.values]
        assert len({cut(plan, ("total",)).digest for plan in plans}) == 1


def test_many_points_are_run_in_parts_with_the_same_figures(call, rent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("sweep", rent, "inputs.gpus=1,2,3,4,5,6,7", "-n", "400", "--workers", "2")
    whole = answered(call, *words)
    monkeypatch.setattr("simcost.analysis.searches.sweeping.AT_ONCE", 2)
    assert answered(call, *words)["points"] == whole["points"]


def test_the_api_seeks_and_sweeps(rent: Path) -> None:
    sought = simcost.seek(rent, "inputs.gpus", percentile=95, at_most=250, n=500)
    swept = simcost.sweep(rent, ["inputs.gpus=1,2"], n=500)
    assert sought.sought.value > 0
    assert len(swept.points) == 2
    assert [each._repr_html_().count("<table>") for each in (sought, swept)] == [1, 1]
