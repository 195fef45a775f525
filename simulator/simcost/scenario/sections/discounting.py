"""From what the file says of discounting to a `Discounting`.

The present is the beginning of the first month. A payment in month t of the run (1, 2, ...) is worth (1 + r)^(-s/12) of itself,
where r is the yearly rate and s the months until it is paid: t at the end of its month, t - 1/2 in its middle, t - 1 at its
start. Source: NIST Handbook 135 (Life-Cycle Costing Manual), single present value
formula, with months for years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario import validation
from simcost.scenario.formulas.expression import Name
from simcost.scenario.formulas.term import converted
from simcost.scenario.problems import Finding, suggestion
from simcost.scenario.quantities.units import DIMENSIONLESS
from simcost.scenario.scenario import Discounting
from simcost.scenario.schema import DiscountingTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.formulas.resolution import Resolution
    from simcost.scenario.scenario import Input

PLACE = ("discounting", "rate")


def read_discounting(raw: Mapping[str, object], inputs: Sequence[Input], resolution: Resolution) -> Discounting | None:
    """Read the rate and the convention; the rate of an expanded file is the name of an input or driver."""
    table = validation.checked(DiscountingTable, raw, PLACE[:1], resolution.findings)
    if table is None or not _is_sound(str(table.rate), inputs, resolution):
        return None
    unit = resolution.units[str(table.rate)] or DIMENSIONLESS
    return Discounting(converted(Name(str(table.rate)), unit.scale), table.payments)


def _is_sound(name: str, inputs: Sequence[Input], resolution: Resolution) -> bool:
    """Whether a name is that of a pure number that is the same in all periods of a scenario; a finding if not."""
    if name not in resolution.units:
        what, remedy = f'there is no input or driver "{name[:64]}"', suggestion(name, resolution.units, "Give a quantity.")
        resolution.findings.add(Finding(PLACE, what, remedy))
        return False
    unit = resolution.units[name]
    if unit is None:
        return False
    redrawn = next((each.draw for each in inputs if each.name == name and each.draw != "run"), "")
    if unit.dimension:
        what, remedy = f'"{name}" is in {unit.text} ({unit.described}), not a pure number', 'Write for example rate = "8 %".'
    elif redrawn:
        what = f"the rate is drawn anew each {redrawn}, and all payments are discounted to one day by it"
        remedy = 'Write draw = "run"; a formula of "month" may give each month its own rate.'
    else:
        return True
    resolution.findings.add(Finding(PLACE, what, remedy))
    return False
