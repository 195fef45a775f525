"""A report as Markdown, for a comment or a wiki: the answer, the tables, the assumptions, no charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.board.inputs import input_tables
from simcost.report.board.sentences import answer_sentences, facts, reading_notes
from simcost.report.parts.columns_table import BOUNDLESS
from simcost.report.parts.heading import heading
from simcost.report.parts.markdown import markdown_rows, markdown_table, markdown_text
from simcost.report.parts.wording import as_options
from simcost.report.run.text import result_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simcost.report.board.board import Board
    from simcost.report.parts.page import Page


def board_markdown(board: Board) -> str:
    """Return a report as Markdown; each line of it is short or a row of a table."""
    return "\n".join(_parts(board))


def answer_markdown(page: Page) -> str:
    """Return an answer as its command prints it as Markdown."""
    return "\n".join(_answer(page))


def _answer(page: Page) -> Iterator[str]:
    yield f"# {markdown_text(page.heading)}\n"
    yield from _sentences(f"**warning:** {markdown_text(as_options(each))}" for each in page.warnings)
    yield from _sentences(markdown_text(as_options(each)) for each in page.notes)
    yield from map(markdown_table, page.tables(BOUNDLESS))
    yield from _sentences(map(markdown_text, page.lines))


def _parts(board: Board) -> Iterator[str]:
    result = board.result
    yield f"# {markdown_text(heading(result.scenario))}\n"
    yield from _sentences(f"**warning:** {markdown_text(as_options(each))}" for each in result.figures.warnings)
    yield from _sentences(map(markdown_text, answer_sentences(board)))
    yield "## Tables\n"
    yield from map(markdown_table, result_tables(result, BOUNDLESS))
    yield from _sentences(markdown_text(as_options(each)) for each in reading_notes(board))
    if result.scenario.inputs:
        yield "## Assumptions\n"
        yield from map(markdown_table, input_tables(result.scenario.inputs))
    yield "## What was run\n"
    yield markdown_rows(("", ""), facts(board))


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    """Yield sentences as a list, which keeps them on lines of their own."""
    lines = [f"* {text}\n" for text in texts]
    if lines:
        yield "".join(lines)
