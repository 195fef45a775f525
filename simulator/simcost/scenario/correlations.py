"""From what the file says of correlations to `Correlation` pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.distributions import Constant
from simcost.scenario.problems import Finding, Findings, Place, suggestion
from simcost.scenario.scenario import Correlation, Input
from simcost.scenario.schema import CorrelationTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Known:
    """What a pair may name.

    Parameters
    ----------
    inputs
        Sound inputs.
    broken
        Names of inputs that are not sound; they are not reported again.
    drivers
        Names of drivers, for a better message.
    fixed
        Names of inputs that an option or an assignment has made certain: their pairs are left out, since the file, which still
        correlates them, is not to blame.
    """

    inputs: Mapping[str, Input]
    broken: Collection[str]
    drivers: Collection[str]
    fixed: Collection[str] = ()


def read_correlations(raw: Sequence[Mapping[str, Any]], known: Known, findings: Findings) -> tuple[tuple[Correlation, ...], bool]:
    """Read the pairs.

    Returns
    -------
    tuple
        The pairs in file order, and whether any of them is strict.
    """
    pairs: dict[frozenset[str], Correlation] = {}
    strict = False
    for position, item in enumerate(raw):
        place = ("correlation", position)
        table = validation.checked(CorrelationTable, item, place, findings)
        if table is None:
            continue
        strict = strict or table.strict
        first, second = table.between
        if (first in known.fixed and second in known.inputs) or (second in known.fixed and first in known.inputs):
            continue
        if _can_move_together(first, second, place, known, findings) and _is_new(first, second, place, pairs, findings):
            pairs[frozenset((first, second))] = Correlation((first, second), float(table.rank))
    return tuple(pairs.values()), strict


def _can_move_together(first: str, second: str, place: Place, known: Known, findings: Findings) -> bool:
    sound = [_is_uncertain_input(name, (*place, "between", i), known, findings) for i, name in enumerate((first, second))]
    if not all(sound):
        return False
    draws = known.inputs[first].draw, known.inputs[second].draw
    if draws[0] == draws[1]:
        return True
    what = f'"{first}" is drawn once a {draws[0]} and "{second}" once a {draws[1]}'
    findings.add(Finding((*place, "between"), what, "Only inputs of equal draw can be correlated."))
    return False


def _is_uncertain_input(name: str, place: Place, known: Known, findings: Findings) -> bool:
    if name in known.broken:
        return False
    if name in known.drivers:
        what, remedy = f'"{name}" is a driver', "Correlate the inputs that it is made of."
    elif name not in known.inputs:
        what, remedy = f'no input is named "{name[:64]}"', suggestion(name, [*known.inputs, *known.broken])
    elif isinstance(known.inputs[name].distribution, Constant):
        what, remedy = f'"{name}" is a constant, and nothing moves with it', "Remove the pair, or make the input uncertain."
    else:
        return True
    findings.add(Finding(place, what, remedy))
    return False


def _is_new(first: str, second: str, place: Place, pairs: Mapping[frozenset[str], Correlation], findings: Findings) -> bool:
    where = (*place, "between")
    if first == second:
        findings.add(Finding(where, f'"{first}" is correlated with itself', "Name two inputs."))
    elif frozenset((first, second)) in pairs:
        findings.add(Finding(where, f'"{first}" and "{second}" were correlated before', "Keep one of the two."))
    else:
        return True
    return False
