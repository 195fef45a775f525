"""Writing a text file that was asked for by name: whole or not at all, and never over another without leave."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from simcost.errors import ResultError, UsageError


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Say before any work is done that ``path`` cannot be written.

    Raises
    ------
    UsageError
        If it exists and ``force`` is not given, or if it is a folder, or lies in a folder that is not there.
    """
    if path.is_dir():
        message = f"{path} is a folder. Name a file in it."
    elif not path.parent.is_dir():
        message = f"{path}: there is no folder {path.parent}. Create it first."
    elif path.exists() and not force:
        message = f"{path} exists already. Name another file, or replace it with `force=True`."
    else:
        return
    raise UsageError(message)


def write_text(path: Path, text: str, *, force: bool) -> None:
    """Write UTF-8 under a temporary name and rename it, so that no half-written file is ever seen under ``path``.

    Raises
    ------
    UsageError
        If it may not stand there.
    ResultError
        If it cannot be written: the disk is full, the folder may not be written to.
    """
    refuse_to_replace(path, force=force)
    try:
        _write_whole(path, text)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or error}. Free space, or write elsewhere."
        raise ResultError(message) from error


def _write_whole(path: Path, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_umask())  # mkstemp's file is for its owner alone
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
