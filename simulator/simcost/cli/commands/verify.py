"""``simcost verify``: check a result file against recomputed scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from simcost.cli.option_types import LARGEST_SEED, CountType
from simcost.cli.parameters import data_option, json_option, quiet_option, result_argument
from simcost.cli.printing import note, print_answer
from simcost.cli.progress import shown_progress


@click.command()
@result_argument
@click.option("--all", "everything", is_flag=True, help="Compute every scenario again, however many.")
@click.option("--seed", type=CountType(0, LARGEST_SEED), default=1, metavar="SEED", help="Seed of the random choice; else 1.")
@data_option
@json_option
@quiet_option
def command(*, result: Path, everything: bool, seed: int, data: Path, as_json: bool, quiet: bool) -> int:
    """Check a result file against recomputed scenarios, bit for bit.

    Every byte of the file is compared with its seal and checksums, every figure with the stored summary. Then a random
    thousandth of the scenarios is computed again (all of them up to 131,072, or with --all) and compared with those that were
    kept, and with the summary. It is computed on NumPy, whatever the back end of the run: the bits are the same.

    The exit code is 0 if all is well, and 1 if not. A result of another stream of random numbers, or whose scenario compiles
    here to another plan, cannot be checked: that is told, with the version that can.
    """
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        found = api.verify(result, seed=seed, everything=everything, data=data, progress=shown["progress"])
    print_answer(found, as_json=as_json)
    if not found.passed:
        note(f"Error: {result} is not what its run gives.")
    return 0 if found.passed else 1
