"""Reviewing a scenario that is valid: what in it is probably a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.scenario import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.api.path import PathLike
    from simcost.scenario.lint.remarks import Remark


@checked
def lint(path: PathLike, *, option: str = "", overrides: Sequence[str] = ()) -> tuple[Remark, ...]:
    """Review a scenario file by the rules of `simcost.scenario.lint.registry`; see `load` for the parameters.

    Returns
    -------
    tuple of Remark
        In the order of the file's lines, without what its comments ignore.

    Raises
    ------
    ScenarioError
        If the file is invalid: that is mended first.
    """
    from simcost.scenario.lint.remarks import remarks

    return remarks(load(path, option, tuple(overrides)))
