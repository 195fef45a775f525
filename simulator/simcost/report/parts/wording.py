"""Messages in the words of who reads them: an argument of a function in Python, an option on the command line.

A message names an argument as Python has it, in backquotes: Give `near='p95'`. On the command line that is: Give --near p95.
A list is an option that is repeated: `options=['a', 'b']` is --option a --option b.
"""

from __future__ import annotations

import re

OPTIONS = {
    "n": "-n",
    "output": "-o",
    "overrides": "--set",
    "options": "--option",
    "groups": "--group",
    "stresses": "--stress",
    "bands": "--band",
    "everything": "--all",
    "budgeted": "--gate",
    "scenario": "--scenario",
    **{
        name: f"--{name.replace('_', '-')}"
        for name in (
            *("seed", "first", "backend", "workers", "option", "view", "percentiles", "keep", "force", "approved", "confidence"),
            *("split", "crossover", "shapley", "worst", "percentile", "at_most", "between", "whole", "minimise", "trials"),
            *("frontier", "outer", "near", "data", "format", "keep_last"),
            *("month", "name", "unit", "family", "bounds", "start", "uncertain", "where", "combine"),
        )
    },
}
"""What is not called the same, and what is: the option of each argument."""

_ARGUMENT = re.compile(rf"`({'|'.join(OPTIONS)})(?:=([^`]*))?`")


_STRING = re.compile(r"'[^']*'|\"[^\"]*\"")


def as_options(message: str) -> str:
    """Say a message to somebody on the command line."""
    return _ARGUMENT.sub(lambda found: " ".join(_given(OPTIONS[found[1]], found[2] or "")), message)


def _given(option: str, value: str) -> list[str]:
    """Write an option with its value; of a list, with each of its values."""
    values = _STRING.findall(value) if value[:1] == "[" else [value]
    return [f"{option} {_typed(each)}".rstrip() for each in values]


def _typed(value: str) -> str:
    """Write a value as a shell takes it: without the quotes of Python where it needs none."""
    if value in ("True", "False"):
        return ""
    inner = value[1:-1] if value[:1] in ("'", '"') and value[-1:] == value[:1] else value
    return inner if value[:1] == "'" and '"' in inner else inner if not re.search(r"\s", inner) else value
