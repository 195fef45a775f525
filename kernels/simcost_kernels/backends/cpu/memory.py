"""Bit casts, and loads and stores that say what they cannot touch.

LLVM vectorises a loop only if it can tell that its stores do not change what it loads. A look-up in a table has no bounds that it
could check, so each access carries a scope: ``lanes`` (scratch rows), ``tables`` (never written) or ``out`` (never read).
Indices are unsigned: Python's negative ones would cost a comparison each.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from simcost_kernels.codegen.lanes import STRIDE
from simcost_kernels.system.aligned import LINE

OTHERS = {"lanes": ("tables", "out"), "tables": ("lanes", "out"), "out": ("tables", "lanes")}


@intrinsic  # type: ignore[untyped-decorator]  # numba ships no types
def as_bits(_typing: Any, _x: Any) -> Any:
    """Reinterpret float64 as uint64."""

    def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.uint64))

    return types.uint64(types.float64), code


@intrinsic  # type: ignore[untyped-decorator]
def from_bits(_typing: Any, _bits: Any) -> Any:
    """Reinterpret uint64 as float64."""

    def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def get(_typing: Any, scratch: Any, first: Any, lane: Any) -> Any:  # noqa: ARG001 - numba passes the types of all arguments
    """Return ``scratch[first + lane]``."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _scoped(builder, builder.load(_lane(context, builder, signature, arguments)), "lanes")

    return types.float64(scratch, types.uint64, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def put(_typing: Any, scratch: Any, first: Any, lane: Any, value: Any) -> Any:  # noqa: ARG001
    """Do ``scratch[first + lane] = value``."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _scoped(builder, builder.store(arguments[3], _lane(context, builder, signature, arguments)), "lanes")
        return context.get_dummy_value()

    return types.void(scratch, types.uint64, types.uint64, types.float64), code


@intrinsic  # type: ignore[untyped-decorator]
def get_coefficient(_typing: Any, table: Any, row: Any, column: Any) -> Any:  # noqa: ARG001
    """Return ``table[row, column]`` of a C-contiguous (m, 8) table."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        flat = builder.add(builder.shl(arguments[1], arguments[1].type(3)), arguments[2])
        return _scoped(builder, builder.load(_place(context, builder, signature, arguments, flat)), "tables")

    return types.float64(table, types.uint64, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def get_entry(_typing: Any, values: Any, index: Any) -> Any:  # noqa: ARG001
    """Return ``values[index]`` of a table."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _scoped(builder, builder.load(_place(context, builder, signature, arguments, arguments[1])), "tables")

    return types.float64(values, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def put_rows(_typing: Any, scratch: Any, first: Any, lane: Any, table: Any, rows: Any) -> Any:  # noqa: ARG001
    """Do ``scratch[first + column * STRIDE + lane + i] = table[row, column]`` for eight lanes i and eight columns.

    ``row`` is what the bits of ``scratch[rows + lane + i]`` say.

    A row of the table is one cache line: eight loads of lines and a transposition in registers take a third of the time of
    eight gathers, which fetch every number by itself.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start, lines = (data(context, builder, signature.args[i], arguments[i]) for i in (0, 3))
        first, lane, rows = arguments[1], arguments[2], builder.add(arguments[4], arguments[2])
        columns = transposed(builder, [_line(builder, lines, start, builder.add(rows, lane.type(i))) for i in range(8)])
        for i, column in enumerate(columns):
            place = builder.gep(start, [builder.add(builder.add(first, lane), lane.type(i * STRIDE))])
            _scoped(builder, builder.store(column, builder.bitcast(place, column.type.as_pointer()), align=8), "lanes")
        return context.get_dummy_value()

    return types.void(scratch, types.uint64, types.uint64, table, types.uint64), code


def _line(builder: Any, lines: Any, start: Any, place: Any) -> Any:
    """Load the row of a table that the bits at a place of scratch say, as one vector."""
    bits = builder.bitcast(start, place.type.as_pointer())
    row = _scoped(builder, builder.load(builder.gep(bits, [place])), "lanes")
    address = builder.gep(lines, [builder.shl(row, row.type(3))])
    return _scoped(
        builder, builder.load(builder.bitcast(address, ir.VectorType(ir.DoubleType(), 8).as_pointer()), align=8), "tables"
    )


def transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """Transpose eight vectors of eight: blocks of one, of two, then of four change sides."""
    for width in (1, 2, 4):
        low = [i + (8 - width if i % (2 * width) >= width else 0) for i in range(8)]
        high = [place + width for place in low]
        exchanged = list(rows)
        for i in (i for i in range(8) if i % (2 * width) < width):
            pair = rows[i], rows[i + width]
            exchanged[i], exchanged[i + width] = (builder.shuffle_vector(*pair, _mask(order)) for order in (low, high))
        rows = exchanged
    return rows


def _mask(order: list[int]) -> Any:
    return ir.Constant(ir.VectorType(ir.IntType(32), 8), order)


@intrinsic  # type: ignore[untyped-decorator]
def put_out(_typing: Any, out: Any, row: Any, column: Any, value: Any) -> Any:  # noqa: ARG001
    """Do ``out[row, column] = value``; values of a row are adjacent, rows may be apart."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _scoped(builder, builder.store(arguments[3], place_in_row(context, builder, signature, arguments)), "out")
        return context.get_dummy_value()

    return types.void(out, types.uint64, types.uint64, types.float64), code


@intrinsic  # type: ignore[untyped-decorator]
def begins_line(_typing: Any, out: Any, row: Any, column: Any) -> Any:  # noqa: ARG001
    """Tell whether ``out[row, column]`` begins a cache line."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = builder.ptrtoint(place_in_row(context, builder, signature, arguments), ir.IntType(64))
        return builder.icmp_unsigned("==", builder.and_(address, address.type(LINE - 1)), address.type(0))

    return types.boolean(out, types.uint64, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def stream_out(_typing: Any, out: Any, row: Any, column: Any, scratch: Any, place: Any) -> Any:  # noqa: ARG001
    """Do ``out[row, column : column + 8] = scratch[place : place + 8]`` past the caches; the former begins a cache line.

    A block of many columns fits no cache: fetching its lines to overwrite them took a third of all traffic with the memory.
    `finish_stores` is to follow before another thread reads.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = data(context, builder, signature.args[3], arguments[3])
        kind = ir.VectorType(ir.DoubleType(), 8).as_pointer()
        value = _scoped(builder, builder.load(builder.bitcast(builder.gep(start, [arguments[4]]), kind), align=8), "lanes")
        line = builder.bitcast(place_in_row(context, builder, signature, arguments), kind)
        store = _scoped(builder, builder.store(value, line, align=LINE), "out")
        store.set_metadata("nontemporal", builder.module.add_metadata([ir.IntType(32)(1)]))
        return context.get_dummy_value()

    return types.void(out, types.uint64, types.uint64, scratch, types.uint64), code


@intrinsic  # type: ignore[untyped-decorator]
def finish_stores(_typing: Any) -> Any:
    """Make what was stored past the caches visible to whoever is told of it."""

    def code(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        builder.fence("seq_cst")
        return context.get_dummy_value()

    return types.void(), code


def place_in_row(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Return the address of ``out[row, column]``, the first three arguments; values of a row are adjacent, rows may be apart."""
    values, strides = (part(context, builder, signature.args[0], arguments[0], name) for name in ("data", "strides"))
    apart = builder.mul(arguments[1], builder.extract_value(strides, 0))
    first = builder.bitcast(builder.gep(builder.bitcast(values, cgutils.voidptr_t), [apart]), values.type)
    return builder.gep(first, [arguments[2]])


def vector_at(context: Any, builder: Any, signature: Any, scratch: Any, place: Any, lanes: int) -> Any:
    """Return the address of so many lanes of scratch from a place on."""
    start = data(context, builder, signature.args[0], scratch)
    return builder.bitcast(builder.gep(start, [place]), ir.VectorType(ir.DoubleType(), lanes).as_pointer())


def _lane(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Return the address of a lane of a row of scratch."""
    return _place(context, builder, signature, arguments, builder.add(arguments[1], arguments[2]))


def _place(context: Any, builder: Any, signature: Any, arguments: Any, index: Any) -> Any:
    """Return the address of an element of the array that is the first argument."""
    return builder.gep(data(context, builder, signature.args[0], arguments[0]), [index])


def data(context: Any, builder: Any, array: Any, value: Any) -> Any:
    """Return the address of the first element of an array.

    It is taken from the value itself: numba's own way puts the array into memory first, for each access anew, and LLVM's time to
    take them out again grows with their number and with the length of the function, both at once.
    """
    return part(context, builder, array, value, "data")


def part(context: Any, builder: Any, array: Any, value: Any, name: str) -> Any:
    """Return a part of an array's value by numba's name."""
    return builder.extract_value(value, context.data_model_manager[array].get_field_position(name))


def _scoped(builder: Any, access: Any, scope: str) -> Any:
    """Mark a load or a store as belonging to a scope, and as touching none of the others."""
    module = builder.module
    domain = module.add_metadata(["simcost"])

    def scopes(*names: str) -> Any:
        return module.add_metadata([module.add_metadata([name, domain]) for name in names])

    access.set_metadata("alias.scope", scopes(scope))
    access.set_metadata("noalias", scopes(*OTHERS[scope]))
    return access
