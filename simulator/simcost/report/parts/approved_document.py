"""What is approved for categories, stages and owners, and by how much a sum is exceeded, as `json.dumps` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import figure_document, finite
from simcost.results.file.figure_arrays import FIELD_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.budgets.overrun import Overrun
    from simcost.analysis.budgets.part_budget import PartBudget


def parts_document(parts: Sequence[PartBudget]) -> dict[str, Any]:
    """Arrange the categories, stages and owners with approved sums of their own: ``owners.search.approved``."""
    found: dict[str, Any] = {}
    for each in parts:
        found.setdefault(FIELD_OF[each.group], {})[each.label] = {
            "approved": finite(each.approved),
            **{name: figure_document(getattr(each, name)) for name in ("probability_within", "sum_for_confidence", "p95")},
            "overrun": overrun_document(each.overrun) if each.overrun else None,
        }
    return found


def overrun_document(found: Overrun) -> dict[str, Any]:
    """Arrange by how much a sum is exceeded where it is."""
    return {name: figure_document(getattr(found, name)) for name in ("mean", "p50", "p95")}
