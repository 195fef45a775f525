"""The command ``simcost``: a group that loads a command only when it is called, and knows all help texts by heart."""

from __future__ import annotations

import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

from simcost.cli.failures import guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, str] = {
    "run": "Simulate a scenario: percentiles of its cost with error bars.",
    "budget": "Tell whether a budget is enough, and which sum would be.",
    "variance": "Show what was billed beside what was planned.",
    "compare": "Compare options or files in the same futures, with error bars.",
    "drivers": "Show what drives the cost, input by input, in money.",
    "stress": "Show what the cost becomes under stress.",
    "sweep": "Run a scenario at several values of one number or two.",
    "seek": "Find the value of one number that meets a target.",
    "optimize": "Find the decisions that minimise the mean, P95 or CVaR.",
    "uncertainty": "Show how far results depend on parameters that nobody knows.",
    "fit": "Turn a column of data into a distribution or a series.",
    "validate": "Check a scenario and show how it was understood.",
    "lint": "Point out what is probably a mistake in a valid scenario.",
    "expand": "Print a scenario with its blocks written out in plain lines.",
    "compile": "Show or save the plan of operations that a scenario becomes.",
    "show": "Print the tables of a result file again.",
    "replay": "Recompute one future and show how its cost came about.",
    "verify": "Check a result file against recomputed scenarios, bit for bit.",
    "export": "Write a result as CSV, Parquet or Excel.",
    "report": "Write a page of a result or an answer, to send or print.",
    "prune": "Remove results that later ones replace.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
    "init": "Write a commented scenario to start from.",
    "doctor": "Show what is installed and which back ends would run.",
    "completion": "Print a script for your shell that completes commands.",
}
"""Every command and the first line of its help, in the order of ``simcost --help``; its module in `commands` has its name."""


DEBUG = "--debug"


class Root(click.Group):
    """A lazy group; every way out of it passes through `guarded`."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: ARG002 - click's signature
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> NoReturn:
        """Run and exit with the code that a command returns or an error has, whoever calls: the entry point or a test."""
        words = sys.argv[1:] if args is None else list(args)
        heard = [word for word in words if word != DEBUG]  # wherever it stands: one adds it to a command that has failed
        action = partial(super().main, heard, prog_name, complete_var, False, windows_expand_args, **extra)
        sys.exit(guarded(action, debug=len(heard) < len(words)))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"simcost.cli.commands.{cmd_name}").command)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest the one that was meant."""
        name = args[0]
        if name in COMMANDS or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        close = get_close_matches(name, COMMANDS, n=1)
        hint = f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(COMMANDS)}."
        if name.endswith(".toml"):
            hint = f" Did you mean 'simcost run {name}'?"
        message = f"No such command '{name}'.{hint}"
        raise click.UsageError(message, ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the table without loading any command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="simcost", message="simcost %(version)s")
@click.option(DEBUG, is_flag=True, expose_value=False, help="Show the traceback of an error.")
def root() -> None:
    """Monte Carlo cost simulation of AI deployments.

    A scenario file describes what a deployment costs, with every uncertain number written as a distribution. simcost simulates
    a million futures of it and prints the budget: P50 and P95 of the total, of each category and of each month.

    \b
    Start with:
      simcost init scenario.toml
      simcost validate scenario.toml
      simcost run scenario.toml

    Exit codes: 0 fine; 1 failure; 2 usage or invalid scenario; 3 a budget gate failed; 130 interrupted.
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
