"""From what the file says of a cost line to a `Cost`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.formulas import FormulaError, amount
from simcost.scenario.formulas.expression import Apply, Number
from simcost.scenario.formulas.term import converted
from simcost.scenario.months import MONTHS_A_YEAR
from simcost.scenario.names import check_text
from simcost.scenario.problems import Finding, Findings
from simcost.scenario.scenario import Cost
from simcost.scenario.schema import CostTable
from simcost.scenario.sections.fx import in_own_currency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.quantities.units import Unit


def read_costs(
    raw: Sequence[Mapping[str, object]], months: int, resolution: Resolution, *, view: str
) -> tuple[tuple[Cost, ...], tuple[Cost, ...]]:
    """Read the cost lines; all of them are checked.

    Parameters
    ----------
    months
        Length of the run; 0 if it is not known.

    Returns
    -------
    tuple
        Those that a view counts, and those that the other view counts if they are not the same; otherwise none.
    """
    findings = resolution.findings
    counted, others = [], []
    named: dict[str, int] = {}
    for position, table in enumerate(raw):
        _check_name(table.get("name"), position, named, findings)
        cost = _line(table, position, months, resolution)
        if cost is not None and table.get("view") in (None, view):
            counted.append(cost)
        if cost is not None and table.get("view") != view:
            others.append(cost)
    if raw and all(table.get("view") not in (None, view) for table in raw):
        findings.add(Finding(("cost",), f'no cost line is counted in the view "{view}"', "Give a line without view.", at="key"))
    return tuple(counted), () if others == counted else tuple(others)


def _check_name(name: object, position: int, named: dict[str, int], findings: Findings) -> None:
    """Refuse a name that an earlier line has."""
    if isinstance(name, str) and named.setdefault(name, position) != position:
        what = f'the name "{name[:64]}" was given to cost line {named[name] + 1} before'
        findings.add(Finding(("cost", position, "name"), what, "Give each line its own name."))


def _line(table: Mapping[str, object], position: int, months: int, resolution: Resolution) -> Cost | None:
    """Read one line; of one with other problems the amount is read too, for what is wrong in it."""
    line = validation.checked(CostTable, table, ("cost", position), resolution.findings)
    if line is not None:
        return _cost(line, position, months, resolution)
    if isinstance(text := table.get("amount"), str):
        resolution.read(text, ("cost", position, "amount"))
    return None


def _cost(line: CostTable, position: int, months: int, resolution: Resolution) -> Cost | None:
    place = ("cost", position, "amount")
    for key in ("name", "category", "stage", "owner"):
        check_text(getattr(line, key), ("cost", position, key), resolution.findings)
    month = _month(line, position, months, resolution.findings)
    found = resolution.read(line.amount, place)
    found = None if found is None else _indexed(*found, line, position, resolution)
    charged = None if found is None else in_own_currency(*found, resolution)
    if found is None or charged is None:
        return None
    try:
        expression, charge = amount(*charged, resolution.currency, line.every)
    except FormulaError as error:
        resolution.report(error, place)
        return None
    return Cost(
        name=line.name,
        category=line.category,
        stage=line.stage,
        owner=line.owner,
        formula=line.amount if line.index in (None, "1") else f"({line.amount}) * {line.index}",
        expression=expression,
        unit=found[1],
        every=line.every,
        charge=charge,
        month=month,
    )


def _indexed(
    expression: Expression, unit: Unit, line: CostTable, position: int, resolution: Resolution
) -> tuple[Expression, Unit] | None:
    """Multiply an amount by the line's index, if it has one; None if that is not sound."""
    if line.index is None:
        return expression, unit
    place = ("cost", position, "index")
    found = resolution.read(line.index, place)
    if found is not None and found[1].dimension:
        what = f"an index in {found[1].text} ({found[1].described}), not a pure number"
        resolution.findings.add(Finding(place, what, 'Divide it by its value in a base month; or write index = "1".'))
    if found is None or found[1].dimension:
        return None
    index = converted(found[0], found[1].scale)
    return (expression, unit) if index == Number(1.0) else (Apply("mul", (expression, index)), unit)


def _month(line: CostTable, position: int, months: int, findings: Findings) -> int:
    place = ("cost", position, "month")
    if line.every == "month":
        if line.month is not None:
            findings.add(
                Finding(place, "a month beside a monthly cost", 'Remove it, or write every = "once" or "year".', at="key")
            )
        return 0
    month = line.month or 1
    if line.every == "year" and month > MONTHS_A_YEAR:
        findings.add(Finding(place, f"month {month} of a year", "Give 1 to 12."))
    elif line.every == "once" and months and month > months:
        findings.add(Finding(place, f"month {month} is after the last of {months} months", f"Give 1 to {months}."))
    return month
