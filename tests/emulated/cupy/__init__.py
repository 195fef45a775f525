"""A CuPy whose GPU is this machine: its arrays are NumPy's, and its compiler is g++.

What a GPU suite says to CuPy is thus said before there is a GPU: with the folder above this one on the path, ``import cupy``
finds this package. It has what simcost and its benchmarks use and no more, with CuPy's own signatures, and refuses what would go
wrong there: a plain number as an argument of a kernel, an array of NumPy's. Threads run one after the other; a text that
synchronises them says itself how a host runs it. Nothing here is quick.
"""

# ruff: noqa: ARG002 - these are CuPy's own signatures

import ctypes
import re
import subprocess
import tempfile
import weakref
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from . import cuda

__version__ = "emulated"

FLAGS = ("-std=c++17", "-O1", "-ffp-contract=off", "-fPIC", "-shared", "-w")
KEYWORDS = """
#include <cstddef>
using std::size_t;
#define __global__
#define __device__
#define __constant__
#define __shared__ static thread_local
#define __launch_bounds__(...)
#define __forceinline__ inline
static struct { unsigned x; } blockIdx, blockDim, threadIdx;
"""
KERNEL = re.compile(r'^extern "C" __global__ void (?:__launch_bounds__\(\w+\) )?(\w+)\((.*?)\) \{', re.DOTALL | re.MULTILINE)
STARTED = """
extern "C" void start_{0}(unsigned groups, unsigned threads, {1}) {{
  blockDim.x = threads;
  for (blockIdx.x = 0; blockIdx.x < groups; ++blockIdx.x)
    for (threadIdx.x = 0; threadIdx.x < threads; ++threadIdx.x) {0}({2});
}}
"""


class ndarray(np.ndarray):  # noqa: N801 - CuPy's name
    """An array of the device: in NumPy's memory, but never beside an array of NumPy's."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **kwargs):
        if any(isinstance(each, np.ndarray) and not isinstance(each, ndarray) for each in (*inputs, *(out or ()))):
            message = "Unsupported type <class 'numpy.ndarray'>"
            raise TypeError(message)
        given = {"out": tuple(map(_plain, out))} if out else {}
        return _array(getattr(ufunc, method)(*map(_plain, inputs), **given, **kwargs))

    @property
    def data(self):
        return cuda.MemoryPointer(self.ctypes.data)

    def get(self):
        return np.array(self)


class RawModule:
    def __init__(self, *, code, options=()):
        assert isinstance(options, tuple)
        assert code.isascii()
        self._code, self._fused = code, "--fmad=false" not in options

    def compile(self, log_stream=None):
        _library(self._code, self._fused)

    def get_function(self, name):
        return RawKernel(_library(self._code, self._fused), name)


class RawKernel:
    """A function of a library: started for every thread of a CUDA kernel, or called if it is written for a host."""

    attributes = {"num_regs": 0, "local_size_bytes": 0, "shared_size_bytes": 0}  # noqa: RUF012 - as CuPy has it

    def __init__(self, library, name):
        self._started = hasattr(library, f"start_{name}")
        self._function = getattr(library, f"start_{name}" if self._started else name)

    def __call__(self, grid, block, args, *, shared_mem=0):
        (groups,), (threads,) = grid, block
        assert 0 < groups < 2**31
        assert 0 < threads <= 1024
        first = (ctypes.c_uint(groups), ctypes.c_uint(threads)) if self._started else ()
        self._function(*first, *map(_argument, args))


_C = {"f": ctypes.c_double, "i": ctypes.c_int, "u": ctypes.c_uint64}


def _argument(value):
    if isinstance(value, ndarray):
        assert value.flags.c_contiguous
        return ctypes.c_void_p(value.ctypes.data)
    if not isinstance(value, np.generic):
        message = f"Unsupported type {type(value)}"
        raise TypeError(message)
    return _C[value.dtype.kind](value.item())


@cache
def _library(code, fused):
    texts = [STARTED.format(name, given, _names(given)) for name, given in KERNEL.findall(code)]
    text = "\n".join([KEYWORDS, code, *texts])
    library = _folder() / f"{sha256(text.encode()).hexdigest()[:16]}.so"
    source = library.with_suffix(".cpp")
    source.write_text(text)
    flags = [flag for flag in FLAGS if not (fused and "contract" in flag)]
    done = subprocess.run(["g++", *flags, "-o", library, source], capture_output=True, text=True, check=False)
    if done.returncode:
        raise cuda.compiler.CompileException(done.stderr)
    return ctypes.CDLL(str(library))


def _names(given):
    return ", ".join(re.findall(r"(\w+)(?:,|$)", re.sub(r"\s+", " ", given)))


@cache
def _folder():
    folder = tempfile.TemporaryDirectory(prefix="emulated_cupy_")
    weakref.finalize(KERNEL, folder.cleanup)
    return Path(folder.name)


def empty(shape, dtype=float):
    array = np.empty(shape, dtype)
    cuda.POOL.take(array.nbytes)
    array.reshape(-1).view(np.uint8)[...] = 0xA5  # whoever reads what nobody wrote gets rubbish, as on a GPU
    return array.view(ndarray)


def zeros(shape, dtype=float):
    array = empty(shape, dtype)
    array[...] = 0
    return array


def asarray(array):
    cuda.POOL.take(array.nbytes)
    return np.array(array, order="C").view(ndarray)


def get_default_memory_pool():
    return cuda.POOL


def _plain(value):
    """The same memory as an array of NumPy's."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.view(np.ndarray) if isinstance(value, ndarray) else value


def _array(value):
    """The same memory as an array of the device."""
    return value.view(ndarray) if isinstance(value, np.ndarray) else value


def _here(function):
    """A function of NumPy's over arrays of the device."""
    return lambda *given, **named: _array(function(*map(_plain, given), **named))


class RandomState:
    def __init__(self, seed):
        self._state = np.random.RandomState(seed)

    def __getattr__(self, name):
        return _here(getattr(self._state, name))


random = SimpleNamespace(RandomState=RandomState)


def __getattr__(name):
    """Everything else is what NumPy calls so, for the benchmark's rival."""
    found = getattr(np, name)
    return _here(found) if callable(found) else found
