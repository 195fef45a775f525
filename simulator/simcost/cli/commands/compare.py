"""``simcost compare``: options or files in the same futures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simcost.cli.answering import answering
from simcost.cli.parameters import backend_option, complete_option, count_options, set_options

if TYPE_CHECKING:
    from simcost.report.compare.answer import CompareReport


@click.command()
@click.argument("paths", metavar="SCENARIO...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--option",
    "options",
    metavar="NAME",
    multiple=True,
    shell_complete=complete_option,
    help="Compare this one of the file's [options]; may be repeated. Else all of them.",
)
@click.option(
    "--crossover",
    default="",
    metavar="TARGET",
    help="Find where the choice flips: inputs.NAME for its own range, or inputs.NAME=1,2,3.",
)
@count_options
@backend_option
@set_options
@answering
def command(*, paths: tuple[Path, ...], **choices: Any) -> CompareReport:
    """Compare options or files in the same futures, with error bars.

    All models use the same random draws, so a difference comes from the models and not from chance. Given one file, each of its
    options is compared with the file as it is. One --option limits this to that option; several are compared with the first of
    them. Given several files, each is compared with the first: with one --option they all have it, with as many as files each
    has its own, "as it is" being none.

    Prints for each model its total, how often it is the cheapest, and what choosing it costs where it is not (regret); the
    differences of mean, P50, P80, P95 and the mean of the worst 5 %, with 95 % intervals; and whether one model is better
    whatever your attitude to risk (stochastic dominance). No file is written.

    \b
    simcost compare scenario.toml
    simcost compare scenario.toml --option reserved --option spot
    simcost compare scenario.toml --option reserved --crossover inputs.traffic
    simcost compare ours.toml theirs.toml --json
    simcost compare october.toml november.toml --option reserved
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    return api.compare(paths, **choices)
