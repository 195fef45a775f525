"""``simcost show``: print the table of a result file again."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import json_option, percentiles_option, quiet_option, result_argument, view_option
from simcost.cli.printing import note, print_answer

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.results.run_info import ScenarioInfo
    from simcost.scenario.scenario import View


@click.command()
@result_argument
@percentiles_option
@view_option
@click.option("--toml", "as_toml", is_flag=True, help="Print the scenario file that the result holds, and nothing else.")
@json_option
@quiet_option
def command(
    *, result: Path, percentiles: tuple[float, ...], view: View | None, as_toml: bool, as_json: bool, quiet: bool
) -> None:
    """Print the tables of a result file again.

    You can ask for other percentiles and for the other view: the file holds whole distributions, of costs as paid and as
    amortised. It also holds the scenario file:

    \b
    simcost show last_month.h5 --toml > last_month.toml
    simcost compare last_month.toml scenario.toml
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    if as_toml and (as_json or percentiles or view):
        message = "--toml prints the scenario file as it was: give it alone."
        raise click.UsageError(message)
    from simcost import api

    found = api.show(result, percentiles=percentiles, view=view)
    if as_toml:
        _print_scenario_file(found.scenario, quiet=quiet)
    else:
        print_answer(found, as_json=as_json)


def _print_scenario_file(scenario: ScenarioInfo, *, quiet: bool) -> None:
    """Print the file as the run read it, and note what the run replaced in it."""
    click.echo(scenario.text.encode(), nl=False)
    given = [
        *([f"--option {quote(scenario.option)}"] if scenario.option else []),
        *(f"--set {quote(each)}" for each in scenario.overrides),
    ]
    if given:
        note(f"The run was given {' '.join(given)} too: give it to run or compare as well.", quiet=quiet)
