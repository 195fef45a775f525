"""The CUDA text without a GPU: translated from the very bodies, and compiled by NVRTC for every architecture.

`conftest.py` runs all tests of kernels on it too, compiled by the host's C++ compiler.
"""

import ast
import re
import runpy
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.backends import host_device
from tests.places import RECOMMENDER, ROOT

from simcost.compile.builder import Builder
from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.cuda.reduction import THREADS, reduction_text
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.codegen import cxx
from simcost_kernels.codegen.scenario_text import scenario_text
from simcost_kernels.codegen.scratchpad import ROWS, groups, waiting
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.functions import elementary

FILES = sorted(ROOT.glob("scenarios/*.toml"))
ORIGINALS = [path for path in FILES if not path.stem.endswith(".zh")]  # the others have their twins' text
REDUCTIONS = ("centre", "find_broken", "place_pages", "count_cells", "count_sections")
OPTIONS = ("--fmad=false", "--std=c++14")  # those of cupy_device, which only CuPy can import
ARCHITECTURES = ("sm_75", "sm_80", "sm_90", "sm_100")
needs_nvrtc = pytest.mark.skipif(find_spec("cuda") is None, reason="NVRTC is not made for this system")
FUSED = re.compile(r"\bfma\.")
WITHOUT_OUR_OWN = "#define __fma_rn(a, b, c) ((a) - (b) - (c))\n"
"""Divisions are written with fused operations: no other is there."""


def plan_that_outgrows_registers():
    """A hundred sums of forty draws in different proportions, more than a thread can hold; each draw is loaded every month."""
    builder = Builder(horizon=14)
    drawn = [builder.draw(stream_id(f"x{i}"), "run") for i in range(40)]
    for i in range(100):
        total = builder.state(builder.number(0.0))
        builder.carry(total, builder.op("add", builder.op("mul", drawn[i % 40], builder.number(1.0 + i)), total))
        builder.output("line", str(i), total)
    return builder.finish()


def plan_of(path):
    return compile_scenario(load(path)).plan


def test_a_body_with_a_branch_is_refused():
    tree = ast.parse("def f(x):\n    'doc'\n    if x:\n        return x\n    return -x").body[0]
    translation = cxx._Translation(elementary.exp, tree)
    with pytest.raises(TypeError, match="is not straight-line arithmetic"):
        list(translation.lines())


def test_constants_keep_their_bits():
    assert cxx._literal(0.1).startswith("from_bits(0x3fb999999999999aULL)")
    assert cxx._literal(np.uint64(0xD2511F53)) == "0xd2511f53ULL"


@host_device.needs_compiler
def test_contraction_would_be_seen():
    """The negative control of every comparison with the reference: fused multiply-add gives other bits."""
    if " fma " not in Path("/proc/cpuinfo").read_text(encoding="utf-8"):
        return
    plan = plan_of(RECOMMENDER)
    flags = [flag for flag in host_device.FLAGS if "contract" not in flag] + ["-ffp-contract=fast", "-mfma"]
    kernel = host_device.HostCudaKernel(plan, flags=tuple(flags))
    out, expected = np.empty((2, plan.n_columns, 2000))
    kernel.run(1, 0, 2000, out)
    ReferenceKernel(plan).run(1, 0, 2000, expected)
    assert np.count_nonzero(out.view(np.int64) != expected.view(np.int64)) > 0


def ptx_of(text, architecture, *options):
    """Compile with NVRTC, which needs no driver and no GPU."""
    from cuda.bindings import nvrtc

    _, program = nvrtc.nvrtcCreateProgram(text.encode(), b"kernel.cu", 0, [], [])
    given = [f"--gpu-architecture={architecture.replace('sm', 'compute')}".encode(), *options]
    (status,) = nvrtc.nvrtcCompileProgram(program, len(given), given)
    if status != nvrtc.nvrtcResult.NVRTC_SUCCESS:
        _, size = nvrtc.nvrtcGetProgramLogSize(program)
        log = b" " * size
        nvrtc.nvrtcGetProgramLog(program, log)
        pytest.fail(log.decode())
    _, size = nvrtc.nvrtcGetPTXSize(program)
    ptx = b" " * size
    nvrtc.nvrtcGetPTX(program, ptx)
    return ptx.decode()


CUPY_ADDS = (b"-ftz=true", b"--device-as-default-execution-space")
"""What CuPy 14 asks of NVRTC besides what it is told: denormals are flushed in float32 alone, of which there is none."""


@needs_nvrtc
@pytest.mark.parametrize("text", [reduction_text, lambda: scenario_text(plan_of(FILES[0]), target="cuda")])
def test_what_cupy_adds_to_the_options_changes_no_instruction(text):
    options = [option.encode() for option in OPTIONS]
    as_told, as_asked = (ptx_of(text(), "sm_90", *options, *more) for more in ((), CUPY_ADDS))
    assert as_told == as_asked
    assert "f32" not in as_told


def test_a_text_is_written_in_letters_that_any_locale_can_write():
    """CuPy puts it into a file, in the encoding of the system."""
    assert reduction_text().isascii()
    assert all(scenario_text(plan_of(path), target="cuda").isascii() for path in FILES)


@needs_nvrtc
@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: path.stem)
def test_nvrtc_compiles_every_scenario_without_fusing(path, architecture):
    ptx = ptx_of(WITHOUT_OUR_OWN + scenario_text(plan_of(path), target="cuda"), architecture, b"-fmad=false")
    assert ".entry run" in ptx
    assert FUSED.findall(ptx) == []


@needs_nvrtc
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_nvrtc_compiles_the_reduction_without_fusing(architecture):
    ptx = ptx_of(reduction_text(), architecture, b"-fmad=false", b"--std=c++14")
    for kernel in REDUCTIONS:
        assert f".entry {kernel}" in ptx
    assert FUSED.findall(ptx) == []


@needs_nvrtc
@pytest.mark.parametrize("name", ["reduction", *(path.stem for path in ORIGINALS)])
def test_nothing_is_spilled_on_a_hopper(name):
    script = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))
    plan = None if name == "reduction" else plan_of(ROOT / f"scenarios/{name}.toml")
    text = reduction_text() if plan is None else scenario_text(plan, target="cuda")
    found = script["resources"](text, "sm_90")
    assert len(found) == (len(REDUCTIONS) if name == "reduction" else 1)
    assert all(each.stack == each.spill_stores == each.spill_loads == 0 for each in found)
    most = 255 if plan is None else {8: 128, 6: 168, 4: 255}[groups(plan)]
    assert all(0 < each.registers <= most for each in found)


@needs_nvrtc
def test_two_groups_that_count_cells_fit_a_multiprocessor():
    """Of 65,536 registers and 100 KB of shared memory, 1 KB of them the system's for each group; by itself sm_100 took 115."""
    script = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))
    (found,) = (each for each in script["resources"](reduction_text(), "sm_100") if each.kernel == "count_cells")
    assert found.spill_stores == found.spill_loads == 0
    assert 2 * THREADS * found.registers <= 65_536
    assert 2 * (found.shared + 1024) <= 100 * 1024


@needs_nvrtc
def test_a_spill_would_be_seen():
    script = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))
    text = scenario_text(plan_of(RECOMMENDER), target="cuda")
    (found,) = script["resources"]("#define LAUNCH_BOUNDS 64, 16\n" + text, "sm_90")
    assert found.spill_stores > 0


@needs_nvrtc
@pytest.mark.parametrize("threads", [64, 128])
def test_each_thread_of_a_group_has_its_column_of_shared_memory(threads):
    script = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))
    text = scenario_text(plan_that_outgrows_registers(), target="cuda")
    (found,) = script["resources"](f"#define LAUNCH_BOUNDS {threads}, 2\n{text}", "sm_75")
    assert found.shared == ROWS * 8 * threads


@host_device.needs_compiler
def test_what_waits_in_shared_memory_keeps_its_bits():
    plan = plan_that_outgrows_registers()
    assert len(waiting(plan)) == ROWS
    expected, kept, swapped = np.empty((3, plan.n_columns, 1000))
    ReferenceKernel(plan).run(1, 0, 1000, expected)
    host_device.HostCudaKernel(plan).run(1, 0, 1000, kept)
    assert np.array_equal(kept.view(np.int64), expected.view(np.int64))
    CudaKernel(plan, devices=[OneRowForAnother()]).run(1, 0, 1000, swapped)
    assert np.count_nonzero(swapped != expected) > 0


class OneRowForAnother(host_device.HostDevice):
    """The negative control: a value is put where another is looked for."""

    def load(self, text):
        return super().load(re.sub(r"(KEPT\(1\) = v\d+;)", r"\1 KEPT(1) = KEPT(0);", text))


@needs_nvrtc
def test_nvrtc_fuses_if_it_is_let():
    text = scenario_text(plan_of(RECOMMENDER), target="cuda")
    assert len(FUSED.findall(ptx_of(text, "sm_90"))) > 100
