"""What scenarios set side by side pay for beyond the run: all of its price counts, and what is left of it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.writing.footing import names_in
from simcost.scenario.lint.accounting import PREPAID as BLOCKS
from simcost.scenario.lint.registry import PREPAID
from simcost.scenario.lint.remarks import in_one_line, remarks, replaced_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from simcost.scenario.scenario import Scenario


def unevenly_prepaid(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Say what outlasts the run and is not the same in all scenarios: by what is paid, it loses to what is rented."""
    told = [dict(_prepaid(each)) for each in scenarios]
    everywhere = set.intersection(*map(set, told))
    return tuple(dict.fromkeys(line for each in told for terms, line in each.items() if terms not in everywhere))


def _prepaid(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield the terms of each block that outlasts the run, and what the rule says of it."""
    found = [each for each in remarks(scenario) if each.code == PREPAID]
    data = replaced_data(scenario) if found else {}
    for each in found:
        section, position, _ = each.problem.place.split(".")
        yield _terms(section, data[section][int(position)], data), in_one_line(each)


def _terms(section: str, block: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Return what a block pays for, with the inputs and drivers that this rests on, as they are written."""
    price, *others = next(keys for name, *keys in BLOCKS if name == section)
    written = {key: block.get(key) for key in ("quantity", price, "name", "month", *others)}
    drivers, inputs = data.get("drivers", {}), data.get("inputs", {})
    names = sorted(names_in(f"{written['quantity']} {written[price]}", drivers))
    return repr((section, written, [(name, drivers.get(name), inputs.get(name)) for name in names]))
