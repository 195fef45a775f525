"""The private cache folder: what is compiled or tabulated once a machine is kept there, and nobody else may have written it.

The folder is ``$SIMCOST_CACHE``, or ``simcost`` under the user's cache folder. What is in it is trusted, and machine code from it
is run, so it is used only if it belongs to this user and nobody else may write there. Whoever keeps something there names it by a
digest of all that it was made of, so that nothing ever goes stale, and can do without the folder.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path


def private_folder(inner: str = "") -> Path | None:
    """Return the cache folder, or one inside it, made if need be; None if it cannot be had, or others may write to it."""
    try:
        root = _wanted_folder()
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(root):
            return None
        folder = root / inner if inner else root
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder if _is_private(folder) and os.access(folder, os.W_OK) else None
    except (OSError, RuntimeError):  # the latter: no home folder
        return None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under its name at once, whole.

    Raises
    ------
    OSError
        If it cannot be written; an earlier file of that name is then left as it was.
    """
    import tempfile  # costs more than reading all that is kept

    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _wanted_folder() -> Path:
    if named := os.environ.get("SIMCOST_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "simcost"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "simcost"


def _is_private(folder: Path) -> bool:
    """Tell whether a folder is ours, and nobody else's to write."""
    status = folder.lstat()
    if sys.platform == "win32":
        return stat.S_ISDIR(status.st_mode)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
