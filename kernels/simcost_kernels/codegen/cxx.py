"""Bodies of `elementary` and `philox` -> C++, line by line: what CUDA compiles, and any host compiler too.

The bodies are straight-line code of assignments, so a translation is the same lines with types and semicolons; what is not plain
arithmetic (`where`, bit casts, table look-ups) is in `PRELUDE`. With contraction to fused multiply-add switched off
(``-fmad=false``, ``-ffp-contract=off``) the bits are those of NumPy.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from types import FunctionType
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.codegen import divisions
from simcost_kernels.draws import latin_hypercube, philox
from simcost_kernels.draws.latin_hypercube import HYPERCUBE
from simcost_kernels.draws.sampling import ROW, ROW_BITS
from simcost_kernels.draws.sobol import DIRECTIONS, ENTRIES
from simcost_kernels.functions import binomial, elementary, table_quantiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from simcost_kernels.draws.sampling import Method

PRELUDE = """\
#ifdef __CUDACC__
#define SIMCOST_FUNCTION __device__ __forceinline__
#define SIMCOST_MEMBER __device__ __forceinline__
#else
#include <cmath>
#include <cstring>
#define SIMCOST_FUNCTION static inline
#define SIMCOST_MEMBER inline
#endif
typedef unsigned int u32;
typedef unsigned long long u64;
namespace simcost {  /* exp and log are ours, not the C library's */
#ifndef __CUDACC__
using std::ceil; using std::fabs; using std::floor; using std::rint; using std::sqrt;
#endif
struct Words { u64 w0, w1, w2, w3; };
struct Table { const double *data; u64 width; };  /* width: 8 for smooth tables, the number of steps for others */
struct Row { double a[8]; };

SIMCOST_FUNCTION u64 as_bits(double x) {
#ifdef __CUDACC__
  return (u64)__double_as_longlong(x);
#else
  u64 bits; std::memcpy(&bits, &x, 8); return bits;
#endif
}
SIMCOST_FUNCTION double from_bits(u64 bits) {
#ifdef __CUDACC__
  return __longlong_as_double((long long)bits);
#else
  double x; std::memcpy(&x, &bits, 8); return x;
#endif
}
/* The product of two numbers below 2**32: one instruction of a GPU, which would else multiply the upper halves too. */
SIMCOST_FUNCTION u64 wide(u64 a, u64 b) {
#ifdef __CUDACC__
  u64 product; asm("mul.wide.u32 %0, %1, %2;" : "=l"(product) : "r"((u32)a), "r"((u32)b)); return product;
#else
  return a * b;
#endif
}
SIMCOST_FUNCTION double where(bool condition, double a, double b) { return condition ? a : b; }
SIMCOST_FUNCTION u64 where(bool condition, u64 a, u64 b) { return condition ? a : b; }
SIMCOST_FUNCTION Row row_of(Table t, u64 row) {
  const double *from = t.data + 8 * row;
  Row r;
#ifdef __CUDACC__
  for (int i = 0; i < 4; ++i) {  /* loads of 16 bytes: every lane reads another row, and half as many loads take half as long */
    const double2 pair = __ldg((const double2 *)from + i);
    r.a[2 * i] = pair.x; r.a[2 * i + 1] = pair.y;
  }
#else
  for (int i = 0; i < 8; ++i) r.a[i] = from[i];
#endif
  return r;
}
SIMCOST_FUNCTION double step_quantile(double u, Table t) {
  u32 low = 0, high = (u32)t.width;
  while (low < high) {
    const u32 middle = (low + high) >> 1;
    if (t.data[middle] < u) low = middle + 1; else high = middle;
  }
  return t.data[t.width + low];
}
SIMCOST_FUNCTION double chop_down(double u, double trials, double odds, double none, double most) {
  double count = 0.0, mass = none, total = none;
  while (total < u && count < most) {
    count = count + 1.0;
    mass = mass * ((trials - count + 1.0) * odds / count);
    total = total + mass;
  }
  return count;
}
"""

QUASI = f"""\
struct Sobol {{ const u64 *table; u64 dimensions, replicates; }};  /* {ENTRIES} entries a dimension */

SIMCOST_FUNCTION double sobol(Sobol q, u64 scenario, u64 dimension) {{
  const u64 row = scenario >> {ROW_BITS};
  const u64 *entry = q.table + (row % q.replicates * q.dimensions + dimension) * {ENTRIES};
  u64 x = entry[{DIRECTIONS}];
  for (u64 index = row / q.replicates << {ROW_BITS} | (scenario & {ROW - 1}); index != 0; index >>= 1, ++entry)
    if (index & 1) x ^= *entry;
  return uniform_of(x);
}}
SIMCOST_FUNCTION double hypercube(double u, u64 scenario, u64 stream, u64 period, u64 k0, u64 k1) {{
  const u64 row = scenario >> {ROW_BITS};
  const Words w = philox(row & 0xffffffffULL, (row >> 32) | {int(HYPERCUBE):#x}ULL, stream, period, k0, k1);
  return stratified(u, stratum(scenario, w.w0, w.w1));
}}
"""
"""Written by hand: look-ups and key words of the quasi-random methods, after their bodies."""

WRITTEN_BY_HAND = ("step_quantile",)
"""Bodies that are not translated: a search, which `PRELUDE` has."""

BY_FUNCTION: dict[tuple[type[ast.AST], str], str] = {
    (ast.Mult, "philox"): "wide",
    (ast.Div, "_normal_tail"): "quotient",
    (ast.Div, "log"): "quotient",
}
"""Operators of bodies that are functions of the text: numbers of 32 bits, and numbers neither tiny nor huge."""

OF_ANY_NUMBER = ("_normal_centre",)
"""Bodies of one number or of several at once, `simcost_kernels.codegen.normals_together`."""

IN_HALVES = {
    "uniform": """\
SIMCOST_FUNCTION double uniform(u64 high, u64 low) {
  const u32 above = (u32)high >> 12, below = (u32)high << 20 | (u32)low >> 12;
  return uniform_of((u64)above << 32 | below);
}
"""
}
"""Bodies that say the same in words of 32 bits, of which a GPU's registers and shifts are."""

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


def header(method: Method = "random") -> str:
    """Return the C++ text of all primitives; it leaves the namespace ``simcost`` open for what is built of them."""
    parts = [PRELUDE, divisions.TEXT]
    for module in (philox, elementary, table_quantiles, binomial, *((latin_hypercube,) if method != "random" else ())):
        parts += _constants(module)
        parts += [_function(body) for body in _bodies(module)]
    return "\n".join([*parts, QUASI] if method != "random" else parts)


def _bodies(module: ModuleType) -> list[FunctionType]:
    own = (body for body in vars(module).values() if isinstance(body, FunctionType) and body.__module__ == module.__name__)
    return [body for body in own if body.__name__ not in WRITTEN_BY_HAND]


def _constants(module: ModuleType) -> Iterator[str]:
    """Yield the numbers of a module that its bodies name, with exactly their bits."""
    named = {name for body in _bodies(module) for name in body.__code__.co_names}
    for name, value in vars(module).items():
        if name in named and isinstance(value, np.uint64 | int | float):
            yield f"#define {_constant(module, name)} {_literal(value)}"


def _literal(value: np.uint64 | float) -> str:
    if isinstance(value, float):
        return f"from_bits({np.float64(value).view(np.uint64):#x}ULL) /* {value!r} */"
    return f"{int(value):#x}ULL"


def _constant(module: ModuleType, name: str) -> str:
    return f"{module.__name__.rpartition('.')[2].upper()}_{name}"


def _function(body: FunctionType) -> str:
    """Translate one body."""
    if body.__name__ in IN_HALVES:
        return IN_HALVES[body.__name__]
    tree = ast.parse(textwrap.dedent(inspect.getsource(body))).body[0]
    if not isinstance(tree, ast.FunctionDef):
        message = f"{body.__name__} is no function"
        raise TypeError(message)
    return "\n".join(_Translation(body, tree).lines()) + "\n"


class _Translation:
    """Prints one function; ``known`` are the variables that have been declared."""

    def __init__(self, body: FunctionType, tree: ast.FunctionDef) -> None:
        self.module = inspect.getmodule(body)
        self.tree = tree
        self.words = body.__module__ in (philox.__name__, latin_hypercube.__name__)
        self.number = "Number" if tree.name in OF_ANY_NUMBER else "double"
        self.known = {argument.arg for argument in tree.args.args}

    def lines(self) -> Iterator[str]:
        parameters = ", ".join(f"{self.type_of(argument.arg)} {argument.arg}" for argument in self.tree.args.args)
        result = {"philox": "Words", "stratum": "u64", "_table_row": "u64"}.get(self.tree.name, self.number)
        if self.number != "double":
            yield f"template <class {self.number}>"
        yield f"SIMCOST_FUNCTION {result} {self.tree.name}({parameters}) {{"
        for statement in self.tree.body[1:]:  # after the docstring
            yield from self.statement(statement, "  ")
        yield "}"

    def type_of(self, parameter: str) -> str:
        return "Table" if parameter == "table" else "u64" if self.words and parameter != "u" else self.number

    def statement(self, node: ast.stmt, indent: str) -> Iterator[str]:
        match node:
            case ast.Return(ast.Tuple(values)):
                yield f"{indent}return {{{', '.join(map(self.value, values))}}};"
            case ast.Return(ast.expr() as value):
                yield f"{indent}return {self.value(value)};"
            case ast.Assign([ast.Name(name)], value):
                changing = "auto " if self.number == "double" else f"{self.number} "
                declared = "" if name in self.known else "const auto " if self.assigned(name) == 1 else changing
                self.known.add(name)
                yield f"{indent}{declared}{name} = {self.value(value)};"
            case ast.Assign([ast.Tuple(names)], ast.Call(ast.Name("coefficients"), [table, row])):
                yield f"{indent}const Row whole = row_of({self.value(table)}, {self.value(row)});"
                self.known |= {name.id for name in names if isinstance(name, ast.Name)}
                yield from (f"{indent}const double {self.value(name)} = whole.a[{i}];" for i, name in enumerate(names))
            case ast.For(body=body, iter=ast.Call(ast.Name("range"), [count])):
                yield f"{indent}for (u64 round = 0; round < {self.value(count)}; ++round) {{"
                for each in body:
                    yield from self.statement(each, indent + "  ")
                yield f"{indent}}}"
            case _:
                raise self.refusal(node)

    def value(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(float() as number):
                return repr(number)
            case ast.BinOp(left, operator, right) if (type(operator), self.tree.name) in BY_FUNCTION:
                return f"{BY_FUNCTION[type(operator), self.tree.name]}({self.value(left)}, {self.value(right)})"
            case ast.Name(name):
                return name if name in self.known or self.module is None else _constant(self.module, name)
            case ast.BinOp(left, operator, right) | ast.Compare(left, [operator], [right]):
                return f"({self.value(left)} {OPERATORS[type(operator)]} {self.value(right)})"
            case ast.UnaryOp(ast.USub(), operand):
                return f"(-{self.value(operand)})"
            case ast.Call(ast.Name(function), arguments):
                return self.call(function, arguments)
            case _:
                raise self.refusal(node)

    def call(self, function: str, arguments: list[ast.expr]) -> str:
        """Print a call; ``choose`` names the two functions it may call."""
        if function != "choose":
            return f"{function}({', '.join(map(self.value, arguments))})"
        condition, usual, rare, argument = arguments
        x = self.value(argument)
        return f"({self.value(condition)} ? {ast.unparse(usual)}({x}) : {ast.unparse(rare)}({x}))"

    def assigned(self, name: str) -> int:
        """Count the assignments to a variable."""
        return sum(
            isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in ast.walk(self.tree)
        )

    def refusal(self, node: ast.AST) -> TypeError:
        message = f"{self.tree.name}: {ast.unparse(node)} is not straight-line arithmetic. Write it with where and choose."
        return TypeError(message)
