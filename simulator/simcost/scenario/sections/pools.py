"""From what the file says of pools to `Pool`: devices of which the month that sizes them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.names import check_text
from simcost.scenario.problems import Finding
from simcost.scenario.quantities.vocabulary import MONEY
from simcost.scenario.scenario import Pool
from simcost.scenario.schema import PoolTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.problems import Place


def read_pools(raw: Sequence[Mapping[str, object]], resolution: Resolution) -> tuple[Pool, ...]:
    """Read the pools, each of its own name."""
    found: dict[str, Pool] = {}
    for position, table in enumerate(raw):
        place = ("pool", position)
        each = validation.checked(PoolTable, table, place, resolution.findings)
        if each is None:
            continue
        check_text(each.name, (*place, "name"), resolution.findings)
        if each.name in found:
            what = f'a second pool "{each.name}"'
            resolution.findings.add(Finding((*place, "name"), what, "Give each its own name."))
        pool = _pool(each, (*place, "devices"), resolution)
        if pool is not None:
            found.setdefault(each.name, pool)
    return tuple(found.values())


def _pool(table: PoolTable, place: Place, resolution: Resolution) -> Pool | None:
    found = resolution.read(table.devices, place)
    if found is None:
        return None
    expression, unit = found
    if any(base.startswith(MONEY) for base, _ in unit.dimension):
        what = f"this is in {unit.text} ({unit.described}), and a pool counts devices"
        resolution.findings.add(Finding(place, what, "Name the devices of a month, such as a driver in GPU."))
        return None
    return Pool(table.name, table.devices, expression, unit)
