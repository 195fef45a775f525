"""Paired totals by replicate: what intervals by sectioning are made of, where scenarios are not independent."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array


class Sectioned:
    """What is kept of each replicate by itself; nothing where scenarios are independent.

    Attributes
    ----------
    counts
        Scenarios, int64 (sections,).
    below
        In how many each model is cheaper than the base, int64 (k - 1, sections).
    cheapest
        In how many no other costs less than each model, int64 (k, sections).
    under
        In how many each total is at most its pilot quantile, int64 (k, levels, sections).
    """

    def __init__(self, models: int, levels: int, sections: int) -> None:
        self._sections = sections
        self._features = 2 * (models - 1)
        self.counts = np.zeros(sections, dtype=np.int64)
        self.below = np.zeros((models - 1, sections), dtype=np.int64)
        self.cheapest = np.zeros((models, sections), dtype=np.int64)
        self.under = np.zeros((models, levels, sections), dtype=np.int64)
        self._sums: dict[int, Array] = {}

    def open(self, start: int, numbers: NDArray[np.int64]) -> None:
        """Begin to take in scenarios, whose replicates have these numbers."""
        self.counts += np.bincount(numbers, minlength=self._sections)
        self._sums[start] = np.zeros((self._features, self._sections))

    def add_feature(self, start: int, place: int, feature: Array, numbers: NDArray[np.int64]) -> None:
        """Add one feature of scenarios that were opened: a difference from the base, or one of excesses."""
        if place < len(self.below):
            self.below[place] += self._counted(feature < 0.0, numbers)
        self._sums[start][place] = np.bincount(numbers, feature, self._sections)

    def add_under(self, model: int, level: int, under: NDArray[np.bool_], numbers: NDArray[np.int64]) -> None:
        """Add in which scenarios, bool (m,), the total of a model is at most its pilot quantile of a level."""
        self.under[model, level] += self._counted(under, numbers)

    def add_cheapest(self, cheapest: NDArray[np.bool_], numbers: NDArray[np.int64]) -> None:
        """Add in which scenarios no other costs less than each model, bool (k, m)."""
        for model, each in enumerate(cheapest):
            self.cheapest[model] += self._counted(each, numbers)

    def merge(self, other: Sectioned) -> None:
        """Add other scenarios."""
        self.counts += other.counts
        self.below += other.below
        self.cheapest += other.cheapest
        self.under += other.under
        self._sums |= other._sums

    def means(self) -> Array:
        """Mean of each feature in each replicate, float64 (features, sections); blocks are summed in their order."""
        parts = (self._sums[start] for start in sorted(self._sums))
        total = reduce(np.add, parts, np.zeros((self._features, self._sections)))
        return np.asarray(total / np.maximum(self.counts, 1))

    def _counted(self, true: NDArray[np.bool_], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(numbers[true], minlength=self._sections)
