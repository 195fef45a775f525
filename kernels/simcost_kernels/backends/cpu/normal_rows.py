"""The normal quantile on rows of lanes: the centre for all lanes; the tails of up to eight rows are computed together.

A tail is five times the work of the centre, and 15 % of the lanes are in one: 19 of a row, which leave their last vector half
empty. Tails of several rows share that vector, and the constants that are fetched first.

With AVX-512, lanes are gathered and put back by two instructions for eight of them; elsewhere lane by lane, without a branch.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.extending import intrinsic

from simcost_kernels.backends.cpu.bodies import BODIES, row_function
from simcost_kernels.backends.cpu.memory import get, put, vector_at
from simcost_kernels.codegen.lanes import LANES
from simcost_kernels.primitives import uint64

ZERO, THREE, FIFTEEN = (uint64(i) for i in (0, 3, 15))
ROW = uint64(LANES)
CENTRE = 0.425
"""Distance from 1/2 up to which a uniform is in the centre."""

SOME_TAIL = 0.01
FAR = 1e-10
"""Probabilities below it may be in the far tail, which begins at 1.4e-11."""

normal_centre = BODIES["_normal_centre"]
normal_tail = BODIES["_normal_tail"]
normal_middle = BODIES["_normal_middle"]
tail_root = BODIES["_tail_root"]
where = BODIES["where"]
fabs = BODIES["fabs"]

EIGHT = ir.VectorType(ir.DoubleType(), 8)
MASK = ir.VectorType(ir.IntType(1), 8)


def _tails(builder: Any, uniforms: Any) -> tuple[Any, Any]:
    """Return which of eight uniforms are in a tail, and how many."""
    fabs = builder.module.declare_intrinsic("llvm.fabs.v8f64", (), ir.FunctionType(EIGHT, [EIGHT]))
    distance = builder.call(fabs, [builder.fsub(uniforms, ir.Constant(EIGHT, [0.5] * 8))])
    mask = builder.fcmp_ordered(">", distance, ir.Constant(EIGHT, [CENTRE] * 8))
    return mask, builder.zext(builder.ctpop(builder.bitcast(mask, ir.IntType(8))), ir.IntType(64))


@intrinsic  # type: ignore[untyped-decorator]
def compress_tails(_typing: Any, scratch: Any, tails: Any, u: Any) -> Any:  # noqa: ARG001 - numba passes the types of all
    """Put those of the eight uniforms from ``u`` on that are in a tail at ``tails``, and return their number.

    Eight places are written.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, target = (vector_at(context, builder, signature, arguments[0], place) for place in (arguments[2], arguments[1]))
        uniforms = builder.load(source, align=8)
        mask, n = _tails(builder, uniforms)
        kind = ir.FunctionType(EIGHT, [EIGHT, MASK, EIGHT])
        compress = builder.module.declare_intrinsic("llvm.experimental.vector.compress.v8f64", (), kind)
        builder.store(builder.call(compress, [uniforms, mask, ir.Constant(EIGHT, [SOME_TAIL] * 8)]), target, align=8)
        return n

    return types.uint64(scratch, types.uint64, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def expand_tails(_typing: Any, scratch: Any, z: Any, u: Any, tails: Any) -> Any:  # noqa: ARG001
    """Put the values at ``tails`` among the eight from ``z`` on that belong to uniforms in a tail; return their number."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        target, source = (vector_at(context, builder, signature, arguments[0], place) for place in arguments[1:3])
        mask, n = _tails(builder, builder.load(source, align=8))
        values = vector_at(context, builder, signature, arguments[0], arguments[3])
        kind = ir.FunctionType(EIGHT, [ir.DoubleType().as_pointer(), MASK, EIGHT])
        expand = builder.module.declare_intrinsic("llvm.masked.expandload.v8f64", (), kind)
        first = builder.bitcast(values, ir.DoubleType().as_pointer())
        builder.store(builder.call(expand, [first, mask, builder.load(target, align=8)]), target, align=8)
        return n

    return types.uint64(scratch, types.uint64, types.uint64, types.uint64), code


@row_function
def gather_wide(w: Any, u: Any, tails: Any) -> Any:
    """Put the uniforms of a row that are in a tail at ``tails``, and return the place after the last."""
    for group in range(ROW >> THREE):
        tails += compress_tails(w, tails, u + (group << THREE))
    return tails


@row_function
def gather_plainly(w: Any, u: Any, tails: Any) -> Any:
    """Do what `gather_wide` does, lane by lane."""
    for i in range(ROW):
        put(w, tails, ZERO, get(w, u, i))
        tails += uint64(fabs(get(w, u, i) - 0.5) > CENTRE)
    return tails


@row_function
def put_back_wide(w: Any, z: Any, u: Any, tails: Any) -> Any:
    """Put the quantiles at ``tails`` back among those of their row, and return the place after the last."""
    for group in range(ROW >> THREE):
        place = group << THREE
        tails += expand_tails(w, z + place, u + place, tails)
    return tails


@row_function
def put_back_plainly(w: Any, z: Any, u: Any, tails: Any) -> Any:
    """Do what `put_back_wide` does, lane by lane."""
    for i in range(ROW):
        in_tail = fabs(get(w, u, i) - 0.5) > CENTRE
        put(w, z, i, where(in_tail, get(w, tails, ZERO), get(w, z, i)))
        tails += uint64(in_tail)
    return tails


IS_WIDE = bool(binding.get_host_cpu_features().get("avx512f", False))
gather_tails, put_back = (gather_wide, put_back_wide) if IS_WIDE else (gather_plainly, put_back_plainly)


@row_function
def tail_quantiles(w: Any, tails: Any, end: Any) -> None:
    """Replace the uniforms from ``tails`` to ``end`` by their quantiles; up to fifteen places more are overwritten."""
    n = end - tails
    full = (n + FIFTEEN) & ~FIFTEEN  # whole vectors, two at a time: lanes too many are quicker than the same few one by one
    for j in range(n, full):
        put(w, tails, j, SOME_TAIL)
    far = ZERO
    for j in range(full):
        u = get(w, tails, j)
        z = normal_middle(tail_root(u))
        is_far = where(u < 0.5, u, 1.0 - u) < FAR
        put(w, tails, j, where(is_far, u, where(u < 0.5, -z, z)))
        far += uint64(is_far)
    if far:
        far_tails(w, tails, n)


@row_function
def far_tails(w: Any, tails: Any, n: Any) -> None:
    """Replace the uniforms that are left: a quantile of a tail is beyond 1 on either side. Hardly ever are there any."""
    for j in range(n):
        if fabs(get(w, tails, j)) < 1.0:
            put(w, tails, j, normal_tail(get(w, tails, j)))


@row_function
def put_normals(w: Any, z: Any, u: Any, tails: Any) -> Any:
    """Store the quantiles of a row of uniforms, those of its tails being at ``tails``; return the place after these."""
    for i in range(ROW):
        put(w, z, i, normal_centre(get(w, u, i)))
    return put_back(w, z, u, tails)


@row_function
def normal_quantile_row(w: Any, z: Any, spare: Any, u: Any) -> None:
    """Standard normal quantile of one row."""
    tail_quantiles(w, spare, gather_tails(w, u, spare))
    put_normals(w, z, u, spare)
