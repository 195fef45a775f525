"""Histograms of every cost column, for charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost.results.file.groups import AXES_OF, LONG_NAMES, lengths_of, unit_of
from simcost.results.file.netcdf import Variable
from simcost.results.file.samples import rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost.results.file.groups import Columns
    from simcost_kernels.arrays import Array
    from simcost_kernels.summaries.summary import Summary

BINS = 100

TAIL = 0.005
"""Share of the scenarios beyond each end of the evenly spaced bins; the first and the last bin reach to the extremes, so
that a single far scenario does not squeeze all others into one bar."""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of a group's items.

    Parameters
    ----------
    edges
        float64 (items, BINS + 1), ascending, in money; the first and last are the smallest and largest value.
    counts
        int64 (items, BINS); they sum to the number of finite scenarios.
    """

    edges: Array
    counts: NDArray[np.int64]


def histogram(summary: Summary, columns: range) -> Histogram:
    """Count the values of neighbouring columns."""
    edges = np.empty((len(columns), BINS + 1))
    counts = np.empty((len(columns), BINS), dtype=np.int64)
    for row, column in enumerate(columns):
        edges[row] = _edges(summary, column)
        counts[row] = summary.histogram(column, edges[row])
    return Histogram(edges, counts)


def histogram_variables(summary: Summary, columns: Columns, currency: str) -> dict[str, Variable]:
    """Histograms of every group of costs, as variables of the root."""
    variables = {
        "bin": Variable(("bin",), np.arange(BINS, dtype=np.int32), {"long_name": "number of the bin"}),
        "bin_edge": Variable(("bin_edge",), np.arange(BINS + 1, dtype=np.int32), {"long_name": "number of the bin's edge"}),
    }
    for group, rows in rows_of(columns).items():
        if group not in AXES_OF:
            continue
        axes = AXES_OF[group]
        found, lengths = histogram(summary, range(rows.start, rows.stop)), lengths_of(columns, rows, axes)
        counts, edges = found.counts.reshape(*lengths, BINS), found.edges.reshape(*lengths, BINS + 1)
        long_name = LONG_NAMES[group]
        counted = {"units": "1", "long_name": f"{long_name}: scenarios in each bin"}
        variables[f"{group}_histogram"] = Variable((*axes, "bin"), counts, counted)
        bounds = {"units": unit_of(group, currency), "long_name": f"{long_name}: edges of the bins"}
        variables[f"{group}_histogram_edges"] = Variable((*axes, "bin_edge"), edges, bounds)
    return variables


def _edges(summary: Summary, column: int) -> Array:
    """Evenly spaced between the quantiles ``TAIL`` and ``1 - TAIL``, the ends at the extremes; a constant has equal edges."""
    count = int(summary.count()[column])
    if count == 0:
        return np.full(BINS + 1, np.nan)
    ranks = [int(TAIL * (count - 1)), count - 1 - int(TAIL * (count - 1))]
    low, high = summary.at_rank(column, ranks)
    share = np.linspace(0.0, 1.0, BINS + 1)
    edges = low * (1.0 - share) + high * share  # never overflows, unlike low + share * (high - low)
    edges[0], edges[-1] = summary.minimum()[column], summary.maximum()[column]
    return np.maximum.accumulate(edges)
