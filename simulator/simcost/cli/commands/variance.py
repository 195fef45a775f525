"""``simcost variance``: what was billed against what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.answering import answering
from simcost.cli.parameters import force_option, output_option, run_options, scenario_argument

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.report.variance.answer import VarianceReport


@click.command()
@scenario_argument
@click.option("--learn", is_flag=True, help="Tell what the bills say of the months to come, and of the inputs.")
@run_options
@output_option("Table to write beside: .csv, .parquet or .xlsx.")
@force_option
@answering
def command(*, scenario: Path, **choices: Any) -> VarianceReport:
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

    return api.variance(scenario, **choices)
