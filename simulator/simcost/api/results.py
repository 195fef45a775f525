"""Result files: read back, with other percentiles or in the other view, written to a table, removed when they are old."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from simcost.api.checked import checked
from simcost.errors import ResultError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simcost.api.path import PathLike
    from simcost.report.prune.answer import PruneReport, Removed
    from simcost.results.pruning import NamedResult
    from simcost.results.result import Result
    from simcost.scenario.scenario import View


@checked
def open_result(path: PathLike) -> Result:
    """Read a result file; see `simcost.results.read.open_result`."""
    from simcost.results.read import open_result as read

    return read(Path(path))


@checked
def show(path: PathLike, *, percentiles: float | str | Iterable[float | str] = (), view: View | None = None) -> Result:
    """Read a result file, with other percentiles beside those of its run, or in the other view.

    Parameters
    ----------
    percentiles
        One or several, in percent, 97.5 or ``"p97.5"`` each; any can be asked for, since the file holds the exact summary.
    view
        ``cash`` or ``amortised``; None for that of the run.

    Raises
    ------
    ResultError, UsageError
        If the file is no sound result, or a percentile is not between 0 and 100.
    """
    from simcost.results.more_percentiles import with_percentiles
    from simcost.results.views import in_view

    wanted = cast("tuple[float, ...]", percentiles)  # `checked` has read them
    return in_view(with_percentiles(open_result(path), wanted), view)


@checked
def export(path: PathLike, output: PathLike, *, format: str | None = None, force: bool = False) -> None:  # noqa: A002 - as pandas
    """Write every figure of a result file to a table; see `simcost.results.export.export`.

    Parameters
    ----------
    output
        File to write.
    format
        ``csv``, ``parquet`` or ``xlsx``; else as the file's name ends.
    force
        Replace a file that exists.

    Raises
    ------
    ResultError, UsageError
        If the result is not sound, the file cannot be written or stands already, or no format is told.
    """
    from simcost.results.export import export as write
    from simcost.results.export import format_of
    from simcost.results.output_file import refuse_to_replace

    refuse_to_replace(Path(output), force=force)
    kind = format or format_of(Path(output))
    write(open_result(path), kind, Path(output))


@checked
def prune(folder: PathLike = "results", *, dry_run: bool = False, keep_last: int = 1, variants: bool = False) -> PruneReport:
    """Remove results that later ones replace: those that runs have named themselves, of earlier texts of a scenario file.

    Parameters
    ----------
    folder
        Where they are; what lies in folders below stays.
    dry_run
        Tell what would be removed, and remove nothing.
    keep_last
        How many results of each run stay: of one scenario file, option, overrides, seed and number of scenarios.
    variants
        Take runs of a scenario file for one, whatever their option, overrides, seed and number of scenarios.

    Raises
    ------
    UsageError, ResultError
        If there is no such folder, or it cannot be read.
    """
    from simcost.results.path import RESULTS_FOLDER
    from simcost.results.pruning import named_results, replaced

    place = Path(folder)
    if not place.is_dir():
        what = "is no folder" if place.exists() else "there is no such folder"
        message = f"{place}: {what}. Name the folder that results are in; runs write into {RESULTS_FOLDER} below the current one."
        raise UsageError(message)
    try:
        found, others = named_results(place)
    except OSError as error:
        message = f"{place}: cannot be read: {error.strerror}."
        raise ResultError(message) from error
    gone = [_removed(old, new, dry_run=dry_run) for old, new in sorted(replaced(found, keep_last, variants=variants))]
    return _pruned(place, found, gone, dry_run=dry_run, others=others)


def _removed(old: NamedResult, new: NamedResult, *, dry_run: bool) -> Removed:
    from simcost.report.prune.answer import Removed

    refused = ""
    try:
        if not dry_run:
            old.path.unlink(missing_ok=True)
    except OSError as error:
        refused = error.strerror or type(error).__name__
    return Removed(str(old.path), old.size, old.started, str(new.path), refused)


def _pruned(folder: Path, found: Sequence[NamedResult], gone: Sequence[Removed], *, dry_run: bool, others: int) -> PruneReport:
    from simcost.report.prune.answer import PruneReport

    paths = {each.path for each in gone}
    stay = [each.size for each in found if str(each.path) not in paths]
    return PruneReport(str(folder), tuple(gone), dry_run, len(stay), sum(stay), others)
