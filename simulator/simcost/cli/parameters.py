"""Options and arguments that several commands share."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from simcost.cli.option_types import LARGEST_SEED, CountType, GroupType, OutputType, PercentilesType
from simcost.cli.printing import problems_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    Command = TypeVar("Command", bound=Callable[..., Any])


def scenario_argument(command: Command) -> Command:
    """Add the argument SCENARIO: a path that the loader opens, since it says best what is wrong with a file."""
    return click.argument("scenario", metavar="SCENARIO", type=click.Path(path_type=Path))(command)


def result_argument(command: Command) -> Command:
    """Add the argument RESULT."""
    return click.argument("result", metavar="RESULT", type=click.Path(path_type=Path))(command)


def variant_options(command: Command) -> Command:
    """Add ``--option``, ``--view`` and ``--set``: which variant of the scenario is meant."""
    return click.option(
        "--option", default="", metavar="NAME", shell_complete=complete_option, help="Apply this one of the file's [options]."
    )(set_options(command))


def set_options(command: Command) -> Command:
    """Add ``--view`` and ``--set``: what is replaced; a view is one more assignment."""

    @wraps(command)
    def with_view(*, view: str | None, overrides: tuple[str, ...], **others: Any) -> Any:
        return command(overrides=(*overrides, *([f'scenario.view="{view}"'] if view else ())), **others)

    with_set = click.option(
        "--set",
        "overrides",
        metavar="NAME=VALUE",
        multiple=True,
        shell_complete=complete_target,
        help="Replace one value, like inputs.gpu_price='7 to 11 CNY/GPU/hour'. May be repeated.",
    )(with_view)
    return cast("Command", view_option(with_set))


def view_option(command: Command) -> Command:
    """Add ``--view``."""
    views = click.Choice(["cash", "amortised"])
    return click.option("--view", type=views, help="Costs when they are paid, or spread over what they pay for.")(command)


def by_month_option(command: Command) -> Command:
    """Add ``--by-month``: what is recorded in each month; one more assignment."""

    @wraps(command)
    def with_months(*, by_month: tuple[str, ...], overrides: tuple[str, ...], **others: Any) -> Any:
        words = ", ".join(f'"{each}"' for each in by_month)
        return command(overrides=(*overrides, *([f"scenario.by_month=[{words}]"] if words else ())), **others)

    groups = GroupType(["category", "line", "stage", "owner"])
    described = "Add the cost of each category, cost line, stage or owner in each month. May be repeated."
    return cast("Command", click.option("--by-month", type=groups, multiple=True, help=described)(with_months))


def count_options(command: Command) -> Command:
    """Add ``-n`` and ``--seed``: which scenarios are drawn."""
    seeded = click.option(
        "--seed", type=CountType(0, LARGEST_SEED), metavar="SEED", help="Seed of the random numbers; else the file's."
    )(command)
    return click.option(
        "-n",
        "--scenarios",
        "n",
        type=CountType(1),
        metavar="N",
        help="Scenarios to draw, like 1_000_000 or 1e6; else the file's.",
    )(seeded)


def backend_option(command: Command) -> Command:
    """Add ``--backend`` and ``--workers``: what computes."""
    told = "Threads, or processes of NumPy; else as many as pay."
    with_workers = click.option("--workers", type=CountType(1, 1024), metavar="W", help=told)(command)
    return click.option(
        "--backend",
        type=click.Choice(["auto", "reference", "cpu", "cuda"]),
        default="auto",
        help="What computes; the figures are the same. See simcost doctor.",
    )(with_workers)


def run_options(command: Command) -> Command:
    """Add what a run takes: ``-n``, ``--seed``, ``--backend``, ``--workers``, ``--option``, ``--view`` and ``--set``."""
    return count_options(backend_option(variant_options(command)))


def quiet_option(command: Command) -> Command:
    """Add ``-q``."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress and no notes on standard error.")(command)


def json_option(command: Command) -> Command:
    """Add ``--json``, by which the problems of an invalid file are a document too."""

    @wraps(command)
    def with_problems(*, as_json: bool, **others: Any) -> Any:
        with problems_told(as_json=as_json):
            return command(as_json=as_json, **others)

    described = "Print JSON, and nothing else, on standard output."
    return cast("Command", click.option("--json", "as_json", is_flag=True, help=described)(with_problems))


def data_option(command: Command) -> Command:
    """Add ``--data``: where the data files are that the scenario of a result names."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option(
        "--data", metavar="FOLDER", type=folder, default=".", help="Folder of the data files that a result's scenario names."
    )(command)


def output_option(what: str) -> Callable[[Command], Command]:
    """Add ``-o``, where ``what`` tells what is written there."""
    return click.option("-o", "--output", metavar="FILE", type=OutputType(path_type=Path), help=what)


def force_option(command: Command) -> Command:
    """Add ``--force``."""
    return click.option("--force", is_flag=True, help="Replace an existing file.")(command)


def percentiles_option(command: Command) -> Command:
    """Add ``--percentiles``."""
    return click.option(
        "--percentiles",
        type=PercentilesType(),
        default=(),
        metavar="LIST",
        help="Percentiles to add to 5, 10, 50, 80, 90, 95 and 99, like 2.5,97.5.",
    )(command)


def complete_option(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the options in the scenario file that stands on the command line."""
    return _completed(_table(ctx, "options"), incomplete)


def complete_target(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the inputs in the scenario file, as ``--set`` takes them."""
    return _completed([f"inputs.{name}=" for name in _table(ctx, "inputs")], incomplete)


def _completed(names: list[str], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _table(ctx: click.Context, table: str) -> list[str]:
    """Keys of a table of the scenario file; none if there is no readable file."""
    from simcost.scenario.text.document import read

    # Where the word to complete is an option's value, click has not come to the arguments: they are left over.
    path = ctx.params.get("scenario") or next(iter(ctx.params.get("paths") or ctx.args), None)
    if path is None:
        return []
    try:
        document = read(path).data
    except Exception:  # noqa: BLE001 - whatever is wrong with the file, the shell's prompt is no place to say it
        return []
    names = document.get(table, {})
    return [str(name) for name in names] if isinstance(names, dict) else []
