"""Answers as xarray datasets, for those who have xarray: it is no dependency of simcost."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from simcost.errors import ResultError


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
