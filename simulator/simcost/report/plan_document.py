"""The document that ``simcost compile --json`` prints: schema ``simcost/compile/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost_kernels.plan import SECTIONS

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan

PLAN_SCHEMA = "simcost/compile/1"


def plan_document(plan: Plan) -> dict[str, Any]:
    """Count what a plan is made of."""
    return {
        "schema": PLAN_SCHEMA,
        "digest": plan.digest,
        "months": plan.horizon,
        "steps": {section: len(getattr(plan, section)) for section in SECTIONS},
        "draws": len(plan.streams),
        "parameters": len(plan.parameters),
        "tables": len(plan.tables),
        "state": len(plan.state),
        "columns": plan.n_columns,
    }
