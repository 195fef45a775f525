"""A rare hour with a GPU: sections that fail alone, a deadline, and a record that is written after each of them."""

from __future__ import annotations

import json
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]


@dataclass
class Session:
    """What every section gets.

    ``on_gpu`` is false in a dry run, in which the host's compiler is the device; ``quick`` asks for as little as shows that a
    section works. ``wrong`` is what is not as it must be.
    """

    plans: dict[str, Path]
    output: Path
    deadline_s: float
    quick: bool
    on_gpu: bool
    record: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

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

    def run(self, name: str, section: Callable[[Session], Any]) -> None:
        """Run a section, whatever becomes of it, and write the record."""
        print(f"== {name} ({self.left_s():.0f} s left)", flush=True)
        begin = time.monotonic()
        try:
            result = section(self) if self.left_s() > 0 else "skipped: no time left"
        except BaseException as error:
            traceback.print_exc()
            result = {"error": repr(error)[:500]}
            self.wrong.append(f"{name}: {error!r:.200}")
            if isinstance(error, KeyboardInterrupt):
                raise
        finally:
            self.record[name] = {"result": locals().get("result"), "seconds": round(time.monotonic() - begin, 2)}
            self.write()

    def write(self) -> None:
        """Write everything so far."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self.output.write_text(json.dumps(self.record, indent=1, default=str) + "\n", encoding="utf-8")


def say(*words: object) -> None:
    """Print at once: output that a killed command had in its buffer is lost."""
    print(" ", *words, flush=True)
