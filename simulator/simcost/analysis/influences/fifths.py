"""The fifth of the scenarios in which an input is lowest, and that in which it is highest.

Where values are tied, no set of them need be a fifth: an event that happens in a tenth of the scenarios is at its highest in that
tenth. The set of equal treatment that is nearest to a fifth is taken, never nobody or everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import quantile_rank

if TYPE_CHECKING:
    from simcost_kernels.arrays import Array, Truth


FIFTH = 0.2


def fifths(values: Array) -> tuple[Truth, Truth]:
    """Return where values are in their lowest and in their highest fifth, bool (n,) each; nowhere if they do not vary.

    Parameters
    ----------
    values
        Of one input, float64 (n,).
    """
    if not len(values):
        return np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.bool_)
    low, high = (np.partition(values, rank := quantile_rank(len(values), p))[rank] for p in (FIFTH, 1.0 - FIFTH))
    return _nearest(values <= low, values < low), _nearest(values >= high, values > high)


def _nearest(*sets: Truth) -> Truth:
    """Return the set that is nearest to a fifth of all, of those with somebody in and somebody out."""
    parts = [each for each in sets if each.any() and not each.all()]
    return min(parts, key=lambda each: abs(float(each.mean()) - FIFTH), default=np.zeros_like(sets[0]))
