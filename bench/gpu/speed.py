"""Seconds: each kernel by itself, whole runs by the clock, launch geometries."""

from __future__ import annotations

import statistics
import sys
import time
from collections import defaultdict
from dataclasses import asdict
from typing import Any

from gpu.operations import counted
from gpu.plans import MAIN, load
from gpu.session import ROOT, say

from simcost_kernels.backends.cuda import kernel as cuda
from simcost_kernels.backends.cuda import reduction
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.cuda.worker import Worker
from simcost_kernels.summaries.summary import BLOCK

SEED = 20270101
BOUNDS = ((32,), (64,), (64, 6), (64, 8), (128,), (128, 3), (128, 4))
"""Launch bounds: of 256 threads the main plan wants more than the 48 KB of shared memory that a group may have."""

BAR_S = {"kernels": 1.5, "wall": 3.0}
"""What a billion scenarios of the main plan may take on an H100."""


def simulate(kernel, n, workers):
    """A run without samples, as the engine does it."""
    sys.path.insert(0, str(ROOT / "simulator"))
    from simcost.engine import simulate as engine
    from simcost.engine.spans import Span

    return engine.simulate(kernel, Span(SEED, 0, n, workers))


class Clocked:
    """A module whose launches are timed by events of the device."""

    def __init__(self, module, on_gpu, times):
        self.module, self._on_gpu, self._times = module, on_gpu, times

    def launch(self, kernel, groups, threads, *arguments):
        begin = self._mark()
        self.module.launch(kernel, groups, threads, *arguments)
        self._times.append((kernel, begin, self._mark()))

    def _mark(self):
        if not self._on_gpu:
            return time.perf_counter()
        import cupy

        event = cupy.cuda.Event()
        event.record()
        return event


def clocked(device, on_gpu):
    """Return a device whose launches are noted, and the list of them."""
    times: list[tuple[str, Any, Any]] = []
    load_text = device.load
    device.load = lambda text: Clocked(load_text(text), on_gpu, times)
    return device, times


def milliseconds(times, on_gpu):
    """Sum what was noted by kernel."""
    sums: dict[str, float] = defaultdict(float)
    for kernel, begin, end in times:
        if on_gpu:
            import cupy

            end.synchronize()
            sums[kernel] += cupy.cuda.get_elapsed_time(begin, end)
        else:
            sums[kernel] += (end - begin) * 1e3
    return dict(sums)


def kernels(session):
    """Milliseconds of each kernel, one queue: what a billion scenarios take is ten times those of a hundred million."""
    plan, found = load(session.plans[MAIN]), session.found
    found["operations a scenario"] = asdict(counted(plan))
    for n in (10**6, 10**8, 10**9) if not session.quick else (BLOCK,):
        if session.left_s() < 60 and n > 10**8:
            break
        device, times = clocked(session.queues()[0], session.on_gpu)
        kernel = CudaKernel(plan, devices=[device])
        simulate(kernel, min(n, 4 * BLOCK), 1)
        times.clear()
        simulate(kernel, n, 1)
        sums = milliseconds(times, session.on_gpu)
        found[n] = {"total_ms": sum(sums.values()), **sums}
        say(f"{n:>13,} scenarios: {sum(sums.values()):10.1f} ms; " + ", ".join(f"{k} {v:.1f}" for k, v in sums.items()))
        _bar(session, "kernels", n, sum(sums.values()) / 1e3)


def whole_runs(session):
    """Seconds by the clock with warm caches, all queues: scenarios to a summary in the host's memory."""
    plan, found = load(session.plans[MAIN]), session.found
    kernel = CudaKernel(plan, devices=session.queues(2))
    simulate(kernel, 1000 if session.quick else 4 * BLOCK, kernel.queues)
    for n, repeats in ((10**6, 5), (10**7, 5), (10**8, 3), (10**9, 2)) if not session.quick else ((BLOCK, 1),):
        seconds = []
        for _ in range(repeats):
            begin = time.perf_counter()
            simulate(kernel, n, kernel.queues)
            seconds.append(time.perf_counter() - begin)
            if session.left_s() < 30:
                break
        found[n] = seconds
        middle = statistics.median(seconds)
        say(f"{n:>13,} scenarios: {middle:8.3f} s, {n / middle / 1e6:10.1f} million a second  {[round(s, 3) for s in seconds]}")
        _bar(session, "wall", n, middle)


def _bar(session, what, n, seconds):
    """Note by how much a billion scenarios are quicker than they have to be."""
    if n == 10**9:
        session.found[f"bar of {BAR_S[what]} s"] = f"{'met' if seconds <= BAR_S[what] else 'MISSED'} with {seconds:.3f} s"
        say(f"a billion scenarios, {what}: {session.found[f'bar of {BAR_S[what]} s']}, bar {BAR_S[what]} s")


def one_launch(session):
    """Each kernel once, on as many scenarios as fill a GPU."""
    kernel = CudaKernel(load(session.plans[MAIN]), devices=session.queues())
    n = (1 if session.quick else 16) * BLOCK
    simulate(kernel, n, 1)
    session.found["scenarios"] = n


def geometry(session):
    """Nanoseconds a scenario of the plan's kernel by launch bounds, and of the reduction by its threads."""
    plan, found = load(session.plans[MAIN]), session.found
    n = 64 * BLOCK if not session.quick else BLOCK
    for bounds in BOUNDS[:1] if session.quick else BOUNDS:
        name = f"launch bounds {', '.join(map(str, bounds))}"
        found[name] = _timed_scenarios(session, plan, n, bounds)
        say(f"{name:24s} {found[name]}")
    kept = reduction.THREADS, reduction.PARTS_EACH
    for threads, each in ((512, 4),) if session.quick else ((512, 4), (256, 4), (1024, 4), (512, 1), (512, 16)):
        reduction.THREADS, reduction.PARTS_EACH = threads, each
        device, times = clocked(session.queues()[0], session.on_gpu)
        kernel = CudaKernel(plan, devices=[device])
        for _ in range(2):
            times.clear()
            simulate(kernel, n, 1)
        sums = milliseconds(times, session.on_gpu)
        found[f"reduction {threads}, {each}"] = {name: ms * 1e6 / n for name, ms in sums.items()}
        say(
            f"reduction {threads:5d} threads, {each:2d} parts: " + ", ".join(f"{k} {v * 1e6 / n:.3f} ns" for k, v in sums.items())
        )
    reduction.THREADS, reduction.PARTS_EACH = kept


def models(session):
    """Nanoseconds a scenario of every plan's kernel, and what it takes: large ones keep values in shared memory."""
    n = 16 * BLOCK if not session.quick else 300
    for name, path in session.plans.items():
        session.found[name] = timed = _timed_scenarios(session, load(path), n, ())
        taken = ", ".join(f"{timed[key]} {key}" for key in ("num_regs", "local_size_bytes", "shared_size_bytes") if key in timed)
        say(f"{name:32s} {timed['ns_a_scenario']:8.3f} ns a scenario  {taken}")


def launch_sizes(session):
    """Nanoseconds a scenario by the clock, by columns in memory at once and queues: small ones stay in the device's cache."""
    plan, found = load(session.plans[MAIN]), session.found
    n, kept = (10**8 if not session.quick else BLOCK), cuda.LAUNCH_BYTES
    choices = [(mib, queues) for mib in (40, 80, 320, 1024) for queues in (1, 2, 4)]
    for mib, queues in choices[:1] if session.quick else choices:
        cuda.LAUNCH_BYTES = mib << 20
        try:
            kernel = CudaKernel(plan, devices=session.queues(queues))
        finally:
            cuda.LAUNCH_BYTES = kept
        kernel.span = 64 * BLOCK  # so that every queue has work
        simulate(kernel, 1000 if session.quick else 4 * BLOCK, queues)
        begin = time.perf_counter()
        simulate(kernel, n, queues)
        found[f"{mib} MiB, {queues} queues"] = (time.perf_counter() - begin) / n * 1e9
        say(f"{mib:5d} MiB, {queues} queues: {found[f'{mib} MiB, {queues} queues']:.3f} ns a scenario")


def _timed_scenarios(session, plan, n, bounds):
    device, times = clocked(session.queues()[0], session.on_gpu)
    worker = Worker(plan, device, 1, bounds=bounds)
    with device.active():
        for _ in range(3):
            times.clear()
            worker.columns(SEED, 0, n)
        taken_ms = milliseconds(times, session.on_gpu)["run"]
        module: Any = worker.scenarios
        attributes = module.module.attributes("run") if session.on_gpu else {}
    return {"ns_a_scenario": taken_ms * 1e6 / n, **attributes}
