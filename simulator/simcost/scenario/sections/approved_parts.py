"""From what the file approves for categories, stages and owners to the parts of a `Budget`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from simcost.scenario.problems import Finding, suggestion
from simcost.scenario.scenario import APPROVED_BY, APPROVED_GROUPS, BY_PERIOD, ApprovedPart
from simcost.scenario.sections.breakdown import PLURAL, members
from simcost.scenario.text.toml_value import in_toml, in_toml_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simcost.scenario.problems import Findings
    from simcost.scenario.scenario import Breakdown, Budget, Cost
    from simcost.scenario.sections.approved_periods import SumReader
    from simcost.scenario.sections.fiscal import Period

ROUNDING = 1e-9
"""Of the whole, what sums of its parts may exceed it by: they are added up in binary."""


MOST_LISTED = 8
"""Names that a message lists."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What is approved for a part in one period; in the whole run if that is None."""

    group: Breakdown
    name: str
    period: Period | None
    approved: float

    @property
    def part(self) -> ApprovedPart:
        """It as a part of a budget."""
        if self.period is None:
            return ApprovedPart(self.group, self.name, self.approved)
        return ApprovedPart(f"{self.group}{BY_PERIOD}", f"{self.name} {self.period.label}", self.approved)


def with_parts(
    budget: Budget | None, raw: Mapping[str, object], views: Sequence[Sequence[Cost]], reader: SumReader
) -> Budget | None:
    """Return the budget with what is approved for its parts; a finding for each sum that is none, and each name without lines.

    Parameters
    ----------
    budget
        Of the whole; None if that is not sound, or not given: the sums of parts are then read for what is wrong with them.
    raw
        The table of the file.
    views
        The cost lines of each view: a part may have lines in one of them alone, and costs nothing in the other.
    """
    costs = [cost for view in views for cost in view]
    known = bool(reader.findings.found)  # lines that are not sound are missing, and so may be their owners
    given: list[_Given] = []
    for group in APPROVED_BY:
        section = raw.get(group)
        if isinstance(section, dict) and section:
            given += _of_group(group, section, reader)
            if not known:
                _check_names(group, section, costs, reader.findings)
    if budget is None:
        return None
    for group in APPROVED_BY:
        its = [each for each in given if each.group == group]
        _check_sums(group, its, budget, reader)
    parts = sorted((each.part for each in given), key=lambda each: APPROVED_GROUPS.index(each.group))
    return replace(budget, parts=tuple(parts))


def _of_group(group: Breakdown, section: Mapping[str, object], reader: SumReader) -> Iterator[_Given]:
    for name, raw in section.items():
        place = ("budget", group, name)
        if isinstance(raw, dict):
            by_period = reader.by_period(raw, place) or ()
            if by_period:
                yield _Given(group, name, None, fsum(approved for _, approved in by_period))
            yield from (_Given(group, name, period, approved) for period, approved in by_period)
        elif (approved := reader.one(raw, place, in_toml_key(name))) is not None:
            yield _Given(group, name, None, approved)


def _check_names(group: Breakdown, section: Mapping[str, object], costs: Sequence[Cost], findings: Findings) -> None:
    known = members(group, costs)
    for label in section:
        if label not in known:
            what = f'no cost line has the {group} "{label[:64]}"'
            others = f", or name another: {', '.join(list(known)[:MOST_LISTED])}" if known else ""
            otherwise = f"Give lines or blocks {group} = {in_toml(label[:64])}{others}."
            findings.add(Finding(("budget", group, label), what, suggestion(label, known, otherwise), at="key"))


def _check_sums(group: Breakdown, given: Sequence[_Given], budget: Budget, reader: SumReader) -> None:
    """Report sums that are more than those of the whole: in all, else in a period of the budget."""
    known = len(reader.findings.found)
    _check_sum(group, [each.approved for each in given if each.period is None], (budget.total, ""), reader)
    if len(reader.findings.found) > known or reader.fiscal is None:
        return
    spans = {period.label: period for period in (*reader.fiscal.years, *reader.fiscal.quarters)}
    for whole in budget.periods:
        its = [each.approved for each in given if each.period and _is_in(each.period, spans[whole.label])]
        _check_sum(group, its, (whole.approved, f" in {whole.label}"), reader)


def _is_in(period: Period, whole: Period) -> bool:
    return whole.first <= period.first and period.last <= whole.last


def _check_sum(group: Breakdown, sums: Sequence[float], whole: tuple[float, str], reader: SumReader) -> None:
    (total, when), of_parts = whole, fsum(sums)
    if of_parts > total * (1.0 + ROUNDING):
        currency = reader.currency
        what = f"the sums of {PLURAL[group]}{when} are {of_parts:,.0f} {currency} in all, more than the approved {total:,.0f}"
        remedy = f"Approve at least {of_parts:,.0f} {currency}{when}, or less for one of them."
        reader.findings.add(Finding(("budget", group), what, remedy))
