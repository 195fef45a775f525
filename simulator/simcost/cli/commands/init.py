"""``simcost init``: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path

import click

from simcost.cli.parameters import force_option, quiet_option
from simcost.cli.printing import note
from simcost.results.output_file import refuse_to_replace, write_text

TEMPLATE = Path(__file__).with_name("init_template.toml")
SCHEMA = "simcost.schema.json"


@click.command()
@click.argument("path", default=Path("scenario.toml"), type=click.Path(path_type=Path))
@force_option
@quiet_option
def command(*, path: Path, force: bool, quiet: bool) -> None:
    """Write a commented scenario to start from.

    PATH is scenario.toml by default. The file runs as it is; change its numbers one by one. Its JSON Schema is written beside
    it, so that an editor checks and completes what you type.
    """
    from simcost.cli.commands.schema import schema_text

    refuse_to_replace(path, force=force)
    schema = path.with_name(SCHEMA)
    if force or not schema.exists():
        write_text(schema, schema_text(), force=force)
    write_text(path, TEMPLATE.read_text(encoding="utf-8"), force=force)
    note(f"{path} is written. Run it: simcost run {path}", quiet=quiet)
