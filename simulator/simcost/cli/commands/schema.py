"""``simcost schema``: the JSON Schema of scenario files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import force_option, output_option, quiet_option
from simcost.cli.printing import note
from simcost.results.output_file import write_text

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@output_option("Write it to this file.")
@force_option
@quiet_option
def command(*, output: Path | None, force: bool, quiet: bool) -> None:
    """Print the JSON Schema of scenario files, for editors.

    An editor that knows TOML checks and completes a scenario whose first line names the schema: #:schema ./simcost.schema.json
    """
    text = schema_text()
    if output is None:
        click.echo(text.encode(), nl=False)
    else:
        write_text(output, text, force=force)
        note(f"The schema is written to {output}.", quiet=quiet)


def schema_text() -> str:
    """Return the schema as the text of a file."""
    import json

    from simcost.scenario.file_schema import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
