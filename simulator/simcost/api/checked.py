"""How a public function is called: each argument is read before it runs, and a wrong call is answered with the right one."""

from __future__ import annotations

from functools import wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from simcost.api.arguments import read
from simcost.errors import UsageError
from simcost.scenario.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

P = ParamSpec("P")
R = TypeVar("R")

IN_PYTHON = {
    "scenarios": ("n", "n=100_000"),
    "set": ("overrides", "overrides=['inputs.gpus=12']"),
    "view": ("overrides", "overrides='scenario.view=\"amortised\"'"),
    "by_month": ("overrides", "overrides='scenario.by_month=\"category\"'"),
}
"""Options whose parameter nobody would guess from the name: which one it is, and how it is given."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Read every argument of a public function before it runs.

    Raises
    ------
    UsageError
        If an argument is not what its name stands for, unknown or missing.
    """
    parameters = signature(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = parameters.bind(*args, **kwargs)
        except TypeError as error:
            unknown = next((name for name in kwargs if name not in parameters.parameters), "")
            remedy = _instead(unknown, parameters.parameters) if unknown else _by_name(args, parameters.parameters)
            message = f"{function.__name__}(): {error}. {remedy}".rstrip()
            raise UsageError(message) from None
        for name, value in given.arguments.items():
            given.arguments[name] = read(name, value)
        return function(*given.args, **given.kwargs)

    return call


def _instead(unknown: str, parameters: Collection[str]) -> str:
    """Say what to give in place of an argument that there is not."""
    parameter, example = IN_PYTHON.get(unknown, ("", ""))
    return f"Give {example}." if parameter in parameters else suggestion(unknown, parameters)


def _by_name(args: Sequence[Any], parameters: Mapping[str, Parameter]) -> str:
    """Say what to do with more arguments than may stand without their names."""
    unnamed = [name for name, each in parameters.items() if each.kind is Parameter.POSITIONAL_OR_KEYWORD]
    if len(args) <= len(unnamed):
        return ""
    return "Give files as one list, and all else by name." if unnamed == ["paths"] else "Give what follows by name, like n=1_000."
