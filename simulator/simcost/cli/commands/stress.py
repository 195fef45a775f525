"""``simcost stress``: what the cost becomes under stress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.answering import answering
from simcost.cli.option_types import ShareType
from simcost.cli.parameters import run_options, scenario_argument

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.report.stress.answer import StressReport


@click.command()
@scenario_argument
@click.option("--stress", "stresses", metavar="NAME", multiple=True, help="Take this [stress.NAME] of the file. May be repeated.")
@click.option(
    "--band", "bands", metavar="INPUT=BAND", multiple=True, help="Restrict an input, like traffic='P90 to P100'. May be repeated."
)
@click.option(
    "--worst",
    type=ShareType(),
    default=0.01,
    metavar="SHARE",
    help="Scenarios that the reverse stress is about, like 0.01 or '1 %', at most half; 0.01 if not given.",
)
@run_options
@answering
def command(*, scenario: Path, **choices: Any) -> StressReport:
    """Show what the cost becomes under stress.

    Runs the same scenarios under each stress of the file, under each of its conditions alone where it has several, and under all
    stresses together. A stress restricts inputs to a band of their percentiles, scales or shifts their values, or applies an
    option of the file:

    \b
    [stress.surge]
    band  = { traffic = "P90 to P100", gpu_price = "P95" }
    scale = { egress_price = 1.3 }

    A band restricts its own input only: inputs that are correlated with it stay as they are. The second table looks the other
    way: which conditions of the inputs are typical of the worst scenarios of the file as it is.

    \b
    simcost stress scenario.toml
    simcost stress scenario.toml --band traffic="P90 to P100" --band gpu_price=P95
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    return api.stress(scenario, **choices)
