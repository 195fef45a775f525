"""What is printed when nobody reads any more: it goes nowhere, and every other failure is told."""

from __future__ import annotations

import errno
import os
from io import FileIO
from pathlib import Path

import pytest

from simcost.cli import streams


class Failing(FileIO):
    """A descriptor on which nothing can be written."""

    number = errno.EPIPE

    def write(self, _data, /):
        raise OSError(self.number, os.strerror(self.number))


class Left(streams._UntilTheReaderLeaves, Failing):
    """The stream of a command over it."""


@pytest.mark.parametrize(
    ("system", "number", "dropped"),
    [
        ("posix", errno.EPIPE, True),
        ("nt", errno.EPIPE, True),
        ("nt", errno.EINVAL, True),
        ("posix", errno.EINVAL, False),
        ("nt", errno.ENOSPC, False),
        ("posix", errno.ENOSPC, False),
    ],
)
def test_what_a_departed_reader_would_have_read_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, number: int, dropped: bool
) -> None:
    path = tmp_path / "out.txt"
    path.touch()
    with Left(path, "wb") as stream:
        monkeypatch.setattr(Left, "number", number)
        monkeypatch.setattr(streams.os, "name", system)
        if dropped:
            assert stream.write(b"a table") == 7
        else:
            with pytest.raises(OSError, match=os.strerror(number)):
                stream.write(b"a table")
        leads_nowhere = os.path.samestat(os.fstat(stream.fileno()), os.stat(os.devnull))  # noqa: PTH116 - no Path while os.name is another
        monkeypatch.undo()
    assert leads_nowhere is dropped
