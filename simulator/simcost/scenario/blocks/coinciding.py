"""Festivals that fall in one month: what they lift together, by the days that they share, and no more.

A month's mean is that of its days, and a day's factor is the product of the festivals on it: 1 + sum over all sets of festivals
of the product of their (uplift - 1) times the days that all of the set share, over the days of the month. Its peak is that of the
day with most: some festival's first day in the month. Of festivals in different months both are the plain product.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.footing import range_of
from simcost.scenario.blocks.writer import identifier_of
from simcost.scenario.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.blocks.writer import Writer

LONGEST = 180
"""Days of a window at most, so that it ends before the next year's begins."""

LAST_DAY = 31
SHORTEST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of the calendar, at least."""

MOST_TOGETHER = 5
"""Festivals with days in one month: the sets of them double with each."""

IN_ONE_FORMULA = 7
"""Sets whose shared days stand in one formula: those of three festivals of one month."""


def coincides(name: str, writer: Writer) -> bool:
    """Whether a series or a pool is lifted by a festival and by another that may have days in the same month."""
    series = writer.expansion.replaced.data.get("series")
    tables = [*(series.values() if isinstance(series, dict) else ()), *writer.tables_of("compute")]
    lists = [table.get("festivals") for table in tables if isinstance(table, dict)]
    return any(name in _parted([str(each) for each in names], writer)[1] for names in lists if isinstance(names, list))


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
    alone, together = _parted(names, writer)
    factors = [f"{identifier_of(name)}_uplift_of_month" for name in alone]
    if not together:
        return factors
    lifted = _lifted(together, writer)
    return [*factors, writer.driver("uplift_of_festivals", f"1 + {' + '.join(lifted)}", "festivals")] if lifted else factors


def _lifted(together: Mapping[str, set[int]], writer: Writer) -> list[str]:
    """Return what each set of festivals that may share days adds to a month's mean of one, as terms of a sum."""
    for month in range(1, len(SHORTEST) + 1):
        there = [name for name in together if month in together[name]]
        if len(there) > MOST_TOGETHER:
            what = f"{len(there)} festivals that may have days in month {month}: {', '.join(there)[:200]}"
            writer.refuse(what, f"Name {MOST_TOGETHER} at most of one month: make one festival of some.", "festivals")
            return []
    sets = [some for size in range(1, MOST_TOGETHER + 1) for some in _of_one_month(together, size)]
    terms = {some: _gained([identifier_of(name) for name in some], writer) for some in sets}
    if len(sets) <= IN_ONE_FORMULA:
        return list(terms.values())
    with_first = {name: " + ".join(terms[some] for some in sets if some[0] == name) for name in together}
    return [writer.driver(f"lift_by_{identifier_of(name)}", formula, "festivals") for name, formula in with_first.items()]


def _of_one_month(together: Mapping[str, set[int]], size: int) -> list[tuple[str, ...]]:
    """Return the sets of so many festivals that may all have days in one month, in the order of their names' list."""
    order = {name: place for place, name in enumerate(together)}
    groups = ([name for name in together if month in together[name]] for month in range(1, len(SHORTEST) + 1))
    found = {some for group in groups for some in combinations(group, size)}
    return sorted(found, key=lambda some: [order[name] for name in some])


def _gained(festivals: Sequence[str], writer: Writer) -> str:
    """Write what the days that a set of festivals shares add to a month's mean."""
    gains = " * ".join(f"({name}_factor - 1)" for name in festivals)
    return f"{gains} * {_shared(festivals)} / (hours * {writer.one_month()} / {writer.one_day()})"


def peak_factors(names: Sequence[str], writer: Writer) -> list[str]:
    """Return the factors of a month's peak that must be provisioned for."""
    elastic = {festival.get("name") for festival in writer.tables_of("festivals") if "elastic" in festival}
    peaks = {name: f"{identifier_of(name)}_{'provisioned' if name in elastic else 'peak'}" for name in names}
    alone, together = _parted(names, writer)
    factors = [peaks[name] for name in alone]
    if not together:
        return factors
    days = [_on_the_first_day(name, together, peaks) for name in together]
    return [*factors, writer.driver("peak_of_festivals", f"max({', '.join(days)})", "festivals")]


def _on_the_first_day(name: str, together: Mapping[str, set[int]], peaks: Mapping[str, str]) -> str:
    """Write the factor of a festival's first day in a month: its own, and those of the festivals that have that day too."""
    day, factors = f"{identifier_of(name)}_first_day", [peaks[name]]
    for other in together:
        if other != name and together[other] & together[name]:
            first, days = (f"{identifier_of(other)}_{part}" for part in ("first_day", "days"))
            factors.append(f"where({first} <= {day} and {day} < {first} + {days}, {peaks[other]}, 1)")
    return " * ".join(factors)


def _parted(names: Sequence[str], writer: Writer) -> tuple[list[str], dict[str, set[int]]]:
    """Return the festivals that have their months to themselves, of those that are named together, and the others' months."""
    tables = {str(table.get("name")): table for table in writer.tables_of("festivals")}
    months = {name: _months(tables[name], writer.expansion.currency) for name in names if name in tables}
    together = {name: own for name, own in months.items() if any(own & months[other] for other in months if other != name)}
    return [name for name in names if name not in together], together


def _shared(festivals: Sequence[str]) -> str:
    """Write the days of a month that festivals share."""
    if len(festivals) == 1:
        return f"{festivals[0]}_days"
    ends = ", ".join(f"{each}_first_day + {each}_days" for each in festivals)
    return f"max(min({ends}) - max({', '.join(f'{each}_first_day' for each in festivals)}), 0)"


def _months(festival: Mapping[str, Any], currency: str) -> set[int]:
    """Return the months of the calendar in which a festival may have days."""
    month = festival.get("month")
    if not isinstance(month, int) or not 1 <= month <= len(SHORTEST):
        return set()
    starts, days = (range_of(festival.get(key, 1), unit, currency)[1] for key, unit in (("starts", "1"), ("days", "day")))
    left = min(starts, LAST_DAY) - 1 + min(days, LONGEST)
    found = set()
    while left > 0:
        found.add(month)
        left -= SHORTEST[month - 1]
        month = month % len(SHORTEST) + 1
    return found
