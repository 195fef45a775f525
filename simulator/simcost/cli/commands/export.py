"""``simcost export``: write a result as CSV, Parquet or Excel."""

from __future__ import annotations

from pathlib import Path

import click

from simcost.cli.parameters import force_option, quiet_option, result_argument
from simcost.cli.printing import note


@click.command()
@result_argument
@click.option("--format", type=click.Choice(["csv", "parquet", "xlsx"]), help="Kind of file; else by the name's ending.")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="File to write.")
@force_option
@quiet_option
def command(*, result: Path, format: str | None, output: Path, force: bool, quiet: bool) -> None:  # noqa: A002 - the option's name
    """Write a result as CSV, Parquet or Excel.

    One row for each figure: what it belongs to, which statistic, its value and interval. Parquet and Excel need the extra:
    pip install "simcost[export]".
    """
    from simcost import api

    api.export(result, output, format=format, force=force)
    note(f"Written to {output}.", quiet=quiet)
