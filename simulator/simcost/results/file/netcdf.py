"""HDF5 as netCDF-4 has it: every axis a dimension scale, so that xarray and netCDF4 open the file as it is.

What is written is described first, as plain `Group` and `Variable` values, so its size is known before the disk is asked.
Conventions: netCDF-4 format specification, CF 1.11.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import h5py
    from numpy.typing import NDArray

Attribute = str | int | float
"""What an attribute may be: neither bool nor enum, which netCDF does not know."""

ATTRIBUTE_BYTES = 2_000
"""More than an attribute or the header of a variable takes on disk, for reserving space."""


CHUNK_LENGTH = 65_536
"""Numbers of a packed array that are packed together."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One array: texts as a one-dimensional array of str objects, numbers as they are.

    ``packed`` asks for gzip-1 with shuffle. A variable whose only axis has its own name is that axis' coordinate.
    """

    axes: tuple[str, ...]
    data: NDArray[Any]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Variables and attributes by name; ``plain_axes`` are axes without coordinate, by their lengths."""

    variables: Mapping[str, Variable]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    plain_axes: Mapping[str, int] = field(default_factory=dict)


def texts(values: Iterable[str]) -> NDArray[Any]:
    """Make an array of texts for a `Variable`."""
    return np.array([storable(value) for value in values], dtype=object)


def text(value: str) -> NDArray[Any]:
    """Make one text for a `Variable` without axes."""
    return np.array(storable(value), dtype=object)


def storable(text: str) -> str:
    """Replace what HDF5's texts cannot hold: the null character, and bytes of the command line that are no UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\N{SYMBOL FOR NULL}")


def new_file(path: Path) -> h5py.File:
    """Open a file to be written, whose lock is the caller's affair: `TemporaryFile` holds one."""
    import h5py

    return h5py.File(path, "w", libver=("v110", "v110"), locking=False, track_order=True)


def write_group(target: h5py.Group, group: Group) -> None:
    """Write axes first, then what lies on them."""
    for name, length in group.plain_axes.items():
        create_plain_axis(target, name, length)
    for own in (True, False):
        for name, variable in group.variables.items():
            if (variable.axes == (name,)) is own:
                _write_variable(target, name, variable)
    write_attributes(target, group.attributes)


def write_attributes(target: h5py.HLObject, attributes: Mapping[str, Attribute]) -> None:
    """Write texts as UTF-8 of variable length, whole numbers as 64 bits (unsigned where they need it)."""
    for name, value in attributes.items():
        if isinstance(value, str):
            target.attrs[name] = storable(value)
        elif isinstance(value, int):
            target.attrs[name] = np.uint64(value) if value > np.iinfo(np.int64).max else np.int64(value)
        else:
            target.attrs[name] = np.float64(value)


def create_plain_axis(target: h5py.Group, name: str, length: int) -> None:
    """Make a dimension without variable: a scale that takes no room, named as netCDF's C library names it."""
    scale = target.create_dataset(name, shape=(length,), dtype=">f4")
    scale.make_scale(f"This is a netCDF dimension but not a netCDF variable.{length:10d}")


def attach_axes(variable: h5py.Dataset, axes: tuple[str, ...]) -> None:
    """Tie each axis of a dataset to the scale of that name, in its own group or those above."""
    for place, axis in enumerate(axes):
        group = variable.parent
        while axis not in group:
            group = group.parent
        variable.dims[place].attach_scale(group[axis])


def stored_bytes(group: Group) -> int:
    """Bound the disk space that a group takes."""
    sizes = (
        2 * _data_bytes(variable.data) + ATTRIBUTE_BYTES * (2 + len(variable.attributes)) for variable in group.variables.values()
    )
    long_texts = sum(len(value.encode()) for value in group.attributes.values() if isinstance(value, str))
    return sum(sizes) + long_texts + ATTRIBUTE_BYTES * (4 + len(group.attributes) + len(group.plain_axes))


def _write_variable(target: h5py.Group, name: str, variable: Variable) -> None:
    import h5py

    is_text = variable.data.dtype == object
    dataset = target.create_dataset(
        name,
        data=variable.data,
        dtype=h5py.string_dtype() if is_text else None,
        **(
            {"chunks": _chunks(variable.data.shape), "compression": "gzip", "compression_opts": 1, "shuffle": True}
            if variable.packed
            else {}
        ),
    )
    dataset.flush()  # a full disk shows here; HDF5 swallows it when a dataset is let go
    if variable.axes == (name,):
        dataset.make_scale(name)
    else:
        attach_axes(dataset, variable.axes)
    write_attributes(dataset, variable.attributes)


def _chunks(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Pieces that pass through the filters in half a megabyte."""
    return (*shape[:-1], min(shape[-1], CHUNK_LENGTH))


def _data_bytes(data: NDArray[Any]) -> int:
    return sum(len(value.encode()) + 64 for value in data.ravel()) if data.dtype == object else data.nbytes
