"""A scenario file with its blocks expanded, as the text of a plain scenario file that gives the very same results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.expand import expand_blocks
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.loading import load
from simcost.scenario.overrides.replaced import replaced_copy
from simcost.scenario.overrides.replacing import replace_all
from simcost.scenario.problems import Findings
from simcost.scenario.text.assignment import normalised
from simcost.scenario.text.document import read
from simcost.scenario.text.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def expanded_text(path: str, option: str = "", overrides: Sequence[str] = ()) -> str:
    """Return the expansion of a file, with an option and assignments applied.

    Raises
    ------
    ScenarioError
        With every problem of the file, exactly as `load` has it.
    """
    scenario = load(path, option=option, overrides=overrides)
    replaced, findings = replaced_copy(read(path).data), Findings()
    replace_all(replaced, option, overrides, findings)
    if scenario.option:
        del replaced.data["options"]
    expansion = expand_blocks(replaced, Path(path).parent, findings)
    applied = [f"--option {scenario.option}"] if scenario.option else []
    applied += [f"--set {normalised(assignment)}" for assignment in overrides]
    _forget({each.name for each in scenario.inputs if isinstance(each.distribution, Constant)}, replaced.data)
    head = "The expansion of a scenario file by simcost expand"
    return plain_text(replaced.data, expansion.labels, [f"{head}{', with ' if applied else ''}{', '.join(applied)}."])


def _forget(certain: Collection[str], data: dict[str, Any]) -> None:
    """Drop what says that inputs which have been made certain move with others."""
    if listed := data.get("correlation"):
        left = [{**each, "between": [name for name in each["between"] if name not in certain]} for each in listed]
        data["correlation"] = [each for each in left if len(each["between"]) > 1]
    for name in certain:
        raw = data["inputs"].get(name)
        if isinstance(raw, dict):
            data["inputs"][name] = {key: value for key, value in raw.items() if key not in ("driver", "loading")}
