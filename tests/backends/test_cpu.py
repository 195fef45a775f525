"""The CPU back end alone: its cache, its machine code, and what it refuses."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import float64, njit, uint64

from simcost.compile.builder import Builder
from simcost.engine.preparation.backend import kernel_for
from simcost_kernels.backends.cpu import CpuKernel, draw_rows, folder, is_compiled, normal_rows, step_layout
from simcost_kernels.backends.cpu import cache as cached
from simcost_kernels.backends.cpu.bodies import BODIES
from simcost_kernels.backends.cpu.options import OPTIONS, PAIRS
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.codegen.lanes import LANES, STRIDE
from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.functions.elementary import NORMAL_CENTRE, normal_quantile
from simcost_kernels.functions.table_quantiles import step_quantile
from simcost_kernels.system.aligned import aligned_empty
from simcost_kernels.system.private_folder import private_folder

FUSED = re.compile(r"\bvfn?m(add|sub)\w*")


def plan_with(factor=2.0, offset=0.0):
    builder = Builder(3)
    score = builder.op("normal_quantile", builder.draw(1, "month"))
    value = builder.op("exp", builder.op("add", builder.op("mul", score, builder.number(factor)), builder.number(offset)))
    builder.output("month", "", value, monthly=True)
    return builder.finish()


def columns(kernel):
    out = np.empty((kernel.plan.n_columns, 1000))
    kernel.run(1, 0, 1000, out)
    return out


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of its own, and no kernel of this process to fall back on."""
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path / "cache"))
    for name in [name for name in sys.modules if name.startswith("_simcost_")]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path / "cache"


def test_a_compiled_kernel_is_found_by_any_plan_that_differs_in_numbers_alone(cache):
    assert not is_compiled(plan_with())
    CpuKernel(plan_with())
    assert is_compiled(plan_with(factor=3.0, offset=-1.0))
    assert len(list(cache.glob("kernel_*.py"))) == 1


def test_another_process_compiles_nothing(cache):
    kernel = CpuKernel(plan_with())
    machine_code = {path: path.stat().st_mtime_ns for path in (cache / "__pycache__").glob("*.nb?")}
    assert machine_code
    code = """
import sys
import numpy as np
from simcost_kernels.functions.elementary import NORMAL_CENTRE, normal_quantile
from simcost_kernels.system.aligned import aligned_empty
from simcost_kernels.backends.cpu import CpuKernel
from simcost_kernels.saved_plan import from_json
kernel = CpuKernel(from_json(sys.stdin.read()))
out = np.empty((kernel.plan.n_columns, 1000))
kernel.run(1, 0, 1000, out)
sys.stdout.buffer.write(out.tobytes())
"""
    from simcost_kernels.saved_plan import to_json

    done = subprocess.run([sys.executable, "-c", code], input=to_json(kernel.plan).encode(), capture_output=True, check=True)
    assert done.stdout == columns(kernel).tobytes()
    assert {path: path.stat().st_mtime_ns for path in (cache / "__pycache__").glob("*.nb?")} == machine_code


@pytest.mark.usefixtures("cache")
def test_whoever_waits_for_the_compiler_is_told():
    told: list[str] = []
    for _ in range(2):
        kernel_for(plan_with(), "cpu", notice=told.append)
    assert len(told) == 1
    assert told[0].startswith("Compiling this model")


@pytest.mark.parametrize("pattern", ["__pycache__/*.nbc", "__pycache__/*.nbi", "kernel_*.py"])
def test_a_broken_cache_file_is_made_anew(cache, monkeypatch, pattern):
    expected = columns(CpuKernel(plan_with()))
    for path in cache.glob(pattern):
        path.write_bytes(b"broken")
    for name in [name for name in sys.modules if name.startswith("_simcost_")]:
        monkeypatch.delitem(sys.modules, name)
    assert np.array_equal(columns(CpuKernel(plan_with())), expected)


def test_kernels_that_nobody_used_for_longest_go_when_there_are_too_many(cache, monkeypatch):
    """The text stays as old as it is, since numba compiles anew what is younger than its machine code; a mark tells its use."""
    kernel = CpuKernel(plan_with())
    (text,) = cache.glob("kernel_*.py")
    machine_code = next((cache / "__pycache__").glob(f"{text.stem}.*.nbc"))
    for path in cache.rglob("*"):
        os.utime(path, (1.0, 1.0))
    old = cache / "kernel_old.py", cache / "kernel_old.used", cache / "__pycache__" / "kernel_old.1.nbc"
    for path in old:
        path.write_bytes(bytes(100))
        os.utime(path, (2.0, 2.0))
    for name in [name for name in sys.modules if name.startswith("_simcost_")]:
        monkeypatch.delitem(sys.modules, name)
    assert np.array_equal(columns(CpuKernel(plan_with())), columns(kernel))  # used now, though it is the oldest
    assert (text.stat().st_mtime, machine_code.stat().st_mtime) == (1.0, 1.0)
    assert all(path.exists() for path in old)
    monkeypatch.setattr(folder, "MOST_BYTES", 1_000)
    cached._module(cache, "def another():\n    return 1\n", "another")
    assert not any(path.exists() for path in old)
    assert text.exists()
    assert machine_code.exists()


def test_a_folder_that_others_may_write_to_is_not_used(cache):
    cache.mkdir(mode=0o700)
    cache.chmod(0o777)
    assert private_folder() is None
    assert np.array_equal(columns(CpuKernel(plan_with())), columns(ReferenceKernel(plan_with())))
    assert not is_compiled(plan_with())
    assert list(cache.rglob("*.nbc")) == []


def test_a_folder_that_cannot_be_made_is_done_without(cache):
    cache.write_text("a file stands in its place")
    assert private_folder() is None
    assert np.array_equal(columns(CpuKernel(plan_with())), columns(ReferenceKernel(plan_with())))


def fused_operations(function):
    """Fused multiply-adds in the machine code of a function."""
    return sum(len(FUSED.findall(text)) for text in function.inspect_asm().values())


@pytest.mark.usefixtures("cache")
def test_no_multiplication_is_fused_with_an_addition():
    assert fused_operations(CpuKernel(plan_with())._function) == 0


def test_fused_operations_would_be_seen():
    @njit("float64(float64, float64, float64)", fastmath=True)
    def fused(a, b, c):
        return a * b + c

    has_fma = Path("/proc/cpuinfo").is_file() and " fma " in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    assert fused_operations(fused) > 0 or not has_fma


WIDE = Path("/proc/cpuinfo").is_file() and " avx2 " in Path("/proc/cpuinfo").read_text(encoding="utf-8")
"""Whether this processor has registers of 256 bits or more."""


def count(pattern, function):
    """Lines of the machine code of a function that match."""
    return sum(len(re.findall(pattern, text)) for text in function.inspect_asm().values())


def by_symbol(function):
    """Machine code of a function and of what it calls, by symbol."""
    parts = re.split(r"^(_Z[\w$.]+):$", "\n".join(function.inspect_asm().values()), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.skipif(not WIDE, reason="no wide registers here")
@pytest.mark.usefixtures("cache")
def test_lanes_are_worked_on_side_by_side_in_every_loop():
    """All lanes of a row are computed, so no loop has a scalar remainder; what is scalar alone was not vectorised."""
    wide, scalar = r"\bv(?:add|mul)pd\s+.*%[yz]mm", r"\bv(?:add|mul)sd\s"
    symbols = by_symbol(CpuKernel(plan_with())._function)
    alone = [name for name, text in symbols.items() if len(re.findall(wide, text)) < len(re.findall(scalar, text))]
    assert sum(bool(re.search(wide, text)) for text in symbols.values()) > 2
    assert alone == []


@pytest.mark.skipif(not WIDE, reason="no wide registers here")
@pytest.mark.parametrize(("options", "vectors"), [(OPTIONS, 4), (PAIRS, 2)])
def test_several_vectors_go_through_a_loop_side_by_side(options, vectors):
    exp = BODIES["exp"]

    def exponentials(w):
        for i in range(LANES):
            w[i] = exp(w[i])

    def rounded(**options):
        function = njit(**options)(exponentials)
        function.compile((float64[::1],))
        return count(r"\bvr(?:ound|ndscale)pd\s+.*%[yz]mm", function)

    alone = rounded(error_model="numpy")
    assert rounded(**options) == vectors * alone > 0


def compiled_copy(body):
    """Machine code of a function over rows that moves one row of scratch to a column."""
    function = njit(**OPTIONS)(body)
    function.compile((uint64, float64[::1], uint64, float64[:, :], uint64, uint64))
    return function


@pytest.mark.skipif(not WIDE, reason="no wide registers here")
def test_results_leave_in_wide_registers_past_the_caches():
    past = r"\bvmovntp[sd]\s+%[yz]mm\d+, "
    assert count(past, compiled_copy(ROWS["out_row"].py_func)) > 0
    assert count(past, compiled_copy(scattered)) == 0


@pytest.mark.parametrize("offset", range(1, 8))
def test_columns_that_begin_no_cache_line_are_the_same(offset):
    kernel, n = CpuKernel(plan_with()), 3 * LANES + 5
    shape = kernel.plan.n_columns, n + 8 * offset
    aligned, anywhere = aligned_empty(shape)[:, :n], aligned_empty(shape)[:, offset : offset + n]
    kernel.run(1, 7, 7 + n, aligned)
    kernel.run(1, 7, 7 + n, anywhere)
    assert aligned.tobytes() == anywhere.tobytes()


def scattered(m, w, x, out, column, first):
    """What `out_row` must not become: a store that may change what is loaded next."""
    for i in range(m):
        out[column, uint64(w[first + i])] = w[x + i]


def test_an_output_of_the_wrong_shape_is_refused():
    kernel = CpuKernel(plan_with())
    for out in (np.empty((3, 5)), np.empty((10, 3)).T, np.empty((3, 10), dtype=np.float32)):
        with pytest.raises(ValueError, match="adjacent values wanted"):
            kernel.run(1, 0, 10, out)


@pytest.mark.parametrize("in_tails", [0.0, 0.03, 1.0])
def test_quantiles_of_rows_together_come_to_their_lanes(in_tails):
    """Two rows, the second of which overwrites its uniforms."""
    rng = np.random.default_rng(1)
    u = np.where(rng.random((2, LANES)) < in_tails, rng.choice([1e-12, 0.01, 0.99, 1 - 2.0**-53], (2, LANES)), 0.4)
    joint = 0.5 - NORMAL_CENTRE
    u[:, :4] = joint, 1 - joint, np.nextafter(joint, 0), 1 - np.nextafter(joint, 0)  # either side of the joint
    w = np.zeros(24 * STRIDE)
    rows = [np.uint64(row * STRIDE) for row in range(4)]
    w[:LANES], w[STRIDE : STRIDE + LANES] = u
    tails = rows[3]
    end = normal_rows.gather_tails(w, rows[2], rows[0], tails)
    end = normal_rows.gather_tails(w, rows[1], rows[1], end)
    assert end - tails == np.sum(np.abs(u - 0.5) > NORMAL_CENTRE)
    normal_rows.tail_quantiles(w, tails, end)
    normal_rows.centre_quantiles(w, rows[2], rows[0])
    normal_rows.centre_quantiles(w, rows[1], rows[1])
    normal_rows.put_tails(w, tails, end)
    assert np.array_equal([w[row : row + LANES] for row in (rows[2], rows[1])], [normal_quantile(row) for row in u])


@pytest.mark.parametrize("first", [2**32 - LANES, 2**32 - LANES + 1, 2**32 - 1, 2**32, 2**33 - 40, 2**64 - LANES])
@pytest.mark.parametrize("period", [0, 1, 6])
def test_a_row_of_uniforms_is_as_the_keying_says_it(first, period):
    """Where a row crosses a multiple of 2**32, and the rows beside it."""
    w = np.zeros(2 * LANES)
    key, stream = (np.uint64(0x12345678), np.uint64(0x9ABCDEF0)), np.uint64(0xFCB4819E)
    draw_rows.draw_row(*key, np.uint64(first), stream, np.uint64(period), w, np.uint64(0))
    seed = 0x9ABCDEF012345678
    expected = uniforms(seed, int(stream), period, first, LANES)
    assert np.array_equal(w[:LANES], expected)
    if period % 2 == 0:
        draw_rows.draw_month_row(*key, np.uint64(first), stream, np.uint64(period), w, np.uint64(0), np.uint64(LANES))
        assert np.array_equal(w, np.concatenate([expected, uniforms(seed, int(stream), period + 1, first, LANES)]))


@pytest.mark.parametrize("count", [1, 2, 3, 16, 17, 149, 5000])
def test_steps_are_found_wherever_the_uniform_lies(count):
    """On every edge, next to it, at both ends, and where many edges lie in one cell of the guide."""
    weights = np.random.default_rng(count).random(count) ** 8 + 1e-9
    edges = np.append(np.cumsum(weights)[:-1] / weights.sum(), 1.0)
    table = np.array([edges, np.arange(count) * 3.0 - 7.0])
    near = np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, 1), np.arange(1024) / 1024, [2.0**-53]])
    u = np.clip(near, 2.0**-53, 1 - 2.0**-53)
    laid_out = step_layout.step_layout(table)
    for row in np.resize(u, (-(-len(u) // LANES), LANES)):
        w = np.concatenate([row, np.zeros(LANES)])
        ROWS["step_quantile_row"](w, np.uint64(LANES), np.uint64(0), np.uint64(0), laid_out)
        assert np.array_equal(w[LANES:], step_quantile(row, table))
