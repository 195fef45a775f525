"""``simcost fit``: data to the lines of a scenario file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from simcost.cli.parameters import json_option, quiet_option
from simcost.cli.printing import print_json


@click.command()
@click.argument("path", metavar="DATA", type=click.Path(path_type=Path))
@click.option("--column", required=True, metavar="NAME", help="Column with the values.")
@click.option("--month", default="", metavar="NAME", help="Column with the month of each value: fit a series.")
@click.option("--combine", default="", metavar="mean|sum", help="What a month has of several rows, such as its days.")
@click.option("--where", multiple=True, metavar="COLUMN=VALUE", help="Take only the rows that have this; may be repeated.")
@click.option("--name", default="", metavar="NAME", help="Name of the input or series; else that of the column.")
@click.option("--unit", default="1", metavar="UNIT", help="Unit of the values, like CNY/GPU/hour; else a pure number.")
@click.option("--family", default="", metavar="NAME", help="Distribution to take, or empirical; else the best that fits.")
@click.option("--bounds", default="", metavar="LOW,HIGH", help="Limits of possible values: try a beta too.")
@click.option("--start", default="", metavar="MONTH", help="First month of the scenario; else the one after the data.")
@click.option("--uncertain", is_flag=True, help="Write parameters with their own uncertainty, for simcost uncertainty.")
@json_option
@quiet_option
def command(*, path: Path, as_json: bool, quiet: bool, **choices: Any) -> None:
    """Turn a column of data into a distribution or a series.

    DATA is a CSV file. The lines to append to the scenario file go to standard output. The evidence goes to standard error: what
    was left out, what was tried, how well each fits, how well P95 is known, and what speaks against the result.

    \b
    simcost fit prices.csv --column price --unit CNY/GPU/hour >> scenario.toml
    simcost fit traffic.csv --column requests --month month --unit request/month >> scenario.toml
    simcost fit days.csv --column requests --month date --combine mean --unit request/day
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    report = api.fit(path, **choices)
    if as_json:
        print_json(report.document())
        return
    if not quiet:
        from simcost.report.fit.text import print_fit

        print_fit(report, sys.stderr)
        sys.stderr.flush()  # first, where both go to one terminal
    click.echo(report.toml.encode("utf-8", "backslashreplace"), nl=False)
