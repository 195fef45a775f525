"""``simcost expand``: what the blocks of a scenario mean in the plain language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import force_option, output_option, quiet_option, scenario_argument, variant_options
from simcost.cli.printing import note
from simcost.results.output_file import write_text

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@variant_options
@output_option("Write it to this file.")
@force_option
@quiet_option
def command(*, scenario: Path, option: str, overrides: tuple[str, ...], output: Path | None, force: bool, quiet: bool) -> None:
    """Print a scenario with its blocks written out in plain lines.

    Blocks such as [[staff]] become inputs, drivers and cost lines; comments say which came from which. The printed file is itself
    a scenario, with the same results to the last bit.
    """
    from simcost import api

    text = api.expand(scenario, option=option, overrides=overrides)
    if output is None:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
    else:
        write_text(output, text, force=force)
        note(f"The expansion is written to {output}.", quiet=quiet)
