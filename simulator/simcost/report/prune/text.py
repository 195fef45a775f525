"""What ``simcost prune`` prints for people: what is gone, file by file, and what stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.file_size import file_size
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simcost.report.prune.answer import PruneReport


def prune_page(report: PruneReport) -> Page:
    """Arrange the report for a terminal or a notebook."""
    done = "would be removed" if report.dry_run else "removed"
    said = f"{_results(len(report.removed))} {done}, {file_size(report.freed)}" if report.removed else "nothing is removed"
    refused = tuple(f"{each.path} cannot be removed: {each.refused}" for each in report.refused)
    return Page(f"{report.folder}: {said}", (), refused, lambda _: _tables(report), tuple(_stays(report)))


def _tables(report: PruneReport) -> Iterator[Table]:
    if not report.removed:
        return
    table = columns_table("result", "run of, UTC", "size", "replaced by", spare=((3,),))
    for each in report.removed:
        names = (Text(printable(Path(path).name)) for path in (each.path, each.replaced_by))
        table.add_row(next(names), each.started[:16].replace("T", " "), file_size(each.size), next(names))
    yield table


def _stays(report: PruneReport) -> Iterator[str]:
    if report.kept:
        stay = "stays, the last of its run" if report.kept == 1 else "stay, the last of each run"
        yield f"{_results(report.kept)}, {file_size(report.kept_size)}, {stay}."
    if report.others:
        files = "1 more file that ends" if report.others == 1 else f"{report.others:,} more files that end"
        yield f"{files} in .h5 stay too: no results, or under names that no run gave them."


def _results(count: int) -> str:
    return "1 result" if count == 1 else f"{count:,} results"
