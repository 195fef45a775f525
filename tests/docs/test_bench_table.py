"""The tables of speed in README.md and bench/README.md are what the committed records say."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = [ROOT / "README.md", ROOT / "bench" / "README.md"]


@pytest.fixture
def table() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "bench"))
    yield import_module("table")
    sys.path.remove(str(ROOT / "bench"))


def test_every_page_with_tables_is_known(table: Any) -> None:
    assert list(table.PAGES) == PAGES


@pytest.mark.parametrize("page", PAGES, ids=["README.md", "bench/README.md"])
def test_tables_are_made_of_the_records(table: Any, page: Path) -> None:
    text = page.read_text("utf-8")
    assert table.written(page, text) == text


@pytest.mark.parametrize("page", PAGES, ids=["README.md", "bench/README.md"])
def test_a_figure_typed_by_hand_is_put_right(table: Any, page: Path) -> None:
    text = page.read_text("utf-8")
    place = text.index(table.BEGIN) + len(table.BEGIN) + 100
    assert table.written(page, text[:place] + "0" + text[place:]) == text


def test_a_page_without_marks_is_refused(table: Any) -> None:
    with pytest.raises(ValueError, match=r"README\.md has no"):
        table.written(PAGES[0], "nothing here")


@pytest.mark.parametrize(("value", "shown"), [(0.01234, "0.012"), (1.2345, "1.23"), (12.345, "12.3"), (1234.5, "1,230")])
def test_figures_have_three_digits(table: Any, value: float, shown: str) -> None:
    assert table.figure(value) == shown
