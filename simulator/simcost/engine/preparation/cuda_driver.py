"""Asks the CUDA driver for its version and its devices, with the driver's own library and nothing else."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from typing import Any

NAMES = ("nvcuda.dll",) if sys.platform == "win32" else ("libcuda.so.1", "libcuda.so")

OLDEST = 12
"""CUDA version of the oldest driver for which there is an extra."""


@dataclass(frozen=True, slots=True)
class CudaDriver:
    """What the driver says.

    Parameters
    ----------
    major
        The newest CUDA that it runs, like 12; 0 if there is no driver.
    devices
        Number of GPUs.
    reason
        Why no GPU can be used; empty if one can.
    """

    major: int = 0
    devices: int = 0
    reason: str = ""


def cuda_driver() -> CudaDriver:
    """Ask the driver of this machine; takes milliseconds where there is none."""
    library = _library()
    return CudaDriver(reason="no CUDA driver is installed") if library is None else answers(library)


def answers(library: Any) -> CudaDriver:
    """Return what a driver's library says: anything with its ``cuInit``, ``cuDriverGetVersion`` and ``cuDeviceGetCount``."""
    status = library.cuInit(0)
    if status != 0:
        return CudaDriver(reason=f"the CUDA driver finds no usable GPU (cuInit says {status})")
    version, devices = ctypes.c_int(), ctypes.c_int()
    if library.cuDriverGetVersion(ctypes.byref(version)) or library.cuDeviceGetCount(ctypes.byref(devices)):
        return CudaDriver(reason="the CUDA driver does not answer")
    major = version.value // 1000
    if devices.value == 0:
        return CudaDriver(major=major, reason="the CUDA driver finds no GPU")
    if major < OLDEST:
        return CudaDriver(
            major, devices.value, f"the driver is for CUDA {major}; {OLDEST} or newer is wanted. Update the driver."
        )
    return CudaDriver(major=major, devices=devices.value)


def _library() -> ctypes.CDLL | None:
    for name in NAMES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
