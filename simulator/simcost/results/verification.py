"""Checking a result file: that no byte has changed, and that what is computed again has the very same bits."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.analysis.estimates.intervals import confidence_of_each
from simcost.analysis.figures import figures
from simcost.compile.calendar import month_names
from simcost.engine.stopping import looks
from simcost.errors import visible
from simcost.results.answer import Answer
from simcost.results.file.guarded import opened
from simcost.results.file.seal import check_seal
from simcost.results.pieces import Piece, PieceSample, blocks_of
from simcost.results.read import open_result
from simcost.results.recompiled import recompile
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from simcost.analysis.figures import Figures
    from simcost.compile.compiled import Compiled
    from simcost.engine.simulate import Progress
    from simcost.report.parts.page import Page
    from simcost.results.result import Result
    from simcost_kernels.arrays import Array


WHOLE_UP_TO = 131_072
"""Scenarios up to which everything is computed again: two blocks, a second or two."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, whether all was well, and a sentence with what was found."""

    name: str
    passed: bool
    said: str


@dataclass(frozen=True, slots=True, eq=False)
class Verification(Answer):
    """What was checked of a result.

    Parameters
    ----------
    recomputed
        Number of scenarios computed again.
    seed
        Of their random choice.
    """

    result: Result
    seed: int
    recomputed: int
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all was well."""
        return all(check.passed for check in self.checks)

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.verification import verification_page

        return verification_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.verification import verification_document

        return verification_document(self)

    def __repr__(self) -> str:
        """Say in one line whether all was well, else what was not."""
        wrong = ", ".join(check.name for check in self.checks if not check.passed)
        found = f"wrong: {wrong}" if wrong else f"{len(self.checks)} checks passed"
        return f"<{type(self).__name__}: {visible(f'{self.result.path}: {found}')}>"


def verify(
    path: str | os.PathLike[str],
    folder: str | os.PathLike[str] = ".",
    *,
    seed: int = 1,
    everything: bool = False,
    progress: Progress | None = None,
) -> Verification:
    """Check every byte of a result file, its figures against its summary, and scenarios of it against recomputed ones.

    Up to `WHOLE_UP_TO` scenarios all are computed again, else a random thousandth (at least sixteen rows of 256), as many of
    those that are kept, and the ranges at the ends of the run whose moments the file has by themselves, up to a block in all.

    Parameters
    ----------
    folder
        Where data files are that the scenario names.
    seed
        Of the random choice.
    everything
        Compute all scenarios again.
    progress
        Called after each piece with scenarios done, scenarios wanted and a summary of those that were computed again.

    Raises
    ------
    ResultError
        If the file is damaged, or its scenario does not compile here to the plan that ran.
    """
    result = open_result(Path(path))
    with opened(Path(path)) as file:
        check_seal(file, Path(path))
    samples = result.samples() if result.kept else None
    summary = result.summary()
    compiled = recompile(result, folder)
    whole = everything or result.run.scenarios <= WHOLE_UP_TO
    pieces = _pieces(result, summary, seed, whole=whole)
    again = _Again(result, samples, summary)
    _recompute(again, compiled, pieces, progress)
    checks = (_file_check(result), _figures_check(result, summary, compiled), *again.checks(whole=whole))
    return Verification(result, seed, again.found.n, checks)


def _pieces(result: Result, summary: Summary, seed: int, *, whole: bool) -> tuple[Piece, ...]:
    """Choose what is computed again: ascending and disjoint, each within one block."""
    run = result.run
    cuts = [run.first + look for look in looks(run.limit)] if run.looks > 1 else []
    if whole:
        return tuple(blocks_of(run.first, run.first + run.scenarios, cuts))
    ends = {piece for start, stop in _small_ranges(summary) for piece in blocks_of(start, stop, cuts)}
    choice = PieceSample(run.first, run.scenarios, seed)
    apart = {
        piece
        for among in (run.scenarios, result.kept)
        for piece in choice.pieces(among)
        if not any(start <= piece[0] < stop for start, stop in ends)
    }
    return tuple(sorted(ends | apart))


def _small_ranges(summary: Summary) -> list[tuple[int, int]]:
    """Return the smallest ranges whose moments the summary has by themselves: as many as fit a block, and one of that at most."""
    small: list[tuple[int, int]] = []
    room = BLOCK
    for start, stop in sorted(summary.ranges, key=lambda ends: ends[1] - ends[0]):
        room -= stop - start
        if room < 0:
            break
        small.append((start, stop))
    return small


class _Again:
    """Compares scenarios computed again with what a file has of them.

    Parameters
    ----------
    samples
        float64 (columns, kept); None if none are kept.
    """

    def __init__(self, result: Result, samples: Array | None, summary: Summary) -> None:
        self._result, self._samples, self._summary = result, samples, summary
        self.seed = result.run.seed
        self.found = Summary(summary.n_columns, summary.sections)
        self._compared = 0
        self._different: str = ""

    def take(self, start: int, columns: Array) -> None:
        """Take the columns, float64 (columns, k), of scenarios ``start`` to ``start + k``."""
        self.found.add(start, columns)
        place = start - self._result.run.first
        kept = min(columns.shape[1], self._result.kept - place)
        if self._samples is None or kept <= 0:
            return
        stored = self._samples[:, place : place + kept]
        self._compared += kept
        self._different = self._different or self._first_difference(start, stored, columns[:, :kept])

    def checks(self, *, whole: bool) -> Iterable[Check]:
        """Say how what was computed again agrees with the file."""
        if self._samples is not None:
            same = f"{self._compared:,} of {self._result.kept:,} kept scenarios computed again: the same to the last bit"
            yield Check("samples", not self._different, self._different or same)
        yield self._whole_check() if whole else self._part_check()

    def _first_difference(self, start: int, stored: Array, columns: Array) -> str:
        unlike = (stored.view(np.uint64) != columns.view(np.uint64)) & ~(np.isnan(stored) & np.isnan(columns))
        if not unlike.any():
            return ""
        place = int(unlike.any(axis=0).argmax())
        column = int(unlike[:, place].argmax())
        group, label, month = self._result.columns[column]
        name = " ".join(part for part in (group, label, str(month + 1) if month >= 0 else "") if part)
        theirs, ours = float(stored[column, place]), float(columns[column, place])
        return f"scenario {start + place:,}: {name} is {theirs!r} in the file, and {ours!r} computed again"

    def _whole_check(self) -> Check:
        same = self.found.digest() == self._summary.digest()
        said = "the same to the last bit" if same else "another than the file's"
        return Check("summary", same, f"summary of all {self.found.n:,} scenarios computed again: {said}")

    def _part_check(self) -> Check:
        wrong = _not_within(self.found, self._summary, self._result) or _other_moments(self.found, self._summary)
        said = (
            f"{self.found.n:,} scenarios computed again are in the file's counts, and so are moments of {_ends(self._summary):,}"
        )
        return Check("summary", not wrong, wrong or said)


def _ends(summary: Summary) -> int:
    return sum(stop - start for start, stop in _small_ranges(summary))


def _not_within(part: Summary, whole: Summary, result: Result) -> str:
    """Say which column of a part has values that the whole has not: other cells, more of them, or beyond their ends."""
    for column, (group, label, _) in enumerate(result.columns):
        mine, theirs = part.cells(column), whole.cells(column)
        places = np.searchsorted(theirs.keys, mine.keys).clip(max=max(len(theirs.keys) - 1, 0))
        if not len(mine.keys):
            continue
        fits = len(theirs.keys) and (
            (theirs.keys[places] == mine.keys)
            & (theirs.counts[places] >= mine.counts)
            & (theirs.lows[places] <= mine.lows)
            & (theirs.highs[places] >= mine.highs)
        )
        if not np.all(fits):
            return f"{group} {label}".strip() + ": the file does not count values that are computed again"
    return ""


def _other_moments(part: Summary, whole: Summary) -> str:
    """Say which range of scenarios has other moments than those computed again."""
    mine, theirs = part.to_arrays(), whole.to_arrays()
    places = {tuple(ends): place for place, ends in enumerate(mine["ranges"].tolist())}
    for place, (start, stop) in enumerate(theirs["ranges"].tolist()):
        again = places.get((start, stop))
        if again is None:
            continue
        if any(theirs[name][place].tobytes() != mine[name][again].tobytes() for name in ("count", "mean", "squares")):
            return f"scenarios {start:,} to {stop - 1:,}: the file has other moments than those computed again"
    return ""


def _recompute(again: _Again, compiled: Compiled, pieces: Sequence[Piece], progress: Progress | None) -> None:
    kernel = ReferenceKernel(compiled.plan)
    wanted, done = sum(stop - start for start, stop in pieces), 0
    for start, stop in pieces:
        columns = np.empty((compiled.plan.n_columns, stop - start))
        kernel.run(again.seed, start, stop, columns)
        again.take(start, columns)
        done += stop - start
        if progress:
            progress(done, wanted, again.found)


def _file_check(result: Result) -> Check:
    kept = f"checksums of {result.kept:,} kept scenarios" if result.kept else "no samples are kept"
    return Check("file", True, f"every byte is as it was written: seal, figures, summary; {kept}")


def _figures_check(result: Result, summary: Summary, compiled: Compiled) -> Check:
    """Read the figures off the summary again."""
    again = figures(
        result.columns,
        summary,
        percentiles=tuple(each.p for each in result.figures.total.percentiles),
        month_names=month_names(compiled.scenario),
        budget=compiled.scenario.budget,
        confidence=confidence_of_each(result.run.looks),
    )
    same = _plain(again) == _plain(result.figures)
    said = "follow from the summary to the last bit" if same else "are not those of the summary"
    return Check("figures", same, f"figures, with their intervals and the budget's, {said}")


def _plain(found: Figures) -> str:
    """Print all numbers in full; warnings are no numbers."""
    return json.dumps(asdict(replace(found, warnings=())), default=float)
