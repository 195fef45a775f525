"""What spilled registers cost: how many instructions of a month move them, of all that it runs on sm_90; needs no GPU.

Beside them the loads of what waits in shared memory instead (`simcost_kernels.codegen.scratchpad`).

python bench/cuda_spills.py         # needs nvdisasm: of CUDA, or of the wheel nvidia-cuda-nvdisasm
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cuda_resources import texts

INSTRUCTION = re.compile(r"/\*[0-9a-f]{4,}\*/\s+(.*?);")
LABEL = re.compile(r"(\.L_x_\d+):")
BRANCH = re.compile(r"BRA.*\((\.L_x_\d+)\)")
FLOAT64 = re.compile(r"\bD(?:ADD|MUL|FMA|SETP)\b")
LARGE = 1000
"""Instructions from which a loop is that of the months; those of a search or of Philox are shorter."""


def cubin_of(text: str, *more: bytes) -> bytes:
    """Compile as CuPy would, with more options than it gives."""
    from cuda.bindings import nvrtc

    _, program = nvrtc.nvrtcCreateProgram(text.encode(), b"kernel.cu", 0, [], [])
    options = [b"--gpu-architecture=sm_90", b"--fmad=false", b"--std=c++14", *more]
    nvrtc.nvrtcCompileProgram(program, len(options), options)
    _, size = nvrtc.nvrtcGetCUBINSize(program)
    cubin: bytes = b" " * size
    nvrtc.nvrtcGetCUBIN(program, cubin)
    return cubin


def month_of(assembly: str) -> list[str]:
    """Return the instructions of the months' loop, which long branches backwards span; none where it is short."""
    instructions: list[str] = []
    labels: dict[str, int] = {}
    spans = []
    for line in assembly.splitlines():
        if label := LABEL.match(line):
            labels[label[1]] = len(instructions)
        elif found := INSTRUCTION.search(line):
            branch = BRANCH.search(found[1])
            if branch and len(instructions) - labels.get(branch[1], len(instructions)) > LARGE:
                spans.append((labels[branch[1]], len(instructions)))
            instructions.append(found[1])
    return instructions[min(first for first, _ in spans) : max(last for _, last in spans) + 1] if spans else []


def disassembled(cubin: bytes, tool: str, *more: str) -> str:
    """Disassemble by NVIDIA's own tool."""
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        return subprocess.run([tool, "-c", *more, file.name], capture_output=True, text=True, check=True).stdout


def disassembler() -> str:
    """Find nvdisasm."""
    wheels = (found for folder in sys.path for found in Path(folder).glob("nvidia/*/bin/nvdisasm"))
    found = shutil.which("nvdisasm") or next(map(str, wheels), None)
    if found is None:
        sys.exit("nvdisasm is not here. Get it with: pip install nvidia-cuda-nvdisasm")
    return found


def main() -> None:
    tool = disassembler()
    print(f"{'text':24}{'a month':>9}{'float64':>9}{'loads':>7}{'stores':>8}{'share':>8}{'shared':>8}")
    for name, text in texts().items():
        if name == "reduction":
            continue
        month = month_of(disassembled(cubin_of(text), tool))
        loads, stores, shared = (sum(word in each for each in month) for word in ("LDL", "STL", "LDS"))
        float64 = sum(bool(FLOAT64.search(each)) for each in month)
        share = f"{(loads + stores) / len(month):8.2%}" if month else f"{'-':>8}"
        print(f"{name:24}{len(month):9}{float64:9}{loads:7}{stores:8}{share}{shared:8}")


if __name__ == "__main__":
    main()
