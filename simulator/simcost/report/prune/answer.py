"""What ``simcost prune`` tells: which results it removed, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from simcost.report.parts.page import Page


@dataclass(frozen=True, slots=True)
class Removed:
    """A result that later ones replace.

    Parameters
    ----------
    size
        In bytes.
    started
        When its run began, ISO 8601.
    replaced_by
        The newest result that does.
    refused
        What the system says where it does not let go of the file; empty if the file is gone.
    """

    path: str
    size: int
    started: str
    replaced_by: str
    refused: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PruneReport(Answer):
    """What was removed from a folder.

    Parameters
    ----------
    results
        What later ones replace, the oldest first: removed, or refused.
    dry_run
        Whether they would be removed only.
    kept, kept_size
        How many results that runs have named themselves stay, and their bytes.
    others
        Files that end like results and are none of these: never touched.
    """

    folder: str
    results: tuple[Removed, ...]
    dry_run: bool
    kept: int
    kept_size: int
    others: int

    @property
    def removed(self) -> tuple[Removed, ...]:
        """Those that are gone, or would be."""
        return tuple(each for each in self.results if not each.refused)

    @property
    def refused(self) -> tuple[Removed, ...]:
        """Those that should be gone and are not."""
        return tuple(each for each in self.results if each.refused)

    @property
    def freed(self) -> int:
        """Bytes of what is gone, or would be."""
        return sum(each.size for each in self.removed)

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.prune.text import prune_page

        return prune_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it; sizes are in bytes."""
        return {
            "schema": "simcost/prune/1",
            "folder": self.folder,
            "dry_run": self.dry_run,
            "removed": [
                {"result": each.path, "bytes": each.size, "started": each.started, "replaced_by": each.replaced_by}
                for each in self.removed
            ],
            "refused": [{"result": each.path, "reason": each.refused} for each in self.refused],
            "bytes": self.freed,
            "kept": {"results": self.kept, "bytes": self.kept_size},
            "others": self.others,
        }
