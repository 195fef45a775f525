"""Units that do not fit, and names that there are not: what the user probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.quantities.vocabulary import CALENDAR, CLOCK, MONEY
from simcost.scenario.refusal import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.quantities.units import Unit

MAX_CANDIDATES = 300
"""Known names that are compared with an unknown one."""


def clash(first: Unit, second: Unit) -> str:
    """Say that two units differ, with both dimensions."""
    return f"{first.text} ({first.described}) and {second.text} ({second.described})"


def clash_remedy(first: Unit, second: Unit) -> str:
    """Say what to write instead, for the commonest mistakes."""
    ratio = dict((second / first).dimension)
    if set(ratio) == {CLOCK, CALENDAR}:
        return 'A month has no fixed number of hours: multiply what is per hour by "hours", whose unit is hour/month.'
    if set(ratio) <= {CLOCK, CALENDAR}:
        return "One is an amount, the other a rate over time. A price paid once and one paid all the time want a cost line each."
    if len(ratio) == 2 and all(base.startswith(MONEY) for base in ratio):
        return 'Multiply the one that is not in the scenario\'s currency by its rate: by "fx_USD" if [fx] has USD.'
    if len(ratio) == 1 and next(iter(ratio)).startswith(MONEY):
        return "Multiply the one that is no money by its price."
    return _same_word(list(ratio)) or _missing_factor(first, second)


def _missing_factor(first: Unit, second: Unit) -> str:
    """Say what to multiply by, when the two are altogether different."""
    if not first.dimension or not second.dimension:
        unit = first if first.dimension else second
        return f'A number in a formula has no unit: declare it under [inputs], such as limit = "1 {unit.text}".'
    if all(any(base.startswith(MONEY) for base, _ in unit.dimension) for unit in (first, second)):
        return "Multiply each price by the number that is bought, so that both are money."
    return "Multiply each by what one of it costs, or give both the same unit."


def _same_word(bases: list[str]) -> str:
    """Return a hint if two counted things differ only in their spelling."""
    spellings: dict[str, str] = {}
    for base in bases:
        twin = spellings.setdefault(base.casefold().rstrip("s"), base)
        if twin != base:
            return f'"{twin}" and "{base}" are two units: write one of them everywhere.'
    return ""


def unknown_name(name: str, known: Sequence[str], sums: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """Say of a name that no input or driver has what is wrong and what to write instead.

    Parameters
    ----------
    sums
        See `simcost.scenario.formulas.sums`; what differs in capitals from an input or a driver is meant as that.
    """
    candidates = [each for each in known if abs(len(each) - len(name)) <= 3][:MAX_CANDIDATES]
    if name.casefold() in sums and name.casefold() not in map(str.casefold, candidates):
        what, remedy = sums[name.casefold()]
        return f'"{name[:64]}" is {what}, and a formula names inputs and drivers', remedy
    remedy = did_you_mean(name[:64], candidates) or "Declare it under [inputs] or [drivers]."
    return f'there is no input or driver "{name[:64]}"', remedy
