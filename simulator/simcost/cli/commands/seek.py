"""``simcost seek``: the value of one number that meets a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.answering import answering
from simcost.cli.option_types import PercentileType
from simcost.cli.parameters import run_options, scenario_argument

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.report.search.answers import SeekReport


@click.command()
@scenario_argument
@click.argument("sought", metavar="TARGET")
@click.option(
    "--percentile",
    type=PercentileType(),
    metavar="P",
    help="Percentile of the total, like 95; else the confidence of the file's budget.",
)
@click.option("--at-most", metavar="SUM", help="Largest value allowed for it, like '6000000 CNY'; else every approved sum.")
@click.option("--between", default="", metavar="LOW,HIGH", help="Where to look; else the input's own range.")
@click.option("--whole", is_flag=True, help="Consider whole numbers only.")
@run_options
@answering
def command(*, scenario: Path, sought: str, **choices: Any) -> SeekReport:
    """Find the value of one number that meets a target.

    TARGET is named as for --set: inputs.gpu_price, or a key of a block; or it is a driver. Every value is tried on the same
    futures, so a percentile that only rises or only falls meets the sum at one value, which is found. If it goes up and down, or
    never reaches the sum, a line says so. The value has a 95 % interval, which follows from that of the percentile.

    Without --between an uncertain input is searched from its P1 to its P99, a certain one from half to twice its value.

    \b
    simcost seek scenario.toml inputs.gpu_price --percentile 95 --at-most "6000000 CNY"
    simcost seek scenario.toml inputs.gpu_count --whole --between 10,60
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    return api.seek(scenario, sought, **choices)
