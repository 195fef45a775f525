"""``simcost uncertainty``: how far the figures move with what is not known about the inputs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.answering import answering
from simcost.cli.option_types import CountType
from simcost.cli.parameters import run_options, scenario_argument

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.report.uncertainty.answer import UncertaintyReport


@click.command()
@scenario_argument
@click.option("--outer", type=CountType(20, 10_000), default=200, metavar="K", help="Draws of the parameters; 200 if not given.")
@run_options
@answering
def command(*, scenario: Path, **choices: Any) -> UncertaintyReport:
    """Show how far results depend on parameters that nobody knows.

    A parameter in quotes, as in lognormal = { median = "8 to 12", sd_log = 0.3 }, is itself uncertain; a plain run uses its
    median. Here such parameters are drawn K times, and the same scenarios are run for each draw, which gives P95 and the other
    figures of the total a 90 % band. Each draw has -n scenarios, 20,000 or the file's if fewer.

    \b
    simcost uncertainty scenario.toml
    simcost uncertainty scenario.toml --outer 1000 -n 100_000 --json
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    return api.uncertainty(scenario, **choices)
