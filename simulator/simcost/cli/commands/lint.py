"""``simcost lint``: what in a valid scenario is probably a mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simcost.cli.exit_codes import WRONG_USAGE
from simcost.cli.parameters import json_option, quiet_option, variant_options
from simcost.cli.printing import note, print_json
from simcost.errors import UsageError


@click.command()
@click.argument("scenario", metavar="SCENARIO", required=False, type=click.Path(path_type=Path))
@variant_options
@click.option("--strict", is_flag=True, help="Exit with 2 if there are warnings.")
@click.option("--rules", is_flag=True, help="Print the table of rules, and review nothing.")
@json_option
@quiet_option
def command(*, scenario: Path | None, strict: bool, rules: bool, as_json: bool, quiet: bool, **variant: Any) -> int:
    """Point out what is probably a mistake in a valid scenario.

    Each remark has a code, a severity, its line, and what to write instead. An error cannot be intended, a warning is probably a
    mistake, a note is worth a thought. The exit code is 2 if there is an error, or with --strict a warning; else 0. Other
    commands, such as run and compare, print errors and warnings too, before their answer.

    A comment silences a rule: on its own line or the line below it, in a whole table if it stands above the table, or in the
    whole file:

    \b
    gpu_price = "9 to 16 CNY/GPU/hour"  # simcost: ignore SC305: another vendor
    # simcost: ignore-file SC106: sources are in the comments
    """  # noqa: D301 - \b is click's mark for a paragraph that is not to be wrapped
    if rules:
        _print_rules(as_json=as_json)
        return 0
    if scenario is None:
        message = "which scenario? Name a file: simcost lint scenario.toml; or print the table: simcost lint --rules."
        raise UsageError(message)
    from simcost import api
    from simcost.report.lint_document import lint_document
    from simcost.scenario.lint.remarks import format_remark

    found = api.lint(scenario, **variant)
    document = lint_document(str(scenario), found)
    if as_json:
        print_json(document)
    else:
        click.echo("".join(f"{format_remark(str(scenario), remark)}\n" for remark in found), nl=False)
    counts = document["counts"]
    note(f"{scenario}: {', '.join(f'{count} {severity}(s)' for severity, count in counts.items())}.", quiet=quiet)
    return WRONG_USAGE if counts["error"] or (strict and counts["warning"]) else 0


def _print_rules(*, as_json: bool) -> None:
    from simcost.report.lint_document import rules_document

    document = rules_document()
    if as_json:
        print_json(document)
        return
    for rule in document["rules"]:
        click.echo(f"{rule['code']}  {rule['severity']:7}  {rule['title']}")
