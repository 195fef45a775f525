"""Festivals that fall in one month: what they lift together, by the days that they share, and no more.

A month's mean is that of its days, and a day's factor is the product of the festivals on it. Of a few it is 1 + the sum over all
sets of festivals of the product of their (uplift - 1) times the days that all of the set share, over the days of the month. Sets
double with each festival: of more it is the integral of `step_function`. Its peak is that of the day with most, which is some
festival's first day in the month. Of festivals in different months both are the plain product.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.windows.step_function import LINKS, Window, chained, gained
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import suggestion
from simcost.scenario.text.limits import MOST_FORMULA_NODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.blocks.writing.writer import Writer

LONGEST = 180
"""Days of a window at most, so that it ends before the next year's begins."""

LAST_DAY = 31
SHORTEST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of the calendar, at least."""

MOST_IN_SETS = 5
"""Festivals with days in one month of which all sets are counted: more are by their edges, which rounds otherwise."""

PARTS_OF_A_PAIR = 48
"""Numbers, names and operations of the formulas in which two festivals meet: each at both edges of the other."""

IN_ONE_FORMULA = 7
"""Sets whose shared days stand in one formula: those of three festivals of one month."""


def coincides(name: str, writer: Writer) -> bool:
    """Whether a series or a pool is lifted by a festival and by another that may have days in the same month."""
    series = writer.expansion.replaced.data.get("series")
    tables = [*(series.values() if isinstance(series, dict) else ()), *writer.tables_of("compute")]
    lists = [table.get("festivals") for table in tables if isinstance(table, dict)]
    naming = ([str(each) for each in names] for names in lists if isinstance(names, list) and name in names)
    return any(name in parted(names, writer)[1] for names in naming)


def known_festivals(names: Sequence[str], writer: Writer) -> list[str]:
    """Return the festivals of a list that the file has; one that it has not, and one that would lift twice, are reported."""
    known = [str(festival.get("name")) for festival in writer.tables_of("festivals")]
    for i, name in enumerate(names):
        if name not in known:
            remedy = suggestion(name, known, "Add [[festivals]].")
            writer.refuse(f'no festival is named "{name[:64]}"', remedy, "festivals", i)
        elif name in names[:i]:
            writer.refuse(f'"{name[:64]}" twice', "Name it once.", "festivals", i)
    return [name for name in dict.fromkeys(names) if name in known]


def mean_factors(names: Sequence[str], writer: Writer) -> list[str]:
    """Return the factors of a month's mean that festivals have."""
    alone, together = parted(names, writer)
    factors = [f"{identifier_of(name)}_uplift_of_month" for name in alone]
    if not together or _are_too_many(together, writer):
        return factors
    return [*factors, _written_once("uplift_of_festivals", together, writer, formula=lambda: _lifted(together, writer))]


def _lifted(together: Mapping[str, set[int]], writer: Writer) -> str:
    """Write a month's mean of festivals that may share days."""
    if max(len(there) for there in _by_month(together)) <= MOST_IN_SETS:
        return f"1 + {' + '.join(_lifted_by_sets(together, writer))}"
    # of a month of lulls alone rounding may leave less than nothing
    lifted = chained("+", ["1", *_lifted_by_edges(together, writer)], called="uplift_up_to", writer=writer)
    return f"max({lifted}, 0)"


def _lifted_by_edges(together: Mapping[str, set[int]], writer: Writer) -> list[str]:
    """Return what each festival adds to a month's mean of one, by the jumps at its edges."""
    windows = {name: Window(number, identifier_of(name)) for number, name in enumerate(together, 1)}
    days = days_of_month(writer)
    lifted = []
    for name, own in windows.items():
        others = [windows[other] for other in together if other != name and together[other] & together[name]]
        formula = f"{gained(own, others, days=days, writer=writer)} / {days}"
        lifted.append(writer.driver(f"lift_by_festival_{own.number}", formula, "festivals"))
    return lifted


def _lifted_by_sets(together: Mapping[str, set[int]], writer: Writer) -> list[str]:
    """Return what each set of festivals that may share days adds to a month's mean of one, as terms of a sum."""
    sets = [some for size in range(1, MOST_IN_SETS + 1) for some in _of_one_month(together, size)]
    terms = {some: _gained([identifier_of(name) for name in some], writer) for some in sets}
    if len(sets) <= IN_ONE_FORMULA:
        return list(terms.values())
    with_first = [" + ".join(terms[some] for some in sets if some[0] == name) for name in together]
    return [writer.driver(f"lift_by_festival_{i}", formula, "festivals") for i, formula in enumerate(with_first, 1)]


def _by_month(together: Mapping[str, set[int]]) -> list[list[str]]:
    """Return the festivals that may have days in each month of the calendar."""
    return [[name for name in together if month in together[name]] for month in range(1, len(SHORTEST) + 1)]


def _of_one_month(together: Mapping[str, set[int]], size: int) -> list[tuple[str, ...]]:
    """Return the sets of so many festivals that may all have days in one month, in the order of their names' list."""
    order = {name: place for place, name in enumerate(together)}
    found = {some for group in _by_month(together) for some in combinations(group, size)}
    return sorted(found, key=lambda some: [order[name] for name in some])


def _gained(festivals: Sequence[str], writer: Writer) -> str:
    """Write what the days that a set of festivals shares add to a month's mean."""
    gains = " * ".join(f"({name}_factor - 1)" for name in festivals)
    return f"{gains} * {_shared(festivals)} / {days_of_month(writer)}"


def peak_factors(names: Sequence[str], writer: Writer) -> list[str]:
    """Return the factors of a month's peak that must be provisioned for."""
    elastic = {festival.get("name") for festival in writer.tables_of("festivals") if "elastic" in festival}
    peaks = {name: f"{identifier_of(name)}_{'provisioned' if name in elastic else 'peak'}" for name in names}
    alone, together = parted(names, writer)
    factors = [peaks[name] for name in alone]
    if not together or _are_too_many(together, writer):
        return factors

    def of_the_day_with_most() -> str:
        return f"max({', '.join(_on_the_first_day(name, together, peaks, writer) for name in together)})"

    return [*factors, _written_once("peak_of_festivals", together, writer, formula=of_the_day_with_most)]


def _written_once(part: str, together: Mapping[str, set[int]], writer: Writer, *, formula: Callable[[], str]) -> str:
    """Return the driver of a list of festivals, which the first series or pool that names the list writes for all."""
    known, drivers = writer.expansion.of_festivals, writer.expansion.replaced.data["drivers"]
    if known.get((part, *together)) not in drivers:
        known[part, *together] = writer.driver(part, formula(), "festivals")
    return known[part, *together]


def _on_the_first_day(name: str, together: Mapping[str, set[int]], peaks: Mapping[str, str], writer: Writer) -> str:
    """Write the factor of a festival's first day in a month: its own, and those of the festivals that have that day too."""
    day, factors = f"{identifier_of(name)}_first_day", [peaks[name]]
    for other in together:
        if other != name and together[other] & together[name]:
            first, days = (f"{identifier_of(other)}_{part}" for part in ("first_day", "days"))
            factors.append(f"where({first} <= {day} and {day} < {first} + {days}, {peaks[other]}, 1)")
    number = list(together).index(name) + 1
    formula = chained("*", factors, called=f"peak_beside_{number}", writer=writer)
    return writer.driver(f"peak_on_festival_{number}", formula, "festivals") if len(together) > LINKS else formula


def _are_too_many(together: Mapping[str, set[int]], writer: Writer) -> bool:
    """Whether there are more pairs that may share days than formulas could tell; a finding if so."""
    pairs = sum(bool(together[one] & together[other]) for one, other in combinations(together, 2))
    too_many = pairs * PARTS_OF_A_PAIR > MOST_FORMULA_NODES
    if too_many:
        what = f"{len(together):,} festivals, {pairs:,} pairs of which may have days in the same month"
        remedy = f"Leave {MOST_FORMULA_NODES // PARTS_OF_A_PAIR:,} pairs at most: make one festival of some."
        writer.refuse(what, remedy, "festivals")
    return too_many


def parted(names: Sequence[str], writer: Writer) -> tuple[list[str], dict[str, set[int]]]:
    """Return the festivals that have their months to themselves, of those that are named together, and the others' months."""
    known = writer.expansion.coinciding
    if tuple(names) not in known:
        tables = {str(table.get("name")): table for table in writer.tables_of("festivals")}
        months = {name: _months(tables[name], writer.expansion) for name in names if name in tables}
        known[tuple(names)] = {
            name: own for name, own in months.items() if any(own & months[other] for other in months if other != name)
        }
    together = known[tuple(names)]
    return [name for name in names if name not in together], together


def _shared(festivals: Sequence[str]) -> str:
    """Write the days of a month that festivals share."""
    if len(festivals) == 1:
        return f"{festivals[0]}_days"
    ends = ", ".join(f"{each}_first_day + {each}_days" for each in festivals)
    return f"max(min({ends}) - max({', '.join(f'{each}_first_day' for each in festivals)}), 0)"


def _months(festival: Mapping[str, Any], expansion: Expansion) -> set[int]:
    """Return the months of the calendar in which a festival may have days."""
    month = festival.get("month")
    if not isinstance(month, int) or not 1 <= month <= len(SHORTEST):
        return set()
    called = identifier_of(str(festival.get("name")))
    starts = expansion.range_of(f"{called}_starts", festival.get("starts", 1), "1")[1]
    days = expansion.range_of(f"{called}_window", festival.get("days", 1), "day")[1]
    left = min(starts, LAST_DAY) - 1 + min(days, LONGEST)
    found = set()
    while left > 0:
        found.add(month)
        left -= SHORTEST[month - 1]
        month = month % len(SHORTEST) + 1
    return found


def days_of_month(writer: Writer) -> str:
    """Write the days of the month."""
    return f"(hours * {writer.one_month()} / {writer.one_day()})"
