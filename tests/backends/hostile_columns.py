"""Columns of all that a cost can be, and how they are reduced: by NumPy, and on a device."""

import numpy as np
from tests.backends.host_device import HostDevice

from simcost_kernels.backends.cuda.reduction import Reduction, reduction_text
from simcost_kernels.summaries.ranges import parts_of
from simcost_kernels.summaries.summary import Summary

SEED = 20270101


def nasty(n):
    """Columns by name: what a cost can be, and what it should never be."""
    generator = np.random.default_rng(SEED)
    smooth = generator.lognormal(13.0, 0.4, n)
    event = smooth * (generator.random(n) < 0.3)
    broken = smooth.copy()
    broken[:: max(n // 7, 1)] = np.nan
    broken[1 :: max(n // 5, 1)] = np.inf
    broken[2 :: max(n // 3, 1)] = -np.inf
    return {
        "smooth": smooth,
        "event, mostly zero": event,
        "truth": (event > 0) * 1.0,
        "constant": np.full(n, 0.1),
        "signed": generator.normal(0.0, 1.0, n),
        "heavy tails of both signs": generator.standard_cauchy(n) * 1e3,
        "five hundred octaves": 2.0 ** generator.uniform(-250, 250, n) * generator.choice([-1.0, 1.0], n),
        "not all finite": broken,
        "nothing finite": np.full(n, np.nan),
        "one finite value": np.where(np.arange(n) == n // 2, 42.0, np.inf),
        "zeros of both signs": generator.choice([-0.0, 0.0], n),
        "minus zero": np.full(n, -0.0),
        "subnormal": generator.integers(-9, 9, n) * 5e-324,
        "the smallest, negative": np.full(n, -5e-324),
        "a sum out of range": generator.choice([1.7e308, -1.6e308], n),
        "infinite squares": generator.normal(0.0, 1e200, n),
        "four atoms": generator.choice([1.0, 2.0, 1e6, -3.5], n),
        "neighbours": 1.0 + generator.integers(0, 4, n) * 2.0**-52,
    }


def summarised(columns, start):
    """The definition: NumPy, block by block."""
    summary = Summary(len(columns))
    for first, stop in parts_of(start, start + columns.shape[1]):
        summary.add(first, columns[:, first - start : stop - start])
    return summary


def reduced(columns, start, *, launch=None, device=None, text=None):
    """The same on a device, ``launch`` scenarios at a time."""
    device = device or HostDevice()
    stop = start + columns.shape[1]
    launch = launch or 1 << 40
    module = device.load(text or reduction_text())
    made = Reduction(device, module, len(columns), start=start, stop=stop, width=columns.shape[1])
    for first, last in parts_of(start, stop, launch):
        made.add(first, last - first, device.upload(np.ascontiguousarray(columns[:, first - start : last - start])))
    return Summary.from_arrays(made.to_arrays())
