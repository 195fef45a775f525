"""Where compiled kernels are kept: in the private cache folder, where a kernel's name says all that it was made of.

Without that folder kernels are compiled in memory, for this process alone. A module's name is the digest of its text, of the
sources that it is compiled from and of the versions that compile it: nothing there ever goes stale, and a file that is not what
it should be is written anew. What nobody has used for longest goes when there is more than `MOST_BYTES`.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from simcost_kernels.codegen.lanes import lane_text
from simcost_kernels.interpreter.interpreter_text import interpreter_text
from simcost_kernels.system.eviction import evict
from simcost_kernels.system.installed import version_text
from simcost_kernels.system.private_folder import private_folder

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan


MOST_BYTES = 512 << 20
"""Of all kernels, text and machine code: some five hundred of a usual size, a megabyte each."""


def is_compiled(plan: Plan, *, interpreter: bool = False) -> bool:
    """Tell whether a plan's own kernel, or the ``interpreter`` that runs all plans, is in the cache; numba is not imported."""
    folder = kernel_folder()
    return folder is not None and any((folder / "__pycache__").glob(f"{_name(plan, interpreter)}.*.nbc"))


def seconds_spent(plan: Plan, *, interpreter: bool = False) -> float:
    """Return the seconds that runs of a plan have taken for want of its kernel, as far as `spend` was told."""
    folder = kernel_folder()
    try:
        return float(_account(folder, plan, interpreter).read_text(encoding="ascii")) if folder is not None else 0.0
    except (OSError, ValueError):
        return 0.0


def spend(plan: Plan, seconds: float, *, interpreter: bool = False) -> None:
    """Note that a plan is run without its kernel, and so takes so many seconds more."""
    folder = kernel_folder()
    if folder is not None:
        with suppress(OSError):
            spent = seconds_spent(plan, interpreter=interpreter) + seconds
            _account(folder, plan, interpreter).write_text(repr(spent), encoding="ascii")


def _account(folder: Path, plan: Plan, interpreter: bool) -> Path:
    return folder / f"{_name(plan, interpreter)}.spent"


def _name(plan: Plan, interpreter: bool) -> str:
    """Return the name of a plan's kernel; a text takes 30 ms to print, and is asked for again and again."""
    key = plan.digest, interpreter
    if key not in _names:
        _names[key] = kernel_name(interpreter_text() if interpreter else lane_text(plan))
    return _names[key]


_names: dict[tuple[str, bool], str] = {}


def kernel_folder() -> Path | None:
    """Return the folder of the kernels, in which numba makes another for their machine code; None if there is none to be had."""
    return private_folder() if private_folder("__pycache__") is not None else None


def make_room(folder: Path) -> None:
    """Remove the kernels that nobody has used for longest, if there are too many."""
    evict((folder, folder / "__pycache__"), MOST_BYTES)


def mark_used(folder: Path, name: str) -> None:
    """Note that a kernel is used now: in a file beside it, since numba goes by the time of the text itself."""
    with suppress(OSError):
        (folder / f"{name}.used").touch()


def kernel_name(text: str, function: str = "kernel") -> str:
    """Return the name of a text's module in the folder: its function, and a digest of the text and of all that compiles it."""
    return f"{function}_{hashlib.sha256((_toolchain() + text).encode()).hexdigest()[:40]}"


def module_name(name: str) -> str:
    """Return the name under which a kernel's module is imported."""
    return f"_simcost_{name}"


@cache
def _toolchain() -> str:
    """Digest of everything but the text that shapes the machine code; the processor is in numba's own index."""
    state = hashlib.sha256()
    for path in sorted(Path(__file__).parents[2].rglob("*.py")):
        state.update(path.read_bytes())
    versions = (sys.version, *(version_text(name) for name in ("numpy", "numba", "llvmlite")))
    state.update("\0".join(versions).encode())
    return state.hexdigest()
