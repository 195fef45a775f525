"""What goes where: results to standard output, notes to standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from simcost.errors import ScenarioError
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.results.answer import Answer


def note(text: str, *, quiet: bool = False) -> None:
    """Tell something that is no result, on standard error, unless nothing is to be told there."""
    if not quiet:
        sys.stdout.flush()  # what was printed before comes first where both go to one file
        click.echo(printable(text), err=True)


def print_json(document: dict[str, Any]) -> None:
    """Print JSON as UTF-8 with line feeds, the same bytes on every system and terminal."""
    import json

    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    click.echo(text.encode("utf-8", "backslashreplace"))


@contextmanager
def problems_told(*, as_json: bool) -> Iterator[None]:
    """Print the problems of an invalid file as a document too, where one is wanted."""
    try:
        yield
    except ScenarioError as error:
        if as_json:
            from simcost.report.problem_document import problems_document

            print_json(problems_document(error))
        raise


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """Print an answer: its tables and sentences for people, or its document."""
    if as_json:
        print_json(answer.document())
    else:
        from simcost.report.parts.page import print_page

        print_page(answer.page(), sys.stdout)
