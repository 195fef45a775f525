"""A report as one HTML file: no script, nothing from elsewhere, every text of a stranger's file escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simcost.report.board.inputs import input_tables
from simcost.report.board.page_style import style_sheet
from simcost.report.board.sentences import answer_sentences, facts, reading_notes
from simcost.report.parts.columns_table import BOUNDLESS
from simcost.report.parts.heading import asked, heading, provenance
from simcost.report.parts.page import table_html
from simcost.report.parts.printable import printable
from simcost.report.parts.wording import as_options
from simcost.report.run.text import result_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost.report.board.board import Board
    from simcost.report.charts.drawing import Chart
    from simcost.report.parts.page import Page

MONTHS_ACROSS = 118
"""Columns of a terminal that tables of months beside each other take: what A4 holds."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for the page, or run: nothing but its own styles."""


def board_page(board: Board, charts: Sequence[Chart]) -> str:
    """Return a report with these charts as the text of an HTML file."""
    return "\n".join(_page(board, charts))


def answer_page(page: Page, charts: Sequence[Chart], digest: str) -> str:
    """Return an answer as its command prints it, with these charts, as the text of an HTML file.

    Parameters
    ----------
    digest
        SHA-256 of the document that it was read from.
    """
    title, _, about = page.heading.partition(": ")
    return "\n".join(_framed((page.heading, title), (about, *page.lines), _answer(page, charts, digest)))


def _answer(page: Page, charts: Sequence[Chart], digest: str) -> Iterator[str]:
    yield from (f'<p class="warning">warning: {_text(as_options(each))}</p>' for each in page.warnings)
    yield f'<section class="answer">{_paragraphs(map(as_options, page.notes))}</section>'
    yield from map(_figure, charts)
    yield from map(_wide, map(table_html, page.tables(BOUNDLESS)))
    yield f'<div class="notes">{_paragraphs([f"Document: SHA-256 {digest}"])}</div>'


def _page(board: Board, charts: Sequence[Chart]) -> Iterator[str]:
    scenario = board.result.scenario
    about = (asked(scenario), provenance(board.result.run))
    return _framed((heading(scenario), scenario.name), about, _body(board, charts))


def _framed(titles: tuple[str, str], about: Iterable[str], body: Iterable[str]) -> Iterator[str]:
    """Yield a page around its body; the titles are those of the window and of the page."""
    title, above = map(_text, titles)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>\n<style>{style_sheet()}</style>\n</head>\n<body>\n<header>"
    yield f'<h1>{above}</h1>\n<p class="about">{"<br>".join(map(_text, about))}</p>'
    yield "</header>\n<main>"
    yield from body
    yield "</main>\n</body>\n</html>\n"


def _body(board: Board, charts: Sequence[Chart]) -> Iterator[str]:
    result = board.result
    yield from (f'<p class="warning">warning: {_text(as_options(each))}</p>' for each in result.figures.warnings)
    yield f'<section class="answer">{_paragraphs(answer_sentences(board))}</section>'
    yield from map(_figure, charts)
    yield "<h2>Tables</h2>"
    yield from map(_wide, map(table_html, result_tables(result, BOUNDLESS, across=MONTHS_ACROSS)))
    yield f'<div class="notes">{_paragraphs(map(as_options, reading_notes(board)))}</div>'
    if result.scenario.inputs:
        yield "<h2>Assumptions</h2>"
        yield f'<div class="inputs">{"".join(map(_wide, map(table_html, input_tables(result.scenario.inputs))))}</div>'
    rows = "".join(f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>' for name, value in facts(board))
    yield f'<h2>What was run</h2>\n<table class="facts"><tbody>{rows}</tbody></table>'


def _figure(chart: Chart) -> str:
    title, caption = _text(chart.title), _text(chart.caption)
    return f'<figure class="chart"><h3>{title}</h3>\n{chart.svg}\n<figcaption>{caption}</figcaption></figure>'


def _wide(table: str) -> str:
    return f'<div class="wide">{table}</div>'


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{_text(each)}</p>" for each in texts)


def _text(text: str) -> str:
    return escape(printable(text))
