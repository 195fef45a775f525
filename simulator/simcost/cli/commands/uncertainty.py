"""``simcost uncertainty``: how far the figures move with what is not known about the inputs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.option_types import CountType
from simcost.cli.parameters import backend_option, count_options, json_option, quiet_option, scenario_argument, variant_options
from simcost.cli.printing import print_answer
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@click.option("--outer", type=CountType(20, 10_000), default=200, metavar="K", help="Draws of the parameters; 200 if not given.")
@count_options
@backend_option
@variant_options
@json_option
@quiet_option
def command(*, scenario: Path, outer: int, as_json: bool, quiet: bool, **choices: Any) -> None:
    """Show how far results depend on parameters that nobody knows.

    A parameter in quotes, as in lognormal = { median = "8 to 12", sd_log = 0.3 }, is itself uncertain; a plain run uses its
    median. Here such parameters are drawn K times, and the same scenarios are run for each draw, which gives P95 and the other
    figures of the total a 90 % band. Each draw has -n scenarios, 20,000 or the file's if fewer.

    \b
    simcost uncertainty scenario.toml
    simcost uncertainty scenario.toml --outer 1000 -n 100_000 --json
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        report = api.uncertainty(
            scenario,
            outer=outer,
            **shown,
            **choices,
        )
    print_answer(report, as_json=as_json)
