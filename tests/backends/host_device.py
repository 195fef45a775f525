"""A device that is the host: the C++ text of the CUDA back end compiled by g++, memory that is NumPy's and can run out."""

import ctypes
import hashlib
import os
import shutil
import subprocess
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from simcost_kernels.backends.cuda.kernel import CudaKernel

FLAGS = (
    "-std=c++14",
    "-O2",
    "-ffp-contract=off",
    "-fPIC",
    "-shared",
    "-Wall",
    "-Werror",
    "-Wno-unused-function",
    "-Wno-unknown-pragmas",
)

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="needs the C++ compiler g++")


def folder():
    """Return the folder of the libraries, which the processes of a session share; see `tests/conftest.py`."""
    path = Path(os.environ["SIMCOST_TEST_LIBRARIES"])
    path.mkdir(exist_ok=True)
    return path


def compiled(text, flags=FLAGS, *, load=True):
    """Compile a translation unit into a library that ctypes loads; or that is only named, for another process to load."""
    name = hashlib.sha256("\0".join((text, *flags)).encode()).hexdigest()[:24]
    library = folder() / f"{name}.so"
    if not library.exists():
        own = library.with_suffix(f".{os.getpid()}.so")
        done = subprocess.run(
            ["g++", *flags, "-x", "c++", "-o", own, "-"], input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        own.rename(library)  # another process may have been quicker, with the same
    return ctypes.CDLL(str(library)) if load else library


class HostModule:
    """A library; a launch is a call."""

    def __init__(self, library, launched):
        self._library, self._launched = library, launched

    def launch(self, kernel, groups, threads, *arguments):
        self._launched.append((kernel, groups, threads))
        given = [_argument(argument) for argument in arguments]
        getattr(self._library, kernel)(*given)


def _argument(argument):
    if isinstance(argument, np.ndarray):
        assert argument.flags.c_contiguous
        return ctypes.c_void_p(argument.ctypes.data)
    assert isinstance(argument, np.uint64), argument
    return ctypes.c_uint64(int(argument))


class HostDevice:
    """The host as a device.

    ``room`` is the size in bytes of the largest array that there is memory for; ``launched``, ``freed`` and ``loaded`` record
    what was asked.
    """

    target = "host"
    name = "g++"

    def __init__(self, *, flags=FLAGS, room=None):
        self.launched, self.freed, self.loaded = [], 0, 0
        self.room = room
        self._flags = tuple(flags)

    def active(self):
        return nullcontext()

    def load(self, text):
        self.loaded += 1
        return HostModule(compiled(text, self._flags), self.launched)

    def upload(self, array):
        self._refuse_more(array.nbytes)
        return array.copy()

    def filled(self, shape, dtype, byte):
        array = self.empty(shape, dtype)
        array.view(np.uint8)[...] = byte
        return array

    def empty(self, shape, dtype):
        array = np.empty(shape, dtype)
        self._refuse_more(array.nbytes)
        array.view(np.uint8)[...] = 0xA5  # whoever reads what nobody wrote gets rubbish, as on a GPU
        return array

    def address(self, buffer):
        return buffer.ctypes.data

    def fetch(self, buffer):
        return buffer.copy()

    def free(self):
        self.freed += 1

    def _refuse_more(self, nbytes):
        if self.room is not None and nbytes > self.room:
            message = f"{nbytes} bytes wanted, {self.room} at most"
            raise MemoryError(message)


class HostCudaKernel(CudaKernel):
    """The CUDA back end on a device that is the host."""

    def __init__(self, plan, *, flags=FLAGS):
        super().__init__(plan, devices=[HostDevice(flags=flags)])
