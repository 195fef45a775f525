"""``simcost compile``: show or save the plan that a scenario becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simcost.cli.parameters import force_option, json_option, output_option, quiet_option, scenario_argument, variant_options
from simcost.cli.printing import note, print_json
from simcost.results.output_file import write_text

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@scenario_argument
@variant_options
@click.option("--show", "show_text", is_flag=True, help="Print the text of the kernel: the model as the machine sees it.")
@output_option("Save the plan as JSON; it runs on a machine that has only simcost_kernels.")
@force_option
@json_option
@quiet_option
def command(
    *, scenario: Path, show_text: bool, output: Path | None, force: bool, as_json: bool, quiet: bool, **variant: Any
) -> None:
    """Show or save the plan of operations that a scenario becomes.

    The plan is all that a back end gets: numbers, tables and a flat list of operations. Of the names in the file it has only the
    labels of the results. Scenarios with equal digests share one compiled kernel.
    """
    if show_text and as_json:
        message = "--show prints text: give it without --json."
        raise click.UsageError(message)
    from simcost import api
    from simcost.report.plan_document import plan_document
    from simcost_kernels.codegen.emit import python_text
    from simcost_kernels.saved_plan import to_json

    plan = api.compile(scenario, **variant).plan
    if output is not None:
        write_text(output, to_json(plan) + "\n", force=force)
        note(f"The plan is written to {output}.", quiet=quiet)
    document = plan_document(plan)
    if show_text:
        click.echo(python_text(plan).encode())
    elif as_json:
        print_json(document)
    else:
        click.echo("\n".join(f"{name:<10} {_shown(value)}" for name, value in document.items() if name != "schema"))


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return str(value)
