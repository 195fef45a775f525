"""From what the file approves for categories, stages and owners to the parts of a `Budget`."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

from simcost.scenario.problems import Finding, Findings, suggestion
from simcost.scenario.scenario import APPROVED_BY, ApprovedPart
from simcost.scenario.sections.breakdown import PLURAL, members
from simcost.scenario.sections.budget import certain_money
from simcost.scenario.text.toml_value import in_toml, in_toml_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simcost.scenario.scenario import Breakdown, Budget, Cost

ROUNDING = 1e-9
"""Of the whole, what sums of its parts may exceed it by: they are added up in binary."""


MOST_LISTED = 8
"""Names that a message lists."""


def with_parts(
    budget: Budget | None, raw: Mapping[str, object], views: Sequence[Sequence[Cost]], currency: str, findings: Findings
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
    known = bool(findings.found)  # lines that are not sound are missing, and so may be their owners
    parts: list[ApprovedPart] = []
    for group in APPROVED_BY:
        section = raw.get(group)
        if isinstance(section, dict) and section:
            parts += _of_group(group, section, currency, findings)
            if not known:
                _check_names(group, section, costs, findings)
    if budget is None:
        return None
    for group in APPROVED_BY:
        _check_sum(group, [each.approved for each in parts if each.group == group], budget.total, currency, findings)
    return replace(budget, parts=tuple(parts))


def _of_group(group: Breakdown, section: Mapping[str, object], currency: str, findings: Findings) -> Iterator[ApprovedPart]:
    for label, raw in section.items():
        approved = certain_money(raw, currency, ("budget", group, label), findings, key=in_toml_key(label))
        if approved is not None:
            yield ApprovedPart(group, label, approved)


def _check_names(group: Breakdown, section: Mapping[str, object], costs: Sequence[Cost], findings: Findings) -> None:
    known = members(group, costs)
    for label in section:
        if label not in known:
            what = f'no cost line has the {group} "{label[:64]}"'
            others = f", or name another: {', '.join(list(known)[:MOST_LISTED])}" if known else ""
            otherwise = f"Give lines or blocks {group} = {in_toml(label[:64])}{others}."
            findings.add(Finding(("budget", group, label), what, suggestion(label, known, otherwise), at="key"))


def _check_sum(group: Breakdown, sums: Sequence[float], total: float, currency: str, findings: Findings) -> None:
    whole = fsum(sums)
    if whole > total * (1.0 + ROUNDING):
        what = f"the sums of {PLURAL[group]} are {whole:,.0f} {currency} in all, more than the approved {total:,.0f}"
        findings.add(Finding(("budget", group), what, f"Approve at least {whole:,.0f} {currency}, or less for one of them."))
