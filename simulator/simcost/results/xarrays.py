"""Answers as xarray datasets, for those who have xarray: it is no dependency of simcost."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.errors import ResultError

if TYPE_CHECKING:
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.statistics import Percentile

ENDS = {"": "value", "_low": "low", "_high": "high"}
"""What is added to the name of an estimate for each of its parts."""


def xarray() -> Any:
    """Return the library.

    Raises
    ------
    ResultError
        If it is not installed.
    """
    try:
        return import_module("xarray")
    except ImportError as error:
        message = "xarray is not installed. Install it with: pip install xarray h5netcdf"
        raise ResultError(message) from error


def opened_dataset(path: str, group: str) -> Any:
    """Read one group of a result file, the root if empty, into memory; see `xarray` for what is raised."""
    library = xarray()
    with library.open_dataset(path, engine="h5netcdf", group=group or None) as dataset:
        return dataset.load()


def part_of(estimate: Estimate | Percentile | None, part: str) -> float:
    """Return the value or an end of an estimate; NaN for what does not exist."""
    found = None if estimate is None else getattr(estimate, part)
    return np.nan if found is None else float(found)
