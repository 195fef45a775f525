"""How much the private cache folder may hold: what was used longest ago goes, so that kernels of old versions do not stay."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RECENT_S = 3600.0
"""What was used within it stays, however much there is: another process may be about to load it."""

LEFT = 0.75
"""Of what may be there, so that not every new file has something to remove."""


def evict(folders: Sequence[Path], most_bytes: int) -> None:
    """Remove what was used longest ago from cache folders that hold more than so many bytes; what cannot be removed stays.

    Files whose names are alike up to the first full stop belong together: they go together, and were used when the last of them
    was written or touched.
    """
    together: defaultdict[str, list[tuple[Path, os.stat_result]]] = defaultdict(list)
    for folder in folders:
        for path, status in _files(folder):
            together[path.name.partition(".")[0]].append((path, status))
    used = sorted((max(status.st_mtime for _, status in its), name) for name, its in together.items())
    total = sum(status.st_size for its in together.values() for _, status in its)
    wanted = total if total <= most_bytes else LEFT * most_bytes
    for last, name in used:
        if total <= wanted or last > time.time() - RECENT_S:
            return
        for path, status in together[name]:
            with suppress(OSError):  # open on Windows, or gone already
                path.unlink()
                total -= status.st_size


def size_bytes(folder: Path) -> int:
    """Return how many bytes the files in a folder and the folders in it have; 0 of what cannot be looked at."""
    return sum(status.st_size for inner, _, _ in os.walk(folder) for _, status in _files(Path(inner)))


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)
