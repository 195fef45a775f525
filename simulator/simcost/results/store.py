"""Writing a result file: samples as they come, everything else at the end, its name last of all."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from simcost.errors import ResultError
from simcost.results.file.budget_arrays import budget_group
from simcost.results.file.document import NAME, document_group
from simcost.results.file.figure_arrays import figure_variables
from simcost.results.file.groups import RESULT_SCHEMA, axis_variables, run_group, scenario_group, summary_group
from simcost.results.file.histogram import histogram_variables
from simcost.results.file.netcdf import Group, new_file, stored_bytes, write_group
from simcost.results.file.samples import SampleColumns, kept_scenarios
from simcost.results.file.seal import holes_of, write_seal
from simcost.results.path import check_output, check_space, default_path
from simcost.results.run_info import identity, installed_libraries, scenario_info
from simcost.results.temporary import TemporaryFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from simcost.analysis.figures import Figures
    from simcost.engine.spans import Span
    from simcost.results.file.netcdf import Attribute
    from simcost.results.file.samples import Keep
    from simcost.results.run_info import RunInfo
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan
    from simcost_kernels.summaries.summary import Summary


HEADER_BYTES = 1_000_000
"""More than the axes and headers of the samples take."""


class ResultWriter:
    """A result file in the making: a context manager, and a sink of the engine.

    Nothing appears under ``path`` unless `finish` comes to its end. ``path`` may hold a result of the very same run, which
    is replaced; anything else only with ``force``.

    Parameters
    ----------
    path
        Where the result goes; None for the default path.
    scenario, plan
        What is run.
    span
        The scenarios that may be run.
    keep
        How many scenarios are kept column by column: a number, ``all``, ``none``, or ``auto`` for what fits 256 MB.
    force
        Replace whatever file is there.
    at_least
        How many scenarios will be run in any case, if not all: of them samples can be kept.

    Raises
    ------
    ResultError
        On entry, before anything runs: if the path must not or cannot be written, or the disk is too full.
    """

    def __init__(
        self,
        path: Path | str | None,
        *,
        scenario: Scenario,
        plan: Plan,
        span: Span,
        keep: Keep = "auto",
        force: bool = False,
        at_least: int | None = None,
    ) -> None:
        self.path = Path(path) if path is not None else default_path(scenario, span)
        self.kept = kept_scenarios(keep, span.n if at_least is None else at_least, plan.n_columns)
        self._identity = identity(scenario, plan, span)
        self._scenario = scenario_info(scenario)
        self._columns = tuple(plan.columns())
        self._plan_digest = plan.digest
        self._force = force
        self._samples: SampleColumns | None = None
        self._file: Any = None
        self._started = datetime.now(UTC).isoformat(timespec="seconds")

    def __enter__(self) -> Self:
        check_output(self.path, self._identity, force=self._force)
        check_space(self.path, self.kept * len(self._columns) * 8)
        self._temporary = TemporaryFile(self.path)
        try:
            self._file = new_file(self._temporary.path)
            if self.kept:
                self._samples = self._lay_out_samples()
        except (OSError, RuntimeError) as error:
            self._abandon()
            raise self._refusal(error) from error
        except BaseException:
            self._abandon()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._abandon()

    @property
    def sinks(self) -> tuple[ResultWriter, ...]:
        """Itself for the engine, unless no samples are kept."""
        return (self,) if self.kept else ()

    def write(self, start: int, columns: Array) -> None:
        """Keep what is to be kept of a block.

        Parameters
        ----------
        start
            Absolute number of the first scenario; blocks come in ascending order.
        columns
            float64 (n_columns, k).

        Raises
        ------
        ResultError
            If the disk fails.
        """
        if self._samples is None:
            return
        try:
            self._samples.write(start, columns)
        except (OSError, RuntimeError) as error:
            raise self._refusal(error) from error

    def finish(self, summary: Summary, figures: Figures, run: RunInfo, *, warnings: Sequence[str] = ()) -> None:
        """Write the rest, make it durable, and give it its name.

        Parameters
        ----------
        summary, figures
            Of the whole run.
        run
            What ran; when it started is noted here.
        warnings
            To put after those of the figures.

        Raises
        ------
        ResultError
            If the disk is full or fails, or another file has appeared under the name; the earlier one is untouched.
        """
        told = replace(figures, warnings=(*figures.warnings, *warnings))
        groups = self._groups(summary, told, replace(run, started=self._started))
        try:
            self._file.flush()
            self._temporary.reserve(self._file.id.get_filesize() + sum(stored_bytes(group) for group in groups.values()))
            for path, group in groups.items():
                write_group(self._file if path == "/" else self._file.create_group(path, track_order=True), group)
            self._file.flush()
            size, holes = self._file.id.get_filesize(), holes_of(self._file)
            self._file.close()
            write_seal(self._temporary.path, size, holes)
            check_output(self.path, self._identity, force=self._force)
            self._temporary.publish(size)
        except (OSError, RuntimeError) as error:
            raise self._refusal(error) from error

    def _lay_out_samples(self) -> SampleColumns:
        self._temporary.reserve(self.kept * len(self._columns) * 8 + HEADER_BYTES)
        target = self._file.create_group("samples", track_order=True)
        samples = SampleColumns(target, self._columns, self._scenario, first=self._identity.first, kept=self.kept)
        self._file.flush()
        return samples

    def _groups(self, summary: Summary, figures: Figures, run: RunInfo) -> dict[str, Group]:
        currency = self._scenario.currency
        root = {
            **axis_variables(self._columns, self._scenario),
            **figure_variables(figures, currency),
            **histogram_variables(summary, self._columns, currency),
        }
        stamps = {
            "plan_digest": self._plan_digest,
            "identity_sha256": self._identity.digest(),
            **installed_libraries(),
        }
        said: dict[str, Attribute] = {
            "schema": RESULT_SCHEMA,
            "Conventions": "CF-1.11",
            "title": self._scenario.name,
            "non_finite": figures.non_finite,
        }
        covered = {
            "/": Group(root, said),
            "scenario": scenario_group(self._scenario),
            "run": run_group(run, self._columns, figures.warnings, stamps),
            **({"budget": budget_group(figures.budget, currency)} if figures.budget else {}),
        }
        summarised = summary.digest()
        checks = {
            "kept": self.kept,
            "samples": self._samples.checksums() if self._samples else {},
            "summary": summarised,
        }
        return {**covered, "summary": summary_group(summary, summarised), NAME: document_group(covered, checks)}

    def _refusal(self, error: Exception) -> ResultError:
        within_hdf5 = re.search(r"error message = '([^']*)'", str(error))
        known = error.strerror if isinstance(error, OSError) else within_hdf5 and within_hdf5[1]
        reason = known or next(iter(str(error).splitlines()), type(error).__name__)
        remedy = "Free space, keep fewer samples (`keep='none'`), or write elsewhere with `output`."
        message = f"{self.path}: the result could not be written: {reason}. {remedy}"
        return ResultError(message)

    def _abandon(self) -> None:
        """Close and remove whatever has no name yet; HDF5 may fail to close what it could not write, and that is past caring."""
        try:
            if self._file:
                self._file.close()
        except (OSError, RuntimeError):
            pass
        finally:
            self._temporary.discard()
