"""The text that CUDA compiles, compiled by the host's C++ compiler instead: CI without a GPU runs the very same lines."""

import ctypes
import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simcost_kernels.plan import verify
from simcost_kernels.sampling import RANDOM, dimensions
from simcost_kernels.scenario_text import scenario_text
from simcost_kernels.sobol import scrambled

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


class Table(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("width", ctypes.c_uint64))


@cache
def folder():
    return Path(tempfile.mkdtemp(prefix="simcost_host_"))


def compiled(text, flags=FLAGS):
    """Compile a translation unit into a library that ctypes loads."""
    name = hashlib.sha256("\0".join((text, *flags)).encode()).hexdigest()[:24]
    library = folder() / f"{name}.so"
    if not library.exists():
        source = library.with_suffix(".cpp")
        source.write_text(text, encoding="utf-8")
        subprocess.run(["g++", *flags, "-o", library, source], check=True, capture_output=True)
    return ctypes.CDLL(str(library))


class SobolTable(ctypes.Structure):
    _fields_ = (("table", ctypes.c_void_p), ("dimensions", ctypes.c_uint64), ("replicates", ctypes.c_uint64))


class HostCudaKernel:
    """A plan's CUDA text, a scenario after the other on the host."""

    name = "host-compiled cuda"
    device = "g++"
    releases_gil = True

    def __init__(self, plan, sampling=RANDOM, flags=FLAGS):
        verify(plan)
        self.plan = plan
        self.sampling = sampling
        self._run = compiled(scenario_text(plan, sampling.method, target="host"), flags).run
        self._tables = [np.ascontiguousarray(table.data) for table in plan.tables]
        self._structs = (Table * len(self._tables))(*((each.ctypes.data, each.shape[1]) for each in self._tables))
        self._numbers = (
            np.array(plan.parameters, dtype=np.float64),
            np.array(plan.calendar, dtype=np.float64),
            np.array(plan.streams, dtype=np.uint64),
            np.array(plan.first_columns(), dtype=np.uint64),
        )

    def run(self, seed, start, stop, out):
        whole = np.empty(out.shape)
        parameters, calendar, streams, first_columns = (ctypes.c_void_p(each.ctypes.data) for each in self._numbers)
        numbers = [ctypes.c_uint64(each) for each in (seed & 0xFFFFFFFF, seed >> 32, start, stop - start)]
        arrays = parameters, calendar, self._structs, streams, first_columns
        last = ctypes.c_uint64(self.plan.horizon), *self._sobol(seed), ctypes.c_void_p(whole.ctypes.data)
        self._run(*numbers, *arrays, *last)
        out[:] = whole

    def _sobol(self, seed):
        if self.sampling.method != "sobol":
            return ()
        table = scrambled(seed, dimensions(self.plan), self.sampling.replicates)  # kept by its own cache
        return (SobolTable(table.ctypes.data, table.shape[1], table.shape[0]),)
