"""Whether CUDA would run here, and the line that mends it where it would not: what a run and ``simcost doctor`` say."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass

from simcost.engine.preparation.cuda_driver import CudaDriver, cuda_driver

INSTALL = 'pip install "simcost[{}]"'


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether something would run here.

    Parameters
    ----------
    reason
        Why it would not; empty if it would.
    remedy
        The exact line that mends it; empty if there is none.
    """

    reason: str = ""
    remedy: str = ""


def cuda_readiness() -> Readiness:
    """Look around; nothing heavy is imported. Takes milliseconds where there is no driver."""
    driver = cuda_driver()
    return Readiness(driver.reason) if driver.reason else readiness(installed_distributions(), driver)


def readiness(installed: dict[str, str], driver: CudaDriver) -> Readiness:
    """Tell whether CUDA would run with these distributions and this driver."""
    extra = f"cuda{driver.major}" if driver.major in (12, 13) else "cuda12"
    install = INSTALL.format(extra)
    wheels = cupy_wheels(installed)
    if driver.reason:
        return Readiness(driver.reason)
    if not wheels:
        return Readiness("CuPy is not installed", install)
    if len(wheels) > 1:
        return Readiness(clash(wheels), reinstall(wheels, install))
    if driver.major == 12 and wheels == ["cupy-cuda13x"]:
        return Readiness("the driver is for CUDA 12, CuPy is built for 13", reinstall(wheels, install))
    return Readiness()


def installed_distributions() -> dict[str, str]:
    """Return the version of every installed distribution by its canonical name; a broken one has no name."""
    found = [(distribution.metadata["Name"], distribution.version) for distribution in importlib.metadata.distributions()]
    return {canonical(name): version for name, version in found if name}


def canonical(name: str) -> str:
    """Return a distribution's name as the index spells it."""
    return name.lower().replace("_", "-").replace(".", "-")


def cupy_wheels(installed: dict[str, str]) -> list[str]:
    """Return every distribution that installs the package ``cupy``; more than one overwrite each other."""
    return sorted(name for name in installed if name == "cupy" or name.startswith(("cupy-cuda", "cupy-rocm")))


def clash(wheels: list[str]) -> str:
    """Say that several distributions install CuPy."""
    return f"{len(wheels)} distributions install the package cupy over each other: {', '.join(wheels)}"


def reinstall(wheels: list[str], install: str) -> str:
    """Return the line that replaces them by the right one."""
    return f"pip uninstall -y {' '.join(wheels)} && {install}"
