"""``simcost sweep``: a scenario at several values of one number or two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.parameters import backend_option, count_options, json_option, quiet_option, scenario_argument, variant_options
from simcost.cli.printing import print_answer
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@click.argument("grids", metavar="TARGET=A,B,C...", nargs=-1, required=True)
@count_options
@backend_option
@variant_options
@json_option
@quiet_option
def command(*, scenario: Path, grids: tuple[str, ...], as_json: bool, quiet: bool, **choices: Any) -> None:
    """Run a scenario at several values of one number or two.

    A target is named as for --set: inputs.gpu_price, or a key of a block; or it is a driver, drivers.requests, whose formula is
    replaced by the number. A value without a unit is in the target's own unit; inputs.NAME without values takes 17 from its P1 to
    its P99. All values face the same futures. With a budget, the probability of staying within it is shown.

    \b
    simcost sweep scenario.toml inputs.gpu_price=8,9,10,11,12
    simcost sweep scenario.toml inputs.gpu_count=16,24,32 inputs.traffic=1000,1500,2000
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        report = api.sweep(
            scenario,
            grids,
            **shown,
            **choices,
        )
    print_answer(report, as_json=as_json)
