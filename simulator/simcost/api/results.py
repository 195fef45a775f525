"""Result files: read back, with other percentiles or in the other view, written to a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from simcost.api.arguments import checked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.api.path import PathLike
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
