"""Plan -> the text of a kernel over lanes for many variants at once: what they share is done once (see `guards`).

A tile of scenarios goes through all variants before the next one begins, so that what they share stays in the cache. The values
of a guard that others want have rows of their own; those of a year or a month are put away, each year's and each month's apart,
and fetched by the variants that do not enter the guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.guards import guards
from simcost_kernels.lane_schedule import Schedule
from simcost_kernels.lanes import STRIDE, LanePrinter, constants, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simcost_kernels.plan import Plan
    from simcost_kernels.stages import Stage


def variant_lane_text(plan: Plan) -> str:
    """Print a plan as Python text for numba that runs many variants of its parameters.

    ``kernel(k0, k1, first, n, p, entered, c, t, d, o, horizon, out)``, where ``p`` has a row of parameters for each variant,
    ``entered`` is what `guards.to_enter` says of them, and ``out[i * n_columns : (i + 1) * n_columns, :n]`` are the columns of
    variant i. All else is as in `simcost_kernels.lanes.lane_text`.
    """
    return "\n".join(_VariantPrinter(plan).lines()) + "\n"


class _VariantPrinter(LanePrinter):
    """Prints one plan with its guards, those of each section in a function of their own."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, Schedule(plan, guards(plan)))
        self.parts: list[str] = []
        table = ["q"] if self.method == "sobol" else []
        self.given = ", ".join(["p", "entered", "c", "t", "d", "o", *table, "horizon", "out"])

    def lines(self) -> Iterator[str]:
        """Print the whole text; numba's time grows faster than the length of a function, so the guards come apart."""
        kept = self.schedule.kept
        body = list(self.tiles(self.variants()))
        yield f"# variants of plan {self.plan.digest}"
        yield from constants([*body, *self.parts])
        yield f"n_parameters = uint64({len(self.plan.parameters)})"
        yield f"def kernel(k0, k1, first, n, {self.given}):"
        yield f"    yearly = uint64({self.schedule.n_rows})"
        yield f"    monthly = yearly + (horizon + uint64(11)) // uint64(12) * uint64({len(kept['year'])})"
        yield f"    rows = monthly + horizon * uint64({len(kept['month'])})"
        yield from self.scratch(f"rows * uint64({STRIDE}) + uint64(8)")
        yield from body
        yield from self.parts

    def variants(self) -> Iterator[str]:
        """Take the lanes through one variant after the other."""
        yield "        variant = uint64(0)"
        yield "        while variant < uint64(len(p)):"
        yield "            begin = variant * (uint64(len(out)) // uint64(len(p)))"
        yield "            own = variant * n_parameters"
        yield from self.scenarios(3)
        yield "            variant += uint64(1)"

    def section(self, section: str, depth: int) -> Iterator[str]:
        """Print the stages of a section: a call of the function of its guards if there is one to enter, and all that has none."""
        margin, number = "    " * depth, self.schedule.guard
        guarded: dict[int, list[Stage]] = {}
        for stage in self.schedule.stages[section]:
            if (guard := number.get(stage.steps[0])) is not None:
                guarded.setdefault(guard, []).append(stage)
        if guarded:
            self.parts += self.part(section, [line for guard in guarded for line in self.guarded(section, guard, guarded[guard])])
            for guard, row, away in self.kept(section):
                yield f"{margin}if not entered[variant, {guard}]: copy_row(w, {row}, {away})"
            yield f"{margin}if {' | '.join(f'entered[variant, {guard}]' for guard in guarded)}:"
            yield f"{margin}    {section}_guards({self.arguments('uint64(0)' if section == 'setup' else 'month')})"
            for guard, row, away in self.kept(section):
                yield f"{margin}if entered[variant, {guard}]: copy_row(w, {away}, {row})"
        for stage in self.schedule.stages[section]:
            if stage.steps[0] not in number:
                yield from self.stage(section, stage, depth)

    def arguments(self, month: str) -> str:
        """Print what the function of some guards is given; it takes a while, since numba passes every array in its parts."""
        return f"k0, k1, first, done, w, variant, {self.given.replace('horizon', month)}"

    def part(self, section: str, body: Sequence[str]) -> Iterator[str]:
        """Print the function of the guards of a section."""
        yield from ("", "", "@row_function", f"def {section}_guards({self.arguments('month')}):")
        yield "    own = variant * n_parameters"
        yield from (f"    c{number} = c[{number}, month]" for number in named(body, "c"))
        yield from body

    def guarded(self, section: str, guard: int, stages: Sequence[Stage]) -> Iterator[str]:
        """Print the stages of a guard under its condition."""
        yield f"    if entered[variant, {guard}]:"
        for stage in stages:
            yield from self.stage(section, stage, 2)

    def kept(self, section: str) -> Iterator[tuple[int, str, str]]:
        """Yield the guards of a year or a month with the rows that they keep, and where these are put away."""
        kept = self.schedule.kept[section] if section != "setup" else []
        first = {"year": "yearly + month // uint64(12)", "month": "monthly + month"}.get(section)
        for place, name in enumerate(kept):
            away = f"({first} * uint64({len(kept)}) + uint64({place})) * uint64({STRIDE})"
            yield self.schedule.guard[int(name[1:])], self.place(self.schedule.rows[name]), away

    def column(self, output: int) -> str:
        """Print the first column of an output of the variant."""
        return f"begin + o[{output}]"

    def parameter(self, number: int) -> str:
        """Print where a parameter of the variant is fetched from."""
        return f"get_entry(p, own + at{number})"
