"""What the device does at best, and what the kernels make of it."""

from __future__ import annotations

import statistics

import numpy as np
from gpu.plans import MAIN, load
from gpu.session import say

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
