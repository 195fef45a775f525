"""A rare hour with a GPU: sections that fail alone, a deadline, and a record that is written whenever something is found."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]


class Findings(dict[str, Any]):
    """What a section has found so far; each entry is written to the record at once."""

    def __init__(self, written: Callable[[], None]) -> None:
        super().__init__()
        self._written = written

    def __setitem__(self, key: object, value: Any) -> None:
        super().__setitem__(str(key), value)
        self._written()


@dataclass
class Session:
    """What every section gets.

    ``on_gpu`` is false in a dry run, in which the host's compiler is the device; ``quick`` asks for as little as shows that a
    section works. A section puts what it finds into ``found``; ``wrong`` is what is not as it must be.
    """

    plans: dict[str, Path]
    output: Path
    deadline_s: float
    quick: bool
    on_gpu: bool
    record: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.found = Findings(self.write)

    def queues(self, count: int = 1) -> list[Any]:
        """Return queues of work of the first device."""
        if self.on_gpu:
            from simcost_kernels.backends.cuda.cupy_device import CupyDevice

            return [CupyDevice(0) for _ in range(count)]
        sys.path.insert(0, str(ROOT))
        from tests.backends.host_device import HostDevice

        return [HostDevice() for _ in range(count)]

    def expect(self, right: bool, what: str) -> bool:
        """Note what is not as it must be, and go on."""
        if not right:
            self.wrong.append(what)
            say("WRONG:", what)
        return right

    def left_s(self) -> float:
        """Seconds to the deadline."""
        return self.deadline_s - (time.monotonic() - self.started)

    def run(self, name: str, section: Callable[[Session], None], limit_s: float = math.inf) -> None:
        """Run a section until its limit or the deadline, whatever becomes of it; what it has found by then is in the record."""
        print(f"== {name} ({self.left_s():.0f} s left)", flush=True)
        self.found = Findings(self.write)
        entry = self.record[name] = {"result": self.found, "seconds": 0.0}
        begin = time.monotonic()
        try:
            if self.left_s() > 0:
                with _until(min(limit_s, self.left_s())):
                    section(self)
            else:
                self.found["skipped"] = "no time left"
        except OutOfTime as error:
            self.found["skipped"] = f"what came after: {error}"
        except BaseException as error:
            traceback.print_exc()
            self.found["error"] = repr(error)[:500]
            self.wrong.append(f"{name}: {error!r:.200}")
            if isinstance(error, KeyboardInterrupt):
                raise
        finally:
            entry["seconds"] = round(time.monotonic() - begin, 2)
            self.write()

    def write(self) -> None:
        """Write everything so far; whoever reads it meanwhile finds the one before, whole."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        new = self.output.with_suffix(".new")
        new.write_text(json.dumps(self.record | {"wrong": self.wrong}, indent=1, default=str) + "\n", encoding="utf-8")
        new.replace(self.output)


class OutOfTime(BaseException):
    """The deadline came within a section: the end of it, which nobody takes for an error of a rival or a tool."""


@contextmanager
def _until(seconds: float) -> Iterator[None]:
    """Break off what takes longer, where the system has alarms."""

    def ring(*_: object) -> None:
        message = f"{seconds:.0f} s"
        raise OutOfTime(message)

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def finished(command: list[str], seconds: float, **environment: str) -> subprocess.CompletedProcess[str] | None:
    """Run a command and return what it printed; None if it takes longer, and then nothing that it has started is left.

    A profiler starts the program that it looks at: that would go on, on the GPU, if the profiler alone were ended.
    """
    environment = {**os.environ, **environment}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, env=environment) as started:
        try:
            printed, told = started.communicate(timeout=seconds)
        except BaseException as error:
            os.killpg(started.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            return None
    return subprocess.CompletedProcess(command, started.returncode, printed, told)


def say(*words: object, sep: str = " ") -> None:
    """Print at once: output that a killed command had in its buffer is lost."""
    print(" ", *words, sep=sep, flush=True)
