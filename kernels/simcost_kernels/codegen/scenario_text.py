"""Plan -> C++ for one scenario: the kernel that CUDA runs with a thread for each, and a host compiler in a loop.

``scenario`` computes one scenario and stores its value in each of the columns. The text holds no number and no name of a scenario
file; numbers are arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.codegen.cxx import header
from simcost_kernels.codegen.divisions import divisors
from simcost_kernels.codegen.emit import compiled_text
from simcost_kernels.codegen.normals_together import MOST_TOGETHER, TEXT, taken_ahead, together
from simcost_kernels.codegen.scratchpad import groups, waiting
from simcost_kernels.codegen.step_order import in_order
from simcost_kernels.plan import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost_kernels.plan import Plan, Step

ARGUMENTS = (
    "u64 k0, u64 k1, {}, const double *__restrict__ p, const double *__restrict__ c, const Table *__restrict__ t, "
    "const u64 *__restrict__ d, const u64 *__restrict__ o, u64 horizon"
)
OUT = "double *__restrict__ out"

TABLE = "const u64 *__restrict__ q, u64 dimensions, u64 replicates, "
"""The arguments before ``out`` where draws are Sobol' points: `simcost_kernels.draws.sobol.scrambled`, and its shape."""

WORD = "0xffffffffULL"

THREADS = 64
"""Of a group on a GPU: small, since a large model takes some 200 registers a thread. It never changes a figure."""

COLUMNS = """
/* Where a scenario's value of the first column lies, and bytes from one column to the next: below 2**32 on a GPU. */
struct Columns { char *first; u64 stride; };
SIMCOST_FUNCTION double &at(Columns out, u64 column) { return *(double *)(out.first + wide(column, out.stride)); }
"""

BOUNDS = f"""\
#ifndef LAUNCH_BOUNDS
#define LAUNCH_BOUNDS {THREADS}, {{groups}}
#endif
"""

FIRST = """
#define FIRST_OF(first, ...) first
#define FIRST(...) FIRST_OF(__VA_ARGS__, 0)
"""

SHARED = {
    "host": """
#define KEEP(rows) double kept[rows]
#define KEPT(row) kept[row]
""",
    "cuda": """
#define KEEP(rows) __shared__ volatile double kept[rows][FIRST(LAUNCH_BOUNDS)]  /* volatile, or it is kept in registers again */
#define KEPT(row) kept[row][threadIdx.x]
""",
}
"""Memory for the values that `simcost_kernels.codegen.scratchpad` puts away: a column for each thread, which no other reads."""

HOST = f"""
}}
using namespace simcost;
extern "C" void run({ARGUMENTS.format("u64 first, u64 n")}, {TABLE}{OUT}) {{
  for (u64 lane = 0; lane < n; ++lane) {{
    const Columns columns = {{(char *)(out + lane), 8 * n}};
    scenario(k0, k1, first + lane, p, c, t, d, o, horizon, Sobol{{q, dimensions, replicates}}, columns);
  }}
}}
"""

CUDA = f"""
}}
using namespace simcost;
extern "C" __global__ void __launch_bounds__(LAUNCH_BOUNDS) run({ARGUMENTS.format("u64 first, u64 n")}, {TABLE}{OUT}) {{
  const u64 thread = (u64)blockIdx.x * blockDim.x + threadIdx.x;
  const u64 lane = thread < n ? thread : n - 1;  /* a warp works together: those beyond the end do the last scenario again */
  const Columns columns = {{(char *)(out + lane), 8 * n}};
  scenario(k0, k1, first + lane, p, c, t, d, o, horizon, Sobol{{q, dimensions, replicates}}, columns);
}}
"""


def scenario_text(plan: Plan, *, target: str) -> str:
    """Return the whole translation unit of a plan for ``host`` or ``cuda``."""
    start, entry = {"host": ("", HOST), "cuda": (BOUNDS.format(groups=groups(plan)), CUDA)}[target]
    shared = SHARED[target] if waiting(plan) else ""
    if plan.sampling.method != "sobol":
        entry = entry.replace(TABLE, "").replace("Sobol{q, dimensions, replicates}, ", "")
    normals = TEXT if "normal_quantile" in {step.op for name in SECTIONS for step in getattr(plan, name)} else ""
    return (
        start
        + FIRST
        + header(plan.sampling.method)
        + COLUMNS
        + normals
        + shared
        + "\n"
        + "\n".join(_Printer(plan).lines())
        + "\n"
        + entry
    )


class _Printer:
    """Prints one plan; every value is a local variable, so that it can live in a register, but for those of ``kept``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.method = plan.sampling.method
        self.steps = plan.numbered()
        self.ahead = taken_ahead(plan)
        self.reciprocals = {f"p{number}": len(plan.parameters) + place for place, number in enumerate(divisors(plan))}
        """Where the parameters that a step divides by have their reciprocals, after the parameters."""
        self.kept: dict[str, str] = {}
        """Where the text finds a value from the months on that has been put away."""

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
        yield from (f"  double v{number} = 0.0;" for number in self.steps["year"])
        yield from self.put_away("  ")
        drawn_ahead = {self.drawn(number) for number in self.ahead}
        monthly = {number for number, step in self.steps["month"].items() if step.op == "draw"}
        yield from (f"  double odd{number} = 0.0;" for number in sorted(monthly - drawn_ahead | self.ahead))
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
        steps = self.steps[section]
        order = in_order(steps, steps)
        ahead = [number for number in order if number in self.ahead]
        alone = [number for number in order if number not in self.ahead]
        batches = (*together(steps, ahead, MOST_TOGETHER // 2), *(b for b in together(steps, alone) if len(b) > 1))
        batch_of = {number: batch for batch in batches for number in batch}
        done = {self.drawn(number) for number in ahead}
        for number in (*ahead, *order):  # those first: as few values as may be wait meanwhile
            batch = batch_of.get(number, ())
            for each in (*map(self.drawn, batch), number):
                if each in done:
                    continue
                if each in batch:
                    yield from self.normals(batch, indent, declared)
                    done.update(batch)
                else:
                    yield from self.step(section, each, steps[each], indent, declared)
                    done.add(each)

    def step(self, section: str, number: int, step: Step, indent: str, declared: str) -> Iterator[str]:
        if step.op == "draw" and section == "month":
            yield from self.monthly_draw(number, step, indent)
        elif step.op == "draw":
            yield from self.draw(number, step, indent, period="0" if section == "setup" else "year", declared=declared)
        else:
            yield f"{indent}{declared}v{number} = {self.value(step, section)};"

    def value(self, step: Step, section: str) -> str:
        """Print what a step computes; only in the months is a division worth a reciprocal."""
        operands = [self.operand(name) for name in step.args]
        if step.op == "div" and section == "month" and step.args[1] in self.reciprocals:
            return f"over({operands[0]}, {operands[1]}, p[{self.reciprocals[step.args[1]]}])"
        return compiled_text(step, operands)

    def drawn(self, normal: int) -> int:
        """Return the number of the uniform of a normal quantile."""
        steps = (*self.plan.setup, *self.plan.year, *self.plan.month)
        return steps[normal].values()[0]

    def normals(self, batch: tuple[int, ...], indent: str, declared: str) -> Iterator[str]:
        """Take normal quantiles of several uniforms, those of a month and the next at its even one."""
        name = f"z{batch[0]}"
        if batch[0] not in self.ahead:
            uniforms = ", ".join(f"v{self.drawn(number)}" for number in batch)
            yield f"{indent}const auto {name} = normal_quantiles(several({uniforms}));"
            yield from (f"{indent}{declared}v{number} = {name}.of[{place}];" for place, number in enumerate(batch))
            return
        yield from (f"{indent}double v{number} = odd{number};" for number in batch)
        yield f"{indent}if (!(month & 1)) {{"
        for number in batch:
            stream = self.operand(self.steps["month"][self.drawn(number)].args[0])
            yield f"{indent}  const Words w{number} = philox(low, high, {stream}, month >> 1, k0, k1);"
        pairs = (f"uniform(w{number}.w0, w{number}.w1), uniform(w{number}.w2, w{number}.w3)" for number in batch)
        yield f"{indent}  const auto {name} = normal_quantiles(several({', '.join(pairs)}));"
        for place, number in enumerate(batch):
            yield f"{indent}  v{number} = {name}.of[{2 * place}], odd{number} = {name}.of[{2 * place + 1}];"
        yield f"{indent}}}"

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
        """Print the dimension of a draw, as `Plan.dimensions` counts them."""
        draws = [n for section in ("setup", "year") for n, step in self.steps[section].items() if step.op == "draw"]
        once = sum(n in self.steps["setup"] for n in draws)
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
