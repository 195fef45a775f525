"""The bits of the reference: columns of every plan, summaries however they are launched, and a memory that runs out."""

from __future__ import annotations

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gpu.plans import MAIN, load
from gpu.session import ROOT, say

from simcost_kernels.backends.cuda import kernel as cuda
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import BLOCK, Summary

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = SEED_OF_THE_DEVICE = 20270101
"""One seed; a test gives the device another, to see that it is noticed."""
FIRSTS = (0, BLOCK - 5, 3 * BLOCK - 17, 2**32 - 20_000, 10**12 + 7, 2**62 - 1)
SAMPLINGS = (Sampling(), Sampling("sobol"), Sampling("latin-hypercube"))


def columns(session):
    """Every plan: unequal bits among the columns of a million scenarios, in ranges."""
    widths = 1_000_000 // len(FIRSTS) if not session.quick else 300
    unequal = session.found
    with processes() as pool:
        ahead = {
            (name, first): pool.submit(reference_columns, path, Sampling(), first, widths)
            for name, path in session.plans.items()
            for first in FIRSTS
        }
        for name, path in session.plans.items():
            kernel = CudaKernel(load(path), devices=session.queues())
            pairs = [compared(kernel, first, ahead.pop((name, first)).result()) for first in FIRSTS]
            unequal[name] = f"{sum(bad for bad, _ in pairs)} of {sum(values for _, values in pairs)}"
            say(f"{name:32s} unequal bits: {unequal[name]}")
            session.expect(unequal[name].startswith("0 of "), f"columns of {name}: {unequal[name]} values differ")


def methods(session):
    """Sobol' points and latin hypercubes on the main plan: columns, and summaries that tell replicates apart."""
    n, first = (100_000 if not session.quick else 300), BLOCK - 5
    path, found = session.plans[MAIN], session.found
    with processes() as pool:
        ahead = {each.method: pool.submit(reference_columns, path, each, first, n) for each in SAMPLINGS[1:]}
        for sampling in SAMPLINGS[1:]:
            plan = replace(load(path), sampling=sampling)
            kernel, columns_ = CudaKernel(plan, devices=session.queues()), ahead[sampling.method].result()
            bad, values = compared(kernel, first, columns_)
            same = _digest(kernel, first, n) == _defined(columns_, first, sampling.sections).digest()
            found[sampling.method] = f"{bad} of {values}, the same summary: {same}"
            say(f"{sampling.method:32s} unequal bits: {found[sampling.method]}")
            session.expect(not bad and same, f"{sampling.method}: {found[sampling.method]}")


def summaries(session):
    """Digests of the main plan's summary: however much is launched at a time, however many queues, whatever memory there is."""
    plan = load(session.plans[MAIN])
    first, n = BLOCK - 321, 5 * BLOCK + 1000
    if session.quick:
        n = BLOCK + 400
    with processes() as pool:
        whole = pool.map(
            reference_columns,
            *zip(*((session.plans[MAIN], Sampling(), a, b - a) for a, b in parts_of(first, first + n)), strict=True),
        )
        expected = _defined(np.concatenate(list(whole), axis=1), first)
    digest, found = expected.digest(), session.found
    for label, launch, queues in (
        ("a block at a time", 1, 1),
        ("two blocks", 2 * 8 * BLOCK * plan.n_columns, 1),
        ("1 GiB", 1 << 30, 2),
    ):
        before, cuda.LAUNCH_BYTES = cuda.LAUNCH_BYTES, launch
        try:
            kernel = CudaKernel(plan, devices=session.queues(queues))
        finally:
            cuda.LAUNCH_BYTES = before
        found[label] = _digest(kernel, first, n) == digest
        say(f"{label:32s} the same summary: {found[label]}")
        session.expect(found[label], f"summary, {label}: another digest than the reference's")
    _little_memory(session, plan, (first, n, digest))


def _little_memory(session, plan, wanted):
    """Halve, then go on by the processor, with a pool that may not grow."""
    first, n, digest = wanted
    if not session.on_gpu:
        return
    import cupy

    pool, found = cupy.get_default_memory_pool(), session.found
    limits = (("room for a block", 200 << 20), ("no room", 8 << 20))  # the processor's kernel is compiled for the latter
    for label, limit in limits[:1] if session.quick else limits:
        pool.free_all_blocks()
        pool.set_limit(size=pool.used_bytes() + limit)
        told: list[str] = []
        try:
            kernel = CudaKernel(plan, devices=session.queues(), notice=told.append)
            same = _digest(kernel, first, n) == digest
        finally:
            pool.set_limit(size=0)
        found[label] = {"same": same, "ran on": kernel.name, "told": told}
        say(f"{label:32s} the same summary: {same}, by {kernel.name} {told}")
        session.expect(same, f"summary, {label}: another digest than the reference's")


def _defined(columns_, first, sections=0):
    """The summary of columns by NumPy, block by block."""
    summary = Summary(len(columns_), sections)
    for start, stop in parts_of(first, first + columns_.shape[1]):
        summary.add(start, columns_[:, start - first : stop - first])
    return summary


def _digest(kernel, first, n):
    summary = Summary(kernel.plan.n_columns, kernel.plan.sampling.sections)
    for start, stop in parts_of(first, first + n, 2 * BLOCK):
        kernel.summarize(summary, SEED, start, stop, None)
    return summary.digest()


def compared(kernel, first, expected):
    """Values that differ in any bit, and all values; NaN equals NaN, whatever its payload."""
    out = np.empty_like(expected)
    kernel.run(SEED_OF_THE_DEVICE, first, first + expected.shape[1], out)
    differ = out.view(np.int64) != expected.view(np.int64)
    return int(np.count_nonzero(differ & ~(np.isnan(out) & np.isnan(expected)))), out.size


def reference_columns(path: Path, sampling: Sampling, first: int, n: int):
    """The definition, in a process of its own."""
    kernel = _reference(path, sampling)
    out = np.empty((kernel.plan.n_columns, n))
    kernel.run(SEED, first, first + n, out)
    return out


@cache
def _reference(path: Path, sampling: Sampling) -> ReferenceKernel:
    return ReferenceKernel(replace(load(path), sampling=sampling))


@contextmanager
def processes() -> Iterator[ProcessPoolExecutor]:
    """Fresh processes: a forked one would share the CUDA context. Work that nobody waits for any more is dropped."""
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "kernels"), str(ROOT / "bench"), *sys.path])
    pool = ProcessPoolExecutor(max(1, min(12, (os.cpu_count() or 2) - 2)), multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
