"""Estimates as arrays, and back: one array of the values, one of each end of their 95 % confidence intervals.

The arrays of ``NAME`` are ``NAME``, ``NAME_low`` and ``NAME_high``, in result files as in datasets; what does not exist is NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.results.file.netcdf import Variable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.statistics import Percentile
    from simcost_kernels.arrays import Array

    Arrays = Mapping[str, Array]

ENDINGS = {"value": "", "low": "_low", "high": "_high"}
"""Parts of an estimate, and what is added to its name for each."""


def part_names(name: str) -> dict[str, str]:
    """Return the names of the arrays, by the part of an estimate that each holds."""
    return {part: name + ending for part, ending in ENDINGS.items()}


def part_of(estimate: Estimate | Percentile | None, part: str) -> float:
    """Return the value or an end of an estimate; NaN for what does not exist."""
    found = None if estimate is None else getattr(estimate, part)
    return np.nan if found is None else float(found)


def existing(end: float) -> float | None:
    """Return an end of an interval; None for NaN, which stands for an end that does not exist."""
    return None if np.isnan(end) else end


def estimate_variables(
    name: str, estimates: Sequence[Estimate], axes: Mapping[str, int], *, unit: str, long_name: str
) -> dict[str, Variable]:
    """Return the variables of estimates on axes.

    Parameters
    ----------
    axes
        Names and lengths, as numpy's reshape has them: -1 for as many as there are.
    """
    return {
        array: Variable(
            tuple(axes),
            np.array([part_of(each, part) for each in estimates], dtype=np.float64).reshape(*axes.values()),
            {"units": unit, "long_name": long_name + ("" if part == "value" else f", {part}er 95 % confidence limit")},
        )
        for part, array in part_names(name).items()
    }


def read_estimate(value: float, low: float, high: float) -> Estimate:
    """Rebuild an estimate from its parts."""
    from simcost.analysis.estimates.intervals import Estimate

    return Estimate(value, existing(low), existing(high))


def read_estimates(arrays: Arrays, name: str) -> tuple[Estimate, ...]:
    """Rebuild what `estimate_variables` describes, the last axis fastest."""
    parts = (arrays[array].ravel().tolist() for array in part_names(name).values())
    return tuple(read_estimate(*each) for each in zip(*parts, strict=True))
