"""Answers as xarray datasets: every number of the document at its labels, with its unit."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import simcost

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
schema = 1

[scenario]
name     = "Datasets"
currency = "CNY"
start    = "2027-01"
months   = 2

[sampling]
scenarios = 600
seed      = 7

[inputs]
gpus  = "20 GPU"
staff = "8 to 14 person"
price = "9 to 12 CNY/GPU/hour"
wage  = "20_000 CNY/person/month"

[[cost]]
name     = "Rent"
category = "compute"
amount   = "gpus * price"

[[cost]]
name     = "Staff"
category = "people"
amount   = "staff * wage"

[options.cheap]
set = { inputs.price = "6 to 9 CNY/GPU/hour" }

[options.lean]
set = { inputs.staff = "6 to 9 person" }

[stress.surge]
band = { price = "P90 to P100", staff = "P90 to P100" }
"""

BUDGET = '[budget]\napproved = "800_000 CNY"\nconfidence = 0.8\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (path := tmp_path / "datasets.toml").write_text(FILE + BUDGET, encoding="utf-8")
    return path


def same(found: Any, figure: dict[str, float | None] | None, name: str, /, **labels: object) -> bool:
    """Whether a figure of a document, null or not, stands at its labels."""
    said = figure or {"value": None, "low": None, "high": None}
    held = {part: float(found[name + ending].sel(labels)) for part, ending in (("value", ""), ("low", "_low"), ("high", "_high"))}
    return held == {part: pytest.approx(np.nan if number is None else number, nan_ok=True) for part, number in said.items()}


def total_is_there(found: Any, name: str, total: dict[str, Any], /, **labels: object) -> bool:
    moments = all(float(found[f"{name}_{key}"].sel(labels)) == total[key] for key in ("mean", "sd", "min", "max"))
    return moments and same(found, total["percentiles"]["p95"], f"{name}_percentile", **labels, percentile=95.0)


def test_a_sweep_has_an_axis_for_each_number_with_its_unit(path: Path) -> None:
    report = simcost.sweep(path, ["inputs.gpus=12,10", "inputs.wage=1e4,2e4,3e4"], backend="reference")
    found, points = report.to_xarray(), report.document()["points"]
    assert dict(found.sizes) == {"inputs.gpus": 2, "inputs.wage": 3, "percentile": 7, "figure": 5}
    assert found["inputs.gpus"].attrs == {"units": "GPU"}
    assert found["inputs.wage"].attrs == {"units": "CNY/person/month"}
    assert (found.total_mean.attrs, found.probability_within.attrs) == ({"units": "CNY"}, {"units": "1"})
    assert [each["values"] for each in points] == [[g, w] for g, w in product((12.0, 10.0), (1e4, 2e4, 3e4))]
    for point in points:
        labels = dict(zip(("inputs.gpus", "inputs.wage"), point["values"], strict=True))
        assert total_is_there(found, "total", point["total"], **labels)
        assert same(found, point["probability_within"], "probability_within", **labels)
        assert same(found, (point["change"] or {}).get("p95"), "change", **labels, figure="p95")
    assert float(found.change.sel({"inputs.gpus": 12.0, "inputs.wage": 1e4}).isnull().sum()) == 5


def test_a_comparison_has_an_axis_of_models_and_the_base_no_difference(path: Path) -> None:
    report = simcost.compare(path, crossover="inputs.wage=1e4,2e4", backend="reference")
    found, document = report.to_xarray(), report.document()
    assert found.model.values.tolist() == ["as it is", "cheap", "lean"]
    for model in document["models"]:
        name = model["name"]
        assert total_is_there(found, "total", model["total"], model=name)
        assert same(found, model["cheapest"], "cheapest", model=name)
        assert same(found, model["probability_within"], "probability_within", model=name)
        assert same(found, model["regret"]["p95"], "regret_p95", model=name)
        assert float(found.regret_mean.sel(model=name)) == model["regret"]["mean"]
    for one in document["differences"]:
        assert total_is_there(found, "futures", one["futures"], model=one["name"])
        assert all(same(found, each, "difference", model=one["name"], figure=key) for key, each in one["figures"].items())
        assert same(found, one["cheaper"], "cheaper", model=one["name"])
        assert float(found.equal.sel(model=one["name"])) == one["equal"]
    assert found.difference.sel(model="as it is").isnull().all()
    for one in document["crossovers"]:
        for value, share in zip(one["values"], one["cheaper_at"], strict=True):
            assert same(found, share, "cheaper_at", model=one["name"], **{"inputs.wage": value})
    assert found["inputs.wage"].attrs == {"units": "CNY/person/month"}
    assert {"units": "CNY"} == found.difference_low.attrs == found.regret_p95.attrs == found.futures_mean.attrs


def test_stresses_have_an_axis_that_begins_with_the_scenario_as_it_is(path: Path) -> None:
    report = simcost.stress(path, backend="reference")
    found, document = report.to_xarray(), report.document()
    rows = [("as it is", document["base"])]
    rows += [(": ".join(filter(None, (each["name"], each["condition"]))), each) for each in document["stresses"]]
    assert found.stress.values.tolist() == [label for label, _ in rows]
    assert len(rows) == 4
    for label, each in rows:
        assert all(same(found, one, "figures", stress=label, figure=key) for key, one in each["figures"].items())
        assert same(found, each.get("change", {}).get("cvar95"), "change", stress=label, figure="cvar95")
        assert same(found, each["probability_within"], "probability_within", stress=label)


DECISIONS = """
[optimize]
minimise = "mean"

[[optimize.decision]]
set  = "inputs.gpus"
from = "10 GPU"
to   = "30 GPU"
step = "2 GPU"

[[optimize.decision]]
set    = "option"
choices = ["as it is", "lean"]
"""


def test_a_frontier_has_its_decisions_at_each_point(path: Path) -> None:
    short = '[[cost]]\nname = "Short"\ncategory = "people"\namount = "max(staff * each - gpus, 0) * lent"\n'
    named = FILE.replace("[inputs]", '[inputs]\neach = "2 GPU/person"\nlent = "14_000 CNY/GPU/month"', 1)
    path.write_text(named + short + DECISIONS, encoding="utf-8")
    report = simcost.optimize(path, backend="reference")
    found, document = report.to_xarray(), report.document()
    assert dict(found.sizes) == {"point": len(document["frontier"])}
    assert len(found.point) > 1
    for name in ("mean", "cvar95"):
        assert found[name].values.tolist() == [each["figures"][name]["value"] for each in document["frontier"]]
        assert found[name].attrs == {"units": "CNY"}
    assert [[f"{gpus:g} GPU", option] for gpus, option in zip(found["inputs.gpus"].values, found.option.values, strict=True)] == [
        each["values"] for each in document["frontier"]
    ]
    assert found["inputs.gpus"].attrs == {"units": "GPU"}


def test_without_a_budget_or_a_crossover_there_is_nothing_of_them(path: Path) -> None:
    path.write_text(FILE, encoding="utf-8")
    compared = simcost.compare(path, options="cheap", backend="reference").to_xarray()
    assert compared.probability_within.isnull().all()
    assert "cheaper_at" not in compared
    assert simcost.sweep(path, "inputs.gpus=10", backend="reference").to_xarray().probability_within.isnull().all()


PERIODS = """[budget]
confidence = 0.8
approved   = { FY2026 = "600_000 CNY", FY2027 = "400_000 CNY" }
"""


def test_a_budget_by_fiscal_year_has_each_years_answer_as_the_file_has(path: Path) -> None:
    years = FILE.replace('start    = "2027-01"', 'start = "2026-12"\nfiscal_year_start = 1')
    path.write_text(years + PERIODS, encoding="utf-8")
    told = simcost.budget(path, backend="reference").to_xarray()
    held = simcost.run(path, backend="reference", output=path.with_suffix(".h5")).to_xarray("budget")
    by_period = [name for name in held.data_vars if "by_period" in name]
    assert told.period.values.tolist() == ["FY2026 (1 month)", "FY2027 (1 month)"]
    assert len(by_period) == 7
    for name in by_period:
        assert told[name].values.tolist() == held[name].values.tolist()
        assert told[name].attrs["units"] == held[name].attrs["units"]
    assert set(told.data_vars) == set(held.data_vars)


def test_what_answers_rest_on_is_a_line_in_passing(path: Path) -> None:
    path.write_text(FILE + DECISIONS, encoding="utf-8")
    run = {"n": 200, "backend": "reference"}
    assert repr(simcost.drivers(path, **run).drivers) == "<Drivers: 2 inputs, 3 groups, 200 scenarios>"
    assert repr(simcost.stress(path, **run).test) == "<StressTest: 3 stresses, 200 scenarios>"
    assert repr(simcost.compare(path, **run).comparison) == "<Comparison: as it is, cheap, lean>"
    best = simcost.optimize(path, **run).optimum
    decided = ", ".join(f"{each.target} = {each.value}" for each in best.choices)
    assert repr(best) == f"<Optimum: {best.minimise.name} {best.fresh.value:,.2f} with {decided}>"
