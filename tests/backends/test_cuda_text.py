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

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels import cxx, elementary
from simcost_kernels.backends.cuda.reduction import reduction_text
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.scenario_text import scenario_text

ROOT = Path(__file__).parents[2]
FILES = sorted(ROOT.glob("scenarios/*.toml"))
REDUCTIONS = ("centre", "find_broken", "place_pages", "count_cells", "count_sections")
OPTIONS = ("--fmad=false", "--std=c++14")  # those of cupy_device, which only CuPy can import
ARCHITECTURES = ("sm_75", "sm_80", "sm_90", "sm_100")
needs_nvrtc = pytest.mark.skipif(find_spec("cuda") is None, reason="NVRTC is not made for this system")
FUSED = re.compile(r"\bfma\.")


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
    plan = plan_of(ROOT / "scenarios" / "ecommerce_recommender.toml")
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
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nvrtc_compiles_every_scenario_without_fusing(path, architecture):
    ptx = ptx_of(scenario_text(plan_of(path), target="cuda"), architecture, b"-fmad=false")
    assert ".entry run" in ptx
    assert FUSED.findall(ptx) == []


@needs_nvrtc
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_nvrtc_compiles_the_reduction_without_fusing(architecture):
    ptx = ptx_of(reduction_text(), architecture, b"-fmad=false", b"--std=c++14")
    for kernel in REDUCTIONS:
        assert f".entry {kernel}" in ptx
    assert FUSED.findall(ptx) == []


LARGEST_SPILL = {"bank_risk_control": 448, "three_regions": 768}
"""Bytes that a thread of the two largest models spills at most: 110 values and more carried through months of 200 steps and more
outgrow its registers. Neither shared memory for sums, nor parameters loaded anew or from constant memory, nor functions called
instead of inlined, nor columns written out at once helped: all were tried. What is spilled is mostly what is the same in every
month, loaded once in each: at most half a per cent of a month's instructions, says ``bench/cuda_spills.py``."""


@needs_nvrtc
@pytest.mark.parametrize("name", ["reduction", *(path.stem for path in FILES)])
def test_nothing_is_spilled_on_a_hopper(name):
    script = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))
    text = reduction_text() if name == "reduction" else scenario_text(plan_of(ROOT / f"scenarios/{name}.toml"), target="cuda")
    found = script["resources"](text, "sm_90")
    assert len(found) == (len(REDUCTIONS) if name == "reduction" else 1)
    assert max(max(each.spill_stores, each.spill_loads) for each in found) <= LARGEST_SPILL.get(name, 0)
    assert all(0 < each.registers <= 255 for each in found)


@needs_nvrtc
def test_a_spill_would_be_seen():
    script = runpy.run_path(str(ROOT / "bench" / "cuda_resources.py"))
    text = scenario_text(plan_of(ROOT / "scenarios" / "ecommerce_recommender.toml"), target="cuda")
    (found,) = script["resources"]("#define LAUNCH_BOUNDS 64, 16\n" + text, "sm_90")
    assert found.spill_stores > 0


@needs_nvrtc
def test_nvrtc_fuses_if_it_is_let():
    text = scenario_text(plan_of(ROOT / "scenarios" / "ecommerce_recommender.toml"), target="cuda")
    assert len(FUSED.findall(ptx_of(text, "sm_90"))) > 100
