"""Seconds: each kernel by itself, whole runs by the clock, launch geometries, ceilings of the device, and rivals."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import asdict
from typing import Any

import numpy as np
from gpu.operations import counted
from gpu.plans import MAIN, load
from gpu.session import ROOT, say

from simcost_kernels.backends.cuda import kernel as cuda
from simcost_kernels.backends.cuda import reduction
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.cuda.worker import Worker
from simcost_kernels.summary import BLOCK

SEED = 20270101
BAR_S = {"kernels": 1.5, "wall": 3.0}
"""What a billion scenarios of the main plan may take on an H100."""


def simulate(kernel, n, workers):
    """A run without samples, as the engine does it."""
    sys.path.insert(0, str(ROOT / "simulator"))
    from simcost.engine import simulate as engine

    return engine.simulate(kernel, seed=SEED, first=0, n=n, workers=workers)


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
    choices = [(32,), (64,), (64, 6), (64, 8), (128,), (128, 3), (128, 4), (256, 2)]
    for bounds in choices[:1] if session.quick else choices:
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


CEILINGS = r"""
extern "C" __global__ void float64(double *out, double a, double b, int rounds) {
  double x[8];
  for (int i = 0; i < 8; ++i) x[i] = threadIdx.x + i;
  for (int r = 0; r < rounds; ++r)
    for (int i = 0; i < 8; ++i) { x[i] = x[i] * a; x[i] = x[i] + b; }
  double sum = 0.0;
  for (int i = 0; i < 8; ++i) sum += x[i];
  out[(size_t)blockIdx.x * blockDim.x + threadIdx.x] = sum;
}
extern "C" __global__ void integer(unsigned *out, unsigned a, unsigned b, int rounds) {
  unsigned x[8];
  for (int i = 0; i < 8; ++i) x[i] = threadIdx.x + i;
  for (int r = 0; r < rounds; ++r)
    for (int i = 0; i < 8; ++i) {
      const unsigned long long product = (unsigned long long)x[i] * a;
      x[i] = (unsigned)(product >> 32) ^ (unsigned)product ^ b;
    }
  unsigned sum = 0;
  for (int i = 0; i < 8; ++i) sum += x[i];
  out[(size_t)blockIdx.x * blockDim.x + threadIdx.x] = sum;
}
"""


def ceilings(session):
    """What the device does at best: float64 additions and multiplications unfused, Philox-like integer work, memory."""
    if not session.on_gpu:
        session.found["skipped"] = "needs a GPU"
        return
    import cupy

    module = cupy.RawModule(code=CEILINGS, options=("--fmad=false",))
    groups, threads, rounds = (2, 32, 10) if session.quick else (132 * 32, 256, 2000)
    out, found = cupy.empty(groups * threads), session.found
    for name, a, b, each in (("float64", 1.0000001, 1e-9, 2), ("integer", np.uint32(0xD2511F53), np.uint32(12345), 3)):
        arguments = (out, np.float64(a) if name == "float64" else a, np.float64(b) if name == "float64" else b, np.int32(rounds))
        function = module.get_function(name)
        seconds = _seconds(lambda function=function, arguments=arguments: function((groups,), (threads,), arguments))
        found[f"{name}_operations_a_second"] = groups * threads * rounds * 8 * each / seconds
    size = 1 << (10 if session.quick else 28)
    source, target = cupy.zeros(size), cupy.empty(size)
    seconds = _seconds(lambda: target.__setitem__(slice(None), source))
    found["bytes_a_second"] = 2 * source.nbytes / seconds
    say(", ".join(f"{name} {value:.3e}" for name, value in found.items()))


def share_of_peak(session):
    """What the kernels make of the ceilings: counted operations and the bytes that must be moved, over both."""
    took, peak = (session.record.get(name, {}).get("result", {}) for name in ("kernels", "ceilings"))
    runs = {int(n): each for n, each in took.items() if n.isdigit()}
    if not runs or "bytes_a_second" not in peak:
        session.found["skipped"] = "needs the sections kernels and ceilings"
        return
    n = max(runs)
    operations, columns_bytes = took["operations a scenario"], 8 * load(session.plans[MAIN]).n_columns
    for unit in ("float64", "integer"):
        a_second = operations[unit] * n / (runs[n]["run"] / 1e3)
        session.found[f"run: {unit} operations"] = a_second / peak[f"{unit}_operations_a_second"]
    for name in ("run", "centre", "count_cells"):  # each column is written once, and read twice
        session.found[f"{name}: bytes"] = columns_bytes * n / (runs[n][name] / 1e3) / peak["bytes_a_second"]
    say(", ".join(f"{name} {share:.1%} of the ceiling" for name, share in session.found.items()))


def _seconds(run, repeats=5):
    """Median seconds of a launch, by events."""
    import cupy

    taken = []
    run()
    for _ in range(repeats):
        begin, end = cupy.cuda.Event(), cupy.cuda.Event()
        begin.record()
        run()
        end.record()
        end.synchronize()
        taken.append(cupy.cuda.get_elapsed_time(begin, end) / 1e3)
    return statistics.median(taken)


def rivals(session):
    """Nanoseconds a scenario of vectorised CuPy and of JAX, percentiles of their columns included, beside ours."""
    sys.path.insert(0, str(ROOT / "bench" / "rivals"))
    found = session.found
    for name, run in (("cupy", _cupy), ("jax", _jax)):
        try:
            found[name] = run(session)
        except Exception as error:  # noqa: BLE001 - a rival that is not there or fails leaves the others
            found[name] = {"error": repr(error)[:300]}
        say(name, found[name])


def _cupy(session):
    import cupy_script

    library = __import__("cupy") if session.on_gpu else np
    found = {}
    for n in (2000,) if session.quick else (10**6, 4 * 10**6, 10**7):
        seconds = []
        for seed in range(4):
            begin = time.perf_counter()
            cupy_script.figures(n, seed, library)
            seconds.append(time.perf_counter() - begin)
        found[n] = {"ns_a_scenario": statistics.median(seconds[1:]) / n * 1e9, "seconds": seconds}
    return found


def _jax(session):
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # it would take three quarters of the memory
    import jax
    import jax.numpy as jnp
    import jax_script

    @jax.jit
    def percentiles(drawn):
        return jnp.percentile(drawn, jnp.array(jax_script.PERCENTILES), axis=1)

    found: dict[str, object] = {"devices": str(jax.devices())}
    for n, chunk in ((4096, 4096),) if session.quick else ((1 << 20, 1 << 20), (1 << 22, 1 << 20), (1 << 22, 1 << 22)):
        drawn, taken = [], []
        for seed in range(4):
            key = jax.random.key(seed)
            begin = time.perf_counter()
            columns = jax_script.columns(key, n, chunk=chunk).block_until_ready()
            drawn.append(time.perf_counter() - begin)
            percentiles(columns).block_until_ready()
            taken.append(time.perf_counter() - begin)
        found[f"{n}, chunks of {chunk}"] = {
            "ns_a_scenario": statistics.median(taken[1:]) / n * 1e9,
            "without percentiles": statistics.median(drawn[1:]) / n * 1e9,
        }
    return found
