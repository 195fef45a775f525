"""``simcost show``: print the table of a result file again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import json_option, percentiles_option, result_argument
from simcost.cli.printing import print_result

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@result_argument
@percentiles_option
@json_option
def command(*, result: Path, percentiles: tuple[float, ...], as_json: bool) -> None:
    """Print the table of a result file again.

    Other percentiles than those of the run can be asked for: the file holds the distribution, not only its figures.
    """
    from simcost import api

    print_result(api.show(result, percentiles=percentiles), as_json=as_json)
