"""Registers, stack, spills and shared memory of every kernel for each architecture, as NVRTC's assembler reports; needs no GPU.

python bench/cuda_resources.py [ARCHITECTURE ...]       # sm_75 sm_80 sm_90 sm_100
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ARCHITECTURES = ("sm_75", "sm_80", "sm_90", "sm_100")
ENTRY = re.compile(
    r"entry function '(?P<kernel>\w+)'.*?(?P<stack>\d+) bytes stack frame, (?P<stores>\d+) bytes spill stores, "
    r"(?P<loads>\d+) bytes spill loads.*?Used (?P<registers>\d+) registers(?:[^\n]*?(?P<shared>\d+) bytes smem)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Resources:
    """What a thread of a kernel takes, and the shared memory of its group, in bytes but for the registers."""

    kernel: str
    registers: int
    stack: int
    spill_stores: int
    spill_loads: int
    shared: int


def resources(text: str, architecture: str) -> list[Resources]:
    """Compile a translation unit as CuPy would, and read the assembler's report."""
    from cuda.bindings import nvrtc

    _, program = nvrtc.nvrtcCreateProgram(text.encode(), b"kernel.cu", 0, [], [])
    options = [f"--gpu-architecture={architecture}", "--fmad=false", "--std=c++14", "--ptxas-options=-v"]
    (status,) = nvrtc.nvrtcCompileProgram(program, len(options), [option.encode() for option in options])
    _, size = nvrtc.nvrtcGetProgramLogSize(program)
    log = b" " * size
    nvrtc.nvrtcGetProgramLog(program, log)
    report = log.decode(errors="replace")
    if status != nvrtc.nvrtcResult.NVRTC_SUCCESS:
        raise RuntimeError(report)
    return [
        Resources(
            found["kernel"], *(int(found[name] or 0) for name in ("registers", "stack", "stores", "loads", "shared"))
        )
        for found in ENTRY.finditer(report)
    ]  # fmt: skip


def texts() -> dict[str, str]:
    """What a GPU is given: the reduction, each scenario of the library (twins in Chinese have the same), a model too large."""
    from simcost import api
    from simcost_kernels.backends.cuda.reduction import reduction_text
    from simcost_kernels.codegen.scenario_text import scenario_text

    library = sorted(path for path in (ROOT / "scenarios").glob("*.toml") if not path.stem.endswith(".zh"))
    files = [*library, ROOT / "bench" / "twelve_blocks.toml"]
    return {"reduction": reduction_text()} | {path.stem: scenario_text(api.compile(path).plan, target="cuda") for path in files}


def main() -> None:
    print(f"{'text':24}{'kernel':14}{'architecture':>13}{'registers':>11}{'stack':>7}{'spilled':>9}{'shared':>8}")
    for name, text in texts().items():
        for architecture in sys.argv[1:] or ARCHITECTURES:
            for each in resources(text, architecture):
                spilled = each.spill_stores + each.spill_loads
                figures = f"{each.registers:11}{each.stack:7}{spilled:9}{each.shared:8}"
                print(f"{name:24}{each.kernel:14}{architecture:>13}{figures}")


if __name__ == "__main__":
    main()
