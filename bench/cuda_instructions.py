"""Instructions that a GPU runs for one scenario of a model, by unit and by what asks for them; needs no GPU.

Each instruction of the assembler's output counts as often as a warp runs the line of source that it comes from: months as many
times as there are, a body that is rarely chosen not at all, the tails of a normal quantile nearly always. A unit takes so many
lanes a clock on each multiprocessor (CUDA C++ Programming Guide, "Arithmetic Instructions", compute capability 9.0); its time for
a billion scenarios on an H100 is a bound from below, and the longest of them is what the kernel can reach at best.

A warp also waits for its own results: as many cycles as the assembler writes into each instruction, and for what it marks as of
unknown duration (Jia et al. 2018, "Dissecting the NVIDIA Volta GPU architecture via microbenchmarking", section 2.1). A scheduler
hides that behind its other warps, so its time over their number is a bound too.

python bench/cuda_instructions.py [SCENARIO.toml]       # needs nvdisasm: of CUDA, or of the wheel nvidia-cuda-nvdisasm
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from cuda_spills import cubin_of, disassembled, disassembler

from simcost_kernels.functions.elementary import NORMAL_CENTRE

ROOT = Path(__file__).parents[1]
MULTIPROCESSORS, CLOCK_HZ = 132, 1.755e9
"""Of an H100 SXM; its clock under a load of float64 lies between 1.6 and 1.98 GHz."""

SCENARIOS = 10**9
UNITS = {
    "float64": (64, r"DADD|DMUL|DFMA|DSETP"),
    "special": (16, r"MUFU|F2F|F2I|I2F|FRND"),
    "memory": (32, r"LD\w*|ST\w*|RED|ATOM\w*|ULDC"),
    "multiply": (64, r"IMAD"),
    "uniform": (64, r"U[A-Z0-9]+|R2UR|S2UR|VOTEU"),
    "control": (64, r"BRA|BSSY|BSYNC|CALL|RET|EXIT|WARPSYNC|BREAK|NOP"),
    "integer": (64, r"\w+"),
}
"""Lanes a clock, and the instructions; whatever no other unit takes is the last one's."""

ISSUED = 128
"""Lanes a clock of whatever instructions: four schedulers, each a warp a clock."""

TAIL = 1 - (2 * NORMAL_CENTRE) ** 32
"""How often a warp has a lane in a tail; of several uniforms a lane always, and once."""

WAITED_FOR = {"LDG": 40, "LDC": 35, "LDS": 30, "MUFU": 22, "FRND": 22, "F2I": 22, "I2F": 22, "S2R": 25, "STS": 20}
"""Cycles until a result of unknown duration is there, found in the nearest memory; others take `SOON`. Microbenchmarks of
Volta and Ampere say so much, to a third or so."""
SOON = 14

LINE = re.compile(r'//## File "[^"]*", line (\d+)')
INSTRUCTION = re.compile(r"/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\d+ )?([A-Z]\w*)(.*?) ;")
LABEL = re.compile(r"(\.L_x_\d+):")
ENCODED = re.compile(r"^\s*/\* 0x([0-9a-f]{16}) \*/")
TARGET = re.compile(r"`?\((\.L_x_\d+)\)")
FUNCTION = re.compile(r"(?:template .*> )?SIMCOST_FUNCTION .*?(\w+)\(.*\{")
APART = ("_normal_tail",)
HARDLY_EVER = ("any_quotient",)
"""Bodies for tiny and huge numbers."""
SLOW_WITHIN = 14
"""Instructions between a branch and where it goes, at most, if they call the slow path of a division or of a root."""


@dataclass(frozen=True)
class Instruction:
    """One instruction: the lines it comes from, innermost first, and what the assembler says of waiting."""

    name: str
    operands: str
    lines: tuple[int, ...]
    control: int = 0

    @property
    def stall(self) -> int:
        """Cycles until the warp's next instruction."""
        return max(1, self.control & 15)

    @property
    def sets(self) -> int:
        """The barrier of six that its result opens, or 7."""
        return self.control >> 5 & 7

    @property
    def waits(self) -> list[int]:
        """The barriers that it waits for."""
        return [barrier for barrier in range(6) if self.control >> 11 + barrier & 1]


def functions(text: str) -> list[str]:
    """Return the function that each line of source belongs to."""
    names, name = [], ""
    for line in text.splitlines():
        found = FUNCTION.match(line)
        name = found[1] if found else "run" if line.startswith('extern "C"') else name
        names.append(name)
    return names


def times(text: str, horizon: int) -> dict[int, float]:
    """Return how often a scenario runs each line of ``scenario``."""
    counts: dict[int, float] = {}
    often = {"for (u32 month": float(horizon), "if (month % 12": -(-horizon // 12) / horizon, "if (!(month & 1)": 0.5}
    depths: list[tuple[int, float]] = []
    for number, (line, name) in enumerate(zip(text.splitlines(), functions(text), strict=True)):
        indent = len(line) - len(line.lstrip())
        while name == "scenario" and depths and line.strip() == "}" and depths[-1][0] == indent:
            depths.pop()
        counts[number] = 1.0
        for _, factor in depths:
            counts[number] *= factor
        if name == "scenario" and line.endswith("{"):
            depths += [(indent, factor) for begin, factor in often.items() if line.strip().startswith(begin)]
    return counts


def instructions(assembly: str) -> list[Instruction]:
    """Return the instructions of ``run``; slow paths are left out."""
    found: list[Instruction] = []
    labels: dict[str, int] = {}
    lines: list[int] = []
    fresh, own = True, False
    for row in assembly.splitlines():
        if row.startswith((".text.", "$")):
            own = row.startswith(".text.run:")
        elif own and (label := LABEL.match(row)):
            labels[label[1]] = len(found)
        elif own and (line := LINE.search(row)):
            lines = [*([] if fresh else lines), int(line[1]) - 1]
            fresh = False
        elif own and (each := INSTRUCTION.search(row)):
            found.append(Instruction(each[1], each[2], tuple(lines)))
            fresh = True
        elif own and (encoded := ENCODED.match(row)):
            found[-1] = replace(found[-1], control=int(encoded[1], 16) >> 41)
    slow: set[int] = set()
    for place, jump in enumerate(found):
        target = TARGET.search(jump.operands) if jump.name == "BRA" else None
        end = labels.get(target[1], 0) if target else 0
        if place < end <= place + SLOW_WITHIN and any(found[i].name == "CALL" for i in range(place, end)):
            slow |= set(range(place + 1, end))
    return [each for place, each in enumerate(found) if place not in slow]


@dataclass
class Weighed:
    """Instructions a scenario by the outermost function that asks for them and by unit, and the cycles of a warp."""

    counted: dict[str, defaultdict[str, float]]
    cycles: float


def weighed(text: str, horizon: int, assembly: str) -> Weighed:
    """Weigh the instructions of a text by how often a warp runs them, one after the other as they stand."""
    names, often = functions(text), times(text, horizon)
    counted: dict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    now, cycles, ready = 0, 0.0, [0] * 8
    for each in instructions(assembly):
        chain = [names[line] for line in each.lines]
        weight = next((often[line] for line in reversed(each.lines) if names[line] == "scenario"), 1.0)
        if "normal_quantile" in chain and any(body in chain for body in APART):
            weight *= TAIL
        if any(body in chain for body in HARDLY_EVER):
            continue
        asks = next((name for name in reversed(chain) if name not in ("", "scenario", "run")), "scenario")
        counted[asks][next(unit for unit, (_, pattern) in UNITS.items() if re.fullmatch(pattern, each.name))] += weight
        begin, now = now, max([now, *(ready[barrier] for barrier in each.waits)])
        ready[each.sets] = max(ready[each.sets], now + WAITED_FOR.get(each.name, SOON))
        now += each.stall
        cycles += weight * (now - begin)
    return Weighed(counted, cycles)


def main() -> None:
    from simcost import api
    from simcost_kernels.codegen.scenario_text import scenario_text
    from simcost_kernels.codegen.scratchpad import groups

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "scenarios" / "ecommerce_recommender.toml"
    plan = api.compile(path).plan
    text = scenario_text(plan, target="cuda")
    found = weighed(text, plan.horizon, disassembled(cubin_of(text, b"-lineinfo"), disassembler(), "-gi", "-hex"))
    total = {unit: sum(row[unit] for row in found.counted.values()) for unit in UNITS}
    print(f"{path.stem}: instructions a scenario on sm_90, and seconds of a billion on an H100 at {CLOCK_HZ / 1e9} GHz at best")
    for unit, lanes in (("issued", ISSUED), *((unit, lanes) for unit, (lanes, _) in UNITS.items())):
        count = sum(total.values()) if unit == "issued" else total[unit]
        print(f"{unit:12}{count:9.0f}{SCENARIOS * count / (lanes * MULTIPROCESSORS * CLOCK_HZ):8.3f} s")
    warps = groups(plan) // 2
    seconds = SCENARIOS * found.cycles / warps / (ISSUED * MULTIPROCESSORS * CLOCK_HZ)
    hidden = f"{found.cycles:.0f} cycles a warp, {warps} warps a scheduler"
    print(f"{'waiting':12}{found.cycles / warps:9.0f}{seconds:8.3f} s: {hidden}")
    print(f"\n{'asked by':20}{'issued':>9}" + "".join(f"{unit:>9}" for unit in UNITS))
    for name, row in sorted(found.counted.items(), key=lambda each: -sum(each[1].values())):
        print(f"{name:20}{sum(row.values()):9.0f}" + "".join(f"{row[unit]:9.0f}" for unit in UNITS))


if __name__ == "__main__":
    main()
