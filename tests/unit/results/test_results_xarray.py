from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray


@pytest.fixture(params=["h5netcdf", "netcdf4"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_root_opens_with_months_decoded_and_chinese_names(result: Any, engine: str) -> None:
    with xarray.open_dataset(result.path, engine=engine) as data:
        data.load()
    assert (
        data["month"].values.astype("datetime64[D]").tolist()
        == np.array(["2027-01-01", "2027-02-01", "2027-03-01"], "M8[D]").tolist()
    )
    assert list(data["category"].values) == ["compute", "数据"]
    assert data["category_mean"].attrs["units"] == "CNY"
    found = float(data["category_percentile"].sel(category="数据", percentile=95))
    assert found == result.figures.categories["数据"].percentiles[5].value
    assert data["cumulative_percentile_low"].dims == ("month", "percentile")
    assert data["line_histogram"].dims == ("line", "bin")


@pytest.mark.parametrize("group", ["samples", "scenario", "run", "budget", "summary", "document"])
def test_every_group_opens(result: Any, engine: str, group: str) -> None:
    with xarray.open_dataset(result.path, engine=engine, group=group) as data:
        data.load()
    assert data.variables


def test_samples_have_labels_and_a_scenario_axis_without_coordinate(result: Any, engine: str) -> None:
    with xarray.open_dataset(result.path, engine=engine, group="samples") as data:
        data.load()
    assert data["line_cost"].dims == ("line", "scenario")
    assert "scenario" not in data.coords
    assert data.attrs["first"] == 500
    np.testing.assert_array_equal(data["line_cost"].sel(line="存储").values, result.samples("line")[1])
    assert data["month_cost"]["month"].dtype.kind == "M"


def test_the_scenario_file_is_kept_verbatim(result: Any, engine: str) -> None:
    with xarray.open_dataset(result.path, engine=engine, group="scenario") as data:
        data.load()
    assert str(data["text"].values) == result.scenario.text
    assert list(data["input_source"].values) == ["2026 合同", ""]


def test_a_tree_of_all_groups_opens(result: Any) -> None:
    with xarray.open_datatree(result.path, engine="h5netcdf") as tree:
        assert {"samples", "scenario", "run", "budget", "summary", "document"} == set(tree.children)
