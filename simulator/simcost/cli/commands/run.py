"""``simcost run``: simulate a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simcost.cli.exit_codes import GATE_FAILED
from simcost.cli.option_types import CountType, KeepType
from simcost.cli.parameters import (
    backend_option,
    by_month_option,
    count_options,
    force_option,
    json_option,
    output_option,
    percentiles_option,
    quiet_option,
    scenario_argument,
    variant_options,
)
from simcost.cli.printing import note, print_answer
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from simcost.results.result import Result


@click.command()
@scenario_argument
@count_options
@click.option("--first", type=CountType(0), default=0, metavar="K", help="Number of the first scenario: a part of a larger run.")
@backend_option
@variant_options
@percentiles_option
@by_month_option
@click.option(
    "--keep", type=KeepType(), default="auto", metavar="all|none|N", help="Scenarios to keep as samples; else what fits 256 MB."
)
@output_option("Result file; else results/SCENARIO-HASH-SEED-N.h5.")
@force_option
@click.option("--gate", is_flag=True, help="Exit with 3 if the budget's wanted confidence is not met; the result is written.")
@json_option
@quiet_option
def command(
    *,
    scenario: Path,
    output: Path | None,
    as_json: bool,
    quiet: bool,
    gate: bool,
    **choices: Any,
) -> int:
    """Simulate a scenario: percentiles of its cost with error bars.

    Prints mean, percentiles and their 95 % confidence intervals for the total, each category, cost line and month, and
    writes everything to an HDF5 file. The same file, seed and number of scenarios give the same figures everywhere.
    Scenarios whose cost is infinite or undefined are counted and left out, with a warning; if no scenario has a finite total,
    nothing is written and the exit code is 1.

    \b
    simcost run scenario.toml -n 1e6
    simcost run scenario.toml --option reserved --set inputs.gpu_price="7 to 11 CNY/GPU/hour"
    simcost run scenario.toml --by-month category
    simcost run scenario.toml --gate || echo "too expensive, or the run failed"
    simcost run scenario.toml --json | jq .total.percentiles.p95
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    from simcost import api

    with shown_progress(quiet=quiet) as shown:
        result = api.run(scenario, output=output, budgeted=gate, **shown, **choices)
    if result.figures.non_finite and not quiet:
        note(f"warning: {result.figures.warnings[0]}")
    print_answer(result, as_json=as_json)
    met = not gate or _tell_verdict(result, as_json=as_json, quiet=quiet)
    if not quiet:
        _tell_place(result, scenario, named=output is not None)
    return 0 if met else GATE_FAILED


def _tell_place(result: Result, scenario: Path, *, named: bool) -> None:
    """Note where the result is and how much it takes; and where runs of one file have filled the disk, what tidies up."""
    from simcost.report.parts.file_size import file_size
    from simcost.results.pruning import MUCH, other_results

    path = Path(result.run.result)
    note(f"Written to {path} ({file_size(path.stat().st_size)}) in {result.run.seconds:.2f} s.")
    count, size = (0, 0) if named else other_results(path, str(scenario))
    if size >= MUCH:
        others = f"{count:,} more results of {scenario.name} in {path.parent} take {file_size(size)}"
        note(f"{others}. Those that later ones replace go with: simcost prune (--dry-run shows them)")


def _tell_verdict(result: Result, *, as_json: bool, quiet: bool) -> bool:
    """Print the gate's verdict, beside a document as a note; return whether it is met."""
    from simcost.api.budgets import verdict_of
    from simcost.report.budget.text import gate_sentence

    figures, verdict = verdict_of(result)
    said = gate_sentence(figures, verdict, result.scenario.currency)
    if not as_json:
        click.echo(said)
    elif not quiet:
        note(said)
    return verdict.met
