"""The document that ``simcost lint --json`` prints: schema ``simcost/lint/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.problem_document import problem_json
from simcost.scenario.lint.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.lint.remarks import Remark

LINT_SCHEMA = "simcost/lint/1"

SEVERITIES = ("error", "warning", "note")


def lint_document(path: str, remarks: Sequence[Remark]) -> dict[str, Any]:
    """Arrange remarks for `json.dumps`."""
    titles = {rule.code: rule.title for rule in RULES}
    return {
        "schema": LINT_SCHEMA,
        "scenario": path,
        "counts": {severity: sum(remark.severity == severity for remark in remarks) for severity in SEVERITIES},
        "remarks": [
            {
                "code": remark.code,
                "severity": remark.severity,
                "title": titles.get(remark.code, ""),
                **problem_json(remark.problem),
            }
            for remark in remarks
        ],
    }


def rules_document() -> dict[str, Any]:
    """Arrange the table of rules."""
    return {
        "schema": LINT_SCHEMA,
        "rules": [{"code": rule.code, "severity": rule.severity, "title": rule.title} for rule in RULES],
    }
