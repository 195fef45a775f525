"""The kept samples: contiguous columns in the group ``/samples``, written as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from simcost.results.file.groups import LONG_NAMES, SAMPLE_AXES, axis_variables, lengths_of, sample_name, unit_of
from simcost.results.file.guarded import Damaged, plain_dataset, stored_whole
from simcost.results.file.netcdf import Group, attach_axes, write_attributes, write_group

if TYPE_CHECKING:
    import h5py

    from simcost.results.file.groups import Columns
    from simcost.results.file.netcdf import Attribute
    from simcost.results.run_info import ScenarioInfo
    from simcost_kernels.arrays import Array

Keep = int | Literal["auto", "all", "none"]
"""How many scenarios to keep: a number, or a word; ``auto`` is what fits `AUTO_BYTES`."""

AUTO_BYTES = 256_000_000


def kept_scenarios(keep: Keep, n: int, n_columns: int) -> int:
    """Return how many of ``n`` scenarios are kept.

    Raises
    ------
    ValueError
        If ``keep`` is a negative number or an unknown word.
    """
    words = {"all": n, "none": 0, "auto": AUTO_BYTES // (8 * n_columns)}
    wanted = words.get(keep, -1) if isinstance(keep, str) else keep
    if wanted < 0:
        message = f"keep = {keep!r}. Give all, none, auto or a number of scenarios."
        raise ValueError(message)
    return min(wanted, n)


def rows_of(columns: Columns) -> dict[str, slice]:
    """Find the columns of each group; a plan gives them one after another.

    Raises
    ------
    ValueError
        If a group's columns are apart, which is a bug.
    """
    rows: dict[str, slice] = {}
    for place, (group, _, _) in enumerate(columns):
        first = rows[group].start if group in rows else place
        if group in rows and rows[group].stop != place:
            message = f"the columns of {group} are not one after another. This is a bug in simcost."
            raise ValueError(message)
        rows[group] = slice(first, place + 1)
    return rows


class SampleColumns:
    """Datasets for the first ``kept`` scenarios from ``first`` on, one for each group of columns.

    The disk space is laid out at once and nothing is filled, compressed or cached, so a block goes to the system as it is.
    """

    def __init__(self, target: h5py.Group, columns: Columns, scenario: ScenarioInfo, *, first: int, kept: int) -> None:
        self._first, self._kept = first, kept
        attributes: dict[str, Attribute] = {"first": first, "long_name": "kept scenarios, in the order of their numbers"}
        write_group(target, Group(axis_variables(columns, scenario), attributes, {"scenario": kept}))
        self._rows = rows_of(columns)
        self._datasets = {
            group: _create(target, group, (*lengths_of(columns, rows, SAMPLE_AXES[group]), kept), scenario.currency)
            for group, rows in self._rows.items()
        }
        self._sums = dict.fromkeys(self._rows, 0)
        self._written = 0

    def write(self, start: int, columns: Array) -> None:
        """Write what of a block is kept.

        Parameters
        ----------
        start
            Absolute number of the block's first scenario.
        columns
            float64 (n_columns, k).
        """
        place = start - self._first
        width = min(columns.shape[1], self._kept - place)
        if width <= 0:
            return
        for group, dataset in self._datasets.items():
            values = columns[self._rows[group], :width]
            self._sums[group] += checksum(values)
            dataset[..., place : place + width] = values.reshape(*dataset.shape[:-1], width)
        self._written += width

    def checksums(self) -> dict[str, int]:
        """Checksum of each group's columns.

        Raises
        ------
        RuntimeError
            If fewer scenarios came than are to be kept, which is a bug.
        """
        if self._written != self._kept:
            message = f"{self._written} of {self._kept} samples were written. This is a bug in simcost."
            raise RuntimeError(message)
        return {group: value % 2**64 for group, value in self._sums.items()}


def checksum(values: Array) -> int:
    """Sum of the bits of all values as 64-bit numbers, modulo 2**64.

    Any one changed value shows, and blocks may be added in any order; 16 GB/s.
    """
    return int(values.view(np.uint64).sum(dtype=np.uint64))


def read_samples(target: h5py.Group, group: str, shape: tuple[int, ...], wanted: int) -> Array:
    """Read one group's columns, (columns, kept), and compare them with their checksum.

    Raises
    ------
    Damaged
        If they are not as they were written.
    """
    name = sample_name(group)
    dataset = plain_dataset(target, name, "float64", len(shape))
    if dataset.shape != shape or not stored_whole(dataset):
        message = f"{name} has another shape or layout than its run"
        raise Damaged(message)
    values: Array = dataset[()].reshape(-1, shape[-1])
    if wanted != checksum(values):
        message = f"{name} is not as it was written"
        raise Damaged(message)
    return values


def _create(target: h5py.Group, group: str, shape: tuple[int, ...], currency: str) -> h5py.Dataset:
    import h5py

    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    plan.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
    space = h5py.h5s.create_simple(shape)
    dataset = h5py.Dataset(h5py.h5d.create(target.id, sample_name(group).encode(), h5py.h5t.IEEE_F64LE, space, plan))
    attach_axes(dataset, (*SAMPLE_AXES[group], "scenario"))
    write_attributes(dataset, {"units": unit_of(group, currency), "long_name": LONG_NAMES[group]})
    return dataset
