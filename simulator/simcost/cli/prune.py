"""``simcost prune``: remove results that later ones replace."""

from __future__ import annotations

from pathlib import Path

import click

from simcost.cli.option_types import CountType
from simcost.cli.parameters import json_option, quiet_option
from simcost.cli.printing import note, print_answer, print_json


@click.command()
@click.argument("folder", metavar="[FOLDER]", default="results", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, and remove nothing.")
@click.option("--keep-last", type=CountType(1), default=1, metavar="N", help="Keep the last N of each run; else the last one.")
@click.option(
    "--variants", is_flag=True, help="Take runs of a file for one, whatever their option, --set, seed and number of scenarios."
)
@json_option
@quiet_option
def command(*, folder: Path, dry_run: bool, keep_last: int, variants: bool, as_json: bool, quiet: bool) -> int:
    """Remove results that later ones replace.

    Each edit of a scenario file leaves one more result in FOLDER, which is results if none is named. Of runs of a file with the
    same option, --set, seed and number of scenarios the last result stays; the others are told and removed.

    What you named yourself with -o, what was renamed, links, folders, and what is no sound result of simcost are never touched.
    Of two scenario files of one name in different folders one is taken for an edit of the other, if their scenarios have one name
    too. A result can be had again, to the last bit, from its scenario file as it was, which simcost show --toml prints before.

    \b
    simcost prune --dry-run
    simcost prune
    simcost prune --keep-last 3
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    report = api.prune(folder, dry_run=dry_run, keep_last=keep_last, variants=variants)
    if as_json:
        from simcost.report.prune_json import prune_document

        print_json(prune_document(report))
    else:
        print_answer(report)
    if report.dry_run and report.removed:
        note("Nothing is removed yet: give it without --dry-run.", quiet=quiet)
    return 1 if report.refused else 0
