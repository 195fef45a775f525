"""``simcost variance``: what was billed against what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.parameters import (
    backend_option,
    count_options,
    force_option,
    json_option,
    output_option,
    quiet_option,
    scenario_argument,
    variant_options,
)
from simcost.cli.printing import print_answer
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@click.option("--learn", is_flag=True, help="Tell what the bills say of the months to come, and of the inputs.")
@count_options
@backend_option
@variant_options
@output_option("Table to write beside: .csv, .parquet or .xlsx.")
@force_option
@json_option
@quiet_option
def command(*, scenario: Path, as_json: bool, quiet: bool, **choices: Any) -> None:
    """Show what was billed beside what was planned.

    The bills are those of [actuals] in the file; the plan is the same file without them. For the last month that is closed and
    for all of them, each category, cost line, stage and owner has its planned mean, P5 and P95, its bills, and the share of the
    plan's futures in which it was to cost less: what lies outside P5 to P95 is named. The whole run follows, by the plan and
    with the bills; with --learn a third time, given what the bills tell of the inputs that the rest of the year shares with them.

    \b
    simcost variance forecast.toml
    simcost variance forecast.toml --learn
    simcost variance forecast.toml --set actuals.through=2027-02 -o february.xlsx
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        report = api.variance(scenario, **shown, **choices)
    print_answer(report, as_json=as_json)
