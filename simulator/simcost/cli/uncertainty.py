"""``simcost uncertainty``: how far the figures move with what is not known about the inputs themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.option_types import CountType
from simcost.cli.parameters import backend_option, count_options, json_option, quiet_option, scenario_argument, variant_options
from simcost.cli.printing import print_answer, print_json
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
    """Tell how far figures move with parameters that nobody knows.

    A parameter in quotes, as in lognormal = { median = "8 to 12", sd_log = 0.3 }, is uncertain itself; a plain run has it at its
    median. Here these parameters are drawn K times, and for each draw the same scenarios are run: P95 and the other figures of
    the total then have a 90 % band. Each draw has -n scenarios, 20,000 or the file's if fewer.

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
    if as_json:
        from simcost.report.uncertainty_json import uncertainty_document

        print_json(uncertainty_document(report))
    else:
        print_answer(report)
