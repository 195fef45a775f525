"""From [actuals] to cost lines: in the months that are closed, what was billed takes the place of what each line would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.distributions.parameters import echo
from simcost.scenario.formulas.expression import Number
from simcost.scenario.months import MONTHS_A_YEAR, month_name, month_named, months_from
from simcost.scenario.problems import Finding
from simcost.scenario.quantities.units import money, word
from simcost.scenario.scenario import Actuals, Cost
from simcost.scenario.sections.actuals_schema import ActualsTable
from simcost.scenario.sections.bills import LABELS, Bill, read_bills, repeated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from simcost.scenario.problems import Findings
    from simcost.scenario.scenario import View

FEWEST_MONTHS = 3
"""Closed months from which on it is told what was billed in all but the last."""

Lines = tuple[Cost, ...]

MOST_NAMED = 5
"""Cost lines that a warning names one by one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the file says of the run: its months, its currency, and the view that it counts."""

    start: tuple[int, int]
    months: int
    currency: str
    view: View

    def name(self, place: int) -> str:
        """Return a month by its place, from 0; -1 is the month before the run."""
        year, month = self.start
        return month_name(months_from((year, month + place), 1)[0])


def read_actuals(
    raw: Mapping[str, object], views: tuple[Lines, Lines], run: Frame, folder: Path, findings: Findings
) -> tuple[tuple[Lines, Lines], Actuals | None]:
    """Put bills into the place of the forecast.

    Parameters
    ----------
    raw
        The section.
    views
        The cost lines of the file's view, and those of the other one if they are not the same.

    Returns
    -------
    tuple
        The lines of both views with what was billed, and what is to be said of that; None where something is not sound.
    """
    table = validation.checked(ActualsTable, raw, ("actuals",), findings)
    if table is None:
        return views, None
    found = read_bills(table, run.start, currency=run.currency, folder=folder)
    for key, what, remedy in found.problems:
        findings.add(Finding(("actuals", key), what, remedy))
    if found.problems:
        return views, None
    closed = _closed(table, found.rows, run, findings)
    bills = [bill for bill in found.rows if 0 <= bill.place < closed]
    if closed and not _is_every_month_billed(bills, closed, table.file, run, findings):
        return views, None
    lines = {cost.name: cost for cost in (*views[1], *views[0])}
    added = _added(bills, lines, run.currency)
    if not _agree(bills, {**lines, **added}, table.file, findings):
        return views, None
    billed = _billed(bills, closed)
    no_bills = _amortised_alone(views, run.view)
    own, other = (tuple(_with_bills(cost, billed, closed, no_bills) for cost in view) for view in views)
    new = tuple(replace(cost, billed=billed[cost.name]) for cost in added.values())
    both = ((*own, *new), (*other, *new) if other else ())
    warnings = (
        *_warnings(found.rows, bills, lines, added, closed, run),
        *_counted_in_one_view(views, billed, run.view),
        *_counted_twice(bills, added, [lines[name] for name in lines if name in no_bills - billed.keys()]),
        *_without_bills(bills, [cost for name, cost in lines.items() if name not in no_bills | billed.keys()], closed, run),
    )
    return both, Actuals(table.file, closed, warnings)


def _closed(table: ActualsTable, rows: Sequence[Bill], run: Frame, findings: Findings) -> int:
    """Return the number of months that are closed; a finding if it is none that there can be."""
    if table.through is None:
        last = max(bill.place for bill in rows) + 1
        if last < 1:
            what = f"{table.file} has no bill of the run, which begins in {run.name(0)}"
            findings.add(Finding(("actuals", "file"), what, "Give the bills of its months."))
        return max(min(last, run.months), 0)
    year, month = month_named(table.through)
    place = (year - run.start[0]) * MONTHS_A_YEAR + month - run.start[1] + 1
    if not 0 <= place <= run.months:
        what = f"{table.through} is no month of the run"
        remedy = f"Give {run.name(0)} to {run.name(run.months - 1)}; {run.name(-1)} closes none."
        findings.add(Finding(("actuals", "through"), what, remedy))
        return 0
    return place


def _is_every_month_billed(bills: Sequence[Bill], closed: int, file: str, run: Frame, findings: Findings) -> bool:
    """Whether each closed month has a bill at all; a finding if not: it is missing, or it is not closed."""
    there = {bill.place for bill in bills}
    places = [place for place in range(closed) if place not in there]
    missing = [run.name(place) for place in places]
    if missing:
        what = f"{file} has no bill of {', '.join(missing[:MOST_NAMED])}{' ...' if len(missing) > MOST_NAMED else ''}"
        remedy = f'Add what was billed, 0 if nothing; or close the months before it: through = "{run.name(places[0] - 1)}".'
        findings.add(Finding(("actuals", "file"), what, remedy))
    return not missing


def _name(bill: Bill) -> str:
    """Return the cost line of a bill; one that names none has the line of its category, stage and owner."""
    labels = [label for key in LABELS[1:] if (label := bill.labels.get(key))]
    return bill.labels.get("line") or f"{', '.join(labels)}: billed"


def _added(bills: Iterable[Bill], lines: Mapping[str, Cost], currency: str) -> dict[str, Cost]:
    """Return a line for each name that the file has not; the parts of a block lend their labels to a bill of the whole block."""
    found: dict[str, Cost] = {}
    for bill in bills:
        name = _name(bill)
        if name in lines or name in found:
            continue
        part = next((cost for each, cost in lines.items() if each.startswith(f"{name}: ")), None)
        category, stage, owner = (getattr(part, key) if part else bill.labels.get(key, "") for key in LABELS[1:])
        unit = money(currency) / word("month")
        found[name] = Cost(name, category, stage, owner, "billed", Number(0.0), unit, every="month", charge="month", month=0)
    return found


def _agree(bills: Iterable[Bill], lines: Mapping[str, Cost], file: str, findings: Findings) -> bool:
    """Whether bills and lines have the same labels, and every line has a category; a finding for each label that differs."""
    told: set[tuple[str, str]] = set()
    for bill in bills:
        name = _name(bill)
        cost = lines[name]
        for key in LABELS[1:]:
            own, said = getattr(cost, key), bill.labels.get(key, "")
            if (name, key) in told or (not said and (own or key != "category")) or (own == said and own):
                continue
            told.add((name, key))
            what = f"{file}, line {bill.row}: {echo(name)} "
            if not own and not said:
                what += "is no cost line of this file, and its bill has no category"
                remedy = _nearest(name, lines) or "Name a cost line of the file, or give the bill a category."
            else:
                what += f"has the {key} {echo(own)} elsewhere, and {echo(said)} here" if own else f"has no {key} elsewhere"
                remedy = "Write the same, or leave the cell empty."
            findings.add(Finding(("actuals", "file"), what, remedy))
    return not told


def _nearest(name: str, lines: Mapping[str, Cost]) -> str:
    from simcost.scenario.refusal import did_you_mean

    return did_you_mean(name, [each for each, cost in lines.items() if cost.category])


def _billed(bills: Iterable[Bill], closed: int) -> dict[str, tuple[float, ...]]:
    """Return the sums of each line by month."""
    from math import fsum

    sums: dict[str, list[list[float]]] = {}
    for bill in bills:
        sums.setdefault(_name(bill), [[] for _ in range(closed)])[bill.place].append(bill.amount)
    return {name: tuple(map(fsum, months)) for name, months in sums.items()}


def _amortised_alone(views: tuple[Lines, Lines], view: View) -> frozenset[str]:
    """Return the lines that the amortised view alone counts: what belongs to a month and is not billed in it."""
    names = [{cost.name for cost in lines} for lines in views]
    amortised, cash = names if view == "amortised" else reversed(names)
    return frozenset(amortised - cash) if views[1] else frozenset()


def _with_bills(cost: Cost, billed: Mapping[str, tuple[float, ...]], closed: int, no_bills: Collection[str]) -> Cost:
    if cost.name in no_bills and cost.name not in billed:
        return cost
    return replace(cost, billed=billed.get(cost.name, (0.0,) * closed))


def _warnings(
    rows: Sequence[Bill],
    bills: Sequence[Bill],
    lines: Mapping[str, Cost],
    added: Mapping[str, Cost],
    closed: int,
    run: Frame,
) -> Iterable[str]:
    """Say which bills wait or are of no month of the run, and what was not planned."""
    if outside := sum(not 0 <= bill.place < run.months for bill in rows):
        yield f"{_counted(outside, 'bill')} of months outside the run: left out"
    if later := sum(closed <= bill.place < run.months for bill in rows):
        yield f"{_counted(later, 'bill')} after {run.name(closed - 1)}, the last month that is closed: left out"
    if again := repeated(bills):
        lines_again = _listed([f"line {line}" for line in again])
        yield f"the very same bill stands there again, and each counts: {lines_again}"
    named = {bill.labels.get("line") for bill in bills}
    if strange := [name for name in added if name in named and not any(each.startswith(f"{name}: ") for each in lines)]:
        yield f"billed without a cost line of that name in the file: {_listed(strange)}"
    categories = {cost.category for cost in lines.values()}
    if unknown := [cost.category for name, cost in added.items() if name not in named and cost.category not in categories]:
        yield f"billed in a category of which the file has no cost line: {_listed(list(dict.fromkeys(unknown)))}"


def _counted_in_one_view(views: tuple[Lines, Lines], billed: Collection[str], view: View) -> Iterable[str]:
    """Say which bills the file's own view does not count, since it has no such line."""
    own = {cost.name for cost in views[0]}
    if others := [cost.name for cost in views[1] if cost.name in billed and cost.name not in own]:
        yield f"the {'amortised' if view == 'cash' else 'cash'} view alone counts the bills of {_listed(others)}"


def _counted_twice(bills: Sequence[Bill], added: Mapping[str, Cost], beside: Sequence[Cost]) -> Iterable[str]:
    """Say which lines the amortised view counts beside a bill of their whole block, or of their whole category."""
    of_categories = _of_categories(bills)
    for name in added:
        if twice := [cost.name for cost in beside if cost.name.startswith(f"{name}: ") or _is_of(cost, of_categories.get(name))]:
            yield f"the amortised view counts {_listed(twice)} beside the bills of {name}: name its lines in them"


def _without_bills(bills: Sequence[Bill], unnamed: Sequence[Cost], closed: int, run: Frame) -> Iterable[str]:
    """Say which lines nobody has billed in the closed months, and what the last of them lacks: not all of its bills may be in."""
    blocks, of_categories = {_block(bill.labels.get("line", "")) for bill in bills}, _of_categories(bills)
    without = [
        cost.name
        for cost in unnamed
        if closed
        and cost.month <= closed
        and _block(cost.name) not in blocks
        and not any(_is_of(cost, labels) for labels in of_categories.values())
    ]
    if without:
        yield f"no bill in the closed months, and so no cost in them: {_listed(list(dict.fromkeys(map(_block, without))))}"
    months: dict[str, set[int]] = {}
    for bill in bills:
        months.setdefault(_name(bill), set()).add(bill.place)
    if lacking := [name for name, places in months.items() if closed >= FEWEST_MONTHS and places == set(range(closed - 1))]:
        yield f"billed in each month before {run.name(closed - 1)}, the last that is closed, and not in it: {_listed(lacking)}"


def _of_categories(bills: Iterable[Bill]) -> dict[str, Mapping[str, str]]:
    """Return the labels of bills that name no cost line, by the name of the line that they make."""
    return {_name(bill): bill.labels for bill in bills if not bill.labels.get("line")}


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
