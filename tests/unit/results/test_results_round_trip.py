from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from simcost.analysis.figures import figures
from simcost.errors import ResultError
from simcost.results.file.samples import kept_scenarios
from simcost.results.read import open_result

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType


def test_figures_are_read_back_to_the_last_bit(small_run: ModuleType, result: Any) -> None:
    summary = small_run.Summary(len(result.columns))
    for start, stop in small_run.blocks(500, 70_000):
        summary.add(start, small_run.columns_of(small_run.a_plan(), start, stop))
    names = ("2027-01", "2027-02", "2027-03")
    expected = figures(result.columns, summary, month_names=names, budget=small_run.a_scenario().budget)
    assert result.figures == replace(expected, warnings=("a warning, 一个",))
    assert result.summary().digest() == summary.digest()


def test_samples_are_read_back_to_the_last_bit_and_by_group(small_run: ModuleType, result: Any) -> None:
    expected = small_run.columns_of(small_run.a_plan(), 500, 70_500)
    np.testing.assert_array_equal(result.samples(), expected)
    groups = [group for group, _, _ in result.columns]
    for group in dict.fromkeys(groups):
        rows = [place for place, each in enumerate(groups) if each == group]
        np.testing.assert_array_equal(result.samples(group), expected[rows])


def test_provenance_is_read_back(small_run: ModuleType, result: Any) -> None:
    assert result.scenario == small_run.scenario_info(small_run.a_scenario())
    assert result.scenario.text == small_run.TEXT
    assert [each.name for each in result.scenario.inputs] == ["gpu_price", "gpu_count"]
    assert result.scenario.inputs[0].source == "2026 合同"
    run = result.run
    assert (run.scenarios, run.first, run.seed, run.method, run.stream) == (70_000, 500, 7, "random", 1)
    assert (run.backend, run.device, run.seconds, run.result) == ("reference", "a test", 0.25, result.path)
    assert result.plan_digest == small_run.a_plan().digest


def test_histograms_count_every_scenario(result: Any) -> None:
    assert set(result.histograms) == {"total", "category", "line", "owner", "month", "cumulative"}
    for found in result.histograms.values():
        assert found.counts.sum(axis=1).tolist() == [70_000] * len(found.counts)
        assert (np.diff(found.edges) >= 0).all()
    total = result.histograms["total"]
    assert total.edges[0, 0] == result.figures.total.min
    assert total.edges[0, -1] == result.figures.total.max
    samples = result.samples("total")[0]
    inside = np.histogram(samples, total.edges[0])[0]
    assert np.abs(np.cumsum(inside) - np.cumsum(total.counts[0])).max() <= 40  # an edge splits a cell of a few dozen values


@pytest.mark.parametrize(("keep", "kept"), [("all", 1000), ("none", 0), (17, 17), (5000, 1000), ("auto", 1000)])
def test_as_many_scenarios_are_kept_as_asked(small_run: ModuleType, tmp_path: Path, keep: int | str, kept: int) -> None:
    result = small_run.write_result(tmp_path / "run.h5", keep=keep, first=65_000)
    assert result.kept == kept
    if kept:
        expected = small_run.columns_of(small_run.a_plan(), 65_000, 65_000 + kept)
        np.testing.assert_array_equal(result.samples(), expected)
    else:
        with pytest.raises(ResultError, match="`keep='all'`"):
            result.samples()


def test_the_default_keeps_what_fits_256_megabytes() -> None:
    assert kept_scenarios("auto", 10**6, 75) == 256_000_000 // (8 * 75)
    assert kept_scenarios("auto", 10**6, 20) == 10**6


def test_a_group_that_is_not_there_is_named(result: Any) -> None:
    with pytest.raises(ResultError, match="stage"):
        result.samples("stage")


@pytest.mark.parametrize("months", [1, 40])
def test_any_horizon_is_stored(small_run: ModuleType, tmp_path: Path, months: int) -> None:
    scenario = small_run.a_scenario(months=months, start=(2027, 11), budget=None)
    result = small_run.write_result(tmp_path / "run.h5", scenario=scenario, plan=small_run.a_plan(months=months), n=10)
    names = [each.month for each in result.figures.months]
    assert names[:3] == ["2027-11", "2027-12", "2028-01"][:months]
    assert len(names) == months
    assert result.figures.budget is None


def test_texts_that_hdf5_cannot_hold_are_stored_readably(small_run: ModuleType, tmp_path: Path) -> None:
    scenario = small_run.a_scenario(name="a\0b", overrides=("x=\udcff",))
    result = small_run.write_result(tmp_path / "run.h5", scenario=scenario, n=10)
    assert result.scenario.name == "a␀b"
    assert result.scenario.overrides == ("x=\\udcff",)


def test_a_seed_of_64_bits_and_non_finite_figures_survive(small_run: ModuleType, tmp_path: Path) -> None:
    result = small_run.write_result(tmp_path / "run.h5", n=1, seed=2**64 - 1)
    assert result.run.seed == 2**64 - 1
    assert np.isnan(result.figures.total.sd)
    assert result.figures.total.percentiles[0].low is None


def test_a_result_can_be_opened_by_a_text_path(result: Any) -> None:
    assert open_result(str(result.path)).figures == result.figures
