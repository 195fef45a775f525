"""A scenario file with its blocks expanded, as the text of a plain scenario file that gives the very same results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simcost.scenario import overrides as replacing
from simcost.scenario.blocks.expand import expand_blocks
from simcost.scenario.document import read
from simcost.scenario.loading import load
from simcost.scenario.plain_text import plain_text
from simcost.scenario.problems import Findings

if TYPE_CHECKING:
    from collections.abc import Sequence


def expanded_text(path: str, option: str = "", overrides: Sequence[str] = ()) -> str:
    """Return the expansion of a file, with an option and assignments applied.

    Raises
    ------
    ScenarioError
        With every problem of the file, exactly as `load` has it.
    """
    kept = {frozenset(pair.between) for pair in load(path, option=option, overrides=overrides).correlations}
    replaced, findings = replacing.replaced_copy(read(path).data), Findings()
    if option:
        replacing.apply_option(replaced, option, findings)
        del replaced.data["options"]
    for assignment in overrides:
        replacing.apply_assignment(replaced, assignment, findings)
    expansion = expand_blocks(replaced, Path(path).parent, findings)
    applied = [f"--option {option}"] if option else []
    applied += [f"--set {replacing.normalised(assignment)}" for assignment in overrides]
    if pairs := replaced.data.get("correlation"):  # those of an input that has been made certain mean nothing any more
        replaced.data["correlation"] = [pair for pair in pairs if frozenset(pair["between"]) in kept]
    head = "The expansion of a scenario file by simcost expand"
    return plain_text(replaced.data, expansion.labels, [f"{head}{', with ' if applied else ''}{', '.join(applied)}."])
