"""Scenario files: read, checked, compiled, written out without blocks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.scenario import load as load_scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.api.path import PathLike
    from simcost.compile.compiled import Compiled
    from simcost.scenario.scenario import Scenario


@checked
def load(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        The file.
    option
        Name of one of its options to apply.
    overrides
        Assignments such as ``inputs.gpu_price="9 to 12 CNY/GPU/hour"``, applied after the option.

    Raises
    ------
    ScenarioError
        With all problems of the file at once.
    """
    return load_scenario(os.fspath(path), option=option, overrides=tuple(overrides))


@checked
def expand(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> str:
    """Return the text of a plain scenario file in which blocks have become inputs, drivers and cost lines.

    It runs to the same results to the last bit. See `load` for the parameters and what is raised.
    """
    from simcost.scenario.text.expand import expanded_text

    return expanded_text(os.fspath(path), option=option, overrides=tuple(overrides))


@checked
def compile(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Compiled:  # noqa: A001 - api.compile(...)
    """Read a scenario file and compile it; see `load` for the parameters and what is raised.

    Returns
    -------
    Compiled
        With ``plan``, which any back end runs, and ``warnings``.
    """
    from simcost.compile.compiled import compile_scenario

    return compile_scenario(load(path, option=option, overrides=overrides))


@checked
def validate(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> Compiled:
    """Check a scenario file as thoroughly as a run does; the same as `compile`, with the warnings of `lint`."""
    from simcost.engine.dealing import check_dealing

    compiled = reviewed_model(path, option, overrides)
    check_dealing(compiled.plan, 0, compiled.scenario.sampling.scenarios)
    return compiled


def reviewed_model(path: PathLike, option: str, overrides: Sequence[str]) -> Compiled:
    """Read a scenario file and compile it, with the warnings of lint beside its own: what an answer starts from."""
    from simcost.compile.compiled import compile_scenario
    from simcost.scenario.lint.remarks import reviewed

    return compile_scenario(reviewed(load(path, option=option, overrides=overrides)))
