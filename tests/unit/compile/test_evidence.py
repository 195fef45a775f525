"""Which bills are evidence one by one, and which together."""

from __future__ import annotations

from pathlib import Path

import pytest

import simcost
from simcost.compile.studies.evidence import MOST_PARTS, billed_parts

HEAD = """schema = 1
[scenario]
name = "Evidence"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
fee = "9 to 16 CNY/month"
[actuals]
file = "bills.csv"
"""


def parts(
    folder: Path, lines: dict[str, str], bills: list[tuple[int, str, str, float]]
) -> dict[tuple[str, str], tuple[float, ...]]:
    """Return what was billed by part, of cost lines with their categories and of bills (month, line, category, sum)."""
    costs = "".join(f'[[cost]]\nname = "{name}"\ncategory = "{category}"\namount = "fee"\n' for name, category in lines.items())
    rows = "".join(f"2027-{month:02d},{line},{category},{amount}\n" for month, line, category, amount in bills)
    (folder / "bills.csv").write_text(f"month,line,category,amount\n{rows}", encoding="utf-8")
    path = folder / "evidence.toml"
    path.write_text(HEAD + costs, encoding="utf-8")
    return {(each.group, each.name): each.amounts for each in billed_parts(simcost.load(path))}


def test_bills_count_by_line_in_stretches_from_the_last_month_backwards(tmp_path: Path) -> None:
    bills = [(month, "A", "", 10.0**month) for month in range(1, 6)] + [(5, "B", "", 7.0)]
    found = parts(tmp_path, {"A": "x", "B": "x"}, bills)
    assert found == {("line", "A"): (100_000.0, 11_000.0, 110.0), ("line", "B"): (7.0, 0.0, 0.0)}


def test_a_category_with_bills_of_no_line_of_the_file_is_taken_whole(tmp_path: Path) -> None:
    found = parts(tmp_path, {"A": "x", "B": "x", "C": "y"}, [(1, "A", "", 1.0), (1, "", "x", 2.0), (1, "C", "", 4.0)])
    assert found == {("category", "x"): (3.0,), ("line", "C"): (4.0,)}


@pytest.mark.parametrize(
    ("lines", "categories", "group", "count"),
    [
        (MOST_PARTS, MOST_PARTS, "line", MOST_PARTS),
        (MOST_PARTS + 1, 5, "category", 5),
        (MOST_PARTS + 1, MOST_PARTS + 1, "total", 1),
    ],
)
def test_what_would_be_too_many_parts_is_taken_together(
    tmp_path: Path, lines: int, categories: int, group: str, count: int
) -> None:
    of = {f"L{number}": f"c{number % categories}" for number in range(lines)}
    found = parts(tmp_path, of, [(1, name, "", 1.0) for name in of])
    assert {name for name, _ in found} == {group}
    assert len(found) == count
    assert sum(sum(amounts) for amounts in found.values()) == lines
