"""Distributions that are well formed, but that no inverse can be had of: found before anything is compiled, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.distributions.quantiles import table_error
from simcost.compile.immediate import draws_at
from simcost.errors import ScenarioError
from simcost.scenario.refusal import Refusal
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.functions.elementary import LARGEST_UNIFORM, SMALLEST_UNIFORM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.errors import Problem
    from simcost.scenario.distributions import canonical as d
    from simcost.scenario.problems import Place
    from simcost.scenario.scenario import Input, Scenario


def check_distributions(scenario: Scenario) -> None:
    """Build the tables of every input (they are kept for the compiler).

    Raises
    ------
    ScenarioError
        If an input's rarest draws are not finite, or no table of it is accurate enough; each with its line.
    """
    refused = [(each, refusal) for each in scenario.inputs if (refusal := _refusal(each)) is not None]
    if refused:
        problems = (located(scenario, ("inputs", each.name), refusal.what, refusal.remedy) for each, refusal in refused)
        raise ScenarioError(scenario.path, tuple(problems))


def check_streams(scenario: Scenario, shared: Iterable[str]) -> None:
    """Refuse random numbers that inputs share and that are those of an input, or of other inputs that share some.

    Raises
    ------
    ScenarioError
        One in four billion; renaming mends it.
    """
    seen = {stream_id(each.name): each.name for each in scenario.inputs}
    for name in shared:
        earlier = seen.setdefault(stream_id(name), name)
        if earlier != name:
            what = f'the {name} would draw the same random numbers as "{earlier}" (stream id {stream_id(name):#010x})'
            raise ScenarioError(scenario.path, (located(scenario, (), what, "Rename an input."),))


def refuse_infinite(distribution: d.Distribution) -> None:
    """Refuse a distribution whose farthest draws no float64 can hold."""
    ends = draws_at(distribution, [SMALLEST_UNIFORM, LARGEST_UNIFORM])
    if not np.all(np.isfinite(ends)):
        what = f"its rarest draws are not finite ({ends[0]:g} to {ends[1]:g})"
        raise Refusal(what, "Choose less extreme parameters, or truncate it with min and max.")


def _refusal(each: Input) -> Refusal | None:
    try:
        refuse_infinite(each.distribution)
        table_error(each.distribution)
    except Refusal as refusal:
        return refusal
    return None


def located(scenario: Scenario, place: Place, what: str, remedy: str) -> Problem:
    """Return a problem of a scenario's file with its line, column and quoted line."""
    from simcost.scenario.problems import Finding
    from simcost.scenario.text.locate import Locator

    return Locator(scenario.text).problem(Finding(place, what, remedy))
