"""Plan -> the text of a kernel over arrays for many variants at once: what they share is done once (see `guards`).

Python's variables keep a guard's values from one variant to the next. Those of a year or a month, which the next one replaces,
are kept by guard and period, and fetched by the variants that do not enter the guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost_kernels.emit import carry, indented, operand, outputs, section_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost_kernels.guards import Guard
    from simcost_kernels.plan import Plan

PERIOD = {"year": "year", "month": "month"}
"""What tells the periods of a section apart, if it has several."""


def python_variants_text(plan: Plan, guards: Sequence[Guard]) -> str:
    """Print a plan as one Python function over arrays of scenarios that runs many variants of its parameters.

    ``kernel(variants, entered, c, t, d, o, horizon, draw, outs)`` gets the parameters of each variant, what `guards.to_enter`
    says of them, and an array for the columns of each; all else is as in `simcost_kernels.emit.python_text`.
    """
    lines = [
        f"# variants of plan {plan.digest}",
        "def kernel(variants, entered, c, t, d, o, horizon, draw, outs):",
        "    kept = {}",
    ]
    lines += ["    for p, enters, out in zip(variants, entered, outs):"]
    lines += indented(_section(plan, guards, "setup"), 2)
    lines += indented((f"s{i} = {operand(state.initial)}" for i, state in enumerate(plan.state)), 2)
    lines += ["        for month in range(horizon):", "            year = month // 12", "            if month % 12 == 0:"]
    lines += [*indented(_section(plan, guards, "year"), 4), "                pass"]
    lines += indented(_section(plan, guards, "month"), 3)
    lines += indented(outputs(plan, monthly=True), 3)
    lines += indented(carry(plan), 3)
    lines += indented(_section(plan, guards, "final"), 2)
    lines += indented(outputs(plan, monthly=False), 2)
    return "\n".join(lines) + "\n"


def _section(plan: Plan, guards: Sequence[Guard], section: str) -> Iterator[str]:
    """Print a section: its guards, each under its condition, then all that has none."""
    lines = dict(zip(plan.numbered()[section], section_lines(plan, section), strict=True))
    for place, guard in enumerate(guards):
        if guard.section == section:
            yield from _guarded(place, guard, [lines.pop(number) for number in guard.steps])
    yield from lines.values()


def _guarded(place: int, guard: Guard, lines: Iterable[str]) -> Iterator[str]:
    yield f"if enters[{place}]:"
    yield from indented(lines, 1)
    period = PERIOD.get(guard.section)
    if period and guard.kept:
        values = "".join(f"v{number}, " for number in guard.kept)
        yield f"    kept[{place}, {period}] = {values}"
        yield "else:"
        yield f"    {values}= kept[{place}, {period}]"
