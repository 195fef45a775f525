"""The errors that a user can cause, one root and a child for each stage; the command line prints them and exits."""

from __future__ import annotations

from dataclasses import dataclass


class SimcostError(Exception):
    """Anything that simcost refuses; ``exit_code`` is what the command line returns (see the design's section 7)."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a scenario file.

    Parameters
    ----------
    place
        Dotted path to the value, list positions as numbers: ``cost.0.amount``; empty for the file as a whole.
    what
        What is wrong, with the value.
    remedy
        What to write instead.
    line, column
        From 1; 0 if it has no place.
    quoted
        The line of the file.
    """

    place: str
    what: str
    remedy: str = ""
    line: int = 0
    column: int = 0
    quoted: str = ""


class ScenarioError(SimcostError):
    """An invalid scenario file: all of its problems at once."""

    exit_code = 2

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{path}: {len(problems)} problem(s)")
        self.path = path
        self.problems = problems


class UsageError(SimcostError):
    """A command that asks for something impossible, found after click has parsed it."""

    exit_code = 2


class ResultError(SimcostError):
    """A result file that cannot be read or written."""


class UndefinedCostError(SimcostError):
    """A run in which no scenario has a finite total: there is nothing to tell, and no result file is written."""


class BackendError(SimcostError):
    """A back end that is asked for and cannot run here."""
