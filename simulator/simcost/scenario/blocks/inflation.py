"""``[inflation]``: cost lines are multiplied by an index of prices that is 1 in the base month.

The index goes from month to month by (1 + rate)^(1/12), where the rate, a year's, is that of the month's year if it is drawn
anew each year; from the base month to the first of the run, k months later, by (1 + rate)^(k/12) of the first year's rate.
Source: NIST Handbook 135 (Life-Cycle Costing Manual), price escalation, with months for years.

A line has the index of its category, else that of ``rate``. Lines that name an index of their own keep it, and lines of one view
alone (what is paid upfront, and what that is spread over) have agreed prices: inflating them apart would part the views. Of a
contract it is the spend that rises, not the sums that are agreed upon (`contracts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks.writing.rates import is_new, write_driver, write_value
from simcost.scenario.blocks.writing.wanted import Wanted
from simcost.scenario.bounds import ABOVE_LOSS
from simcost.scenario.months import MONTHS_A_YEAR, month_named
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import Finding, suggestion
from simcost.scenario.quantities.units import DIMENSIONLESS
from simcost.scenario.schema import MOST_MONTHS, InflationTable
from simcost.scenario.text.toml_value import in_toml_key

if TYPE_CHECKING:
    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.problems import Place

SECTION = "inflation"
EXAMPLE = '"2 to 3 to 5 %"'


def expand_inflation(expansion: Expansion, *, complete: bool) -> None:
    """Write the indices, and name them in the cost lines that they multiply; to be called when all lines are written.

    Parameters
    ----------
    complete
        Whether no line is missing since its block has problems.
    """
    data, findings = expansion.replaced.data, expansion.findings
    section = validation.sound_section(data, SECTION, "table", findings)
    sound = isinstance(data[SECTION], dict)
    table = validation.checked(InflationTable, section, (SECTION,), findings) if sound else None
    possible = table is not None and _is_possible(table, expansion, complete=complete)
    if table is not None:
        first = _first(table, expansion)
        for name, raw in (*([] if table.rate is None else [("", table.rate)]), *table.categories.items()):
            if not name or identifier_of(name):
                _index(raw, name, first, expansion)
    if not possible:
        expansion.unsound.update(index_of(line.get("category"), section) for line in data["cost"] if isinstance(line, dict))
        return
    for position, line in enumerate(data["cost"]):
        index = index_of(line.get("category"), section) if isinstance(line, dict) else ""
        if index and not line.keys() & {"index", "view"}:
            line["index"] = index
            expansion.remember(("cost", position, "index"), (SECTION,))


def index_of(category: object, section: object) -> str:
    """Return the name of the index that lines of a category have under ``[inflation]``, sound or not; "" for none."""
    if not isinstance(section, dict) or not isinstance(category, str):
        return ""
    categories = section.get("categories")
    if isinstance(categories, dict) and category in categories:
        return _named(category)
    return _named("") if section.get("rate") is not None else ""


def _named(category: str) -> str:
    key = identifier_of(category)
    return f"{SECTION}_{key}_index" if key else f"{SECTION}_index"


def _is_possible(table: InflationTable, expansion: Expansion, *, complete: bool) -> bool:
    """Whether there is a rate, each category has lines, and the base month is near; findings if not."""
    known = len(expansion.findings.found)
    lines = [line for line in expansion.replaced.data["cost"] if isinstance(line, dict)]
    there = sorted({str(line.get("category")) for line in lines})
    if table.rate is None and not table.categories:
        expansion.findings.add(Finding((SECTION,), "inflation without a rate", f"Give rate = {EXAMPLE}.", at="key"))
    for name in table.categories:
        if complete and name not in there:
            what = f'no cost line has the category "{name[:64]}"'
            expansion.findings.add(Finding((SECTION, "categories", name), what, suggestion(name, there), at="key"))
        elif not identifier_of(name):
            what = f'no name for formulas can be made of "{name[:64]}"'
            expansion.findings.add(Finding((SECTION, "categories", name), what, "Give the category letters or digits.", at="key"))
    if table.base is not None and abs(_months_since(table.base, expansion)) > MOST_MONTHS:
        what = f"{table.base} is more than {MOST_MONTHS} months from the first month of the run"
        expansion.findings.add(Finding((SECTION, "base"), what, "Give the month of the file's prices."))
    return len(expansion.findings.found) == known


def _months_since(base: str, expansion: Expansion) -> int:
    """Return the months from the base to the first month of the run; negative if it comes later."""
    year, month = expansion.start
    base_year, base_month = month_named(base)
    return (year - base_year) * MONTHS_A_YEAR + month - base_month


def _first(table: InflationTable, expansion: Expansion) -> int:
    return 0 if table.base is None else _months_since(table.base, expansion)


def _index(raw: Any, category: str, first: int, expansion: Expansion) -> None:
    """Write a rate and its index."""
    key, index = identifier_of(category), _named(category)
    place: Place = (SECTION, "categories", category) if category else (SECTION, "rate")
    wanted = Wanted(DIMENSIONLESS, ABOVE_LOSS, f"{in_toml_key(str(place[-1]))} = {EXAMPLE}")
    known = len(expansion.findings.found)
    rate = write_value(expansion, place, _not_monthly(raw, place, expansion), name=(SECTION, key or "rate"), wanted=wanted)
    if len(expansion.findings.found) == known and is_new(expansion, index, place, remedy=f"Rename it: [{SECTION}] makes it."):
        beginning = f"(1 + {rate}) ** ({first} / 12)" if first else "1"
        formula = f"where(month > 1, prev({index}, 1) * (1 + {rate}) ** (1 / 12), {beginning})"
        write_driver(expansion, place, index, formula)
    else:
        expansion.unsound.add(index)


def _not_monthly(raw: Any, place: Place, expansion: Expansion) -> Any:
    """Report a yearly rate that is drawn anew in each month: its index would hardly be uncertain."""
    if isinstance(raw, dict) and raw.get("draw") == "month":
        what = "a rate of a year that is drawn anew each month averages out"
        expansion.findings.add(Finding((*place, "draw"), what, 'Write draw = "year", or remove it for one draw a run.'))
    return raw
