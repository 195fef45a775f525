"""Options of commands beside the parameters of the functions that they call."""

from click import Argument, Context, Option

from simcost.cli.root import root

OTHER_NAMES = {
    "path": "SCENARIO or RESULT",
    "paths": "SCENARIO...",
    "folder": "FOLDER",
    "target": "TARGET",
    "grids": "TARGET=A,B,C...",
    "n": "--scenarios",
    "overrides": "--set",
    "options": "--option",
    "groups": "--group",
    "stresses": "--stress",
    "bands": "--band",
    "everything": "--all",
    "budgeted": "--gate",
}
"""Parameters that are not called as the option is: arguments, what may be given several times, and words of Python."""

CLI_ONLY = {
    "--json": "the report's figures",
    "--quiet": "no progress, no notice",
    "--help": "help()",
    "--view": "overrides='scenario.view=\"amortised\"'",
    "--by-month": "overrides='scenario.by_month=\"category\"'",
    "--strict": "the warnings that are returned",
    "--toml": "result.scenario.text",
    "--rules": "simcost.scenario.lint.registry",
    "--figure": "all figures are in the report",
    "--gate": "the report's gate",
    "--all": "all inputs are in the report",
    "--output": "expand returns the text",
    "--force": "expand returns the text",
}
"""Options without a parameter, and what Python has instead."""


def options_of(command: str) -> set[str]:
    """The long names of a command's options, and the metavars of its arguments."""
    found = root.get_command(Context(root), command)
    assert found is not None
    named = [max(each.opts, key=len) for each in found.params if isinstance(each, Option)]
    return {*named, *("" for each in found.params if isinstance(each, Argument))}


def option_of(parameter: str) -> str:
    if parameter in ("path", "paths", "folder", "target", "grids"):
        return ""
    return OTHER_NAMES.get(parameter, f"--{parameter.replace('_', '-')}")
