"""What is to be said of bills that are sound: what waits, what nobody planned, what nobody billed, what counts twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.scenario.sections.bills import Bill, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simcost.scenario.scenario import Cost
    from simcost.scenario.sections.actuals import Frame, Lines

FEWEST_MONTHS = 3
"""Closed months from which on it is told what was billed in all but the last."""

MOST_NAMED = 5
"""Cost lines that a warning names one by one."""


@dataclass(frozen=True, slots=True)
class Booked:
    """Bills and the cost lines that they belong to.

    Parameters
    ----------
    closed
        How many months are closed.
    rows
        Every bill of the file.
    views
        The scenario's cost lines: of its own view, and of the other one if they are not the same.
    added
        Cost lines that bills alone have, by name.
    """

    run: Frame
    closed: int
    rows: tuple[Bill, ...]
    views: tuple[Lines, Lines]
    added: Mapping[str, Cost]

    @property
    def bills(self) -> list[Bill]:
        """Return those of the closed months."""
        return [bill for bill in self.rows if 0 <= bill.place < self.closed]

    @property
    def lines(self) -> dict[str, Cost]:
        """Return the scenario's cost lines of either view by name."""
        return {cost.name: cost for cost in (*self.views[1], *self.views[0])}

    @property
    def amortised_alone(self) -> frozenset[str]:
        """Return the lines that the amortised view alone counts: what belongs to a month and is not billed in it."""
        names = [{cost.name for cost in lines} for lines in self.views]
        amortised, cash = names if self.run.view == "amortised" else reversed(names)
        return frozenset(amortised - cash) if self.views[1] else frozenset()

    def without_bills(self, *, amortised_alone: bool) -> list[Cost]:
        """Return the cost lines that have no bill, of those that the amortised view alone counts or of all others."""
        billed, alone = {bill.line for bill in self.bills}, self.amortised_alone
        unbilled = [cost for name, cost in self.lines.items() if name not in billed]
        return [cost for cost in unbilled if (cost.name in alone) is amortised_alone]

    def of_categories(self) -> dict[str, Mapping[str, str]]:
        """Return the labels of bills that name no cost line, by the name of the line that they make."""
        return {bill.line: bill.labels for bill in self.bills if not bill.labels.get("line")}


def warnings(booked: Booked) -> Iterator[str]:
    """Say which bills are left out or repeated, what was not planned, what counts twice, and what was not billed."""
    yield from _left_out(booked)
    yield from _unplanned(booked)
    yield from _counted_in_one_view(booked)
    yield from _counted_twice(booked)
    yield from _unbilled(booked)
    yield from _lacking(booked)


def _left_out(booked: Booked) -> Iterator[str]:
    """Say which bills wait or are of no month of the run, and which stand there again."""
    run, closed = booked.run, booked.closed
    if outside := sum(not 0 <= bill.place < run.months for bill in booked.rows):
        yield f"{_counted(outside, 'bill')} of months outside the run: left out"
    if later := sum(closed <= bill.place < run.months for bill in booked.rows):
        yield f"{_counted(later, 'bill')} after {run.name(closed - 1)}, the last month that is closed: left out"
    if again := repeated(booked.bills):
        yield f"the very same bill stands there again, and each counts: {_listed([f'line {line}' for line in again])}"


def _unplanned(booked: Booked) -> Iterator[str]:
    """Say which bills are of no cost line, or of no category, that the file has."""
    named, lines = {bill.labels.get("line") for bill in booked.bills}, booked.lines
    if strange := [name for name in booked.added if name in named and not any(each.startswith(f"{name}: ") for each in lines)]:
        yield f"billed without a cost line of that name in the file: {_listed(strange)}"
    categories = {cost.category for cost in lines.values()}
    others = [cost.category for name, cost in booked.added.items() if name not in named]
    if unknown := [category for category in others if category not in categories]:
        yield f"billed in a category of which the file has no cost line: {_listed(list(dict.fromkeys(unknown)))}"


def _counted_in_one_view(booked: Booked) -> Iterator[str]:
    """Say which bills the file's own view does not count, since it has no such line."""
    billed, own = {bill.line for bill in booked.bills}, {cost.name for cost in booked.views[0]}
    if others := [cost.name for cost in booked.views[1] if cost.name in billed and cost.name not in own]:
        yield f"the {'amortised' if booked.run.view == 'cash' else 'cash'} view alone counts the bills of {_listed(others)}"


def _counted_twice(booked: Booked) -> Iterator[str]:
    """Say which lines the amortised view counts beside a bill of their whole block, or of their whole category."""
    of_categories, beside = booked.of_categories(), booked.without_bills(amortised_alone=True)
    for name in booked.added:
        if twice := [cost.name for cost in beside if cost.name.startswith(f"{name}: ") or _is_of(cost, of_categories.get(name))]:
            yield f"the amortised view counts {_listed(twice)} beside the bills of {name}: name its lines in them"


def _unbilled(booked: Booked) -> Iterator[str]:
    """Say which lines nobody has billed in the closed months."""
    blocks, of_categories = {_block(bill.labels.get("line", "")) for bill in booked.bills}, booked.of_categories()
    without = [
        cost.name
        for cost in booked.without_bills(amortised_alone=False)
        if booked.closed
        and cost.month <= booked.closed
        and _block(cost.name) not in blocks
        and not any(_is_of(cost, labels) for labels in of_categories.values())
    ]
    if without:
        yield f"no bill in the closed months, and so no cost in them: {_listed(list(dict.fromkeys(map(_block, without))))}"


def _lacking(booked: Booked) -> Iterator[str]:
    """Say what the last closed month alone has no bill of: not all of its bills may be in."""
    months: dict[str, set[int]] = {}
    for bill in booked.bills:
        months.setdefault(bill.line, set()).add(bill.place)
    before = set(range(booked.closed - 1))
    if lacking := [name for name, places in months.items() if booked.closed >= FEWEST_MONTHS and places == before]:
        last = booked.run.name(booked.closed - 1)
        yield f"billed in each month before {last}, the last that is closed, and not in it: {_listed(lacking)}"


def _is_of(cost: Cost, labels: Mapping[str, str] | None) -> bool:
    """Whether a line is of the category, and of the stage and the owner, of a bill that names no line."""
    return labels is not None and all(getattr(cost, key) == label for key, label in labels.items())


def _block(name: str) -> str:
    """Return the block whose part a line is, or else the line."""
    return name.partition(": ")[0]


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
