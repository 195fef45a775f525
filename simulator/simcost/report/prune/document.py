"""The document that ``simcost prune --json`` prints: schema ``simcost/prune/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcost.report.prune.answer import PruneReport

PRUNE_SCHEMA = "simcost/prune/1"


def prune_document(report: PruneReport) -> dict[str, Any]:
    """Arrange the report for `json.dumps`; sizes are in bytes."""
    return {
        "schema": PRUNE_SCHEMA,
        "folder": report.folder,
        "dry_run": report.dry_run,
        "removed": [
            {"result": each.path, "bytes": each.size, "started": each.started, "replaced_by": each.replaced_by}
            for each in report.removed
        ],
        "refused": [{"result": each.path, "reason": each.refused} for each in report.refused],
        "bytes": report.freed,
        "kept": {"results": report.kept, "bytes": report.kept_size},
        "others": report.others,
    }
