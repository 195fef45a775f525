"""The README's table of speed is what the committed records say."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def table() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "bench"))
    yield import_module("table")
    sys.path.remove(str(ROOT / "bench"))


def test_table_in_the_readme_is_made_of_the_records(table: Any) -> None:
    assert table.written(README) == README


def test_a_figure_typed_by_hand_is_put_right(table: Any) -> None:
    place = README.index(table.BEGIN) + len(table.BEGIN) + 100
    assert table.written(README[:place] + "0" + README[place:]) == README


def test_a_readme_without_marks_is_refused(table: Any) -> None:
    with pytest.raises(ValueError, match=r"README\.md has no"):
        table.written("nothing here")


@pytest.mark.parametrize(("value", "shown"), [(0.01234, "0.012"), (1.2345, "1.23"), (12.345, "12.3"), (1234.5, "1,230")])
def test_figures_have_three_digits(table: Any, value: float, shown: str) -> None:
    assert table.figure(value) == shown
