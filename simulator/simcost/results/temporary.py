"""A file that appears under its name only when it is whole.

It is written under a hidden name in the same folder, fsynced, renamed, and the folder fsynced. Whatever interrupts that
leaves the earlier file as it was. A lock held while writing tells the files of dead processes from those at work.
"""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from simcost.errors import ResultError

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows: an open file cannot be removed there, so no lock is needed
    fcntl = None

if TYPE_CHECKING:
    from types import TracebackType

PREFIX = ".simcost-"
SUFFIX = ".part"

FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
"""What a full disk, a limit on a file's size, and a used-up quota say."""


class TemporaryFile:
    """The unfinished file; as a context manager it is gone at the end unless `publish` was called.

    Parameters
    ----------
    final
        Where it belongs; its folder exists.

    Raises
    ------
    ResultError
        If the folder cannot be written.
    """

    def __init__(self, final: Path) -> None:
        self.final = final
        remove_stale(final.parent)
        self.path, self._descriptor = _locked_new_file(final)
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.discard()

    def reserve(self, size: int) -> None:
        """Take the disk space for ``size`` bytes now, so that a full disk shows here and never inside HDF5.

        Raises
        ------
        OSError
            If there is no room.
        """
        if not hasattr(os, "posix_fallocate") or size <= os.fstat(self._descriptor).st_size:
            return
        try:
            os.posix_fallocate(self._descriptor, 0, size)
        except OSError as error:
            if error.errno in FULL:
                raise

    def publish(self, size: int) -> None:
        """Cut the file to ``size`` bytes, make it durable, and give it its name.

        Raises
        ------
        OSError
            If the disk fails.
        """
        os.ftruncate(self._descriptor, size)
        os.fsync(self._descriptor)
        self._release()  # an open file cannot be renamed on Windows
        self.path.replace(self.final)
        _sync_folder(self.final.parent)

    def discard(self) -> None:
        """Remove what was not published; once it is published there is nothing under this name."""
        self._release()
        self.path.unlink(missing_ok=True)

    def _release(self) -> None:
        if self._open:
            self._open = False
            os.close(self._descriptor)


def remove_stale(folder: Path) -> None:
    """Remove unfinished files whose writers are dead."""
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        try:
            _remove_unless_locked(path)
        except OSError:  # somebody else's, or gone already: no harm is done by leaving it
            continue


def _remove_unless_locked(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    finally:
        os.close(descriptor)
    if fcntl is None:
        path.unlink()


def _locked_new_file(final: Path) -> tuple[Path, int]:
    """Make an empty file that is ours; another process may remove it between the making and the lock, hence the loop."""
    while True:
        path = final.parent / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except OSError as error:
            message = f"{final}: cannot be written: {error.strerror}. Write elsewhere with `output`."
            raise ResultError(message) from error
        if _lock(descriptor) and path.exists():
            return path, descriptor
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Hold the file; False if a cleaner was faster. A file system without locks is cleaned by nobody."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _sync_folder(folder: Path) -> None:
    """Make the rename durable, where folders can be opened for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems cannot
            raise
    finally:
        os.close(descriptor)
