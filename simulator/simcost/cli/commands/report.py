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
    view_option,
)
from simcost.cli.printing import note

if TYPE_CHECKING:
    from simcost.scenario.scenario import View


@click.command()
@click.argument("paths", metavar="RESULT|DOCUMENT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", type=click.Choice(["html", "md"]), help="HTML with charts, or Markdown; else by the file's ending.")
@output_option("File to write, like board.html; else standard output.")
@percentiles_option
@view_option
@force_option
@quiet_option
def command(
    *,
    paths: tuple[Path, ...],
    format: str | None,  # noqa: A002 - the option's name
    output: Path | None,
    percentiles: tuple[float, ...],
    view: View | None,
    force: bool,
    quiet: bool,
) -> None:
    """Write a page of a result or an answer, to send or print.

    Give a result file, or what drivers, variance, sweep, seek or compare have printed with --json. Several sweeps of the same
    number, each with another option, make one page that has them beside each other.

    The page is one HTML file: the answer, charts of the total, the months and the categories, the tables of simcost show, and
    every assumption with its source. It needs no network, runs no script, and prints on A4. As Markdown it has no charts, and
    fits into a comment.
    Charts need the extra: pip install "simcost[report]".

    \b
    simcost report result.h5 -o board.html
    simcost report result.h5 --format md > comment.md
    simcost report sweep.json reserved.json -o sweep.html
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    text = api.page(paths, output=output, format=format, percentiles=percentiles, view=view, force=force)
    if output is None:
        click.echo(text.encode(), nl=False)
    else:
        note(f"Written to {output}.", quiet=quiet)
