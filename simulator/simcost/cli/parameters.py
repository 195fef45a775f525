"""Options and arguments that several commands share, and the types that read their texts."""

from __future__ import annotations

import re
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    Command = TypeVar("Command", bound=Callable[..., Any])

LARGEST_COUNT = 2**53  # every count up to here is exact in float64
LARGEST_SEED = 2**64 - 1  # the key of Philox has 64 bits
WITH_EXPONENT = re.compile(r"(\d+)(?:\.(\d+))?[eE]\+?(\d{1,2})")


class CountType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A whole number, also written ``1_000_000`` or ``1e6``."""

    name = "number"

    def __init__(self, smallest: int, largest: int = LARGEST_COUNT) -> None:
        self.smallest = smallest
        self.largest = largest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the text, or fail with a message that shows what is accepted."""
        count = value if isinstance(value, int) else whole_number(str(value))
        if count is None:
            from simcost.scenario.meant_values import meant_count

            like = meant_count(value) or "1000000, 1_000_000 or 1e6"
            self.fail(f"{value!r} is no whole number. Write it like {like}.", param, ctx)
        if not self.smallest <= count <= self.largest:
            self.fail(f"{value} is not between {self.smallest} and {self.largest}.", param, ctx)
        return count


class PercentileType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A percentile: ``p95`` or ``95``."""

    name = "percentile"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the text; it must lie strictly between 0 and 100."""
        found = value if isinstance(value, float) else percentile(str(value))
        if found is None:
            self.fail(f"{value!r} is no percentile between p0 and p100. Write it like p95 or p2.5.", param, ctx)
        return float(found)


class PercentilesType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """Percentiles in percent, separated by commas: ``2.5,97.5``, or ``p2.5,p97.5``."""

    name = "list"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """Read the text; each must lie strictly between 0 and 100."""
        if isinstance(value, tuple):
            return value
        percentiles = []
        for text in str(value).split(","):
            found = percentile(text)
            if found is None:
                self.fail(f"{text.strip()!r} is no percentile between 0 and 100. Write them like 2.5,50,97.5.", param, ctx)
            percentiles.append(found)
        return tuple(percentiles)


class ShareType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A share strictly between 0 and 1, also written in percent: ``0.9`` or ``90 %``."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the text, or fail with both ways to write it."""
        from simcost.scenario.quantities.share import plain_share

        plain = plain_share(value)
        share = plain if isinstance(plain, float) else decimal(str(value))
        if share is None or not 0.0 < share < 1.0:
            self.fail(f"{value!r} is no share between 0 and 1. Write it like 0.9 or '90 %'.", param, ctx)
        return share


class OutputType(click.Path):
    """A file to write; ``-`` is none: results are binary, and what can be printed is printed without ``-o``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text."""
        if str(value) == "-":
            self.fail("standard output is no file to write. Name a file; one that is called - as ./-.", param, ctx)
        return super().convert(value, param, ctx)


class KeepType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """How many scenarios to keep as samples: ``all``, ``none``, a number, or ``auto`` (what fits 256 MB)."""

    name = "all|none|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        """Read the text."""
        if value in ("all", "none", "auto"):
            return str(value)
        if value is not None and whole_number(str(value)) is None:
            self.fail(f"{value!r} is neither all, none nor a number of scenarios.", param, ctx)
        return CountType(0).convert(value, param, ctx)


def whole_number(text: str) -> int | None:
    """Read ``1000``, ``1_000`` or ``1e3``; None if it is no whole number of at most 40 digits."""
    plain = text.strip().replace("_", "")
    if plain.isascii() and plain.isdigit() and len(plain) <= 40:
        return int(plain)
    match = WITH_EXPONENT.fullmatch(plain)
    if match is None:
        return None
    whole, fraction, exponent = match[1], (match[2] or "").rstrip("0"), int(match[3])
    if len(fraction) > exponent or len(whole) + exponent > 40:
        return None
    return int(whole + fraction + "0" * (exponent - len(fraction)))


def percentile(text: str) -> float | None:
    """Read ``95``, ``p95`` or ``P95``; None if it is no percentile."""
    found = decimal(re.sub("^[pP]", "", text.strip()))
    return found if found is not None and 0.0 < found < 100.0 else None


def decimal(text: str) -> float | None:
    """Read ``2.5``; None if it is no plain decimal number."""
    return float(text) if re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)\s*", text, re.ASCII) else None


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

    groups = click.Choice(["category", "line", "stage", "owner"])
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
    with_workers = click.option("--workers", type=CountType(1, 1024), metavar="W", help="Threads; else as many as pay.")(command)
    return click.option(
        "--backend",
        type=click.Choice(["auto", "reference", "cpu", "cuda"]),
        default="auto",
        help="What computes; the figures are the same. See simcost doctor.",
    )(with_workers)


def quiet_option(command: Command) -> Command:
    """Add ``-q``."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress and no notes on standard error.")(command)


def json_option(command: Command) -> Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, and nothing else, on standard output.")(command)


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
