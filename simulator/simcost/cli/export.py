"""``simcost export``: write a result as CSV, Parquet or Excel."""

from __future__ import annotations

from pathlib import Path

import click

from simcost.cli.output_file import refuse_to_replace
from simcost.cli.parameters import force_option, result_argument
from simcost.cli.printing import note

FORMATS = {".csv": "csv", ".parquet": "parquet", ".xlsx": "xlsx"}


@click.command()
@result_argument
@click.option("--format", "kind", type=click.Choice(list(FORMATS.values())), help="Kind of file; else by the name's ending.")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="File to write.")
@force_option
def command(*, result: Path, kind: str | None, output: Path, force: bool) -> None:
    """Write a result as CSV, Parquet or Excel.

    One row for each figure: what it belongs to, which statistic, its value and interval. Parquet and Excel need the extra:
    pip install "simcost[export]".
    """
    refuse_to_replace(output, force=force)
    kind = kind or FORMATS.get(output.suffix.lower())
    if kind is None:
        message = f"{output} does not end in {', '.join(FORMATS)}. Name the kind of file with --format."
        raise click.UsageError(message)
    from simcost import api

    api.export(result, kind, output)
    note(f"Written to {output}.")
