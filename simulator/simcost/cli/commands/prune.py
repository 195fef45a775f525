"""``simcost prune``: remove results that later ones replace."""

from __future__ import annotations

from pathlib import Path

import click

from simcost.cli.option_types import CountType
from simcost.cli.parameters import json_option, quiet_option
from simcost.cli.printing import note, print_answer


@click.command()
@click.argument("folder", metavar="[FOLDER]", default="results", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and remove nothing.")
@click.option("--keep-last", type=CountType(1), default=1, metavar="N", help="Results to keep of each run; default 1.")
@click.option(
    "--variants", is_flag=True, help="Count all runs of a file as one, whatever option, --set, seed and number of scenarios."
)
@json_option
@quiet_option
def command(*, folder: Path, dry_run: bool, keep_last: int, variants: bool, as_json: bool, quiet: bool) -> int:
    """Remove results that later ones replace.

    Each edit of a scenario file leaves one more result in FOLDER (by default: results). Among runs of one file with the same
    option, --set, seed and number of scenarios, only the last result is kept; the others are listed and removed.

    It never touches files that you named with -o or renamed, links, folders, or anything that is not a sound result of simcost.
    Two scenario files with the same file name and the same scenario name count as one file, even in different folders.
    A removed result can be recomputed to the last bit from its scenario file, which simcost show --toml prints beforehand.

    \b
    simcost prune --dry-run
    simcost prune
    simcost prune --keep-last 3
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    report = api.prune(folder, dry_run=dry_run, keep_last=keep_last, variants=variants)
    print_answer(report, as_json=as_json)
    if report.dry_run and report.removed:
        note("Nothing is removed yet: give it without --dry-run.", quiet=quiet)
    return 1 if report.refused else 0
