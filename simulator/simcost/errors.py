"""The errors that a user can cause, one root and a child for each stage; the command line prints them and exits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


class SimcostError(Exception):
    """Anything that simcost refuses; ``exit_code`` is what the command line returns."""

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


def format_problem(path: str, problem: Problem) -> str:
    """Print a problem as ``file:line:col: place: what. remedy``, then the quoted line with a mark below its column.

    Control characters from the file are escaped: a terminal must not obey a stranger's file.
    """
    where = f"{path}:{problem.line}:{problem.column}" if problem.line else path
    parts = [where, problem.place] if problem.place else [where]
    message = ": ".join([*parts, f"{problem.what}. {problem.remedy}".rstrip() if problem.remedy else f"{problem.what}."])
    lines = [visible(message)]
    if problem.quoted.strip():
        lines.append("    " + visible(problem.quoted))
        if problem.column and not problem.quoted.startswith("..."):
            lines.append("    " + " " * _width(problem.quoted[: problem.column - 1]) + "^")
    return "\n".join(lines)


def visible(text: str) -> str:
    """Escape what a terminal would obey or hide, an ideographic space too: it may be what is wrong with a quoted line.

    An answer shows such letters as they are, and escapes what steers the terminal alone: `simcost.report.parts.printable`.
    """
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    return " " if letter == "\t" else letter.encode("unicode_escape").decode("ascii")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else len(visible(letter)) for letter in text)


class ScenarioError(SimcostError):
    """An invalid scenario file: all of its problems at once."""

    exit_code = 2

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(path, problems)  # both, so that it can be pickled
        self.path = path
        self.problems = problems

    def __str__(self) -> str:
        """Tell every problem as the command line does."""
        return "\n".join(format_problem(self.path, problem) for problem in self.problems)


class UsageError(SimcostError):
    """A command that asks for something impossible, found after click has parsed it."""

    exit_code = 2


class ResultError(SimcostError):
    """A result file that cannot be read or written."""


class UndefinedCostError(SimcostError):
    """A run in which no scenario has a finite total: there is nothing to tell, and no result file is written."""


class BackendError(SimcostError):
    """A back end that is asked for and cannot run here."""
