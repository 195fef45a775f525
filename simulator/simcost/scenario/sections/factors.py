"""Shared factors: what moves many inputs at once, and how much of each input is its doing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.dependence import Factor
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.names import check_name
from simcost.scenario.problems import Finding, Findings, suggestion
from simcost.scenario.scenario import Input
from simcost.scenario.sections.dependence_schema import FactorTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def read_factors(section: Mapping[str, Any], findings: Findings) -> tuple[Factor, ...]:
    """Read ``[factors]``; what is not sound is reported and left out."""
    found = []
    for name, raw in section.items():
        place = ("factors", name)
        named = check_name(name, place, findings)
        if not isinstance(raw, dict):
            what = f"a factor is {validation.kind_of(raw)}"
            findings.add(Finding(place, what, f'Write it as a table: {name[:64]} = {{ copula = "gaussian" }}.'))
            continue
        table = validation.checked(FactorTable, raw, place, findings)
        if table is not None and named and _has_df(table, name, findings):
            found.append(Factor(name, table.copula, table.df))
    return tuple(found)


def driven(
    inputs: Sequence[Input], factors: Sequence[Factor], declared: Collection[str], fixed: Collection[str], findings: Findings
) -> tuple[Input, ...]:
    """Check which factors drive the inputs.

    Parameters
    ----------
    declared
        Names of all factors of the file, those with problems too.
    fixed
        Names of inputs that a replacement has made certain: nothing drives them any more.

    Returns
    -------
    tuple of Input
        All of them; those that nothing sound drives have no driver.
    """
    draws: dict[str, Input] = {}
    sound = {each.name for each in factors}
    checked = []
    for each in inputs:
        if each.name not in fixed and _is_driven(each, declared, draws, findings) and each.driver in sound:
            draws.setdefault(each.driver, each)
            checked.append(each)
        else:
            checked.append(replace(each, driver="", loading=None))
    return tuple(checked)


def _has_df(table: FactorTable, name: str, findings: Findings) -> bool:
    if (table.copula == "t") == (table.df is not None):
        return True
    if table.df is None:
        findings.add(Finding(("factors", name), "df is missing", "Write df = 4.", at="key"))
    else:
        what = "the copula gaussian has no degrees of freedom"
        findings.add(Finding(("factors", name, "df"), what, 'Remove df, or write copula = "t".', at="key"))
    return False


def _is_driven(each: Input, declared: Collection[str], draws: Mapping[str, Input], findings: Findings) -> bool:
    """Whether a factor drives an input; what is wrong with that is reported."""
    place = ("inputs", each.name)
    if not each.driver:
        if each.loading is not None:
            findings.add(
                Finding((*place, "loading"), "loading without driver", "Write driver and a name of [factors].", at="key")
            )
        return False
    first = draws.get(each.driver, each)
    if each.driver not in declared:
        remedy = suggestion(each.driver, declared, f"Declare it: [factors.{each.driver}].")
        findings.add(Finding((*place, "driver"), f'no factor is named "{each.driver}"', remedy))
    elif each.loading is None:
        findings.add(Finding(place, "loading is missing", "Write loading = 0.6.", at="key"))
    elif isinstance(each.distribution, Constant):
        what = f'"{each.name}" is a constant, and nothing moves with it'
        findings.add(Finding((*place, "driver"), what, "Remove driver and loading, or make the input uncertain."))
    elif first.draw != each.draw:
        what = f'"{each.driver}" drives "{first.name}", drawn once a {first.draw}, and "{each.name}", drawn once a {each.draw}'
        findings.add(Finding((*place, "driver"), what, "All inputs of a factor have equal draw."))
    else:
        return True
    return False
