"""A result as a report for people without a terminal."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.api.results import show
from simcost.errors import ResultError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost.api.path import PathLike
    from simcost.report.board.board import Board
    from simcost.report.search.beside import SweepsBeside
    from simcost.results.answer import Answer
    from simcost.scenario.scenario import View

FORMATS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md"}
"""What a report is by the ending of its file's name."""

LONGEST_BLANK = 64
"""Bytes in which the first letter of a document is looked for."""

MOST_BYTES = 64_000_000
"""Of a document: a hundred times what the largest sweep prints."""


@checked
def page(
    paths: PathLike | Iterable[PathLike],
    *,
    output: PathLike | None = None,
    format: str | None = None,  # noqa: A002 - as `export`
    percentiles: float | str | Iterable[float | str] = (),
    view: View | None = None,
    force: bool = False,
) -> str:
    """Make the page of ``simcost report``: the answer, charts, tables and assumptions of a result, which needs no other file.

    Parameters
    ----------
    paths
        The result file; or a file of what ``simcost variance``, ``sweep``, ``seek`` or ``compare`` has printed with ``--json``;
        or several such files of sweeps over the same number, with another option each.
    output
        File to write; None to return the text alone.
    format
        ``html``, with charts, which need the extra ``report``; ``md``, Markdown without; else as the file's name ends.
    percentiles, view
        See `show`; of a result alone.
    force
        Replace a file that exists.

    Returns
    -------
    str
        The text of the report, the same bytes for the same result file.

    Raises
    ------
    ResultError, UsageError
        If the result is not sound, matplotlib is missing, the file cannot be written or stands already, or no format is told.
    """
    from simcost.results.output_file import refuse_to_replace, write_text

    kind = _format(format, None if output is None else Path(output))
    if output is not None:
        refuse_to_replace(Path(output), force=force)
    given = (Path(paths),) if isinstance(paths, (str, os.PathLike)) else tuple(map(Path, paths))
    several = len(given) > 1
    told = bool(percentiles or view)
    text = (
        _of_documents(given, kind, told) if several or _is_document(given[0]) else _of_result(given[0], kind, percentiles, view)
    )
    if output is not None:
        write_text(Path(output), text, force=force)
    return text


def _format(given: str | None, output: Path | None) -> str:
    if given is None:
        kind = FORMATS.get(output.suffix.lower()) if output else None
        if kind is None:
            what = f"{output} does not end in .html or .md" if output else "neither a file nor a format is told"
            message = f'{what}. Name a file with `output="board.html"`, or the format with `format="md"`.'
            raise UsageError(message)
        return kind
    if given not in FORMATS.values():
        message = f"no report as {given!r}. Give one of: html, md."
        raise UsageError(message)
    return given


def _of_result(path: PathLike, kind: str, percentiles: float | str | Iterable[float | str], view: View | None) -> str:
    from simcost.report.board.markdown import board_markdown
    from simcost.report.board.page import board_page
    from simcost.report.charts.every import charts

    board = _board(path, percentiles, view)
    return board_markdown(board) if kind == "md" else board_page(board, charts(board))


def _is_document(path: Path) -> bool:
    """Whether a file begins as a JSON document does."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_BLANK).lstrip()[:1] == b"{"
    except OSError:
        return False  # who reads it as a result says why


def _of_documents(paths: Sequence[Path], kind: str, told: bool) -> str:
    """Set an answer, or several sweeps beside each other; ``told`` is whether what a result alone has is asked for."""
    from simcost.report.board.markdown import answer_markdown
    from simcost.report.board.page import answer_page
    from simcost.report.charts.every import answer_charts

    if told:
        message = f"{paths[0]}: is a document, which has no other percentiles and no other view. Give the result file for these."
        raise UsageError(message)
    contents = [_content(path) for path in paths]
    with _readable(paths[0]):
        answers = [_answer(path, content) for path, content in zip(paths, contents, strict=True)]
        answer = answers[0] if len(answers) == 1 else _beside(answers)
        if kind == "md":
            return answer_markdown(answer.page())
        digests = ", ".join(hashlib.sha256(content).hexdigest() for content in contents)
        return answer_page(answer.page(), answer_charts(answer), digests)


def _content(path: Path) -> bytes:
    if not _is_document(path):
        message = f"{path}: is no document. Of several files a page is made only if each is a sweep that was printed as JSON."
        raise UsageError(message)
    if path.stat().st_size > MOST_BYTES:
        message = f"{path}: is {path.stat().st_size:,} bytes; no page is made of a document of more than {MOST_BYTES:,}."
        raise ResultError(message)
    return path.read_bytes()


def _answer(path: Path, content: bytes) -> Answer:
    from simcost.api.reading.answers import READERS, UnknownDocumentError, answer_of

    with _readable(path):
        try:
            return answer_of(content)
        except UnknownDocumentError as error:
            kinds = ", ".join(name.split("/")[1] for name in READERS)
            message = f"{path}: is a document of {error}. A page is made of the documents of {kinds}, or of a result file."
            raise ResultError(message) from None


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of a document that is not as it was written that it is not."""
    from simcost.api.reading.parts import UNREADABLE

    try:
        yield
    except UNREADABLE as error:
        message = f"{path}: is no whole document of simcost ({type(error).__name__}: {error!s:.80}). Have it printed again."
        raise ResultError(message) from None


def _beside(answers: Sequence[Answer]) -> SweepsBeside:
    from simcost.report.search.answers import SweepReport
    from simcost.report.search.beside import beside

    sweeps = [each for each in answers if isinstance(each, SweepReport)]
    found = beside(sweeps) if len(sweeps) == len(answers) else None
    if found is None:
        what = "several documents make one page only if they are sweeps over the same values of one number"
        message = f"{what}, in one currency and over the same months."
        raise UsageError(message)
    return found


def _board(path: PathLike, percentiles: float | str | Iterable[float | str], view: View | None) -> Board:
    from simcost.report.board.board import Board
    from simcost.results.approved_months import approved_by_month

    result = show(path, percentiles=percentiles, view=view)
    with Path(path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Board(result, digest, approved_by_month(result))
