"""Plan -> C++ for one scenario: the kernel that CUDA runs with a thread for each, and a host compiler in a loop.

``scenario`` computes one scenario and stores its value in each of the columns. The text holds no number and no name of a scenario
file; numbers are arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.cxx import header
from simcost_kernels.emit import PYTHON
from simcost_kernels.plan import SECTIONS
from simcost_kernels.scratchpad import groups, waiting
from simcost_kernels.step_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost_kernels.plan import Plan, Step

ARGUMENTS = (
    "u64 k0, u64 k1, {}, const double *__restrict__ p, const double *__restrict__ c, const Table *__restrict__ t, "
    "const u64 *__restrict__ d, const u64 *__restrict__ o, u64 horizon"
)
OUT = "double *__restrict__ out"

TABLE = "const u64 *__restrict__ q, u64 dimensions, u64 replicates, "
"""The arguments before ``out`` where draws are Sobol' points: `simcost_kernels.sobol.scrambled`, and its shape."""

WORD = "0xffffffffULL"

THREADS = 64
"""Of a group on a GPU: small, since a large model takes some 200 registers a thread. It never changes a figure."""

COLUMNS = """
struct Columns { char *first; u64 stride; };  /* a scenario's value of the first, and the bytes from one to the next: below 2**32 on a GPU */
SIMCOST_FUNCTION double &at(Columns out, u64 column) { return *(double *)(out.first + wide(column, out.stride)); }
"""

BOUNDS = f"""\
#ifndef LAUNCH_BOUNDS
#define LAUNCH_BOUNDS {THREADS}, {{groups}}
#endif
"""

SHARED = {
    "host": """
#define KEEP(rows) double kept[rows]
#define KEPT(row) kept[row]
""",
    "cuda": """
#define FIRST_OF(first, ...) first
#define FIRST(...) FIRST_OF(__VA_ARGS__, 0)
#define KEEP(rows) __shared__ volatile double kept[rows][FIRST(LAUNCH_BOUNDS)]  /* volatile, or it is kept in registers again */
#define KEPT(row) kept[row][threadIdx.x]
""",
}
"""Memory for the values that `simcost_kernels.scratchpad` puts away: a column for each thread, which no other reads."""

HOST = f"""
}}
using namespace simcost;
extern "C" void run({ARGUMENTS.format("u64 first, u64 n")}, {TABLE}{OUT}) {{
  for (u64 lane = 0; lane < n; ++lane)
    scenario(k0, k1, first + lane, p, c, t, d, o, horizon, Sobol{{q, dimensions, replicates}}, Columns{{(char *)(out + lane), 8 * n}});
}}
"""

CUDA = f"""
}}
using namespace simcost;
extern "C" __global__ void __launch_bounds__(LAUNCH_BOUNDS) run({ARGUMENTS.format("u64 first, u64 n")}, {TABLE}{OUT}) {{
  const u64 lane = (u64)blockIdx.x * blockDim.x + threadIdx.x;
  if (lane < n) scenario(k0, k1, first + lane, p, c, t, d, o, horizon, Sobol{{q, dimensions, replicates}}, Columns{{(char *)(out + lane), 8 * n}});
}}
"""


def scenario_text(plan: Plan, *, target: str) -> str:
    """Return the whole translation unit of a plan for ``host`` or ``cuda``."""
    start, entry = {"host": ("", HOST), "cuda": (BOUNDS.format(groups=groups(plan)), CUDA)}[target]
    shared = SHARED[target] if waiting(plan) else ""
    if plan.sampling.method != "sobol":
        entry = entry.replace(TABLE, "").replace("Sobol{q, dimensions, replicates}, ", "")
    return start + header(plan.sampling.method) + COLUMNS + shared + "\n" + "\n".join(_Printer(plan).lines()) + "\n" + entry


class _Printer:
    """Prints one plan; every value is a local variable, so that it can live in a register, but for those of ``kept``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.method = plan.sampling.method
        self.first: dict[str, int] = {}
        self.kept: dict[str, str] = {}
        """Where the text finds a value from the months on that has been put away."""
        number = 0
        for section in SECTIONS:
            self.first[section] = number
            number += len(getattr(plan, section))

    def lines(self) -> Iterator[str]:
        yield f"/* plan {self.plan.digest} */"
        table = "Sobol q, " if self.method == "sobol" else ""
        arguments = f"{ARGUMENTS.format('u64 s')}, {table}Columns out"
        yield f"SIMCOST_FUNCTION void scenario({arguments}) {{"
        yield f"  const u64 low = s & {WORD}, high = s >> 32;"
        yield f"  k0 &= {WORD}, k1 &= {WORD};  /* what has 32 bits is multiplied once, where it is known */"
        yield "  (void)low, (void)high, (void)k0, (void)k1;  /* a certain model draws nothing */"
        yield from self.section("setup", "  ", declare=True)
        yield from (f"  double s{i} = {self.operand(state.initial)};" for i, state in enumerate(self.plan.state))
        yield from (f"  double v{self.first['year'] + i} = 0.0;" for i in range(len(self.plan.year)))
        yield from self.put_away("  ")
        monthly = [self.first["month"] + i for i, step in enumerate(self.plan.month) if step.op == "draw"]
        yield from (f"  double odd{number} = 0.0;" for number in monthly)
        yield "  const u32 months = (u32)horizon;"
        yield "#pragma unroll 1"
        yield "  for (u32 month = 0; month < months; ++month) {"
        if self.plan.calendar:
            yield f"    const double *now = c + {len(self.plan.calendar)} * month;"
        if self.plan.year:
            yield "    if (month % 12 == 0) {"
            yield "      const u32 year = month / 12;"
            yield from self.section("year", "      ", declare=False)
            yield "    }"
        yield from self.section("month", "    ", declare=True)
        yield from self.outputs("    ", monthly=True)
        yield from (f"    const double n{i} = {self.operand(state.next)};" for i, state in enumerate(self.plan.state))
        yield from (f"    s{i} = n{i};" for i in range(len(self.plan.state)))
        yield "  }"
        yield from self.section("final", "  ", declare=True)
        yield from self.outputs("  ", monthly=False)
        yield "}"

    def section(self, section: str, indent: str, *, declare: bool) -> Iterator[str]:
        declared = "const double " if declare else ""
        steps = dict(enumerate(getattr(self.plan, section), start=self.first[section]))
        for number in in_order(steps, steps):
            step = steps[number]
            if step.op == "draw" and section == "month":
                yield from self.monthly_draw(number, step, indent)
            elif step.op == "draw":
                yield from self.draw(number, step, indent, period="0" if section == "setup" else "year", declared=declared)
            else:
                yield f"{indent}{declared}v{number} = {PYTHON[step.op].format(*map(self.operand, step.args))};"

    def put_away(self, indent: str) -> Iterator[str]:
        """Store what waits in shared memory; what is printed from here on loads it from there."""
        self.kept = {f"v{number}": f"KEPT({row})" for row, number in enumerate(waiting(self.plan))}
        if self.kept:
            yield f"{indent}KEEP({len(self.kept)});"
        yield from (f"{indent}{place} = {name};" for name, place in self.kept.items())

    def draw(self, number: int, step: Step, indent: str, *, period: str, declared: str) -> Iterator[str]:
        if self.method == "sobol":
            yield f"{indent}{declared}v{number} = sobol(q, s, {self.dimension(number)});"
            return
        words = f"philox(low, high, {self.operand(step.args[0])}, {period} >> 1, k0, k1)"
        odd = f"{period} & 1 ? w{number}"
        yield f"{indent}const Words w{number} = {words};"
        drawn = f"uniform({odd}.w2 : w{number}.w0, {odd}.w3 : w{number}.w1)"
        yield f"{indent}{declared}v{number} = {self.placed(drawn, step, period)};"

    def dimension(self, number: int) -> str:
        """Print the dimension of a draw, as `simcost_kernels.sampling.dimensions` counts them."""
        draws = [n for n, step in enumerate((*self.plan.setup, *self.plan.year)) if step.op == "draw"]
        once = sum(n < self.first["year"] for n in draws)
        place = draws.index(number)
        return str(place) if place < once else f"year * {len(draws) - once} + {place}"

    def placed(self, drawn: str, step: Step, period: str) -> str:
        """Print a random uniform as the method takes it."""
        if self.method == "random":
            return drawn
        return f"hypercube({drawn}, s, {self.operand(step.args[0])}, {period}, k0, k1)"

    def monthly_draw(self, number: int, step: Step, indent: str) -> Iterator[str]:
        """Draw both months of a pair at the even one."""
        yield f"{indent}double v{number} = odd{number};"
        yield f"{indent}if (!(month & 1)) {{"
        yield f"{indent}  const Words w = philox(low, high, {self.operand(step.args[0])}, month >> 1, k0, k1);"
        yield f"{indent}  v{number} = uniform(w.w0, w.w1);"
        yield f"{indent}  odd{number} = uniform(w.w2, w.w3);"
        yield f"{indent}}}"
        if self.method != "random":
            yield f"{indent}v{number} = {self.placed(f'v{number}', step, 'month')};"

    def outputs(self, indent: str, *, monthly: bool) -> Iterator[str]:
        for place, output in enumerate(self.plan.outputs):
            if output.monthly == monthly:
                column = f"o[{place}]{' + month' if monthly else ''}"
                yield f"{indent}at(out, {column}) = {self.operand(output.value)};"

    def operand(self, name: str) -> str:
        kind, number = name[0], name[1:]
        if kind == "c":
            return f"now[{number}]"
        if kind == "d":
            return f"(u32)d[{number}]"
        return f"{kind}[{number}]" if kind in "pt" else self.kept.get(name, name)
