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
        root = wanted_folder()
        for folder in (root, root / inner):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if why_unfit(folder):
                return None
    except (OSError, RuntimeError):  # the latter: no home folder
        return None
    return root / inner


def why_unfit(folder: Path) -> str:
    """Say why a folder that is there cannot hold what is trusted; nothing if it can.

    Raises
    ------
    OSError
        If it cannot be looked at.
    """
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        return "it is no folder"
    if sys.platform != "win32":
        if status.st_uid != os.geteuid():
            return "it belongs to somebody else"
        if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            return "others may write there"
    return "" if os.access(folder, os.W_OK) else "it cannot be written to"


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


def wanted_folder() -> Path:
    """Return where the cache is to be, whether it is there or not.

    Raises
    ------
    RuntimeError
        If there is no home folder to put it in.
    """
    if named := os.environ.get("SIMCOST_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "simcost"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "simcost"
