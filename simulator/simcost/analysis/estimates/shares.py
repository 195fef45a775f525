"""Shares of some scenarios among others, with their intervals: exact where scenarios are independent, else by sectioning.

A share k / m of m scenarios that are themselves counted is a ratio of two means: over replicates r it varies as
k / m + (k_r - (k / m) m_r) / mean(m_r) does (Cochran 1977, "Sampling techniques", 6.3; Asmussen and Glynn 2007, III.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, proportion
from simcost.analysis.estimates.sectioning import enough, half_width

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Truth

    Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Replicates:
    """Which replicate each scenario of a sample belongs to.

    Parameters
    ----------
    numbers
        From 0, int64 (n,).
    sections
        How many replicates there are; 0 where scenarios are independent.
    """

    numbers: Counts
    sections: int

    def counted(self, holds: Truth) -> Counts:
        """Return in how many scenarios of each replicate something holds, bool (..., n): int64 (..., sections), or (..., 1)."""
        if not self.sections:
            return np.asarray(np.count_nonzero(holds, axis=-1), dtype=np.int64)[..., None]
        rows = holds.reshape(-1, holds.shape[-1])
        counts = [np.bincount(self.numbers[each], minlength=self.sections) for each in rows]
        return np.array(counts, dtype=np.int64).reshape(*holds.shape[:-1], self.sections)

    def share(self, holds: Truth, among: Truth) -> Estimate:
        """Return the share in which something holds of the scenarios in which something else does, bool (n,) both."""
        return share_by_section(self.counted(holds & among), self.counted(among))


def share_by_section(true: Counts, of: Counts) -> Estimate:
    """Return the share of all ``true`` in all ``of``.

    Parameters
    ----------
    true, of
        Scenarios of each replicate, int64 (sections,); one number where scenarios are independent.
    """
    part, whole = int(true.sum()), int(of.sum())
    if not whole or not enough(whole, len(of), part / whole):
        return proportion(part, whole)
    share = part / whole
    half = half_width(share + (true - share * of) / float(np.mean(of)), CONFIDENCE)
    return Estimate(share, max(share - half, 0.0), min(share + half, 1.0))
