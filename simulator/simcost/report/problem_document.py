"""The document that every command with ``--json`` prints of an invalid file: schema ``simcost/problems/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcost.errors import Problem, ScenarioError

SCHEMA = "simcost/problems/1"


def problems_document(error: ScenarioError) -> dict[str, Any]:
    """Arrange the problems of a file for `json.dumps`."""
    return {"schema": SCHEMA, "scenario": error.path, "problems": [problem_json(each) for each in error.problems]}


def problem_json(problem: Problem) -> dict[str, Any]:
    """Arrange one problem; lines and columns count from 1, and 0 is no place in the file."""
    return {
        "place": problem.place,
        "line": problem.line,
        "column": problem.column,
        "quoted": problem.quoted,
        "what": problem.what,
        "remedy": problem.remedy,
    }
