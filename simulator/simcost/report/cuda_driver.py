"""Asks the CUDA driver for its version and its devices, with the driver's own library and nothing else."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from dataclasses import dataclass

NAMES = ("nvcuda.dll",) if sys.platform == "win32" else ("libcuda.so.1", "libcuda.so")


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
    """Ask; takes milliseconds where there is no driver."""
    library = _library()
    if library is None:
        return CudaDriver(reason="no CUDA driver is installed")
    status = library.cuInit(0)
    if status != 0:
        return CudaDriver(reason=f"the CUDA driver finds no usable GPU (cuInit says {status})")
    version, devices = ctypes.c_int(), ctypes.c_int()
    if library.cuDriverGetVersion(ctypes.byref(version)) or library.cuDeviceGetCount(ctypes.byref(devices)):
        return CudaDriver(reason="the CUDA driver does not answer")
    major = version.value // 1000
    if devices.value == 0:
        return CudaDriver(major=major, reason="the CUDA driver finds no GPU")
    if major < 12:
        return CudaDriver(major, devices.value, f"the driver is for CUDA {major}; 12 or newer is wanted. Update the driver.")
    return CudaDriver(major=major, devices=devices.value)


def _library() -> ctypes.CDLL | None:
    for name in NAMES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None
