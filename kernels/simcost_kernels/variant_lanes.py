"""Plan -> the text of a kernel over lanes for many variants at once: what they share is done once (see `guards`).

A tile of scenarios goes through all variants before the next one begins, so that what they share stays in the cache. The values
of a guard that others want have rows of their own; those of a year or a month are put away, each year's and each month's apart,
and fetched by the variants that do not enter the guard.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from simcost_kernels.guards import guards
from simcost_kernels.lane_schedule import Schedule
from simcost_kernels.lanes import LANES, LanePrinter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost_kernels.plan import Plan


def variant_lane_text(plan: Plan) -> str:
    """Print a plan as Python text for numba that runs many variants of its parameters.

    ``kernel(k0, k1, first, n, p, entered, c, t, d, o, horizon, out)``, where ``p`` has a row of parameters for each variant,
    ``entered`` is what `guards.to_enter` says of them, and ``out[i * n_columns : (i + 1) * n_columns, :n]`` are the columns of
    variant i. All else is as in `simcost_kernels.lanes.lane_text`.
    """
    return "\n".join(_VariantPrinter(plan).lines()) + "\n"


class _VariantPrinter(LanePrinter):
    """Prints one plan with its guards."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, Schedule(plan, guards(plan)))

    def lines(self) -> Iterator[str]:
        table, kept = "q, " if self.method == "sobol" else "", self.schedule.kept
        yield f"# variants of plan {self.plan.digest}"
        yield f"def kernel(k0, k1, first, n, p, entered, c, t, d, o, {table}horizon, out):"
        yield f"    yearly = uint64({self.schedule.n_rows})"
        yield f"    monthly = yearly + (horizon + uint64(11)) // uint64(12) * uint64({len(kept['year'])})"
        yield f"    rows = monthly + horizon * uint64({len(kept['month'])})"
        yield from self.scratch(f"rows * uint64({LANES}) + uint64(8)")
        yield from self.tiles(self.variants())

    def variants(self) -> Iterator[str]:
        """Take the lanes through one variant after the other."""
        yield "        variant = uint64(0)"
        yield "        while variant < uint64(len(p)):"
        yield "            begin = variant * (uint64(len(out)) // uint64(len(p)))"
        yield from self.numbers("p[variant, {}]", 3)
        yield from self.scenarios(3)
        yield "            variant += uint64(1)"

    def section(self, section: str, depth: int) -> Iterator[str]:
        """Print the stages of a section, those of a guard under its condition."""
        margin, guard = "    " * depth, self.schedule.guard
        for number, stages in groupby(self.schedule.stages[section], lambda stage: guard.get(stage.steps[0])):
            if number is None:
                for stage in stages:
                    yield from self.stage(section, stage, depth)
                continue
            yield f"{margin}if entered[variant, {number}]:"
            for stage in stages:
                yield from self.stage(section, stage, depth + 1)
            if copies := list(self.copies(section, number)):
                yield from (f"{margin}    copy_row(w, {away}, {row})" for row, away in copies)
                yield f"{margin}else:"
                yield from (f"{margin}    copy_row(w, {row}, {away})" for row, away in copies)

    def copies(self, section: str, guard: int) -> Iterator[tuple[str, str]]:
        """Return the rows of a guard in a year or a month, with where they are put away."""
        kept = self.schedule.kept[section] if section != "setup" else []
        first = {"year": "yearly + month // uint64(12)", "month": "monthly + month"}.get(section)
        for place, name in enumerate(kept):
            if self.schedule.guard[int(name[1:])] == guard:
                away = f"({first} * uint64({len(kept)}) + uint64({place})) * uint64({LANES})"
                yield self.place(self.schedule.rows[name]), away

    def column(self, output: int) -> str:
        """Print the first column of an output of the variant."""
        return f"begin + o[{output}]"
