"""Texts of the plan's kernel that may be quicker: what belongs into constant memory, and into shared memory. Every bit is kept.

``cuda_instructions.py`` says how many instructions they take and how long a warp waits; but only a GPU says what that is worth.
Parameters in shared memory take as many and a tenth less of waiting, and leave less of a multiprocessor's memory to its cache.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from gpu.plans import MAIN, load
from gpu.session import say
from gpu.speed import SEED, clocked, milliseconds

from simcost_kernels.backends.cuda.worker import Worker
from simcost_kernels.codegen import scratchpad
from simcost_kernels.codegen.scenario_text import scenario_text
from simcost_kernels.summaries.summary import BLOCK

LITERAL = re.compile(r"(?<![\w.])\d+\.\d+(?:e[+-]?\d+)?(?![\w.])")
PARAMETER = re.compile(r"(?<!\w)p\[(?=\d)")
SMALL = {"0.0", "0.5", "1.0", "2.0"}
"""Literals that an operation holds within itself."""

MEMORY = "#ifdef __CUDACC__\n#define CONSTANT __constant__\n#else\n#define CONSTANT\n#endif\n"
PLACE = "SIMCOST_FUNCTION Words philox("
SCENARIO = "SIMCOST_FUNCTION void scenario("
CALL = "  scenario(k0, k1, first + lane"
FILL = """#ifdef __CUDACC__
  for (u32 i = threadIdx.x % 32; i < {n}; i += 32) numbers[threadIdx.x / 32][i] = p[i];
  __syncwarp();
#else
  for (u32 i = 0; i < {n}; ++i) numbers[threadIdx.x / 32][i] = p[i];
#endif
"""
BOUNDS = ((64,), (64, 6), (64, 8), (128, 4))


def with_coefficients(text: str) -> str:
    """Move the coefficients of the elementary functions into constant memory."""
    found: dict[str, int] = {}

    def moved(match: re.Match[str]) -> str:
        literal = match.group()
        return literal if literal in SMALL else f"K[{found.setdefault(literal, len(found))}]"

    head, rest = text.split(PLACE, 1)
    rest = LITERAL.sub(moved, rest)
    return f"{head}{MEMORY}CONSTANT double K[] = {{{', '.join(found)}}};\n{PLACE}{rest}"


def with_parameters(text: str) -> str:
    """Copy the plan's parameters into shared memory, once for each warp: a load from there needs no pointer."""
    head, rest = text.split(SCENARIO, 1)
    rest = PARAMETER.sub("numbers[threadIdx.x / 32][", rest)
    n = 1 + max((int(place) for place in re.findall(r"numbers\[threadIdx\.x / 32\]\[(\d+)", rest)), default=0)
    memory = f"__shared__ double numbers[FIRST(LAUNCH_BOUNDS) / 32][{n}];"
    return f"{head}{memory}\n{SCENARIO}{rest.replace(CALL, FILL.format(n=n) + CALL)}"


def for_six_groups(plan, target: str) -> str:
    """Print a plan as if no more than six groups of threads fitted a multiprocessor: less of it waits in shared memory."""
    kept, scratchpad.FITTING = scratchpad.FITTING, {count: values for count, values in scratchpad.FITTING.items() if count <= 6}
    try:
        return scenario_text(plan, target=target)
    finally:
        scratchpad.FITTING = kept


def texts(session):
    """Nanoseconds a scenario of each variant, and whether its columns have the bits of the text as it is."""
    plan, found = load(session.plans[MAIN]), session.found
    n, target = (64 * BLOCK if not session.quick else 500), "cuda" if session.on_gpu else "host"
    text = scenario_text(plan, target=target)
    variants = {"as it is": text, "coefficients": with_coefficients(text), "six groups": for_six_groups(plan, target)}
    if session.on_gpu:
        variants["parameters in shared memory"] = with_parameters(text)
    expected = None
    for bounds in BOUNDS[:1] if session.quick else BOUNDS:
        for name, variant in variants.items():
            taken_ms, columns = _run(
                session, plan, n, (f"#define LAUNCH_BOUNDS {', '.join(map(str, bounds))}\n{variant}", bounds)
            )
            expected = columns if expected is None else expected
            same = np.array_equal(columns.view(np.int64), expected.view(np.int64))
            found[f"{name}, bounds {bounds}"] = {"ns_a_scenario": taken_ms * 1e6 / n, "the same bits": same}
            say(f"{name:28s} bounds {bounds!s:10s} {taken_ms * 1e6 / n:8.3f} ns a scenario, the same bits: {same}")
            session.expect(same, f"{name}, bounds {bounds}: other bits")


def _run(session, plan, n, variant):
    """Milliseconds of the third launch of a text, and the first thousand scenarios of its columns."""
    text, bounds = variant
    device, times = clocked(session.queues()[0], session.on_gpu)
    worker = Worker(plan, device, 1, bounds=bounds)
    with device.active():
        module: Any = device.load(text)
        worker.scenarios = module
        for _ in range(2):
            worker.columns(SEED, 0, n)
        times.clear()
        columns = worker.columns(SEED, 0, n)
        return milliseconds(times, session.on_gpu)["run"], device.fetch(columns[:, :1000])
