"""What the summary of a column costs a GPU for each value, and all kernels together at best; needs no GPU.

`centre` and `count_cells` of ``reduction.cuh`` run a loop over sixteen values of a whole part. Its instructions are counted, but
for those that few values come to: what is new, and cells far from the mean. A column is written once and read twice besides. What
looks at cells and atomic operations wait for only a GPU can tell.

python bench/cuda_summary.py [SCENARIO.toml]       # needs nvdisasm: of CUDA, or of the wheel nvidia-cuda-nvdisasm
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

from cuda_instructions import CLOCK_HZ, ISSUED, LINE, MULTIPROCESSORS, SCENARIOS, UNITS, functions, weighed
from cuda_spills import BRANCH, INSTRUCTION, LABEL, cubin_of, disassembled, disassembler

ROOT = Path(__file__).parents[1]
BYTES_A_SECOND = 3.35e12
"""Of an H100 SXM; a copy there moved 3.0e12."""

KERNELS = ("centre", "count_cells")
VALUES = 16
"""Of a turn of the loop: `UNROLLED` in ``reduction.cuh``."""

RARELY = re.compile(r"atomicMin|count_one\(|lost\(|part_broken")
RARE = ("STG", "REDG")
LOAD = re.compile(r"LDG\.E\.64\b")
NAME = re.compile(r"(?:@!?U?P\d+ )?([A-Z]\w*)")


def rows_of(assembly: str, kernel: str) -> tuple[list[tuple[str, tuple[int, ...]]], dict[str, int]]:
    """Return the instructions of a kernel with their lines of source, innermost first, and the places of its labels."""
    found: list[tuple[str, tuple[int, ...]]] = []
    labels: dict[str, int] = {}
    lines: list[int] = []
    fresh, own = True, False
    for row in assembly.splitlines():
        if row.startswith((".text.", "$")):
            own = row.startswith(f".text.{kernel}:")
        elif own and (label := LABEL.match(row)):
            labels[label[1]] = len(found)
        elif own and (line := LINE.search(row)):
            lines = [*([] if fresh else lines), int(line[1]) - 1]
            fresh = False
        elif own and (each := INSTRUCTION.search(row)):
            found.append((each[1], tuple(lines)))
            fresh = True
    return found, labels


def of_a_value(text: str, assembly: str, kernel: str) -> dict[str, float]:
    """Count by unit what a value of a whole part runs: the shortest loop that loads so many of them."""
    rows, labels = rows_of(assembly, kernel)
    lines, names, loops = text.splitlines(), functions(text), []
    for end, (instruction, _) in enumerate(rows):
        jump = BRANCH.search(instruction)
        begin = labels.get(jump[1], end) if jump else end
        if sum(bool(LOAD.search(each)) for each, _ in rows[begin:end]) == VALUES:
            loops.append(rows[begin : end + 1])
    counted: dict[str, float] = defaultdict(float)
    for instruction, sources in min(loops, key=len):
        rare = any(RARELY.search(lines[line]) or names[line] == "count_one" for line in sources[:2])
        name = NAME.match(instruction)
        if name and not rare and name[1] not in RARE:
            counted[next(unit for unit, (_, pattern) in UNITS.items() if re.fullmatch(pattern, name[1]))] += 1 / VALUES
    return counted


def main() -> None:
    from simcost import api
    from simcost_kernels.backends.cuda.reduction import reduction_text
    from simcost_kernels.codegen.scenario_text import scenario_text

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "scenarios" / "ecommerce_recommender.toml"
    plan, tool = api.compile(path).plan, disassembler()
    text, summary = scenario_text(plan, target="cuda"), reduction_text()
    run = weighed(text, plan.horizon, disassembled(cubin_of(text, b"-lineinfo"), tool, "-gi", "-hex"))
    assembly = disassembled(cubin_of(summary, b"-lineinfo"), tool, "-gi")
    columns = plan.n_columns
    moved_s = SCENARIOS * 8 * columns / BYTES_A_SECOND
    print(
        f"{path.stem}: {columns} columns, a billion scenarios on an H100 at best; moving the columns once takes {moved_s:.3f} s"
    )
    print(f"{'kernel':14}{'a value':>9}{'a scenario':>12}{'issued':>10}  of which by unit")
    total_s = 0.0
    for kernel in ("run", *KERNELS):
        if kernel == "run":
            units = {unit: sum(row[unit] for row in run.counted.values()) for unit in UNITS}
        else:
            units = {unit: n * columns for unit, n in of_a_value(summary, assembly, kernel).items()}
        count = sum(units.values())
        seconds = SCENARIOS * count / (ISSUED * MULTIPROCESSORS * CLOCK_HZ)
        total_s += max(seconds, moved_s)
        a_value = "" if kernel == "run" else f"{count / columns:.1f}"
        by_unit = ", ".join(f"{unit} {n:.0f}" for unit, n in sorted(units.items(), key=lambda each: -each[1]))
        print(f"{kernel:14}{a_value:>9}{count:12.0f}{seconds:8.3f} s  {by_unit}")
    print(f"together, each the longer of its instructions and its memory: {total_s:.3f} s")


if __name__ == "__main__":
    main()
