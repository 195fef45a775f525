"""The C++ text under the address and undefined-behaviour sanitizers of the host's compiler: right answers and not one report.

A library so compiled needs the sanitizer's own allocator, so each test runs in a process that is started with it: whatever NumPy
allocates there has guarded ends, and the first report ends the process.
"""

import os
import subprocess
import sys

import mpmath
import numpy as np
import pytest
from tests.backends.host_device import FLAGS, compiled, needs_compiler
from tests.places import RECOMMENDER, ROOT
from tests.unit.kernels.exact_values import NORMAL_QUANTILE_BOUND, grid_of_uniforms, relative_error
from tests.unit.kernels.known_answers import KNOWN_ANSWERS

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels.codegen.cxx import header
from simcost_kernels.functions import elementary, table_quantiles
from simcost_kernels.saved_plan import to_json

pytestmark = [needs_compiler, pytest.mark.skipif(sys.platform != "linux", reason="preloads the sanitizer as Linux does")]
SANITIZED = (*FLAGS, "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")

UNARY = ("normal_quantile", "normal_cdf", "exp", "log")
WRAPPERS = (
    "}\nusing namespace simcost;\n"
    + "".join(
        f'extern "C" void map_{name}(const double *x, double *y, u64 n) '
        f"{{ for (u64 i = 0; i < n; ++i) y[i] = simcost::{name}(x[i]); }}\n"
        for name in UNARY
    )
    + "".join(
        f'extern "C" void map_{name}(const double *x, double *y, u64 n, const double *data, u64 width) '
        f"{{ for (u64 i = 0; i < n; ++i) y[i] = simcost::{name}(x[i], Table{{data, width}}); }}\n"
        for name in ("smooth_quantile", "step_quantile")
    )
    + """extern "C" void map_philox(const u64 *c, u64 *w, u64 n) {
  for (u64 i = 0; i < n; ++i, c += 6, w += 4) {
    const Words words = philox(c[0], c[1], c[2], c[3], c[4], c[5]);
    w[0] = words.w0; w[1] = words.w1; w[2] = words.w2; w[3] = words.w3;
  }
}
"""
)

MAP = """
import ctypes, sys
import numpy as np
library, function, given, made = sys.argv[1:]
arrays = np.load(given)
x = arrays["x"]
result = np.empty(tuple(arrays["shape"]), x.dtype)
pointers = [ctypes.c_void_p(each.ctypes.data) for each in (x, result)]
more = []
if "table" in arrays:
    table = arrays["table"]
    more = [ctypes.c_void_p(table.ctypes.data), ctypes.c_uint64(table.shape[1])]
getattr(ctypes.CDLL(library), function)(*pointers, ctypes.c_uint64(len(result)), *more)
np.save(made, result)
"""

RUN = """
import sys
import numpy as np
from tests.backends.host_device import HostDevice
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.saved_plan import from_json
from simcost_kernels.summaries.summary import BLOCK, Summary
plan = from_json(sys.stdin.read())
first, n = BLOCK - 300, 1500
columns = np.empty((plan.n_columns, n))
ReferenceKernel(plan).run(1, first, first + n, columns)
expected, summary = Summary(plan.n_columns), Summary(plan.n_columns)
expected.add(first, columns[:, :300])
expected.add(BLOCK, np.ascontiguousarray(columns[:, 300:]))
CudaKernel(plan, devices=[HostDevice(flags=sys.argv[1:])]).summarize(summary, 1, first, first + n)
assert summary.digest() == expected.digest()
"""


def guarded(code, *arguments, text=""):
    """Run Python in a process with the sanitizer's allocator."""
    library = subprocess.run(["g++", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True).stdout.strip()
    environment = {
        **os.environ,
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "detect_leaks=0",  # the interpreter leaves memory behind when it ends
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
    }
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, env=environment)


def mapped(tmp_path, function, x, *, shape=None, table=None, text=None):
    """What a function of the header makes of an array, in a guarded process; and that process."""
    library = compiled(text or header() + WRAPPERS, SANITIZED, load=False)
    given, made = tmp_path / "given.npz", tmp_path / "made.npy"
    np.savez(given, x=x, shape=np.array(shape or x.shape), **({} if table is None else {"table": table}))
    done = guarded(MAP, library, f"map_{function}", given, made)
    return (np.load(made) if made.exists() else None), done


def clean(result):
    """The array, if there was no report."""
    array, done = result
    assert done.returncode == 0, done.stderr[-3000:]
    return array


def test_philox_gives_the_known_answers(tmp_path):
    words = np.array([[int(word, 16) for word in line.split()] for line in KNOWN_ANSWERS.strip().splitlines()], dtype=np.uint64)
    made = clean(mapped(tmp_path, "philox", np.ascontiguousarray(words[:, :6]), shape=(len(words), 4)))
    assert np.array_equal(made, words[:, 6:])


def test_the_inverse_normal_is_as_accurate_as_it_promises(tmp_path):
    u = grid_of_uniforms()[::7]
    made = clean(mapped(tmp_path, "normal_quantile", u))
    with mpmath.workdps(40):
        assert relative_error(made, lambda p: mpmath.sqrt(2) * mpmath.erfinv(2 * p - 1), u) <= NORMAL_QUANTILE_BOUND


@pytest.mark.parametrize("function", UNARY)
def test_functions_have_the_bits_of_the_reference_at_every_edge(tmp_path, function):
    edges = np.array([0.0, -0.0, 5e-324, -5e-324, 1.0, 709.9, 710.1, -746.1, 1e308, -1e308, np.inf, -np.inf, np.nan])
    x = grid_of_uniforms() if function == "normal_quantile" else np.concatenate([edges, np.linspace(-40, 40, 2001)])
    made = clean(mapped(tmp_path, function, x))
    with np.errstate(all="ignore"):
        expected = getattr(elementary, function)(x)
    assert np.array_equal(np.nan_to_num(made, nan=7.0).view(np.int64), np.nan_to_num(expected, nan=7.0).view(np.int64))


def test_inverses_by_table_have_the_bits_of_the_reference_at_both_ends(tmp_path):
    """Every table of the library: `tests/statistical/test_quantile_accuracy.py` holds those bits against mpmath."""
    plan = compile_scenario(load(RECOMMENDER)).plan
    u = grid_of_uniforms()
    tables = {table.data.tobytes(): table for table in plan.tables}.values()
    assert {table.kind for table in tables} == {"smooth", "step"}
    for table in tables:
        made = clean(mapped(tmp_path, f"{table.kind}_quantile", u, table=table.data))
        assert np.array_equal(made, getattr(table_quantiles, f"{table.kind}_quantile")(u, table.data))


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "tests" / "acceptance" / "correlated_marginals.toml",
        pytest.param(RECOMMENDER, marks=pytest.mark.slow),
    ],
    ids=lambda path: path.stem,
)
def test_the_back_end_runs_without_a_report(path):
    done = guarded(RUN, *SANITIZED, text=to_json(compile_scenario(load(path)).plan))
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize(
    ("sound", "broken", "report"),
    [
        ("t.data[t.width + low]", "t.data[t.width + low + 1]", "heap-buffer-overflow"),
        ("high = (u32)t.width;", "high = (u32)t.width << t.width;", "shift exponent"),
    ],
)
def test_a_planted_error_is_reported(tmp_path, sound, broken, report):
    text = (header() + WRAPPERS).replace(sound, broken)
    assert text != header() + WRAPPERS
    table = np.array([np.linspace(0.001, 1.0, 1000), np.arange(1000.0)])
    array, done = mapped(tmp_path, "step_quantile", np.array([0.9999]), table=table, text=text)
    assert array is None
    assert done.returncode != 0
    assert report in done.stderr
