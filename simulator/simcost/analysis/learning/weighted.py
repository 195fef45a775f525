"""Weighted values: their moments, percentiles and shares, with intervals by how many independent ones they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import CONFIDENCE, Estimate, probability, proportion_interval, ranks
from simcost.analysis.statistics import PERCENTILES, Percentile, Statistics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.arrays import Array


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Values with weights.

    Parameters
    ----------
    values, weights
        float64 (n,); the weights add up to one.
    effective
        How many independent values tell as much.
    """

    values: Array
    weights: Array
    effective: float

    @classmethod
    def of(cls, values: Array) -> Weighted:
        """Return values of equal weights."""
        return cls(values, np.full(len(values), 1.0 / len(values)), float(len(values)))

    def statistics(self) -> Statistics:
        """Return what is told of a cost."""
        mean = float(self.weights @ self.values)
        sd = sqrt(float(self.weights @ (self.values - mean) ** 2))
        return Statistics(mean, sd, float(self.values.min()), float(self.values.max()), self._percentiles())

    def share(self, limit: float) -> Estimate:
        """Return the probability of a value of at most a limit, with Clopper and Pearson's interval."""
        share = min(float(self.weights[self.values <= limit].sum()), 1.0)
        count = max(round(self.effective), 1)
        low, high = proportion_interval(round(share * count), count)
        return Estimate(share, min(low, share), max(high, share))

    def percentile(self, percent: float) -> Percentile:
        """Return one percentile, with the interval of as many independent values."""
        return self._percentiles((percent,))[0]

    def _percentiles(self, percents: Sequence[float] = PERCENTILES) -> tuple[Percentile, ...]:
        order = np.argsort(self.values, kind="stable")
        values, reached = self.values[order], np.cumsum(self.weights[order])
        count = max(round(self.effective), 1)

        def at(share: float) -> float:
            return float(values[min(int(np.searchsorted(reached, share * float(reached[-1]))), len(values) - 1)])

        found = []
        for percent in percents:
            p = probability(percent)
            low, high = (None if rank is None else at((rank + 0.5) / count) for rank in ranks(count, p, CONFIDENCE))
            found.append(Percentile(percent, at(p), low, high))
        return tuple(found)
