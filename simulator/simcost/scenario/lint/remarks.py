"""Running the rules over a scenario: what they find, at its line, less what the file asks to ignore.

A comment ``# simcost: ignore SC101`` on the line of a remark, on the line above it, or at the header of its table, silences that
rule there; ``# simcost: ignore-file SC106`` does so in the whole file. Several codes are separated by commas; a reason may come.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from simcost.errors import Problem, format_problem
from simcost.scenario.lint.model import Model
from simcost.scenario.lint.registry import RULES
from simcost.scenario.overrides.replaced import replaced_copy
from simcost.scenario.overrides.replacing import replace_all
from simcost.scenario.problems import Finding, Findings, suggestion
from simcost.scenario.text.document import restored

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from simcost.scenario.lint.registry import Rule, Severity
    from simcost.scenario.overrides.replaced import Replaced
    from simcost.scenario.scenario import Scenario
    from simcost.scenario.text.document import Document

IGNORE = re.compile(r"#\s*simcost:\s*ignore(?P<file>-file)?\s+(?P<codes>[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*)")

MOST_OF_A_RULE = 20
"""Remarks that one rule makes on a file: after so many the point is taken."""

UNKNOWN_CODE = "SC900"
"""An ignore of a rule that there is not: the one remark that no rule makes."""

ASSIGNMENT = "assignment "
"""Begins the place of a remark on a value that was assigned."""

WHOLE_FILE = 0
"""Stands for every line."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule found."""

    code: str
    severity: Severity
    problem: Problem


def remarks(scenario: Scenario, severities: Collection[Severity] = ("error", "warning", "note")) -> tuple[Remark, ...]:
    """Review a resolved scenario.

    Parameters
    ----------
    severities
        Of the rules that are asked.

    Returns
    -------
    tuple of Remark
        In the order of the file's lines.
    """
    document = restored(scenario.path, scenario.text, scenario.sha256)
    replaced = _replaced(scenario, document)
    is_plain = not scenario.option and not scenario.overrides
    model = Model(scenario, replaced.data, replaced.data if is_plain else document.data)
    asked = (rule for rule in RULES if rule.severity in severities)
    found = [(rule, finding) for rule in asked for finding in islice(rule.check(model), MOST_OF_A_RULE)]
    ignored = _ignored(scenario.text)
    unknown = list(_unknown(ignored)) if "note" in severities else []
    if not found and not unknown:
        return ()
    told = [*_located(scenario, replaced, found, ignored), *unknown]
    return tuple(sorted(told, key=lambda remark: (remark.problem.line, remark.problem.column, remark.code)))


def format_remark(path: str, remark: Remark) -> str:
    """Print a remark as ``file:line:col: warning SC101: place: what. remedy``, then the quoted line."""
    place = remark.problem.place
    said = f"{remark.severity} {remark.code}" + (f": {place}" if place else "")
    return format_problem(path, replace(remark.problem, place=said))


def warnings_of(scenario: Scenario) -> tuple[str, ...]:
    """Return what a run says of its scenario: errors and warnings, no notes, each in one line."""
    return tuple(in_one_line(remark) for remark in remarks(scenario, ("error", "warning")))


def reviewed(scenario: Scenario) -> Scenario:
    """Return the scenario that an answer rests on: its warnings begin with those of the rules, which every answer tells."""
    return replace(scenario, warnings=(*warnings_of(scenario), *scenario.warnings))


def warnings_where_tried(scenario: Scenario, tried: Iterable[Scenario]) -> tuple[str, ...]:
    """Return what the rules say where values of a scenario are tried.

    Parameters
    ----------
    tried
        The scenario with one more assignment or several, each.

    Returns
    -------
    tuple of str
        What is said of the scenario and holds with some value too: nothing of a distribution that each of them replaces. Then
        what is said of the values, the first of each rule: it would be much the same of all.
    """
    known = warnings_of(scenario)
    found: dict[str, Remark] = {}
    for each in tried:
        found |= {in_one_line(remark): remark for remark in remarks(each, ("error", "warning"))}
    new: dict[str, str] = {}
    for line, remark in found.items():
        if line not in known and remark.problem.place.startswith(ASSIGNMENT):
            new.setdefault(remark.code, line)
    return (*(line for line in known if line in found), *new.values())


def in_one_line(remark: Remark) -> str:
    """Print a remark as a warning of a run has it: ``SC101 place (line 3): what. remedy``."""
    problem = remark.problem
    where = f" (line {problem.line})" if problem.line else ""
    return f"{remark.code} {problem.place}{where}: {problem.what}. {problem.remedy}".rstrip()


def replaced_data(scenario: Scenario) -> Mapping[str, Any]:
    """Return the file's tables with the scenario's option and assignments applied, blocks as they were written."""
    return _replaced(scenario, restored(scenario.path, scenario.text, scenario.sha256)).data


def _replaced(scenario: Scenario, document: Document) -> Replaced:
    """Return the file's data with the scenario's option and assignments, blocks as they were written."""
    replaced, findings = replaced_copy(document.data), Findings()
    replace_all(replaced, scenario.option, scenario.overrides, findings)
    return replaced


def _located(
    scenario: Scenario, replaced: Replaced, found: list[tuple[Rule, Finding]], ignored: Mapping[int, set[str]]
) -> Iterator[Remark]:
    from simcost.scenario.text.locate import Locator

    locator = Locator(scenario.text)
    for rule, finding in found:
        origin = replaced.origin(finding.place) or replaced.origin((*finding.place, "value"))  # a number in an input's own unit
        if origin is not None and origin[0].assignment:
            problem = Problem(f"{ASSIGNMENT}{origin[0].assignment[:160]}", finding.what, finding.remedy)
        else:
            problem = locator.problem(finding, None if origin is None else (*origin[0].place, *origin[1]))
        header = locator.problem(Finding(finding.place[:2], "")).line
        around = (WHOLE_FILE, problem.line, problem.line - 1, header, header - 1) if problem.line else (WHOLE_FILE,)
        if not any(rule.code in ignored.get(line, ()) for line in around):
            yield Remark(rule.code, rule.severity, problem)


def _ignored(text: str) -> dict[int, set[str]]:
    """Return the codes that each line's comment ignores, by the line from 1."""
    ignored: dict[int, set[str]] = defaultdict(set)
    for number, line in enumerate(text.splitlines(), 1):
        found = IGNORE.search(line)
        if found:
            ignored[WHOLE_FILE if found["file"] else number].update(re.split(r"\s*,\s*", found["codes"]))
    return ignored


def _unknown(ignored: Mapping[int, set[str]]) -> Iterator[Remark]:
    codes = [rule.code for rule in RULES]
    for line, asked in ignored.items():
        for code in sorted(asked.difference(codes)):
            remedy = suggestion(code, codes, "See: simcost lint --rules.")
            yield Remark(UNKNOWN_CODE, "note", Problem("", f"there is no rule {code} to ignore", remedy, line, 1 if line else 0))
