"""What is installed here, and which back ends would run: what ``simcost doctor`` tells."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simcost.engine.backend import BACKENDS, processors
from simcost.report.cuda_driver import CudaDriver, cuda_driver

SCHEMA = "simcost/doctor/1"
EXTRAS: dict[str, tuple[str, ...]] = {"export": ("pyarrow", "xlsxwriter")}
"""Extras whose libraries have one name each; those of CUDA are told by their wheels."""
INSTALL_CUDA = 'pip install "simcost[{}]"'
REQUIRED = ("numpy", "numba", "scipy", "h5py", "click", "pydantic", "rich", "tree-sitter", "tree-sitter-toml")


@dataclass(frozen=True, slots=True)
class Backend:
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
    """Everything that ``simcost doctor`` tells; ``problems`` are what is wrong, each with its remedy."""

    version: str
    machine: Machine
    libraries: dict[str, str]
    backends: tuple[Backend, ...]
    problems: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return it as a JSON document."""
        return {"schema": SCHEMA, **asdict(self)}


def installation() -> Installation:
    """Look around; nothing heavy is imported, nothing is written."""
    installed = {_canonical(name): version for name, version in _distributions()}
    return Installation(
        version=installed.get("simcost", "unknown"),
        machine=machine(),
        libraries=_libraries(installed),
        backends=(Backend("reference", runs=True), _cpu(installed), cuda_backend(installed, cuda_driver())),
        problems=problems(installed),
    )


def _distributions() -> list[tuple[str, str]]:
    """Return (name, version) of every installed distribution; a broken one has no name."""
    found = [(distribution.metadata["Name"], distribution.version) for distribution in importlib.metadata.distributions()]
    return [(name, version) for name, version in found if name]


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def _libraries(installed: dict[str, str]) -> dict[str, str]:
    """Return versions of what simcost uses; empty text where something is not installed."""
    optional = [library for libraries in EXTRAS.values() for library in libraries]
    wheels = cupy_wheels(installed)
    return {name: installed.get(name, "") for name in (*REQUIRED, *optional, *(wheels or ["cupy"]))}


def cupy_wheels(installed: dict[str, str]) -> list[str]:
    """Return every distribution that installs the package ``cupy``; more than one overwrite each other."""
    return sorted(name for name in installed if name == "cupy" or name.startswith(("cupy-cuda", "cupy-rocm")))


def _cpu(installed: dict[str, str]) -> Backend:
    if "numba" not in installed:
        return Backend("cpu", runs=False, reason="numba is not installed", remedy="pip install --force-reinstall simcost")
    return Backend("cpu", runs=True)


def cuda_backend(installed: dict[str, str], driver: CudaDriver) -> Backend:
    """Tell whether CUDA would run, and what is to be done where it would not."""
    extra = f"cuda{driver.major}" if driver.major in (12, 13) else "cuda12"
    install = INSTALL_CUDA.format(extra)
    wheels = cupy_wheels(installed)
    if driver.reason:
        return Backend("cuda", runs=False, reason=driver.reason)
    if not wheels:
        return Backend("cuda", runs=False, reason="CuPy is not installed", remedy=install)
    if len(wheels) > 1:
        return Backend("cuda", runs=False, reason=_clash(wheels), remedy=_reinstall(wheels, install))
    if driver.major == 12 and wheels == ["cupy-cuda13x"]:
        reason = "the driver is for CUDA 12, CuPy is built for 13"
        return Backend("cuda", runs=False, reason=reason, remedy=_reinstall(wheels, install))
    if "cuda" not in BACKENDS:
        return Backend("cuda", runs=False, reason="not part of this version of simcost")
    return Backend("cuda", runs=True)


def problems(installed: dict[str, str]) -> tuple[str, ...]:
    """Return what is wrong with the installation itself, each with its remedy."""
    wheels = cupy_wheels(installed)
    missing = [name for name in REQUIRED if name not in installed]
    found = []
    if missing:
        found.append(f"not installed: {', '.join(missing)}. Mend it with: pip install --force-reinstall simcost")
    if len(wheels) > 1:
        found.append(f"{_clash(wheels)}. Mend it with: {_reinstall(wheels, INSTALL_CUDA.format('cuda12'))}")
    return tuple(found)


def _clash(wheels: list[str]) -> str:
    return f"{len(wheels)} distributions install the package cupy over each other: {', '.join(wheels)}"


def _reinstall(wheels: list[str], install: str) -> str:
    return f"pip uninstall -y {' '.join(wheels)} && {install}"


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
