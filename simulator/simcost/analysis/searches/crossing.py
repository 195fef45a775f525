"""Where a figure that goes one way passes its target: Brent's method, and bisection along a stretch that lies on the target.

Brent's method stops at the first place where the gap is zero. A figure may stay at the target for long, as the bill does below
a minimum that is the budget: what is sought is where it leaves.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def last_kept(gap: Callable[[float], float], grid: Sequence[float], step: float, *, rising: bool) -> float | None:
    """Return the last place on the way up at which a gap is at most zero, to within a step.

    Parameters
    ----------
    gap
        Figure less target; NaN where there is no figure.
    grid
        Ascending places, between two of which the gap leaves zero.
    rising
        Whether the way up is that of the grid, or the other way.

    Returns
    -------
    float
        None if the gap leaves zero nowhere on the grid.
    """
    from scipy.optimize import brentq

    way = grid if rising else grid[::-1]
    pair = next((each for each in pairwise(way) if gap(each[0]) <= 0.0 < gap(each[1])), None)
    if pair is None:
        return None
    root = float(brentq(gap, *pair, xtol=step))
    return _end_of_level(gap, root, pair[1], step) if gap(root) == 0.0 else root


def _end_of_level(gap: Callable[[float], float], kept: float, missed: float, step: float) -> float:
    """Return where a gap that is zero at ``kept`` is so last, to within a step; most leave it at once."""
    beyond = kept + step if missed > kept else kept - step
    if gap(beyond) > 0.0:
        return kept
    while abs(missed - kept) > step:
        middle = (kept + missed) / 2.0
        kept, missed = (middle, missed) if gap(middle) <= 0.0 else (kept, middle)
    return kept
