"""``simcost optimize``: what to decide so that a figure of the total is small."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from simcost.cli.parameters import backend_option, count_options, json_option, quiet_option, scenario_argument, set_options
from simcost.cli.printing import note, print_answer

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.analysis.optimize.trial import Trial


@click.command()
@scenario_argument
@click.option("--minimise", metavar="FIGURE", default="", help="mean, cvar95, or a percentile like p95; else the file's.")
@click.option("--trials", type=click.IntRange(1, 100_000), help="Largest number of trials; default 200.")
@click.option("--frontier", type=click.IntRange(0, 20), default=0, help="Points of the frontier of mean and risk to look for.")
@count_options
@backend_option
@set_options
@json_option
@quiet_option
def command(*, scenario: Path, as_json: bool, quiet: bool, **choices: Any) -> None:
    """Find the decisions that minimise the mean, P95 or CVaR.

    [optimize] in the file says what may be decided, which figure to minimise, and what must hold: that an event is rare, that a
    figure stays below a limit, that the budget's confidence is met. Every trial is a whole simulation; all trials use the same
    random numbers.

    Prints the best decisions and how far each can move at no extra cost; the figure on fresh random numbers, free of the optimism
    of a search; the saving against the file as it is; and the trials that no other beats in both mean and risk.

    \b
    simcost optimize scenario.toml
    simcost optimize scenario.toml --minimise cvar95 --frontier 5
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    progress = None if quiet or not sys.stderr.isatty() else _Progress()
    try:
        report = api.optimize(
            scenario,
            progress=progress,
            notice=None if quiet else note,
            **choices,
        )
    finally:
        if progress:
            progress.clear()
    print_answer(report, as_json=as_json)


class _Progress:
    """Shows the number of trials and the lowest figure so far on one line of standard error."""

    def __init__(self) -> None:
        self._lowest = float("inf")

    def __call__(self, trial: Trial, number: int) -> None:
        if not trial.excess:
            self._lowest = min(self._lowest, trial.objective)
        lowest = f"{self._lowest:,.0f}" if self._lowest < float("inf") else "none allowed yet"
        click.echo(f"\rtrial {number}, lowest {lowest}\x1b[K", err=True, nl=False)

    def clear(self) -> None:
        """Leave nothing on the line."""
        click.echo("\r\x1b[K", err=True, nl=False)
