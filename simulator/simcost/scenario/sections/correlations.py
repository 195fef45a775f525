"""From what the file says of correlations to `Correlation`: which inputs, how strongly, and by which copula."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.dependence import Correlation
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.problems import Finding, Findings, Place, suggestion
from simcost.scenario.scenario import Input
from simcost.scenario.sections.dependence_schema import CorrelationTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Literal

    from simcost.scenario.sections.nameable import Nameable

WEAKEST, STRONGEST = 0.01, 0.9
"""Of the Archimedean copulas' Kendall's tau: less is none, and more is one quantity with some noise."""


def read_correlations(
    raw: Sequence[Mapping[str, Any]], known: Nameable, findings: Findings
) -> tuple[tuple[Correlation, ...], bool]:
    """Read what moves together.

    Returns
    -------
    tuple
        In file order, and whether any of them is strict.
    """
    found: list[Correlation] = []
    strict = False
    for position, item in enumerate(raw):
        place = ("correlation", position)
        table = validation.checked(CorrelationTable, item, place, findings)
        if table is None:
            continue
        strict = strict or table.strict
        names = [name for name in table.between if name not in known.fixed]
        if len(names) < 2 <= len(table.between) and all(name in known.inputs for name in names):
            continue
        measured = _is_measured(table, place, findings)
        if _can_move_together(table, names, place, known, findings) and measured:
            made = Correlation(tuple(names), table.rank, table.kendall, table.copula, table.df, table.tail or "")
            if _is_new(made, place, found, findings):
                found.append(made)
    return tuple(found), strict


def no_longer_correlated(raw: Sequence[Mapping[str, Any]], inputs: Sequence[Input]) -> Iterator[str]:
    """Yield a line for each correlation of the file that a replacement has left without a meaning, in whole or in part."""
    certain = {each.name for each in inputs if isinstance(each.distribution, Constant)}
    for correlation in raw:
        names = correlation["between"]
        fixed = [name for name in names if name in certain]
        if fixed:
            listed = f"{', '.join(names[:-1])} and {names[-1]}"
            what = f"{' and '.join(fixed)} {'is' if len(fixed) == 1 else 'are'} set to a certain value"
            yield (
                f"{listed} are no longer correlated: {what}"
                if len(names) - len(fixed) < 2
                else (f"of {listed} only {len(names) - len(fixed)} are still correlated: {what}")
            )


def _is_measured(table: CorrelationTable, place: Place, findings: Findings) -> bool:
    """Whether the strength is said, once, and in a measure that the copula has a formula for."""
    known = len(findings.found)

    def refuse(key: str, what: str, remedy: str, *, at: Literal["key", "value"] = "value") -> None:
        findings.add(Finding((*place, key) if key else place, what, remedy, at=at))

    by_rank = table.copula in ("gaussian", "frank")
    if table.rank is None and table.kendall is None:
        key, example = ("rank", "0.3") if by_rank else ("kendall", "0.4")
        refuse("", f"{key} is missing", f"Write {key} = {example}.", at="key")
    elif table.rank is not None and table.kendall is not None:
        refuse("kendall", "kendall beside rank", "Keep one of the two.", at="key")
    elif table.rank is not None and not by_rank:
        refuse(
            "rank",
            f"the copula {table.copula} has no formula for a rank correlation",
            "Give kendall = ..., Kendall's tau.",
            at="key",
        )
    elif table.copula not in ("gaussian", "t"):
        _check_strength(table, refuse)
    _check_own_parameters(table, refuse)
    return len(findings.found) == known


def _check_own_parameters(table: CorrelationTable, refuse: Callable[..., None]) -> None:
    """Refuse a parameter that another copula has, and ask for one that this copula needs."""
    if table.copula == "t" and table.df is None:
        refuse("", "df is missing", "Write df = 4; the fewer degrees of freedom, the more extremes come together.", at="key")
    if table.copula != "t" and table.df is not None:
        refuse("df", f"the copula {table.copula} has no degrees of freedom", 'Remove df, or write copula = "t".', at="key")
    if table.tail is not None and table.copula not in ("clayton", "gumbel"):
        refuse("tail", f"the copula {table.copula} treats both tails alike", 'Remove tail, or write copula = "gumbel".', at="key")


def _check_strength(table: CorrelationTable, refuse: Callable[..., None]) -> None:
    """Refuse what an Archimedean copula cannot be."""
    key = "rank" if table.kendall is None else "kendall"
    value = float(getattr(table, key))
    if value < 0.0 and table.copula != "frank":
        refuse(
            key, f"{value:g} is below 0: the copula {table.copula} joins only what rises together", "Use frank, gaussian or t."
        )
    elif value < 0.0 and len(table.between) > 2:
        refuse(key, f"{value:g} is below 0: only a pair can move in opposite ways under the copula frank", "Use gaussian or t.")
    elif not WEAKEST <= abs(value) <= STRONGEST:
        refuse(
            key,
            f"{value:g} is not between {WEAKEST:g} and {STRONGEST:g}",
            "Leave out what does not depend; of what moves as one make one input and a formula.",
        )


def _can_move_together(table: CorrelationTable, names: Sequence[str], place: Place, known: Nameable, findings: Findings) -> bool:
    sound = [_is_uncertain_input(name, (*place, "between", table.between.index(name)), known, findings) for name in names]
    if not all(sound):
        return False
    first = names[0]
    for name in names[1:]:
        draws = known.inputs[first].draw, known.inputs[name].draw
        if draws[0] != draws[1]:
            what = f'"{first}" is drawn once a {draws[0]} and "{name}" once a {draws[1]}'
            findings.add(Finding((*place, "between"), what, "Only inputs of equal draw can be correlated."))
            return False
    return True


def _is_uncertain_input(name: str, place: Place, known: Nameable, findings: Findings) -> bool:
    if name in known.broken:
        return False
    if name in known.drivers:
        what, remedy = f'"{name}" is a driver', "Correlate the inputs that it is made of."
    elif name not in known.inputs:
        what, remedy = f'no input is named "{name[:64]}"', suggestion(name, [*known.inputs, *known.broken])
    elif isinstance(known.inputs[name].distribution, Constant):
        what, remedy = f'"{name}" is a constant, and nothing moves with it', "Remove the pair, or make the input uncertain."
    elif known.inputs[name].driver:
        what = f'"{name}" moves with the factor {known.inputs[name].driver} already'
        remedy = "An input is in one group: name the factor in the others too, or remove driver and loading."
    else:
        return True
    findings.add(Finding(place, what, remedy))
    return False


def _is_new(made: Correlation, place: Place, found: Sequence[Correlation], findings: Findings) -> bool:
    where = (*place, "between")
    twice = next((name for name in made.between if made.between.count(name) > 1), None)
    if twice is not None:
        findings.add(Finding(where, f'"{twice}" is correlated with itself', "Name two inputs."))
        return False
    for earlier in found:
        shared = [name for name in made.between if name in earlier.between]
        if shared and not _is_joined(made, earlier):
            what = f'"{shared[0]}" is joined to others by {_told(earlier)} before, and here by {_told(made)}'
            remedy = "An input is in one group: name all of its inputs in one [[correlation]], or leave this out."
            findings.add(Finding(where, what, remedy))
            return False
        if len(shared) > 1:
            first, second = next(pair for pair in combinations(made.between, 2) if set(pair) <= set(shared))
            findings.add(Finding(where, f'"{first}" and "{second}" were correlated before', "Keep one of the two."))
            return False
    return True


def _is_joined(one: Correlation, other: Correlation) -> bool:
    """Whether two correlations that share an input make one group."""
    return one.is_elliptical and (one.copula, one.df) == (other.copula, other.df)


def _told(correlation: Correlation) -> str:
    family = f"{correlation.copula} copula"
    return f"a {family} with df = {correlation.df:g}" if correlation.df is not None else f"a {family}"
