"""``simcost drivers``: what drives the cost."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from simcost.cli.parameters import json_option, quiet_option, run_options, scenario_argument
from simcost.cli.printing import print_json
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@click.option(
    "--figure",
    type=click.Choice(["mean", "p50", "p80", "p95", "cvar95"], case_sensitive=False),
    default="p95",
    help="Figure of the total that the table is about; cvar95 is the mean of the worst 5 %.",
)
@click.option(
    "--group", "groups", metavar="NAME=INPUT,...", multiple=True, help="Take these inputs together too. May be repeated."
)
@click.option("--shapley", is_flag=True, help="Share the variance out among correlated inputs too: Shapley effects.")
@click.option("--all", "every", is_flag=True, help="Show every input, not just the fifteen that matter most.")
@run_options
@json_option
@quiet_option
def command(*, scenario: Path, figure: str, every: bool, as_json: bool, quiet: bool, **choices: Any) -> None:
    """Show what drives the cost, input by input, in money.

    Fixes each input at its median, P10 and P90 in turn and runs the same scenarios again. The impact is the change of the figure,
    with its 95 % interval. Sobol' indices (shares of the total's variance, alone and with interactions) and the rank correlation
    with the total stand beside it. Inputs are also taken as groups: those that are correlated, come from one block, are drawn
    equally often (run, year, month) or are of one kind (price, volume, people, events), and the groups that --group names.
    Sentences at the end name the largest impacts in money, and how the scenarios that break the budget differ from the others (or
    the worst 5 % if there is no budget).

    \b
    simcost drivers scenario.toml
    simcost drivers scenario.toml --figure mean -n 1e5
    simcost drivers scenario.toml --group prices=gpu_price,cpu_price
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        report = api.drivers(scenario, **shown, **choices)
    if as_json:
        print_json(report.document())
    else:
        from simcost.report.drivers.text import MOST_INPUTS, drivers_page
        from simcost.report.parts.page import print_page

        print_page(drivers_page(report, figure=figure, most=None if every else MOST_INPUTS), sys.stdout)
