"""``simcost replay``: the whole story of one future."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simcost.cli.option_types import LARGEST_COUNT, CountType, PercentileType
from simcost.cli.parameters import data_option, json_option, quiet_option, run_options
from simcost.cli.printing import note, print_answer
from simcost.cli.progress import shown_progress


@click.command()
@click.argument("path", metavar="RESULT|SCENARIO", type=click.Path(path_type=Path))
@click.option("--scenario", "number", type=CountType(0, LARGEST_COUNT), metavar="K", help="Number of the future, from 0.")
@click.option("--near", type=PercentileType(), metavar="pNN", help="Take the future whose total is nearest to this percentile.")
@data_option
@run_options
@json_option
@quiet_option
def command(*, path: Path, number: int | None, as_json: bool, quiet: bool, **choices: Any) -> int:
    """Recompute one future and show how its cost came about.

    Prints what one scenario of a run costs by line and month, the value of each input and the percentile it was drawn at, and
    every driver. A result file knows its seed and variant; for a scenario file give them as for run. If the result has kept the
    scenario, the recomputed total must equal the kept one to the last bit; otherwise the exit code is 1.

    --near searches the kept totals if all were kept, else up to ten million recomputed ones.

    \b
    simcost replay result.h5 --near p95
    simcost replay result.h5 --scenario 123456 --json | jq .drivers
    simcost replay scenario.toml --seed 7 --scenario 123456
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        replay = api.replay(path, scenario=number, **shown, **choices)
    print_answer(replay, as_json=as_json)
    if replay.matches is False:
        note(f"Error: the total of scenario {replay.future.number:,} differs. See: simcost verify {path}")
        return 1
    return 0
