from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pyarrow.parquet
import pytest

from simcost.errors import ResultError, UsageError
from simcost.results.export import Row, export, rows

if TYPE_CHECKING:
    from pathlib import Path


def test_every_figure_is_one_row(result: Any) -> None:
    found = list(rows(result))
    items = 1 + 2 + 4 + 1 + 3 + 3
    assert len(found) == items * (4 + 7) + 2 + 7 + 2 * 3
    assert Row("total", "", "", "mean", result.figures.total.mean, None, None, "CNY") in found
    p95 = result.figures.categories["数据"].percentiles[5]
    assert Row("category", "数据", "", "p95", p95.value, p95.low, p95.high, "CNY") in found
    assert ("budget", "2027-03", "p_breach_by_month") in {(row.group, row.month, row.statistic) for row in found}


def test_csv_holds_every_row_exactly(result: Any, tmp_path: Path) -> None:
    export(result, "csv", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    expected = list(rows(result))
    assert len(read) == len(expected)
    assert [float(each["value"]) for each in read] == [row.value for row in expected]
    assert [each["name"] for each in read if not each["name"].startswith("'")] == [r.name for r in expected if r.name[:1] != "="]


def test_a_name_that_a_spreadsheet_would_run_is_made_inert_in_csv(result: Any, tmp_path: Path) -> None:
    export(result, "csv", tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert ",'=cmd|' /C calc'!A0," in text
    assert ",=cmd" not in text


def test_parquet_holds_every_row_exactly(result: Any, tmp_path: Path) -> None:
    export(result, "parquet", tmp_path / "a.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet")
    assert [Row(**each) for each in table.to_pylist()] == list(rows(result))
    assert table.schema.metadata[b"simcost.scenario_sha256"].decode() == result.scenario.sha256


def test_excel_has_a_sheet_a_group_and_no_formula(result: Any, tmp_path: Path) -> None:
    export(result, "xlsx", tmp_path / "a.xlsx")
    with ZipFile(tmp_path / "a.xlsx") as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
        strings = archive.read("xl/sharedStrings.xml").decode()
    for name in ("total", "category", "line", "owner", "month", "cumulative", "budget", "run"):
        assert f'name="{name}"' in workbook
    assert "<f>" not in "".join(sheets)
    assert "数据" in strings


@pytest.mark.parametrize(("kind", "library"), [("parquet", "pyarrow"), ("xlsx", "xlsxwriter")])
def test_a_missing_library_is_an_error_with_the_install_line(
    result: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ResultError, match=rf'{library} is not installed. Install it with: pip install "simcost\[export\]"'):
        export(result, kind, tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_kind_is_refused(result: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv, parquet, xlsx"):
        export(result, "pdf", tmp_path / "a.pdf")


def test_a_path_that_cannot_be_written_is_one_clear_line(result: Any, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "no" / "folder.csv"):
        with pytest.raises(ResultError, match=r"Name a file in a folder that exists\."):
            export(result, "csv", path)
