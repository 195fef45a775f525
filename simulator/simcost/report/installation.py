"""What is installed here, and which back ends would run: what ``simcost doctor`` tells."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simcost.engine.preparation.cuda_driver import cuda_driver
from simcost.engine.preparation.cuda_installation import (
    INSTALL,
    Readiness,
    clash,
    cupy_wheels,
    installed_distributions,
    readiness,
    reinstall,
)
from simcost.engine.processors import processors
from simcost_kernels.backends.cpu.ahead import is_compiled_ahead
from simcost_kernels.system.eviction import size_bytes
from simcost_kernels.system.private_folder import private_folder, wanted_folder, why_unfit

SCHEMA = "simcost/doctor/1"
EXTRAS: dict[str, tuple[str, ...]] = {"export": ("pyarrow", "xlsxwriter"), "report": ("matplotlib",)}
"""Extras whose libraries have one name each; those of CUDA are told by their wheels."""
REQUIRED = ("numpy", "numba", "scipy", "h5py", "click", "pydantic", "rich", "tree-sitter", "tree-sitter-toml")


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """A back end and whether it would run here.

    Parameters
    ----------
    reason
        Why it would not run; empty if it would.
    remedy
        The exact line that mends it; empty if there is none.
    """

    name: str
    runs: bool
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer, as this process may use it; sizes in bytes, -1 if unknown."""

    system: str
    python: str
    processor: str
    cores: int
    features: tuple[str, ...]
    memory_bytes: int
    free_disk_bytes: int
    results_folder: str


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that ``simcost doctor`` tells.

    Parameters
    ----------
    problems
        What is wrong, each with its remedy.
    cache
        Folder of compiled kernels and tables.
    cache_bytes
        What is in it.
    compiled
        Whether what runs any model is there.
    """

    version: str
    machine: Machine
    libraries: dict[str, str]
    backends: tuple[BackendStatus, ...]
    problems: tuple[str, ...]
    cache: str = ""
    cache_bytes: int = 0
    compiled: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as a JSON document."""
        return {"schema": SCHEMA, **asdict(self)}


def installation() -> Installation:
    """Look around; nothing heavy is imported, nothing is written but empty folders of the cache."""
    installed = installed_distributions()
    cache, *problems_of_cache = _cache()
    return Installation(
        version=installed.get("simcost", "unknown"),
        machine=machine(),
        libraries=_libraries(installed),
        backends=(BackendStatus("reference", runs=True), _cpu(installed), cuda_backend(readiness(installed, cuda_driver()))),
        problems=(*problems(installed), *problems_of_cache),
        cache=cache,
        cache_bytes=0 if problems_of_cache else size_bytes(Path(cache)),
        compiled=is_compiled_ahead(),
    )


def _cache() -> tuple[str, ...]:
    """Return the cache folder and, if it is not used, why and what mends it."""
    mend = "Name another folder in SIMCOST_CACHE; until then every run compiles its kernel anew"
    try:
        folder = wanted_folder()
    except RuntimeError as error:
        return "none", f"no cache folder: {error}. {mend}"
    try:
        reason = "" if private_folder() is not None else why_unfit(folder)
    except OSError as error:
        reason = error.strerror or str(error)
    return (str(folder), f"the cache folder {folder} is not used: {reason}. {mend}") if reason else (str(folder),)


def _libraries(installed: dict[str, str]) -> dict[str, str]:
    """Return versions of what simcost uses; empty text where something is not installed."""
    optional = [library for libraries in EXTRAS.values() for library in libraries]
    wheels = cupy_wheels(installed)
    return {name: installed.get(name, "") for name in (*REQUIRED, *optional, *(wheels or ["cupy"]))}


def _cpu(installed: dict[str, str]) -> BackendStatus:
    if "numba" not in installed:
        return BackendStatus("cpu", runs=False, reason="numba is not installed", remedy="pip install --force-reinstall simcost")
    return BackendStatus("cpu", runs=True)


def cuda_backend(ready: Readiness) -> BackendStatus:
    """Tell whether CUDA would run, and what is to be done where it would not."""
    return BackendStatus("cuda", runs=not ready.reason, reason=ready.reason, remedy=ready.remedy)


def problems(installed: dict[str, str]) -> tuple[str, ...]:
    """Return what is wrong with the installation itself, each with its remedy."""
    wheels = cupy_wheels(installed)
    missing = [name for name in REQUIRED if name not in installed]
    found = []
    if missing:
        found.append(f"not installed: {', '.join(missing)}. Mend it with: pip install --force-reinstall simcost")
    if len(wheels) > 1:
        found.append(f"{clash(wheels)}. Mend it with: {reinstall(wheels, INSTALL.format('cuda12'))}")
    return tuple(found)


def machine(results: Path = Path("results")) -> Machine:
    """Look at the computer."""
    folder = results if results.is_dir() else Path()
    return Machine(
        system=platform.platform(),
        python=platform.python_version(),
        processor=_processor(),
        cores=processors(),
        features=_features(),
        memory_bytes=_memory_bytes(),
        free_disk_bytes=shutil.disk_usage(folder).free,
        results_folder=str(folder.resolve()),
    )


def _processor() -> str:
    """Return the processor's marketing name where the system tells it."""
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _features() -> tuple[str, ...]:
    """Return the vector extensions that NumPy found on this processor."""
    import numpy as np

    extensions = np.show_config(mode="dicts")["SIMD Extensions"]  # type: ignore[call-overload,index,unused-ignore]
    return tuple(str(name) for name in (*extensions.get("baseline", ()), *extensions.get("found", ())))


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return -1
