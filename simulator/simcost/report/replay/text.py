"""What ``simcost replay`` prints for people: one future, its total, what was drawn, and every month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from simcost.analysis.budgets.exceeded import TO_DATE
from simcost.report.parts.estimate_document import percentile_key
from simcost.report.parts.heading import METHODS, heading
from simcost.report.parts.money import decimals_for, money
from simcost.report.parts.months_across import months_across, names_table
from simcost.report.parts.number import number
from simcost.report.parts.page import Page
from simcost.report.parts.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.table import Table

    from simcost.analysis.future import Course, Future, InputCourse
    from simcost.report.replay.answer import Replay
    from simcost_kernels.arrays import Array

WIDTH = 80
"""Columns where the output is no terminal, and the fewest: months that do not fit beside each other go below."""

MEDIAN, FAR = 50.0, 30.0
"""In percent: a draw beyond P20 and P80 is worth naming; one of two and a half is."""

MOST_NAMED = 3

WITHIN, OVER = "", "over"


def replay_page(replay: Replay) -> Page:
    """Arrange one future for a terminal or a notebook."""
    sentences, notes = tuple(_sentences(replay)), tuple(_notes(replay))
    return Page(
        heading(replay.scenario),
        sentences,
        replay.warnings,
        lambda width: _tables(replay, width),
        notes,
        narrowest=WIDTH,
        pipe=WIDTH,
    )


def total_sentence(replay: Replay) -> str:
    """Say what this future costs, and whether the result file says the same."""
    told, currency = replay.future, replay.scenario.currency
    decimals = decimals_for([told.total])
    said = f"Total: {money(told.total, decimals)} {currency}"
    if replay.matches is not None:
        stored = "the same to the last bit" if replay.matches else f"where the file has {replay.stored!r}, not {told.total!r}"
        said += f"; {replay.path}: {stored}"
    return f"{said}."


def _sentences(replay: Replay) -> Iterator[str]:
    told, currency = replay.future, replay.scenario.currency
    drawn = f"seed {told.seed}, {METHODS[replay.method]}"
    yield f"Scenario {told.number:,} ({drawn}), recomputed by simcost {replay.version}"
    yield total_sentence(replay)
    if replay.near:
        near = replay.near
        at = f"{percentile_key(near.percentile).upper()}, {_sum(near.value, currency)}"
        yield f"Of {near.searched:,} scenarios it is the nearest to {at}."
    if told.breach is not None and replay.approved is not None:
        yield f"Approved: {_sum(replay.approved, currency)}; {_exceeded(replay)}."
    yield from _furthest_out(replay)


def _exceeded(replay: Replay) -> str:
    found = replay.exceeded
    if found is None:
        return "never exceeded"
    if not found.part:
        return f"exceeded in {found.month}"
    part = found.part if found.part == TO_DATE else f"of {found.part}"
    return f"the {_sum(found.approved, replay.scenario.currency)} {part} are exceeded in {found.month}"


def _sum(value: float, currency: str) -> str:
    return f"{money(value, decimals_for([value]))} {currency}"


def _furthest_out(replay: Replay) -> Iterator[str]:
    """Name the draws that make this future what it is: those farthest from their medians, of inputs that are drawn once."""
    once = [each for each in replay.future.inputs if len(each.percentiles) == 1]
    far = sorted(once, key=lambda each: -abs(each.percentiles[0] - MEDIAN))[:MOST_NAMED]
    named = [f"{each.name} at {_percentile(each)}" for each in far if abs(each.percentiles[0] - MEDIAN) >= FAR]
    if named:
        yield f"Furthest out: {', '.join(named)}."


def _tables(replay: Replay, width: int) -> Iterator[Table]:
    yield from months_across("cost by month", _cost_rows(replay), replay.future.month_names, width)
    if len(replay.future.categories) < len(replay.future.lines):
        yield from months_across("by category", _category_rows(replay), replay.future.month_names, width)
    held = [*_drawn_rows(replay), *_certain_rows(replay), *_steady_rows(replay)]
    if held:
        yield _held(held)
    changing = [_number_row(each) for each in (*replay.future.inputs, *replay.future.drivers) if not _is_steady(each)]
    if changing:
        yield from months_across("changing by month", changing, replay.future.month_names, width)


def _cost_rows(replay: Replay) -> list[tuple[str, list[str]]]:
    """Rows of money: every line, the month, to date; and where the budget is exceeded."""
    told = replay.future
    courses = [(line.name, line.values) for line in told.lines]
    rows = _money_rows(told, [*courses, ("all lines", told.months), ("to date", told.cumulative)])
    if told.breach is not None and told.breach.any():
        rows.append(("budget", [OVER if each else WITHIN for each in told.breach.tolist()]))
    return rows


def _category_rows(replay: Replay) -> list[tuple[str, list[str]]]:
    """Rows of money: every category, and the month."""
    told = replay.future
    return _money_rows(told, [*((each.name, each.values) for each in told.categories), ("all categories", told.months)])


def _money_rows(told: Future, courses: Iterable[tuple[str, Array]]) -> list[tuple[str, list[str]]]:
    decimals = decimals_for(told.cumulative.tolist())
    return [(name, [money(value, decimals) for value in values.tolist()]) for name, values in courses]


def _number_row(course: Course) -> tuple[str, list[str]]:
    name = course.name if course.unit == "1" else f"{course.name} ({course.unit})"
    return name, [number(value) for value in course.values.tolist()]


def _is_steady(course: Course) -> bool:
    return bool((course.values == course.values[0]).all())


def _drawn_rows(replay: Replay) -> Iterator[tuple[str, ...]]:
    for each in replay.future.inputs:
        if each.percentiles and _is_steady(each):
            yield each.name, number(float(each.values[0])), _unit(each), _percentile(each)


def _certain_rows(replay: Replay) -> Iterator[tuple[str, ...]]:
    for each in replay.future.inputs:
        if not each.percentiles:
            yield each.name, number(float(each.values[0])), _unit(each), "certain"


def _steady_rows(replay: Replay) -> Iterator[tuple[str, ...]]:
    for each in replay.future.drivers:
        if _is_steady(each):
            yield each.name, number(float(each.values[0])), _unit(each), "driver"


def _unit(course: Course) -> str:
    return "" if course.unit == "1" else course.unit


def _percentile(course: InputCourse) -> str:
    """Where the draw lies: nothing that was drawn is shown as P0 or P100."""
    return f"P{min(max(course.percentiles[0], 0.1), 99.9):.1f}"


def _held(rows: Sequence[tuple[str, ...]]) -> Table:
    table = names_table("the same in every month")
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit", overflow="fold")
    table.add_column("drawn at", justify="right", no_wrap=True)
    for name, *others in rows:
        table.add_row(Text(printable(name)), *map(printable, others))
    return table


def _notes(replay: Replay) -> Iterator[str]:
    if any(each.percentiles for each in replay.future.inputs):
        yield "drawn at P93.0: 93 % of all draws of that input are below this value, of equal ones half."
    if replay.future.unused:
        yield f"No cost line needs, so this future does not have: {', '.join(replay.future.unused)}."
