"""Lines of memory asked for ahead, for a kernel that stores its results through the caches."""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from simcost_kernels.backends.cpu.bodies import row_function
from simcost_kernels.backends.cpu.memory import place_in_row
from simcost_kernels.functions.primitives import uint64

TO_WRITE, CLOSE, DATA = (ir.IntType(32)(number) for number in (1, 3, 1))
THREE, SEVEN = uint64(3), uint64(7)


@intrinsic
def ask_for(_typing, out, row, column):  # noqa: ARG001 - numba passes the types of all arguments
    """Have the cache line of ``out[row, column]`` fetched, to be written; where there is none, nothing happens."""

    def code(context, builder, signature, arguments):
        place = builder.bitcast(place_in_row(context, builder, signature, arguments), cgutils.voidptr_t)
        kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, *[ir.IntType(32)] * 3])
        builder.call(builder.module.declare_intrinsic("llvm.prefetch", (), kind), [place, TO_WRITE, CLOSE, DATA])
        return context.get_dummy_value()

    return types.void(out, types.uint64, types.uint64), code


@row_function
def ask_row(m, out, column, first):
    """Have the lines fetched that results ``first`` to ``first + m`` of a column go to."""
    for line in range((m + SEVEN) >> THREE):
        ask_for(out, column, first + (line << THREE))
