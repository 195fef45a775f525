"""Plan -> the text of a kernel over lanes: scenarios side by side in short rows, so that a compiler vectorises across them.

A section becomes *stages*: an operation of `WHOLE` is a call on a row, and everything between such calls is fused into one loop
over the lanes. Values that outlive their loop have a row of the scratch array ``w``; all others stay in registers. All lanes are
computed, the last scenarios of a range and those that come after them alike; only results that were asked for are stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.emit import PYTHON
from simcost_kernels.lane_schedule import Schedule
from simcost_kernels.step_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from simcost_kernels.plan import Plan
    from simcost_kernels.stages import Stage

LANES = 128
"""Scenarios side by side: a row is 1 KiB, and the rows of a large model stay well within the second-level cache."""


def lane_text(plan: Plan) -> str:
    """Print a plan as Python text for numba.

    ``kernel(k0, k1, first, n, p, c, t, d, o, horizon, out)`` fills ``out[:, :n]`` with scenarios ``first`` to ``first + n``; all
    whole numbers are uint64. Sobol' points have their table ``q`` before ``horizon``. ``get`` and ``put`` are loads and stores of
    scratch.
    """
    return "\n".join(_Printer(plan).lines()) + "\n"


class _Printer:
    """Prints one plan; ``depth`` counts indentations of four blanks."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.schedule = Schedule(plan)
        self.method = plan.sampling.method

    def lines(self) -> Iterator[str]:
        yield f"# plan {self.plan.digest}"
        yield f"def kernel(k0, k1, first, n, p, c, t, d, o, {'q, ' if self.method == 'sobol' else ''}horizon, out):"
        yield f"    w = empty({self.schedule.n_rows * LANES + 8})"
        yield "    w = w[(uint64(0) - (uint64(w.ctypes.data) >> uint64(3))) & uint64(7):]"  # rows begin with a cache line
        yield from (f"    r{row} = uint64({row * LANES})" for row in range(self.schedule.n_rows))
        yield from (f"    p{i} = p[{i}]" for i in range(len(self.plan.parameters)))
        yield "    done = uint64(0)"
        yield "    while done < n:"
        yield f"        left = min(uint64({LANES}), n - done)"
        yield from self.section("setup", 2)
        yield from self.loop((self.put(f"s{i}", state.initial) for i, state in enumerate(self.plan.state)), 2)
        yield "        month = uint64(0)"
        yield "        while month < horizon:"
        yield from (f"            c{i} = c[{i}, month]" for i in range(len(self.plan.calendar)))
        yield from self.year(3)
        yield from self.section("month", 3)
        yield from self.month_ends(3)
        yield "            month += uint64(1)"
        yield from self.section("final", 2)
        yield from self.outputs(2, monthly=False)
        yield f"        done += uint64({LANES})"
        yield "    finish_stores()"

    def year(self, depth: int) -> Iterator[str]:
        if self.plan.year:
            yield "    " * depth + "if month % uint64(12) == uint64(0):"
            yield from self.section("year", depth + 1)

    def section(self, section: str, depth: int) -> Iterator[str]:
        for stage in self.schedule.stages[section]:
            if len(stage.steps) > 1 and stage.whole:
                yield from ("    " * depth + line for line in self.normals(section, stage))
            elif stage.whole:
                yield "    " * depth + self.call(section, stage.steps[0])
            else:
                yield from self.loop(self.fused(section, stage), depth)

    def loop(self, body: Iterable[str], depth: int) -> Iterator[str]:
        lines = list(body)
        if lines:
            yield "    " * depth + f"for i in range(uint64({LANES})):"
            yield from ("    " * (depth + 1) + line for line in lines)

    def fused(self, section: str, stage: Stage) -> Iterator[str]:
        """Print a loop's steps: each operand is loaded where it is first used, each value stored as soon as it is made."""
        steps = self.schedule.steps[section]
        names = {f"v{number}": steps[number] for number in in_order(steps, stage.steps)}
        local = {name: name for name in names} | {f"t{i}": f"t[{i}]" for i in range(len(self.plan.tables))}

        def load(operand: str) -> Iterator[str]:
            if operand not in local:
                local[operand] = f"{operand}_{stage.steps[0]}" if operand[0] in "vs" else operand
                if operand[0] in "vs":
                    yield f"{local[operand]} = {self.lane(operand)}"

        replaced = {name: state for state, name in self.schedule.in_place.items()}
        read = {operand for step in names.values() for operand in step.args}
        for name, step in names.items():
            for operand in step.args:
                yield from load(operand)
            yield f"{name} = {PYTHON[step.op].format(*(local[operand] for operand in step.args))}"
            if replaced.get(name) in read:  # the state's row is about to be overwritten, and a later step wants it
                yield from load(replaced[name])
            if name in self.schedule.rows:
                yield self.put(name, name, local=True)

    def call(self, section: str, number: int) -> str:
        step = self.schedule.steps[section][number]
        target = self.place(self.schedule.rows[f"v{number}"])
        if step.op == "draw":
            return self.draw(section, number, target)
        numbers = [argument for argument in step.args if argument[0] != "t"]
        filled = [self.filled(argument, copy) for argument, copy in zip(numbers, self.schedule.copies, strict=False)]
        calls, sources = "".join(call for call, _ in filled), [source for _, source in filled]
        sources += [f"t[{argument[1:]}]" for argument in step.args if argument[0] == "t"]
        return f"{calls}{step.op}_row(w, {target}, {self.place(self.schedule.spare)}, {', '.join(sources)})"

    def normals(self, section: str, stage: Stage) -> Iterator[str]:
        """Take the quantiles of several rows: their tails lie one after the other in the spare rows."""
        steps = self.schedule.steps[section]
        rows = {f"v{number}": self.place(self.schedule.rows[steps[number].args[0]]) for number in stage.steps}
        begin = self.place(self.schedule.spare)
        yield from (f"tails = gather_tails(w, {u}, {'tails' if place else begin})" for place, u in enumerate(rows.values()))
        yield f"tail_quantiles(w, {begin}, tails)"
        for place, (name, u) in enumerate(rows.items()):
            yield f"tails = put_normals(w, {self.place(self.schedule.rows[name])}, {u}, {'tails' if place else begin})"

    def draw(self, section: str, number: int, target: str) -> str:
        if self.method == "sobol" and section != "month":
            return f"sobol_row(q, first + done, {self.dimension(section, number)}, w, {target})"
        start = f"k0, k1, first + done, d[{self.schedule.steps[section][number].args[0][1:]}]"
        period = {"setup": "uint64(0)", "year": "month // uint64(12)", "month": "month"}[section]
        drawn = f"draw_row({start}, {period}, w, {target})"
        if section == "month":
            drawn = f"draw_month_row({start}, month, w, {target}, {self.place(self.schedule.odd[number])})"
        return drawn if self.method == "random" else f"{drawn}; stratify_row({start}, {period}, w, {target})"

    def dimension(self, section: str, number: int) -> str:
        """Print the dimension of a draw, as `simcost_kernels.sampling.dimensions` counts them."""
        draws = {name: [n for n, step in self.schedule.steps[name].items() if step.op == "draw"] for name in ("setup", "year")}
        if section == "setup":
            return f"uint64({draws['setup'].index(number)})"
        return f"month // uint64(12) * uint64({len(draws['year'])}) + uint64({len(draws['setup']) + draws['year'].index(number)})"

    def month_ends(self, depth: int) -> Iterator[str]:
        """Record the month and carry all states at once: one may go on with another's old value."""
        yield from self.outputs(depth, monthly=True)
        states = {i: state for i, state in enumerate(self.plan.state) if f"s{i}" not in self.schedule.in_place}
        taken = [f"n{i} = {self.lane(state.next)}" for i, state in states.items()]
        carried = [self.put(f"s{i}", f"n{i}", local=True) for i in states]
        yield from self.loop([*taken, *carried], depth)

    def outputs(self, depth: int, *, monthly: bool) -> Iterator[str]:
        """Copy results row by row: stores to many columns in one loop would neither vectorise nor share the cache."""
        for place, output in enumerate(self.plan.outputs):
            if output.monthly == monthly:
                filled, row = self.filled(output.value, self.schedule.copies[0])
                yield "    " * depth + f"{filled}out_row(left, w, {row}, out, o[{place}]{' + month' if monthly else ''}, done)"

    def filled(self, operand: str, copy: int) -> tuple[str, str]:
        """Return the place of an operand's row, and what fills a copy first if the operand is the same for all lanes."""
        if operand in self.schedule.rows:
            return "", self.place(self.schedule.rows[operand])
        return f"fill_row(w, {self.place(copy)}, {self.lane(operand)}); ", self.place(copy)

    def put(self, target: str, value: str, *, local: bool = False) -> str:
        return f"put(w, {self.place(self.schedule.rows[target])}, i, {value if local else self.lane(value)})"

    def lane(self, operand: str) -> str:
        """Print an operand that comes from outside a loop."""
        return f"get(w, {self.place(self.schedule.rows[operand])}, i)" if operand[0] in "vs" else operand

    @staticmethod
    def place(row: int) -> str:
        """Print where a row begins: a variable, since numba would infer the types of a call anew for every literal."""
        return f"r{row}"
