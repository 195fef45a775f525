"""The days of a month by what festivals make of them, for a pool that is sized anew in every hour.

How many devices an hour takes does not go with the demand in proportion, since they are whole: so the days are told apart. Of
festivals that have their months to themselves a month has the days of one, and the ordinary ones. Festivals that may share days
part a month at their edges, the first day of each and the day after its last: from an edge to the next one all days are alike,
and their factor is the product of the festivals that hold the edge. Of edges on one day only the last is followed by any days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.windows.coinciding import days_of_month, parted
from simcost.scenario.blocks.windows.step_function import chained
from simcost.scenario.names import identifier_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer

MOST = 8
"""Festivals that may share days: with the hours of a day they are some three hundred numbers of devices."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days of a month that are alike.

    Parameters
    ----------
    suffix
        What names end with that are theirs; empty of ordinary days.
    count
        Driver of how many they are.
    factor
        Driver of the demand on them over that on ordinary days; empty of these.
    """

    suffix: str = ""
    count: str = ""
    factor: str = ""

    @property
    def called(self) -> str:
        """Return the same with a name for ordinary days."""
        return self.suffix or "_on_ordinary_days"


def are_lifted_by_the_hour(name: str, writer: Writer) -> bool:
    """Whether a pool that is provisioned by the hour names a festival."""
    pools = (pool for pool in writer.tables_of("compute") if pool.get("provision") == "hour")
    return any(name in _listed(pool.get("festivals")) for pool in pools)


def kinds_of_days(pool: str, festivals: Any, writer: Writer) -> tuple[Days, ...]:
    """Return the kinds of days that a pool's festivals make, the ordinary ones first; just these without festivals.

    Parameters
    ----------
    pool
        What the pool's drivers begin with.
    festivals
        What it lists.
    """
    known = {str(table.get("name")) for table in writer.tables_of("festivals")}
    names = [name for name in dict.fromkeys(_listed(festivals)) if name in known]
    if not names:
        return (Days(),)
    alone, together = parted(names, writer)
    suffixes = [*(["_on_festival"] if alone else []), *(f"_from_edge_{i}" for i in range(1, 2 * len(together) + 1))]
    return (Days("", f"{pool}_ordinary_days"), *(Days(each, f"{pool}_days{each}", f"{pool}_factor{each}") for each in suffixes))


def write_days(names: Sequence[str], pool: Writer) -> bool:
    """Write how many days of each kind a month has, and their factor; a finding and False if there are too many kinds."""
    if not names:
        return True
    alone, together = parted(names, pool)
    if len(together) > MOST:
        what = f"{len(together)} festivals of a pool by the hour may share days"
        pool.refuse(what, f"Name {MOST} of these at most: make one festival of some.", "festivals")
        return False
    if alone:
        _write_alone([identifier_of(name) for name in alone], pool)
    _write_from_edges([identifier_of(name) for name in together], pool)
    kinds = kinds_of_days(pool.prefix, names, pool)
    pool.driver("ordinary_days", f"max({days_of_month(pool)} - ({' + '.join(each.count for each in kinds[1:])}), 0)", "festivals")
    return True


def _write_alone(festivals: Sequence[str], pool: Writer) -> None:
    """Write the days of the one festival that a month has, and its factor."""
    days = [f"{each}_days" for each in festivals]
    factors = [f"where({each}_days > 0, {_factor(each, pool)}, 1)" for each in festivals]
    pool.driver("days_on_festival", chained("+", days, called="days_up_to", writer=pool), "festivals")
    pool.driver("factor_on_festival", chained("*", factors, called="factor_up_to", writer=pool), "festivals")


def _write_from_edges(festivals: Sequence[str], pool: Writer) -> None:
    """Write the days from each edge to the next one, and the factor on them; a festival without days has its edges at the end."""
    end = f"({days_of_month(pool)} + 1)"
    edges = []
    for i, each in enumerate(festivals):
        for number, last in ((2 * i + 1, ""), (2 * i + 2, f" + {each}_days")):
            formula = f"where({each}_days > 0, {each}_first_day{last}, {end})"
            edges.append(pool.driver(f"edge_{number}", formula, "festivals"))
    for i, edge in enumerate(edges):
        later = [f"where({other} {'>' if j < i else '>='} {edge}, {other}, {end})" for j, other in enumerate(edges) if j != i]
        pool.driver(f"days_from_edge_{i + 1}", f"min({', '.join([*later, end])}) - {edge}", "festivals")
        held = [
            f"where({edges[2 * k]} <= {edge} and {edge} < {edges[2 * k + 1]}, {_factor(each, pool)}, 1)"
            for k, each in enumerate(festivals)
        ]
        pool.driver(f"factor_from_edge_{i + 1}", " * ".join(held), "festivals")


def _factor(festival: str, pool: Writer) -> str:
    """Return the driver of a festival's factor on its days, without what no pool provisions."""
    elastic = {identifier_of(str(table.get("name"))) for table in pool.tables_of("festivals") if "elastic" in table}
    return f"{festival}_{'fixed_factor' if festival in elastic else 'factor'}"


def _listed(festivals: Any) -> list[str]:
    return [each for each in festivals if isinstance(each, str)] if isinstance(festivals, list) else []
