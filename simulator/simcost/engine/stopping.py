"""Ending a run when it has drawn enough: looks at its summary on a schedule that nothing but the range decides.

An interval that is looked at again and again, and reported at the first look that pleases, misses the truth more often than it
says; `estimates.intervals.confidence_of_each` makes up for it. The looks double, so they are few: 5 for a million
scenarios, whose intervals are 1.3 times as wide as without looks.

Measured on the sum of ten lognormals (`tests/statistical/test_sampling_methods.py`), P95, five looks: without that, intervals at
the stop covered 0.953 for random scenarios and 0.931 for Sobol' points, whose spread of 16 replicates is small by chance just
when a run stops; with it 0.992 and 0.985. So it is on the safe side, and for random scenarios more than it need be.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from simcost.engine import column_memory
from simcost.engine.simulate import simulate
from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.engine.kernels import Kernel
    from simcost.engine.simulate import Progress, Sink
    from simcost.engine.spans import Span


def looks(n: int, first_look: int = BLOCK) -> tuple[int, ...]:
    """After how many scenarios to look: a block, twice that and so on, and the last of n.

    Each is a power of two of points for every replicate, where nets are whole.
    """
    doubled = (first_look << k for k in range(64))
    return (*(look for look in doubled if look < n), n)


def simulate_until(
    enough: Callable[[Summary], bool],
    kernel: Kernel,
    span: Span,
    *,
    schedule: Sequence[int],
    sinks: Sequence[Sink] = (),
    wanted: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Run a span as far as it takes, and return the summary.

    Parameters
    ----------
    enough
        Asked at each look but the last, which is the end anyway.
    schedule
        Looks in ascending order, in scenarios from the first; the last is the whole span.
    sinks, wanted, progress
        See `simulate`.
    """
    total = Summary(kernel.plan.n_columns, kernel.plan.sampling.sections)
    for start, stop in pairwise((0, *schedule)):
        part = simulate(
            kernel,
            replace(span, first=span.first + start, n=stop - start),
            sinks=sinks,
            wanted=None if wanted is None else max(wanted - start, 0),
            progress=progress and _going_on(progress, start, span.n),
        )
        total = part if not start else _joined(total, part)
        if stop < span.n and enough(total):
            break
    column_memory.release()
    return total


def _joined(total: Summary, part: Summary) -> Summary:
    total.merge(part)
    return total


def _going_on(progress: Progress, start: int, n: int) -> Progress:
    """Return the progress of a part as that of the whole."""
    return lambda done, _, summary: progress(start + done, n, summary)
