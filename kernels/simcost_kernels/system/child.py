"""A process of our own beside this one: the same interpreter and packages, ended with its parent, deaf to Ctrl-C.

It reads what it is to do from its standard input, and ends by itself at the end of that: when nobody wants it any more, however
that comes about.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Self, cast

if TYPE_CHECKING:
    from io import BufferedReader
    from types import TracebackType


class Child:
    """A module run by another process; to be used in a ``with`` statement, or ended with `stop`.

    Parameters
    ----------
    module, arguments
        As ``python -m`` takes them.
    answers
        Whether its standard output is for us; else nobody reads it.

    Raises
    ------
    OSError
        If no process can be started.
    """

    def __init__(self, module: str, *arguments: str, answers: bool = False) -> None:
        path = os.pathsep.join(filter(None, sys.path))  # the child is to import what this process does
        self.process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of ours
            [sys.executable, "-P", "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if answers else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for us
        )

    def tell(self, *parts: bytes) -> None:
        """Write something for it to read.

        Raises
        ------
        OSError
            If it has ended.
        """
        assert self.process.stdin is not None  # noqa: S101 - it was asked for
        for part in parts:
            self.process.stdin.write(part)
        self.process.stdin.flush()

    def read(self, memory: memoryview) -> None:
        """Fill memory with what it writes, if that is for us.

        Raises
        ------
        EOFError
            If it has ended.
        """
        if cast("BufferedReader", self.process.stdout).readinto(memory) < len(memory):
            raise EOFError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def can_have_children() -> bool:
    """Tell whether there is an interpreter to start: an application that is one file has none."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)
