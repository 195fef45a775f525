"""What is costly to compute, kept once a machine: numbers in the private cache folder, each list under a digest of its making.

A kept array has the bits that it was computed with. Its name is a digest of what was asked for, of the sources that answer, of
the versions of NumPy and scipy and of the processor's extensions, since these may each change a last bit. A file that is missing,
damaged or cannot be written costs time, never a word.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.functions import elementary
from simcost_kernels.system.installed import version_text
from simcost_kernels.system.private_folder import private_folder, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost_kernels.arrays import Array

FOLDER = "tables"

MOST_FILES = 1024
"""Then the half that was made first goes: a hundred megabytes of tables are more than any model has."""

DIGEST_BYTES = 32


def kept(what: str, make: Callable[[], Array]) -> Array:
    """Return an array, from the cache if it is there.

    Parameters
    ----------
    what
        Says all that the array depends on, but for the code.
    make
        Computes it; whatever it raises is raised.

    Returns
    -------
    ndarray
        float64, flat.
    """
    folder = private_folder(FOLDER)
    if folder is None:
        return make().ravel()
    path = folder / hashlib.sha256((_making() + what).encode()).hexdigest()[:40]
    found = _read(path)
    if found is None:
        found = make().ravel()
        with suppress(OSError):  # full, or gone
            _make_room(folder)
            write_whole(path, _digest(found.tobytes()) + found.tobytes())
    return found


def _read(path: Path) -> Array | None:
    """Return what a file holds; None if there is none, or it is not as it was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    numbers = content[DIGEST_BYTES:]
    if len(numbers) % 8 or content[:DIGEST_BYTES] != _digest(numbers):
        return None
    return np.frombuffer(numbers, dtype=np.float64).copy()  # its own memory, which may be written to like any other's


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _make_room(folder: Path) -> None:
    paths = list(folder.iterdir())
    if len(paths) >= MOST_FILES:
        for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)[: MOST_FILES // 2]:
            path.unlink(missing_ok=True)


@cache
def _making() -> str:
    """Digest of everything but the question that shapes an answer."""
    state = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(elementary.__file__).parent):
        for path in sorted(folder.glob("*.py")):
            state.update(path.read_bytes())
    versions = (sys.version, np.__version__, version_text("scipy"))
    state.update("\0".join((*versions, *_processor())).encode())
    return state.hexdigest()


def _processor() -> tuple[str, ...]:
    """Return the extensions of this processor, by which NumPy picks its loops."""
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]  # type: ignore[call-overload,index,unused-ignore]
    return tuple(str(name) for name in (*extensions.get("baseline", ()), *extensions.get("found", ())))
