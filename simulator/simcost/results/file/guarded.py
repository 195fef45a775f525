"""Reading a file that may come from a stranger: fixed paths, hard links, plain datasets of the expected type and shape.

HDF5 can name files of the host (external links, external storage, virtual datasets: CVE-2026-1669), declare arrays larger
than any memory, and load filters by number. None of that is followed, and no text or attribute is read (see `document`).
"""

from __future__ import annotations

import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.errors import ResultError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import h5py
    from numpy.typing import NDArray

SIGNATURE = b"\x89HDF\r\n\x1a\n"

ENDING = ".h5"
"""Of the names that simcost gives."""

LARGEST_ARRAY = 100_000_000
"""Numbers in an array of figures or of a summary; samples are bounded by the file's own size."""

OWN_FILTERS = {1, 2}
"""Deflate and shuffle; any other filter is somebody else's code."""


class Damaged(Exception):
    """Something in a file is not as simcost writes it."""


def looks_like_result(path: Path) -> bool:
    """Tell whether a file is meant to be a result: HDF5 by its first bytes, or by its name."""
    try:
        with path.open("rb") as file:
            return file.read(len(SIGNATURE)) == SIGNATURE or path.suffix == ENDING
    except OSError:
        return path.suffix == ENDING


@contextmanager
def opened(path: Path) -> Iterator[h5py.File]:
    """Open a result for reading; whatever goes wrong inside becomes one clear error.

    Raises
    ------
    ResultError
        If the path is no regular file, no HDF5, cut short, or not as simcost writes it.
    """
    _check_signature(path)
    import h5py

    try:
        with h5py.File(path, "r", locking="best-effort") as file:
            yield file
    except Damaged as error:
        message = f"{path}: not a result of this version of simcost, or damaged: {error}. Run the scenario again."
        raise ResultError(message) from error
    except (
        OSError,
        RuntimeError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OverflowError,
        SystemError,
        MemoryError,
    ) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        message = f"{path}: damaged or cut short: {reason}. Run the scenario again."
        raise ResultError(message) from error


def group_at(parent: h5py.Group, name: str) -> h5py.Group:
    """Return a group by a hard link."""
    import h5py

    found = _hard(parent, name)
    if not isinstance(found, h5py.Group):
        message = f"{name} is no group"
        raise Damaged(message)
    return found


def has(group: h5py.Group, name: str) -> bool:
    """Whether there is a link of that name, without following it."""
    return group.get(name, getlink=True) is not None


def numbers_at(group: h5py.Group, name: str, kind: str, rank: int) -> NDArray[Any]:
    """Read a whole array of numbers.

    Parameters
    ----------
    kind
        ``float64``, ``int64``, ``int32``, ``uint8``.
    rank
        Number of axes.
    """
    dataset = plain_dataset(group, name, kind, rank)
    if dataset.size > LARGEST_ARRAY or not (dataset.chunks or stored_whole(dataset)):
        message = f"{name} claims {dataset.size:,} numbers"
        raise Damaged(message)
    return np.asarray(dataset[()], dtype=kind)


def plain_dataset(group: h5py.Group, name: str, kind: str, rank: int) -> h5py.Dataset:
    """Return a dataset of this file alone, of the expected type and number of axes, not yet read."""
    dataset = _dataset(group, name)
    if dataset.dtype != np.dtype(kind) or dataset.ndim != rank:
        message = f"{name} is {dataset.dtype} with {dataset.ndim} axes, not {kind} with {rank}"
        raise Damaged(message)
    return dataset


def stored_whole(dataset: h5py.Dataset) -> bool:
    """Whether every number is in the file, one after another; what is not there reads as zeros of any size that is claimed."""
    return dataset.chunks is None and dataset.id.get_storage_size() == dataset.nbytes


def _dataset(group: h5py.Group, name: str) -> h5py.Dataset:
    import h5py

    dataset = _hard(group, name)
    if not isinstance(dataset, h5py.Dataset):
        message = f"{name} is no dataset"
        raise Damaged(message)
    layout = dataset.id.get_create_plist()
    filters = {layout.get_filter(number)[0] for number in range(layout.get_nfilters())}
    if dataset.is_virtual or dataset.external or not filters <= OWN_FILTERS:
        message = f"{name} lies in another file, or uses a filter that simcost does not"
        raise Damaged(message)
    return dataset


def _hard(group: h5py.Group, name: str) -> Any:
    import h5py

    if "/" in name or not isinstance(group.get(name, getlink=True), h5py.HardLink):
        message = f"{name} is missing or a link to elsewhere"
        raise Damaged(message)
    return group[name]


def _check_signature(path: Path) -> None:
    """Look at the file itself first: HDF5 would wait for ever on a pipe, and its messages on other files help nobody."""
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
        if regular:
            with path.open("rb") as file:
                regular = file.read(len(SIGNATURE)) == SIGNATURE
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}. `simcost run` writes results, by default into results/."
        raise ResultError(message) from error
    if not regular:
        message = f"{path}: no result of simcost. `simcost run` writes results, by default into results/."
        raise ResultError(message)
