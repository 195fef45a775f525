"""What a command shows on standard error while an answer is computed."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from simcost.cli.printing import note

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[dict[str, Any]]:
    """Show progress and notes, or nothing if ``quiet``.

    Yields
    ------
    dict
        ``progress`` and ``notice``, as the functions of `simcost.api` take them.
    """
    from simcost.report.progress import progress_bar

    bar = progress_bar(quiet=quiet)
    with bar or nullcontext():
        yield {"progress": bar, "notice": None if quiet else note}
