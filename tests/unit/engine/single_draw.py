"""A plan of one draw, and a number of scenarios that several threads share."""

from simcost.compile.builder import Builder
from simcost_kernels.summaries.summary import BLOCK

N = 6 * BLOCK


def small_plan():
    builder = Builder(1)
    builder.output("total", "", builder.op("exp", builder.op("normal_quantile", builder.draw(1, "run"))))
    return builder.finish()
