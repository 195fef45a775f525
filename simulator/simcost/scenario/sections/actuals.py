"""From [actuals] to cost lines: in the months that are closed, what was billed takes the place of what each line would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.distributions.parameters import echo
from simcost.scenario.formulas.expression import Number
from simcost.scenario.months import MONTHS_A_YEAR, month_name, month_named, months_from
from simcost.scenario.problems import Finding
from simcost.scenario.quantities.units import money, word
from simcost.scenario.refusal import did_you_mean
from simcost.scenario.scenario import Actuals, Cost
from simcost.scenario.sections.actuals_schema import ActualsTable
from simcost.scenario.sections.bill_warnings import MOST_NAMED, Booked, warnings
from simcost.scenario.sections.bills import LABELS, read_bills

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from simcost.scenario.problems import Findings
    from simcost.scenario.scenario import View
    from simcost.scenario.sections.bills import Bill

Lines = tuple[Cost, ...]


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
    booked, billed = Booked(run, closed, tuple(found.rows), views, added), _billed(bills, closed)
    no_bills = booked.amortised_alone
    own, other = (tuple(_with_bills(cost, billed, closed, no_bills) for cost in view) for view in views)
    new = tuple(replace(cost, billed=billed[cost.name]) for cost in added.values())
    both = ((*own, *new), (*other, *new) if other else ())
    return both, Actuals(table.file, closed, tuple(warnings(booked)))


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


def _added(bills: Iterable[Bill], lines: Mapping[str, Cost], currency: str) -> dict[str, Cost]:
    """Return a line for each name that the file has not; the parts of a block lend their labels to a bill of the whole block."""
    found: dict[str, Cost] = {}
    for bill in bills:
        name = bill.line
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
        name = bill.line
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
    return did_you_mean(name, [each for each, cost in lines.items() if cost.category])


def _billed(bills: Iterable[Bill], closed: int) -> dict[str, tuple[float, ...]]:
    """Return the sums of each line by month."""
    sums: dict[str, list[list[float]]] = {}
    for bill in bills:
        sums.setdefault(bill.line, [[] for _ in range(closed)])[bill.place].append(bill.amount)
    return {name: tuple(map(fsum, months)) for name, months in sums.items()}


def _with_bills(cost: Cost, billed: Mapping[str, tuple[float, ...]], closed: int, no_bills: Collection[str]) -> Cost:
    if cost.name in no_bills and cost.name not in billed:
        return cost
    return replace(cost, billed=billed.get(cost.name, (0.0,) * closed))
