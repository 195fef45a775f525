"""Small plans with draws, states and series, and how their columns are asked for."""

import numpy as np

from simcost.compile.builder import Builder
from simcost_kernels.draws.stream import stream_id

SEED = 20270101
A, B, C = (stream_id(name) for name in "abc")


def columns_of(kernel_class, plan, first, n, piece=None):
    """Return the columns of a range, run in pieces of a size."""
    kernel, piece = kernel_class(plan), piece or n
    out = np.full((plan.n_columns, n), np.nan)
    for start in range(0, n, piece):
        stop = min(start + piece, n)
        kernel.run(SEED, first + start, first + stop, out[:, start:stop])
    return out


def small_plan(horizon=26):
    """A stock that decays and is filled: a run draw, a yearly and a monthly one, a state, a series."""
    builder = Builder(horizon)
    price = builder.op("exp", builder.op("normal_quantile", builder.draw(A, "run")))
    growth = builder.draw(B, "year")
    noise = builder.draw(C, "month")
    hours = builder.series(700.0 + month for month in range(horizon))
    stock = builder.state(builder.number(2.0))
    filled = builder.op("add", builder.op("mul", stock, builder.number(0.5)), builder.op("mul", growth, noise))
    builder.carry(stock, filled)
    builder.output("month", "", builder.op("mul", builder.op("mul", price, filled), hours), monthly=True)
    builder.output("total", "", stock)
    return builder.finish()


def entangled_plan(horizon):
    """Fibonacci's pair, one state going on with another's old value; a stock whose old value is wanted late; a running sum."""
    builder = Builder(horizon)
    larger, smaller, stock, total = (builder.state(builder.number(value)) for value in (1.0, 0.0, 0.25, 0.0))
    builder.carry(larger, builder.op("add", larger, smaller))
    builder.carry(smaller, larger)
    drawn = builder.op("mul", builder.draw(A, "month"), builder.number(0.25))
    filled = builder.op("add", builder.op("mul", stock, builder.number(0.5)), drawn)
    builder.carry(stock, filled)
    late = builder.op("add", builder.op("normal_quantile", filled), stock)
    summed = builder.op("add", total, late)
    builder.carry(total, summed)
    builder.output("month", "", late, monthly=True)
    builder.output("total", "", total)
    builder.output("line", "", smaller)
    return builder.finish()
