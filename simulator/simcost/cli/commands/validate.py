"""``simcost validate``: check a scenario and show how it was understood."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import json_option, quiet_option, scenario_argument, variant_options
from simcost.cli.printing import note, print_json
from simcost.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@variant_options
@click.option("--strict", is_flag=True, help="Exit with 2 if there are warnings.")
@json_option
@quiet_option
def command(*, scenario: Path, option: str, overrides: tuple[str, ...], strict: bool, as_json: bool, quiet: bool) -> None:
    """Check a scenario and show how it was understood.

    Prints each input with its unit, how long one draw holds, P5, P50 and P95; each driver with its inferred unit; each cost
    line with its time base; correlations asked for and got. Every problem of an invalid file is reported with its line; by
    --json, here and in every command, as a document too: simcost/problems/1.
    """
    from simcost import api
    from simcost.report.model.document import model_document

    compiled = api.validate(scenario, option=option, overrides=overrides)
    document = model_document(compiled)
    if as_json:
        print_json(document)
    else:
        from simcost.report.model.table import print_model

        print_model(document, sys.stdout)
    if strict and document["warnings"]:
        message = f"{scenario}: {len(document['warnings'])} warning(s), and --strict allows none."
        raise UsageError(message)
    note(f"{scenario} is valid.", quiet=quiet)
