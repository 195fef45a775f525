"""Seconds of rivals that are vectorised on a GPU: CuPy and JAX."""

from __future__ import annotations

import os
import statistics
import sys
import time

import numpy as np
from gpu.session import ROOT, say


def rivals(session):
    """Nanoseconds a scenario of vectorised CuPy and of JAX, percentiles of their columns included, beside ours."""
    sys.path.insert(0, str(ROOT / "bench" / "rivals"))
    found = session.found
    for name, run in (("cupy", _cupy), ("jax", _jax)):
        try:
            for figures in run(session):
                found[name] = found.get(name, {}) | figures  # at once: a rival may take until the deadline
        except Exception as error:  # noqa: BLE001 - a rival that is not there or fails leaves the others
            found[name] = found.get(name, {}) | {"error": repr(error)[:300]}
        say(name, found[name])


def _cupy(session):
    import cupy_script

    library = __import__("cupy") if session.on_gpu else np
    for n in (2000,) if session.quick else (10**6, 4 * 10**6, 10**7):
        seconds = []
        for seed in range(4):
            begin = time.perf_counter()
            cupy_script.figures(n, seed, library)
            seconds.append(time.perf_counter() - begin)
        yield {n: {"ns_a_scenario": statistics.median(seconds[1:]) / n * 1e9, "seconds": seconds}}


def _jax(session):
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # it would take three quarters of the memory
    import jax
    import jax.numpy as jnp
    import jax_script

    @jax.jit
    def percentiles(drawn):
        return jnp.percentile(drawn, jnp.array(jax_script.PERCENTILES), axis=1)

    yield {"devices": str(jax.devices())}
    for n, chunk in ((4096, 4096),) if session.quick else ((1 << 20, 1 << 20), (1 << 22, 1 << 20), (1 << 22, 1 << 22)):
        drawn, taken = [], []
        for seed in range(4):
            key = jax.random.key(seed)
            begin = time.perf_counter()
            columns = jax_script.columns(key, n, chunk=chunk).block_until_ready()
            drawn.append(time.perf_counter() - begin)
            percentiles(columns).block_until_ready()
            taken.append(time.perf_counter() - begin)
        figures = {
            "ns_a_scenario": statistics.median(taken[1:]) / n * 1e9,
            "without percentiles": statistics.median(drawn[1:]) / n * 1e9,
        }
        yield {f"{n}, chunks of {chunk}": figures}
