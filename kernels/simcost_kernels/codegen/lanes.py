"""Plan -> the text of a kernel over lanes: scenarios side by side in short rows, so that a compiler vectorises across them.

A section becomes *stages*: an operation of `WHOLE` is a call on a row, and everything between such calls is fused into one loop
over the lanes. Values that outlive their loop have a row of the scratch array ``w``; all others stay in registers. All lanes are
computed, the last scenarios of a range and those that come after them alike; only results that were asked for are stored.

A variable of a compiled function that lives through many of its loops costs LLVM a walk through all of them, so there are few:
places are constants beside the function, and each loop fetches the parameters that it wants.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simcost_kernels.codegen.emit import compiled_text
from simcost_kernels.codegen.lane_schedule import Schedule
from simcost_kernels.codegen.step_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost_kernels.codegen.stages import Stage
    from simcost_kernels.plan import Plan

LANES = 128
"""Scenarios side by side: a row is 1 KiB, and the rows of a large model stay well within the second-level cache."""

STRIDE = LANES + 8
"""From one row of scratch to the next: a cache line more. A lane of rows that are a power of two apart is at addresses with the
same low bits: they share few places of the first cache, and a load waits for a store to another row. That took a sixth of the
time.
"""


def lane_text(plan: Plan) -> str:
    """Print a plan as Python text for numba.

    ``kernel(k0, k1, first, n, p, c, t, d, o, horizon, out)`` fills ``out[:, :n]`` with scenarios ``first`` to ``first + n``; all
    whole numbers are uint64. Sobol' points have their table ``q`` before ``horizon``. ``get`` and ``put`` are loads and stores of
    scratch.
    """
    return "\n".join(LanePrinter(plan, Schedule(plan)).lines()) + "\n"


class LanePrinter:
    """Prints one plan; ``depth`` counts indentations of four blanks."""

    def __init__(self, plan: Plan, schedule: Schedule) -> None:
        self.plan = plan
        self.schedule = schedule
        self.method = plan.sampling.method

    def lines(self) -> Iterator[str]:
        """Print the whole text."""
        table = "q, " if self.method == "sobol" else ""
        body = list(self.tiles())
        yield f"# plan {self.plan.digest}"
        yield from constants(body)
        yield f"def kernel(k0, k1, first, n, p, c, t, d, o, {table}horizon, out):"
        yield f"    w = empty({self.schedule.n_rows * STRIDE + 8})"
        yield "    w = w[(uint64(0) - (uint64(w.ctypes.data) >> uint64(3))) & uint64(7):]  # rows begin with a cache line"
        yield from body

    def tiles(self) -> Iterator[str]:
        """Go through the range, so many scenarios at a time as there are lanes."""
        yield "    done = uint64(0)"
        yield "    while done < n:"
        yield f"        left = min(uint64({LANES}), n - done)"
        yield from self.scenarios(2)
        yield f"        done += uint64({LANES})"
        yield "    finish_stores()"

    def scenarios(self, depth: int) -> Iterator[str]:
        """Take the lanes through all months."""
        margin = "    " * depth
        yield from self.section("setup", depth)
        yield from self.loop((self.put(f"s{i}", state.initial) for i, state in enumerate(self.plan.state)), depth)
        yield f"{margin}month = uint64(0)"
        yield f"{margin}while month < horizon:"
        yield from self.month(depth + 1)
        yield f"{margin}    month += uint64(1)"
        yield from self.section("final", depth)
        yield from self.outputs(depth, monthly=False)

    def month(self, depth: int) -> Iterator[str]:
        """Take the lanes through one month."""
        yield from ("    " * depth + f"c{i} = c[{i}, month]" for i in range(len(self.plan.calendar)))
        yield from self.year(depth)
        yield from self.section("month", depth)
        yield from self.month_ends(depth)

    def year(self, depth: int) -> Iterator[str]:
        """Print what is done in the first month of a year."""
        if self.plan.year:
            yield "    " * depth + "if month % uint64(12) == uint64(0):"
            yield from self.section("year", depth + 1)

    def section(self, section: str, depth: int) -> Iterator[str]:
        """Print the stages of a section."""
        for stage in self.schedule.stages[section]:
            yield from self.stage(section, stage, depth)

    def stage(self, section: str, stage: Stage, depth: int) -> Iterator[str]:
        """Print calls on rows, or a loop."""
        if len(stage.steps) > 1 and stage.whole:
            yield from ("    " * depth + line for line in self.normals(section, stage))
        elif stage.whole:
            yield "    " * depth + self.call(section, stage.steps[0])
        else:
            yield from self.loop(self.fused(section, stage), depth)

    def loop(self, body: Iterable[str], depth: int) -> Iterator[str]:
        """Print a loop over the lanes with the parameters that it wants, unless there is nothing to do in it."""
        lines = list(body)
        if lines:
            yield from ("    " * depth + f"p{number} = {self.parameter(number)}" for number in named(lines, "p"))
            yield "    " * depth + "for i in range(LANES):"
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
            yield f"{name} = {compiled_text(step, [local[operand] for operand in step.args])}"
            if replaced.get(name) in read:  # the state's row is about to be overwritten, and a later step wants it
                yield from load(replaced[name])
            if name in self.schedule.rows:
                yield self.put(name, name, local=True)

    def call(self, section: str, number: int) -> str:
        """Print an operation on whole rows."""
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
        """Take the quantiles of several rows: their tails lie one after the other in the spare rows.

        Each place has a name of its own: numba's time grows with the square of how often one is assigned.
        """
        steps = self.schedule.steps[section]
        rows = {f"v{number}": self.place(self.schedule.rows[steps[number].args[0]]) for number in stage.steps}
        begin = self.place(self.schedule.spare)
        places = [begin, *(f"tails{number}" for number in stage.steps)]
        centres = []
        for place, (name, u) in enumerate(rows.items()):
            z = self.place(self.schedule.rows[name])
            yield f"{places[place + 1]} = gather_tails(w, {z}, {u}, {places[place]})"
            centres.append(f"centre_quantiles(w, {z}, {u})")
        yield f"tail_quantiles(w, {begin}, {places[-1]})"
        yield from centres
        yield f"put_tails(w, {begin}, {places[-1]})"

    def draw(self, section: str, number: int, target: str) -> str:
        """Print the draw of a row of uniforms."""
        if self.method == "sobol" and section != "month":
            return f"sobol_row(q, first + done, {self.dimension(section, number)}, w, {target})"
        start = f"k0, k1, first + done, d[{self.schedule.steps[section][number].args[0][1:]}]"
        period = {"setup": "uint64(0)", "year": "month // uint64(12)", "month": "month"}[section]
        drawn = f"draw_row({start}, {period}, w, {target})"
        if section == "month":
            drawn = f"draw_month_row({start}, month, w, {target}, {self.place(self.schedule.odd[number])})"
        return drawn if self.method == "random" else f"{drawn}; stratify_row({start}, {period}, w, {target})"

    def dimension(self, section: str, number: int) -> str:
        """Print the dimension of a draw, as `Plan.dimensions` counts them."""
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
                column = f"o[{place}]" + (" + month" if monthly else "")
                yield "    " * depth + f"{filled}out_row(left, w, {row}, out, {column}, done)"

    def filled(self, operand: str, copy: int) -> tuple[str, str]:
        """Return the place of an operand's row, and what fills a copy first if the operand is the same for all lanes."""
        if operand in self.schedule.rows:
            return "", self.place(self.schedule.rows[operand])
        value = self.parameter(int(operand[1:])) if operand[0] == "p" else operand
        return f"fill_row(w, {self.place(copy)}, {value}); ", self.place(copy)

    def put(self, target: str, value: str, *, local: bool = False) -> str:
        """Print the store of a value; a ``local`` one has a name in this loop."""
        return f"put(w, {self.place(self.schedule.rows[target])}, i, {value if local else self.lane(value)})"

    def lane(self, operand: str) -> str:
        """Print an operand that comes from outside a loop."""
        return f"get(w, {self.place(self.schedule.rows[operand])}, i)" if operand[0] in "vs" else operand

    def parameter(self, number: int) -> str:
        """Print where a parameter is fetched from."""
        return f"get_entry(p, at{number})"

    def place(self, row: int) -> str:
        """Print where a row begins: a name, since numba would infer the types of a call anew for every literal."""
        return f"r{row}"


def constants(lines: Sequence[str]) -> Iterator[str]:
    """Print the whole numbers that lines name: where rows begin and where parameters stand."""
    yield f"LANES = uint64({LANES})"
    yield from (f"r{row} = uint64({row * STRIDE})" for row in named(lines, "r"))
    yield from (f"at{number} = uint64({number})" for number in named(lines, "at"))


def named(lines: Iterable[str], kind: str) -> list[int]:
    """Return the numbers of the names of a kind in lines, in order."""
    return sorted({int(number) for line in lines for number in re.findall(rf"\b{kind}(\d+)\b", line)})
