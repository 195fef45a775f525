"""``simcost budget``: what a budget asks, and the gate of an automated check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simcost.cli.exit_codes import GATE_FAILED
from simcost.cli.option_types import ShareType
from simcost.cli.parameters import force_option, json_option, output_option, quiet_option, run_options
from simcost.cli.printing import note, print_answer
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from simcost.report.budget.answer import BudgetReport


@click.command()
@click.argument("scenario", metavar="SCENARIO|RESULT", type=click.Path(path_type=Path))
@click.option("--approved", metavar="SUM", help="Approved sum, like '6000000 CNY'; else the file's.")
@click.option(
    "--confidence",
    type=ShareType(),
    metavar="SHARE",
    help="Wanted probability of staying within, like 0.9 or '90 %'; else the file's.",
)
@click.option("--gate", is_flag=True, help="Exit with 3 if the wanted confidence is not met.")
@click.option("--learn", is_flag=True, help="Tell and judge what is likely given the bills of [actuals].")
@click.option("--split/--no-split", default=True, help="Split the reserve, by a second pass over the scenarios, or not.")
@run_options
@output_option("Result file to leave; else none is left.")
@force_option
@json_option
@quiet_option
def command(*, scenario: Path, gate: bool, as_json: bool, quiet: bool, **choices: Any) -> int:
    """Tell whether a budget is enough, and which sum would be.

    Give a scenario, which is run without keeping samples, or a result file, which is only read. Prints the probability of staying
    within the approved sum, the sum that is enough with the wanted confidence, the base estimate (every input at its most likely
    value) and the reserve over it, the mean of the worst scenarios (CVaR), the probability of having spent too much by each
    month, and the share of each category, stage and owner in the reserve.

    With --gate the exit code is 3 if the estimated probability of staying within is below the wanted confidence, else 0. Where
    sums are approved by fiscal year or quarter, or for owners, categories or stages, each of them has to hold. If the run is too
    small to decide, because the 95 % interval of the probability contains the wanted confidence, the verdict says so, and how
    many scenarios would be enough.

    With --learn the bills of closed months tell of the inputs that the rest of the run shares with them: each approved sum is
    told with the probability that it is kept given the bills, and the sum that would be enough, and the gate judges these.

    \b
    simcost budget scenario.toml --confidence 0.9
    simcost budget scenario.toml --gate -q -n 1e6 || echo "too dear"
    simcost budget forecast.toml --learn
    simcost budget result.h5 --approved "6000000 CNY"
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        report = api.budget(scenario, **shown, **choices)
    _print(report, as_json=as_json, quiet=quiet)
    return GATE_FAILED if gate and not report.answers.gate.met else 0


def _print(report: BudgetReport, *, as_json: bool, quiet: bool) -> None:
    from simcost.report.budget.text import verdict_sentence

    print_answer(report, as_json=as_json)
    if as_json and not quiet:
        note(verdict_sentence(report))
