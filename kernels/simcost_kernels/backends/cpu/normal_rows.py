"""The normal quantile on rows of lanes: the centre for all lanes; the tails of up to eight rows are computed together.

Three lanes in a hundred are in a tail, four of a row, and a tail takes several times as long as the centre. They are found by the
bits of a comparison of 64 lanes, stand side by side with the places that their quantiles belong to, and are put there at the end.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.extending import intrinsic

from simcost_kernels.backends.cpu.bodies import BODIES, row_function, row_function_in_pairs
from simcost_kernels.backends.cpu.memory import as_bits, from_bits, get, put, vector_at
from simcost_kernels.codegen.lane_schedule import SPARE
from simcost_kernels.codegen.lanes import LANES, STRIDE
from simcost_kernels.functions.elementary import NORMAL_CENTRE
from simcost_kernels.functions.primitives import uint64

ZERO, ONE = uint64(0), uint64(1)
ROW, GROUP = uint64(LANES), 64
GROUPS, LANES_OF_GROUP = uint64(LANES // GROUP), uint64(GROUP)
PLACES = uint64(SPARE // 2 * STRIDE)
"""From a uniform in a tail to the place that its quantile belongs to."""

FULL = uint64(15 if binding.get_host_cpu_features().get("avx512f", False) else 7)
"""One less than two vectors of lanes."""

SOME_TAIL = 0.001

normal_centre = BODIES["_normal_centre"]
normal_tail = BODIES["_normal_tail"]


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def bits_of_tails(_typing: Any, scratch: Any, u: Any) -> Any:  # noqa: ARG001 - numba passes the types of all arguments
    """Return 64 bits: which of the lanes from ``u`` on are in a tail."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.VectorType(ir.DoubleType(), GROUP)
        uniforms = builder.load(vector_at(context, builder, signature, arguments[0], arguments[1], GROUP), align=8)
        fabs = builder.module.declare_intrinsic(f"llvm.fabs.v{GROUP}f64", (), ir.FunctionType(kind, [kind]))
        distance = builder.call(fabs, [builder.fsub(uniforms, ir.Constant(kind, [0.5] * GROUP))])
        return builder.bitcast(builder.fcmp_ordered(">", distance, ir.Constant(kind, [NORMAL_CENTRE] * GROUP)), ir.IntType(64))

    return types.uint64(scratch, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def lowest_bit(_typing: Any, bits: Any) -> Any:  # noqa: ARG001
    """Return the number of the lowest bit set; there is one."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


@row_function
def gather_tails(w: Any, z: Any, u: Any, tails: Any) -> Any:
    """Put the uniforms of a row that are in a tail, with their places in ``z``, at ``tails``; return the place after the last."""
    for group in range(GROUPS):
        first = group * LANES_OF_GROUP
        bits = bits_of_tails(w, u + first)
        while bits:
            lane = first + lowest_bit(bits)
            put(w, tails, ZERO, get(w, u, lane))
            put(w, tails, PLACES, from_bits(z + lane))
            bits &= bits - ONE
            tails += ONE
    return tails


@row_function_in_pairs
def tail_quantiles(w: Any, tails: Any, end: Any) -> None:
    """Replace the uniforms from ``tails`` to ``end`` by their quantiles; up to fifteen places more are overwritten."""
    n = end - tails
    full = (n + FULL) & ~FULL  # whole vectors, two at a time: lanes too many are quicker than the same few one by one
    for j in range(n, full):
        put(w, tails, j, SOME_TAIL)
    for j in range(full):
        put(w, tails, j, normal_tail(get(w, tails, j)))


@row_function
def centre_quantiles(w: Any, z: Any, u: Any) -> None:
    """Store the quantiles of a row of uniforms as if all were in the centre."""
    for i in range(ROW):
        put(w, z, i, normal_centre(get(w, u, i)))


@row_function
def put_tails(w: Any, tails: Any, end: Any) -> None:
    """Store the quantiles from ``tails`` to ``end`` at their places."""
    for j in range(end - tails):
        put(w, as_bits(get(w, tails + PLACES, j)), ZERO, get(w, tails, j))


@row_function
def normal_quantile_row(w: Any, z: Any, spare: Any, u: Any) -> None:
    """Standard normal quantile of one row."""
    end = gather_tails(w, z, u, spare)
    tail_quantiles(w, spare, end)
    centre_quantiles(w, z, u)
    put_tails(w, spare, end)
