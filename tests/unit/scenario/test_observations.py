"""Columns of CSV files as values: what is read, cleaned, left out and told, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simcost.errors import UsageError
from simcost.scenario.distributions.months_of_rows import parsed_month
from simcost.scenario.distributions.observations import read_observations

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str | bytes) -> str:
    path = folder / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_plain_numbers_are_read_in_their_order(tmp_path: Path) -> None:
    found = read_observations(written(tmp_path, "a,price\nx,3\ny,1.5\n\nz,-2e3\n"), "price")
    assert (found.values, found.lines, found.rows) == ((3.0, 1.5, -2000.0), (2, 3, 5), 3)
    assert (found.remarks, found.plain) == ((), True)


def test_what_is_cleaned_and_left_out_is_told_with_its_lines(tmp_path: Path) -> None:
    text = 'day,price\n1,"¥3,100.50"\n2,\n3,n/a\n4,-\n5,12 CNY\n6,7\n'
    found = read_observations(written(tmp_path, text), "price")
    assert found.values == (3100.5, 12.0, 7.0)
    assert found.lines == (2, 6, 7)
    assert found.remarks == (
        'Cleaned: 2 formatted numbers (lines 2 "¥3,100.50", 6 "12 CNY"), taken as the number alone.',
        "Left out: 1 empty cell (line 3).",
        'Left out: 2 cells without a number (lines 4 "n/a", 5 "-").',
    )
    assert not found.plain
    assert len(found.values) + 3 == found.rows


@pytest.mark.parametrize("total", ["合计", "2026年总计：", "Total", "Grand total", "SUM", "Sub-total"])
def test_rows_of_totals_are_no_observations(tmp_path: Path, total: str) -> None:
    found = read_observations(written(tmp_path, f"月份,price,note\n2026-01,3,\n2026-02,4,\n{total},7,\n, ,\n"), "price", "月份")
    assert (found.values, found.plain) == ((3.0, 4.0), False)
    assert f'Left out: 1 row of totals (line 4 "{total}").' in found.remarks


@pytest.mark.parametrize("rows", ["total,3\ntotal,4\n", "totalled,3\nSummer,4\n"])
def test_a_word_that_tells_no_row_from_others_or_only_begins_like_a_total_leaves_nothing_out(tmp_path: Path, rows: str) -> None:
    assert read_observations(written(tmp_path, f"cluster,price\n{rows}"), "price").values == (3.0, 4.0)


def test_a_title_above_the_names_of_the_columns_is_to_be_removed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='has the column "price" in line 3, and its first line is to name the columns'):
        read_observations(written(tmp_path, "账单,,\n,,\nmonth,price,note\n2026-01,3,\n"), "price")


def test_months_are_put_in_order_and_gaps_and_repetitions_told(tmp_path: Path) -> None:
    text = "month,n\n2026-03,3\n2026-01,1\n2026-02,2\n2026-02,2\n2026-05,5\n"
    found = read_observations(written(tmp_path, text), "n", "month")
    assert found.months == ((2026, 1), (2026, 2), (2026, 3), (2026, 5))
    assert (found.values, found.lines) == ((1.0, 2.0, 3.0, 5.0), (3, 4, 2, 6))
    assert found.remarks == (
        'Left out: 1 row that repeats its month (line 5 "2026-02").',
        "The rows were not in the order of the months: they are put in it.",
        "Missing: 1 month without a value (2026-04).",
    )


@pytest.mark.parametrize(
    "text",
    ["2026-03", "2026/3", "2026.03", "202603", "2026年3月", "2026-03-15", "2026/3/1", " 2026-03 ", "２０２６-03", "20260315"],
)
def test_months_are_read_as_people_write_them(text: str) -> None:
    assert parsed_month(text) == (2026, 3)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "03/2026", "March", "20263", "26-03", "2026031"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert parsed_month(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("price\n1,5\n", ["data.csv, line 2: 2 values, and the first line names 1. Write a point"]),
        (
            'price\n"1,5"\n12 %\n3\n',
            ['line 2: "1,5" is no finite number. Its comma looks like', 'line 3: "12 %" is no finite number.'],
        ),
        ("price\n1e999\n", ['line 2: "1e999" is no finite number.']),
        ("cost\n1\n", ['data.csv has no column "price". It has: cost.']),
        ("prise\n1\n", ['has no column "price". Did you mean "prise"?']),
        ("a;price\n1;2\n", ["the columns of data.csv are separated by semicolons."]),
        (b"PK\x03\x04", ['the file "data.csv" is a workbook of a spreadsheet program. Save the sheet as a CSV file']),
        ("price\n单价\n".encode("gbk"), ["cannot be read (it is not UTF-8)"]),
        ("", ['data.csv has no column "price".']),
    ],
)
def test_a_bad_file_is_refused_with_each_of_its_problems(tmp_path: Path, text: str | bytes, said: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        read_observations(written(tmp_path, text), "price")
    lines = str(caught.value).splitlines()
    assert len(lines) == len(said)
    for line, part in zip(lines, said, strict=True):
        assert part in line


@pytest.mark.parametrize(
    ("cells", "currency", "refused"),
    [
        (["¥9", "10 CNY", "11元", "12"], "", []),
        (["¥9", "10 CNY"], "CNY", []),
        (["$9", "10 USD"], "CNY", [2, 3]),
        (["9 CNY", "€10", "11 CNY", "12 USD"], "", [3, 5]),
        (["¥9", "1 JPY", "2 CNY"], "", [4]),
    ],
)
def test_a_column_has_one_currency(tmp_path: Path, cells: list[str], currency: str, refused: list[int]) -> None:
    path = written(tmp_path, "\n".join(["price", *cells]))
    if not refused:
        assert len(read_observations(path, "price", currency=currency).values) == len(cells)
        return
    with pytest.raises(UsageError) as caught:
        read_observations(path, "price", currency=currency)
    told = str(caught.value).splitlines()
    assert [f"line {line}: " in each for line, each in zip(refused, told, strict=True)] == [True] * len(refused)
    assert all(each.endswith("Give all values in one currency.") for each in told)


def test_bad_months_are_refused_with_each_of_their_problems(tmp_path: Path) -> None:
    text = "month,price\n2026-01,1\nMay,2\n2026-01,3\n2026-02,1k\n"
    with pytest.raises(UsageError) as caught:
        read_observations(written(tmp_path, text), "price", "month")
    assert str(caught.value).splitlines() == [
        'data.csv, column price, line 5: "1k" is no finite number. Write the number out: 12000 for 12k.',
        'data.csv, column month, line 3: "May" is no month. Write it like 2026-03.',
        (
            "data.csv, column month: 1 month has several rows that differ: 2026-01 has 1 in line 2 and 3 in line 4. Say what a "
            "month has of its rows, `combine='mean'` of a rate like request/day, `combine='sum'` of amounts; or choose the rows "
            "of one thing, `where='COLUMN=VALUE'`."
        ),
    ]


def test_of_very_many_problems_the_first_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_observations(written(tmp_path, "price\n" + "1k\n" * 50), "price")
    assert str(caught.value).splitlines()[-1] == "and 30 more like these."


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.csv: there is no such file"):
        read_observations(str(tmp_path / "gone.csv"), "price")
    with pytest.raises(UsageError, match="there is no such file"):
        read_observations(str(tmp_path), "price")
