"""One SHA-256 over a whole result file but its kept samples, which have checksums of their own: no byte changes unseen.

Other programs read names, units and axes from texts that simcost itself never reads back (see `document`); the seal covers them
too. It is written into the closed file, over zeros that were laid out for it.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np

from simcost.results.file.document import NAME
from simcost.results.file.guarded import Damaged, group_at, has, plain_dataset, stored_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import h5py

SEAL = "seal"
"""Name of the 32 bytes within the document's group."""

CHUNK_BYTES = 1 << 20


def holes_of(file: h5py.File) -> list[tuple[int, int]]:
    """Return (offset, length) of what the seal does not cover, its own place first, then samples: all lie in one piece each."""
    found = [(NAME, SEAL)]
    if has(file, "samples"):
        samples = group_at(file, "samples")
        found += [("samples", name) for name in samples if _is_cost(samples, name)]
    return [_place(file, *each) for each in found]


def write_seal(path: Path, size: int, holes: Sequence[tuple[int, int]]) -> None:
    """Seal a closed file, which is cut or filled up to ``size`` bytes: HDF5 leaves off what it has not used at its end."""
    os.truncate(path, size)
    digest = _digest(path, size, holes)
    with path.open("r+b") as file:
        file.seek(holes[0][0])
        file.write(digest)


def check_seal(file: h5py.File, path: Path) -> None:
    """Compare a file with its seal.

    Raises
    ------
    Damaged
        If any byte outside the samples is not as it was written, or there is no seal.
    """
    if not has(group_at(file, NAME), SEAL):
        message = "it has no seal"
        raise Damaged(message)
    holes = holes_of(file)
    with path.open("rb") as raw:
        raw.seek(holes[0][0])
        stored = raw.read(holes[0][1])
    if stored != _digest(path, path.stat().st_size, holes):
        message = "some byte is not as it was written"
        raise Damaged(message)


def _is_cost(samples: h5py.Group, name: str) -> bool:
    """Whether a dataset holds kept columns: float64 in one piece; the axes beside them are none."""
    import h5py

    dataset = samples.get(name)
    return isinstance(dataset, h5py.Dataset) and dataset.dtype == np.float64 and bool(dataset.size)


def _place(file: h5py.File, group: str, name: str) -> tuple[int, int]:
    target = group_at(file, group)
    dataset = plain_dataset(target, name, *(("uint8", 1) if name == SEAL else ("float64", target[name].ndim)))
    offset = dataset.id.get_offset()
    if offset is None or not stored_whole(dataset):
        message = f"{name} does not lie in one piece"
        raise Damaged(message)
    return int(offset), int(dataset.nbytes)


def _digest(path: Path, size: int, holes: Sequence[tuple[int, int]]) -> bytes:
    """SHA-256 of the first ``size`` bytes without the holes, and of where these are."""
    state = hashlib.sha256(repr((size, sorted(holes))).encode())
    place = 0
    with path.open("rb") as file:
        for start, length in (*sorted(holes), (size, 0)):
            file.seek(place)
            remaining = start - place
            while remaining > 0 and (chunk := file.read(min(remaining, CHUNK_BYTES))):
                state.update(chunk)
                remaining -= len(chunk)
            place = start + length
    return state.digest()
