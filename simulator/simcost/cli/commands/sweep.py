"""``simcost sweep``: a scenario at several values of one number or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.answering import answering
from simcost.cli.parameters import run_options, scenario_argument

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.report.search.answers import SweepReport


@click.command()
@scenario_argument
@click.argument("grids", metavar="TARGET=A,B,C...", nargs=-1, required=True)
@run_options
@answering
def command(*, scenario: Path, grids: tuple[str, ...], **choices: Any) -> SweepReport:
    """Run a scenario at several values of one number or two.

    A target is named as for --set: inputs.gpu_price, or a key of a block; or it is a driver, drivers.requests, whose formula is
    replaced by the number. A value without a unit is in the target's own unit; inputs.NAME without values takes 17 from its P1 to
    its P99. All values face the same futures. With a budget, the probability of staying within it is shown.

    \b
    simcost sweep scenario.toml inputs.gpu_price=8,9,10,11,12
    simcost sweep scenario.toml inputs.gpu_count=16,24,32 inputs.traffic=1000,1500,2000
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    return api.sweep(scenario, grids, **choices)
