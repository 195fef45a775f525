"""Plan -> the text of a kernel over lanes: scenarios side by side in short rows, so that a compiler vectorises across them.

A section becomes *stages*: an operation of `WHOLE` is a call on a row, and everything between such calls is fused into one loop
over the lanes. Values that outlive their loop have a row of the scratch array ``w``; all others stay in registers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.emit import PYTHON
from simcost_kernels.lives import Life, Lives, share_rows
from simcost_kernels.plan import SECTIONS
from simcost_kernels.stages import stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from simcost_kernels.plan import Plan, Step
    from simcost_kernels.stages import Stage

LANES = 128
"""Scenarios side by side: a row is 1 KiB, and the rows of a large model stay well within the second-level cache."""


MOST_ASKED_FOR = 8
"""Columns whose memory is asked for ahead: more would drive the rows out of the first-level cache."""


class Schedule:
    """The stages of a plan, and the rows of its values.

    Attributes
    ----------
    steps, stages
        By section.
    rows
        Row by operand: every state, and every value that is used outside its own loop.
    in_place
        By state: the value that it becomes, where that is put into the state's own row.
    odd
        Row by step: the uniforms that a monthly draw keeps for the odd month that follows.
    copies
        Three rows for arguments that are the same for all lanes.
    spare
        The first of nine rows that any operation may overwrite.
    """

    def __init__(self, plan: Plan) -> None:
        self.steps: dict[str, dict[int, Step]] = {}
        self.stages: dict[str, tuple[Stage, ...]] = {}
        first = 0
        for section in SECTIONS:
            own = getattr(plan, section)
            self.steps[section] = dict(enumerate(own, start=first))
            self.stages[section] = stages(self.steps[section], range(first))
            first += len(own)
        kept = [f"s{i}" for i in range(len(plan.state))]
        monthly = [number for number, step in self.steps["month"].items() if step.op == "draw"]
        first = len(kept) + len(monthly)
        self.in_place = in_place(plan, self.steps["month"], self.stages["month"])
        lives = {name: life for name, life in self._lives(plan).items() if name not in self.in_place.values()}
        shared = share_rows(lives, first=first + 12)
        self.rows = {name: row for row, name in enumerate(kept)} | shared
        self.rows |= {name: self.rows[state] for state, name in self.in_place.items()}
        self.odd = {number: len(kept) + place for place, number in enumerate(monthly)}
        self.copies, self.spare = (first, first + 1, first + 2), first + 3
        self.n_rows = first + 12 + len(set(shared.values()))

    def _lives(self, plan: Plan) -> dict[str, Life]:
        """Return the lives of the values that are wanted outside their own loop."""
        lives = Lives()
        for section in SECTIONS:
            for stage in self.stages[section]:
                self._live(lives, section, stage)
            for name in _wanted_at_end(plan, section):
                lives.use(name, section)
            lives.end(section)
        return lives.found()

    def _live(self, lives: Lives, section: str, stage: Stage) -> None:
        own = {f"v{number}" for number in stage.steps}
        for number in stage.steps:
            for operand in self.steps[section][number].args:
                if operand[0] == "v" and operand not in own:
                    lives.use(operand, section)
        for name in (f"v{number}" for number in stage.steps):
            lives.make(name, section, always=stage.whole)
        lives.step()


def in_place(plan: Plan, steps: Mapping[int, Step], stages: Sequence[Stage]) -> dict[str, str]:
    """Return the states that need no copy at the end of a month, with the values that they become.

    Such a value is made in a loop over the lanes, which loads before it stores, and nothing wants the old state after that loop.
    Sums over the months are most of a plan's states: without their copies a scenario of twelve blocks takes a fifth less time.
    """
    made = {f"v{number}": place for place, stage in enumerate(stages) for number in stage.steps if not stage.whole}
    last = {
        operand: place
        for place, stage in enumerate(stages)
        for number in stage.steps
        for operand in steps[number].args
        if operand[0] == "s"
    }
    kept = {state.next for state in plan.state} | {output.value for output in plan.outputs if output.monthly}
    found: dict[str, str] = {}
    for i, state in enumerate(plan.state):
        name = f"s{i}"
        free = name not in kept and state.next in made and state.next not in found.values()
        if free and last.get(name, 0) <= made[state.next]:
            found[name] = state.next
    return found


def _wanted_at_end(plan: Plan, section: str) -> list[str]:
    """Return the values that are taken when a section is through: what states begin with and become, and what is recorded."""
    names = {
        "setup": [state.initial for state in plan.state],
        "month": [state.next for state in plan.state] + [output.value for output in plan.outputs if output.monthly],
        "final": [output.value for output in plan.outputs if not output.monthly],
    }
    return [name for name in names.get(section, []) if name[0] == "v"]


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
        yield "    line = (uint64(0) - (uint64(w.ctypes.data) >> uint64(3))) & uint64(7)"  # rows begin with a cache line
        yield from (f"    r{row} = line + uint64({row * LANES})" for row in range(self.schedule.n_rows))
        yield from (f"    p{i} = p[{i}]" for i in range(len(self.plan.parameters)))
        yield "    done = uint64(0)"
        yield "    while done < n:"
        yield f"        m = min(uint64({LANES}), n - done)"
        yield from self.section("setup", 2)
        yield from self.loop((self.put(f"s{i}", state.initial) for i, state in enumerate(self.plan.state)), 2)
        yield "        month = uint64(0)"
        yield "        while month < horizon:"
        yield from (f"            c{i} = c[{i}, month]" for i in range(len(self.plan.calendar)))
        yield from (f"            ask_row(m, out, o[{place}] + month, done)" for place in self.asked_for())
        yield from self.year(3)
        yield from self.section("month", 3)
        yield from self.month_ends(3)
        yield "            month += uint64(1)"
        yield from self.section("final", 2)
        yield from self.outputs(2, monthly=False)
        yield f"        done += uint64({LANES})"

    def asked_for(self) -> list[int]:
        """Return the monthly outputs whose memory is fetched while the month is computed."""
        return [place for place, output in enumerate(self.plan.outputs) if output.monthly][:MOST_ASKED_FOR]

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
            yield "    " * depth + "for i in range(m):"
            yield from ("    " * (depth + 1) + line for line in lines)

    def fused(self, section: str, stage: Stage) -> Iterator[str]:
        steps = {f"v{number}": self.schedule.steps[section][number] for number in stage.steps}
        outer = dict.fromkeys(operand for step in steps.values() for operand in step.args if operand not in steps)
        local = {operand: f"{operand}_{stage.steps[0]}" if operand[0] in "vs" else operand for operand in outer}
        yield from (f"{local[operand]} = {self.lane(operand)}" for operand in outer if operand[0] in "vs")
        local |= {name: name for name in steps} | {f"t{i}": f"t[{i}]" for i in range(len(self.plan.tables))}
        for name, step in steps.items():
            yield f"{name} = {PYTHON[step.op].format(*(local[operand] for operand in step.args))}"
        yield from (self.put(name, name, local=True) for name in steps if name in self.schedule.rows)

    def call(self, section: str, number: int) -> str:
        step = self.schedule.steps[section][number]
        target = self.place(self.schedule.rows[f"v{number}"])
        if step.op == "draw":
            return self.draw(section, number, target)
        numbers = [argument for argument in step.args if argument[0] != "t"]
        filled = [self.filled(argument, copy) for argument, copy in zip(numbers, self.schedule.copies, strict=False)]
        calls, sources = "".join(call for call, _ in filled), [source for _, source in filled]
        sources += [f"t[{argument[1:]}]" for argument in step.args if argument[0] == "t"]
        return f"{calls}{step.op}_row(m, w, {target}, {self.place(self.schedule.spare)}, {', '.join(sources)})"

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
            return f"sobol_row(q, first + done, m, {self.dimension(section, number)}, w, {target})"
        start = f"k0, k1, first + done, m, d[{self.schedule.steps[section][number].args[0][1:]}]"
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
                yield "    " * depth + f"{filled}out_row(m, w, {row}, out, o[{place}]{' + month' if monthly else ''}, done)"

    def filled(self, operand: str, copy: int) -> tuple[str, str]:
        """Return the place of an operand's row, and what fills a copy first if the operand is the same for all lanes."""
        if operand in self.schedule.rows:
            return "", self.place(self.schedule.rows[operand])
        return f"fill_row(m, w, {self.place(copy)}, {self.lane(operand)}); ", self.place(copy)

    def put(self, target: str, value: str, *, local: bool = False) -> str:
        return f"put(w, {self.place(self.schedule.rows[target])}, i, {value if local else self.lane(value)})"

    def lane(self, operand: str) -> str:
        """Print an operand that comes from outside a loop."""
        return f"get(w, {self.place(self.schedule.rows[operand])}, i)" if operand[0] in "vs" else operand

    @staticmethod
    def place(row: int) -> str:
        """Print where a row begins: a variable, since numba would infer the types of a call anew for every literal."""
        return f"r{row}"
