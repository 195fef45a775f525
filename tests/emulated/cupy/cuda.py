"""What simcost uses of ``cupy.cuda``: one GPU, on which everything is done when it is said."""

# ruff: noqa: ARG002 - these are CuPy's own signatures

import ctypes
import time
from types import SimpleNamespace

MEMORY = 80 << 30


class MemoryPointer:
    def __init__(self, ptr):
        self.ptr = ptr

    def memset_async(self, value, size, stream=None):
        ctypes.memset(self.ptr, value, size)


class OutOfMemoryError(MemoryError):
    pass


class Pool:
    """The largest array that there is room for is all that is minded."""

    def __init__(self):
        self._limit, self._largest = 0, 0

    def take(self, nbytes):
        if self._limit and nbytes > self._limit:
            message = f"Out of memory allocating {nbytes} bytes (limit set to: {self._limit} bytes)."
            raise OutOfMemoryError(message)
        self._largest = max(self._largest, nbytes)

    def set_limit(self, size=None, fraction=None):
        self._limit = size

    def free_all_blocks(self, stream=None):
        self._largest = 0

    def used_bytes(self):
        return 0

    def total_bytes(self):
        return self._largest


POOL = Pool()


def set_allocator(allocator=None):
    assert allocator is None  # one array, one allocation: so it is here anyway


class _Context:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def synchronize(self):
        pass


class Device(_Context):
    def __init__(self, device=None):
        assert device == 0


class Stream(_Context):
    def __init__(self, null=False, non_blocking=False, ptds=False):
        pass


class Event:
    def record(self, stream=None):
        self.at = time.perf_counter()

    def synchronize(self):
        assert self.at


def get_elapsed_time(start_event, end_event):
    return (end_event.at - start_event.at) * 1e3


class CUDARuntimeError(RuntimeError):
    status = 0


class CUDADriverError(RuntimeError):
    status = 0


class CompileException(Exception):
    pass


runtime = SimpleNamespace(
    CUDARuntimeError=CUDARuntimeError,
    getDeviceCount=lambda: 1,
    getDeviceProperties=lambda _number: {"name": b"this machine", "multiProcessorCount": 1, "major": 0, "minor": 0},
    memGetInfo=lambda: (MEMORY, MEMORY),
    driverGetVersion=lambda: 0,
    deviceSynchronize=lambda: None,
)
driver = SimpleNamespace(CUDADriverError=CUDADriverError)
compiler = SimpleNamespace(CompileException=CompileException)
nvrtc = SimpleNamespace(getVersion=lambda: (0, 0))
