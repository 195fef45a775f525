"""Several passes over scenarios, told as one: each has its share of the work, and the whole never goes back."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.engine.simulate import Progress
    from simcost_kernels.summaries.summary import Summary


def stages(progress: Progress | None, *amounts: int) -> list[Progress | None]:
    """Return what to call with the progress of each of several passes, so that `progress` is told of the whole.

    Parameters
    ----------
    progress
        Told of the whole; None to tell nobody.
    amounts
        Work of each pass: its scenarios times the models that run side by side.
    """
    if progress is None:
        return [None] * len(amounts)
    whole = _Whole(progress, sum(amounts))
    return [partial(whole.tell, end - amount, amount) for amount, end in zip(amounts, accumulate(amounts), strict=True)]


class _Whole:
    """What has been told of all passes: how much is done, and the summary of most scenarios."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total = progress, total
        self._done = 0
        self._fullest: Summary | None = None

    def tell(self, before: int, amount: int, done: int, n: int, summary: Summary) -> None:
        """Tell that ``done`` of ``n`` scenarios of a pass are in ``summary``; a pass that begins again stands still at first."""
        self._done = max(self._done, before + round(amount * done / n))
        if self._fullest is None or int(summary.count()[0]) > int(self._fullest.count()[0]):
            self._fullest = summary
        self._progress(self._done, self._total, self._fullest)
