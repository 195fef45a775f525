"""The standard streams of a command: a missing or a departed reader changes neither what it does nor its exit code."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from io import BufferedWriter, FileIO, TextIOWrapper, UnsupportedOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer


class _UntilTheReaderLeaves(FileIO):
    """A descriptor whose reader may go away (``simcost run scenario.toml --gate | head``): what comes then goes nowhere.

    Every command prints after its work is done, so nothing is spared by stopping there, and with ``set -o pipefail`` a gate
    that ended with an error of the pipe would have lost its verdict.
    """

    def write(self, data: Buffer, /) -> int:
        """Write, or drop it if nobody reads."""
        try:
            return super().write(data)
        except OSError as error:
            if not _tells_of_a_departed_reader(error):
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
            return memoryview(data).nbytes


def _tells_of_a_departed_reader(error: OSError) -> bool:
    """Whether writing failed since nobody reads: Windows has an invalid argument there, where others have a broken pipe."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def prepare_streams() -> None:
    """Make standard output and standard error such that printing fails for a full disk alone."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, who wants none of it
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - pathlib costs start-up; open to the end
        elif isinstance(stream, TextIOWrapper):
            # A terminal without Chinese shows \uXXXX for it: better than an error after an hour of computing.
            stream.reconfigure(errors="backslashreplace")
            if not stream.isatty():
                with suppress(UnsupportedOperation):  # a test's stream has no descriptor
                    setattr(sys, name, _patient(stream))


def _patient(stream: TextIOWrapper) -> TextIOWrapper:
    """Return a stream to where this one leads, which outlives its reader."""
    stream.flush()
    raw = _UntilTheReaderLeaves(stream.fileno(), "wb", closefd=False)
    return TextIOWrapper(
        BufferedWriter(raw), encoding=stream.encoding, errors=stream.errors, line_buffering=stream.line_buffering
    )
