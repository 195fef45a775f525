"""Progress of a run on a terminal: a bar, scenarios a second, the time to go, and the running P95 with its error."""

from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING, Self

from simcost.analysis.estimates.quantiles import quantiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.console import Console
    from rich.progress import TaskID

    from simcost_kernels.summaries.summary import Summary

    Clock = Callable[[], float]

PERCENTILE = 0.95
Z_95 = 1.959963984540054  # normal quantile of 0.975: a two-sided 95 % interval
REFRESH_S = 0.1
ESTIMATE_S = 0.5
"""Asking the summary for a percentile costs a pass over its counts; twice a second is as fast as one can read."""
FEWEST = 1_000
"""Scenarios below which a P95 is not worth showing."""


def progress_bar(*, quiet: bool) -> ProgressBar | None:
    """Return a bar on standard error, or None if that is no terminal or nothing is to be shown."""
    if quiet or not sys.stderr.isatty():
        return None
    from rich.console import Console

    console = Console(stderr=True)
    return None if console.is_dumb_terminal else ProgressBar(console)


class ProgressBar:
    """Shows ``(done, n, summary)``; a context manager that leaves nothing on the screen.

    Parameters
    ----------
    console
        Where to draw.
    total_column
        Number of the column whose P95 is shown: the total's, which the compiler puts first.
    clock
        Seconds.
    """

    def __init__(self, console: Console, *, total_column: int = 0, clock: Clock = time.monotonic) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._total_column = total_column
        self._clock = clock
        self._started_s = self._refreshed_s = self._estimated_s = -math.inf
        self._done_at_start = 0
        self._bar = Progress(
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[estimate]}"),
            console=console,
            auto_refresh=False,
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def __call__(self, done: int, n: int, summary: Summary) -> None:
        """Show that ``done`` of ``n`` scenarios are in ``summary``; draws at most ten times a second."""
        now = self._clock()
        if self._task is None:
            self._started_s, self._done_at_start = now, done
            self._task = self._bar.add_task("", total=n, speed="", estimate="")
        if now - self._refreshed_s < REFRESH_S and done < n:
            return
        self._refreshed_s = now
        self._bar.update(self._task, completed=done, speed=self._speed(done, now))
        if now - self._estimated_s >= ESTIMATE_S:
            self._estimated_s = now
            self._bar.update(self._task, estimate=estimate(summary, self._total_column))
        self._bar.refresh()

    def _speed(self, done: int, now: float) -> str:
        """Scenarios a second since the first block was done: compiling is not counted."""
        elapsed_s = now - self._started_s
        return f"{scaled((done - self._done_at_start) / elapsed_s)} scenarios/s" if elapsed_s > 0 else ""


def estimate(summary: Summary, column: int) -> str:
    """Return the running P95 with its 95 % error; empty while it means nothing.

    The error is half the width between the order statistics at ``n p -+ 1.96 sqrt(n p (1 - p))``: the normal approximation
    of the exact interval in the result, near enough to watch. By sectioning it is what the result would have.
    """
    n = int(summary.count()[column])
    if n < FEWEST:
        return ""
    if summary.sections:
        (found,) = quantiles(summary, column, (PERCENTILE,))
        half = math.nan if found.low is None or found.high is None else (found.high - found.low) / 2
        return f"P95 {scaled(found.value)} ± {scaled(half)}"
    spread = Z_95 * math.sqrt(n * PERCENTILE * (1 - PERCENTILE))
    ranks = [math.floor(n * PERCENTILE - spread), math.ceil(n * PERCENTILE) - 1, min(math.ceil(n * PERCENTILE + spread), n - 1)]
    low, value, high = (float(each) for each in summary.at_rank(column, ranks))
    return f"P95 {scaled(value)} ± {scaled((high - low) / 2)}"


def scaled(number: float) -> str:
    """Write a number with three or four digits and k, M, G or T."""
    if not math.isfinite(number):
        return "?"
    for factor, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= factor:
            return f"{number / factor:.4g}{letter}"
    return f"{number:.4g}"
