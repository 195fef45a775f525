"""A result that was read back: figures at once, samples and the exact summary when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.errors import ResultError
from simcost.results.answer import Answer
from simcost.results.file.groups import SAMPLE_AXES, SECTION_ARRAYS, SUMMARY_ARRAYS, lengths_of
from simcost.results.file.guarded import Damaged, group_at, numbers_at, opened
from simcost.results.file.samples import read_samples, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.figures import Figures
    from simcost.report.parts.page import Page
    from simcost.results.export import Row
    from simcost.results.file.groups import Columns
    from simcost.results.file.histogram import Histogram
    from simcost.results.run_info import RunInfo, ScenarioInfo
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary


GROUP_NAMES = ("samples", "budget", "scenario", "run", "summary")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Result(Answer):
    """A result, whole but for samples and summary, which are read when asked for.

    Parameters
    ----------
    path
        The file.
    figures, scenario, run
        What it says, what was asked, and how it was computed.
    columns
        (group, label, month) of each simulated column.
    histograms
        By group of columns: ``total``, ``category``, ``line``, ``stage``, ``owner``, ``month``, ``cumulative``.
    kept
        Number of scenarios whose columns are kept, from ``run.first`` on.
    identity_sha256
        Equal for two runs of the very same thing (see `Identity`).
    plan_digest
        Of the plan's structure.
    libraries
        Version of each library that had a part in the tables of distributions, and ``machine``, the kind of processor.
    sample_checksums, summary_sha256
        What samples (by group) and summary are checked against when they are read.
    """

    path: str
    figures: Figures
    scenario: ScenarioInfo
    run: RunInfo
    columns: Columns
    histograms: Mapping[str, Histogram]
    kept: int
    identity_sha256: str
    plan_digest: str
    libraries: Mapping[str, str]
    sample_checksums: Mapping[str, int] = field(repr=False)
    summary_sha256: str = field(repr=False)

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.run.text import result_page

        return result_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.run.document import summary_document

        return summary_document(self.figures, self.scenario, self.run)

    def to_xarray(self, group: str = "") -> Any:
        """Read a group of the file as an `xarray.Dataset`, which needs xarray and h5netcdf.

        Parameters
        ----------
        group
            Empty for the figures on labelled axes; ``samples``, ``budget``, ``scenario``, ``run`` or ``summary``.

        Raises
        ------
        ResultError
            If xarray is not installed, or the file has no such group.
        """
        from simcost.results.xarrays import opened_dataset

        known = ("", *(name for name in GROUP_NAMES if name not in self._absent()))
        if group not in known:
            message = f"{self.path}: has no group {group!r}. It has {', '.join(known[1:])}, and '' for its figures."
            raise ResultError(message)
        return opened_dataset(self.path, group)

    def rows(self) -> tuple[Row, ...]:
        """Return every figure, one a row, as `simcost.export` writes them: ``pandas.DataFrame(result.rows())`` is a table."""
        from simcost.results.export import rows

        return tuple(rows(self))

    def _absent(self) -> set[str]:
        return {*(() if self.kept else ("samples",)), *(() if self.figures.budget else ("budget",))}

    def samples(self, group: str = "") -> Array:
        """Read kept columns and check that they are as they were written.

        Parameters
        ----------
        group
            One group of columns, such as ``total`` or ``line``; all of them in the order of ``columns`` if empty.

        Returns
        -------
        float64 (columns, kept)

        Raises
        ------
        ResultError
            If none are kept, the file has no such group, or the file is damaged.
        """
        rows = rows_of(self.columns)
        if not self.kept or (group and group not in rows):
            lacks = f"columns of {group!r}. It has {', '.join(rows)}" if self.kept else "samples. Run again with `keep='all'`"
            message = f"{self.path}: has no {lacks}."
            raise ResultError(message)
        with opened(Path(self.path)) as file:
            target, sums = group_at(file, "samples"), self.sample_checksums
            shapes = {name: (*lengths_of(self.columns, its, SAMPLE_AXES[name]), self.kept) for name, its in rows.items()}
            parts = [read_samples(target, name, shapes[name], sums[name]) for name in ([group] if group else rows)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def summary(self) -> Summary:
        """Read the exact mergeable summary: any percentile, and merging with other runs of the same plan.

        Raises
        ------
        ResultError
            If the file is damaged.
        """
        from simcost_kernels.summaries.summary import Summary

        with opened(Path(self.path)) as file:
            target = group_at(file, "summary")
            kinds = {**SUMMARY_ARRAYS, **(SECTION_ARRAYS if self.run.replicates else {})}
            arrays = {name: numbers_at(target, name, kind, len(axes)) for name, (kind, axes) in kinds.items()}
            summary = Summary.from_arrays(arrays)
            if summary.digest() != self.summary_sha256 or summary.n_columns != len(self.columns):
                message = "the summary is not as it was written"
                raise Damaged(message)
        return summary
