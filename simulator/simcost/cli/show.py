"""``simcost show``: print the table of a result file again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import json_option, percentiles_option, result_argument, view_option
from simcost.cli.printing import print_result

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.scenario.scenario import View


@click.command()
@result_argument
@percentiles_option
@view_option
@json_option
def command(*, result: Path, percentiles: tuple[float, ...], view: View | None, as_json: bool) -> None:
    """Print the table of a result file again.

    Other percentiles than those of the run can be asked for, and the other view: the file holds the distributions, not only the
    figures, and costs as they are paid and as they are amortised.
    """
    from simcost import api

    print_result(api.show(result, percentiles=percentiles, view=view), as_json=as_json)
