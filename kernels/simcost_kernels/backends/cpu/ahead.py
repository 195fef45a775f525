"""Whether what runs any model is compiled, before there is a model."""

from __future__ import annotations

from simcost_kernels.backends.cpu.folder import is_compiled
from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.plan import Output, Plan, Step

SOME_PLAN = Plan(
    parameters=(),
    calendar=(),
    tables=(),
    streams=(1,),
    setup=(Step("draw", ("d0",)),),
    year=(),
    month=(),
    final=(),
    state=(),
    outputs=(Output("total", "", "v0"),),
    horizon=1,
    sampling=Sampling("latin-hypercube"),
)
"""A plan whose scenarios are dealt out to replicates, so that what counts these is compiled with it."""


def is_compiled_ahead() -> bool:
    """Tell whether the interpreter of all plans is in the cache."""
    return is_compiled(SOME_PLAN, interpreter=True)
