"""``simcost report``: a result as a page for people without a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import (
    force_option,
    output_option,
    percentiles_option,
    quiet_option,
    result_argument,
    view_option,
)
from simcost.cli.printing import note

if TYPE_CHECKING:
    from simcost.scenario.scenario import View


@click.command()
@result_argument
@click.option("--format", type=click.Choice(["html", "md"]), help="HTML with charts, or Markdown; else by the file's ending.")
@output_option("File to write, like board.html; else standard output.")
@percentiles_option
@view_option
@force_option
@quiet_option
def command(
    *,
    result: Path,
    format: str | None,  # noqa: A002 - the option's name
    output: Path | None,
    percentiles: tuple[float, ...],
    view: View | None,
    force: bool,
    quiet: bool,
) -> None:
    """Write a page of a result or an answer, to send or print.

    RESULT is a result file, or what variance, sweep, seek or compare have printed with --json.

    The page is one HTML file: the answer, charts of the total, the months and the categories, the tables of simcost show, and
    every assumption with its source. It needs no network, runs no script, and prints on A4. As Markdown it has no charts, and
    fits into a comment.
    Charts need the extra: pip install "simcost[report]".

    \b
    simcost report result.h5 -o board.html
    simcost report result.h5 --format md > comment.md
    simcost sweep scenario.toml inputs.gpus=4,8,12 --json > sweep.json && simcost report sweep.json -o sweep.html
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    text = api.page(result, output=output, format=format, percentiles=percentiles, view=view, force=force)
    if output is None:
        click.echo(text.encode(), nl=False)
    else:
        note(f"Written to {output}.", quiet=quiet)
