"""Parameters of distributions drawn by themselves: the outer level of a two-level simulation, one scenario for each draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.compile.distributions.quantiles import quantile
from simcost.errors import UsageError
from simcost.scenario.distributions.marginals import MarginalError, from_table
from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.draws.stream import stream_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simcost.scenario.distributions.unknown import Recipe, Unknown
    from simcost.scenario.scenario import Input, Scenario
    from simcost_kernels.arrays import Array

REMEDY = 'Put what is not known in quotes: lognormal = { median = "8 to 12", sd_log = 0.3 }.'

STAYS = "Give it a distribution that stays there: LOW to MODE to HIGH in quotes, or a table with min and max."


@dataclass(frozen=True, slots=True)
class OuterDraws:
    """Draws of the parameters that are not known.

    Parameters
    ----------
    names
        As ``gpu_price.lognormal.median``.
    unknowns
        The parameters in the same order.
    values
        In the inputs' units, float64 (parameters, draws).
    """

    names: tuple[str, ...]
    unknowns: tuple[Unknown, ...]
    values: Array


def outer_draws(scenario: Scenario, count: int, seed: int) -> OuterDraws:
    """Draw every parameter of a scenario that is not known, ``count`` times.

    Raises
    ------
    UsageError
        If the scenario has none.

    Notes
    -----
    A latin hypercube of all draws (McKay, Beckman and Conover 1979): each parameter falls once into each of ``count`` strata of
    equal probability, in an order and at a place that its name and the seed give. So a draw does not depend on what other
    parameters there are.
    """
    found = [(each, one) for each in scenario.inputs if each.recipe for one in each.recipe.unknowns]
    if not found:
        message = f"{scenario.path}: no parameter of a distribution is uncertain itself. {REMEDY}"
        raise UsageError(message)
    names = tuple(f"{each.name}.{'.'.join(one.path)}" for each, one in found)
    values = np.stack(
        [quantile(one.distribution, _strata(name, count, seed)) for name, (_, one) in zip(names, found, strict=True)]
    )
    return OuterDraws(names, tuple(one for _, one in found), values)


def _strata(name: str, count: int, seed: int) -> Array:
    order, place = (uniforms(seed, stream_id(f"inputs.{name}"), period, 0, count) for period in (0, 1))
    u: Array = (np.argsort(order, kind="stable") + place) / count
    return u


def scenarios_of(scenario: Scenario, drawn: OuterDraws) -> Iterator[Scenario]:
    """Yield the scenario with the parameters of each draw.

    Raises
    ------
    UsageError
        If a distribution cannot have such parameters.
    """
    for number, values in enumerate(drawn.values.T.tolist()):
        chosen = dict(zip(drawn.names, values, strict=True))
        inputs = tuple(
            _remade(scenario, each, each.recipe, chosen, f"in draw {number + 1} of {drawn.values.shape[1]}")
            if each.recipe
            else each
            for each in scenario.inputs
        )
        yield replace(scenario, inputs=inputs)


def _remade(scenario: Scenario, each: Input, recipe: Recipe, chosen: Mapping[str, float], when: str) -> Input:
    table: Any = recipe.table
    for one in recipe.unknowns:
        table = _with(table, one.path, chosen[f"{each.name}.{'.'.join(one.path)}"])
    try:
        return replace(each, distribution=from_table(table, folder=Path(recipe.folder)))
    except MarginalError as error:
        path, what, remedy = error.problems[0]
        place = ".".join(("inputs", each.name, *path))
        message = f"{scenario.path}: {place}: {when}: {what}. {remedy} {STAYS}"
        raise UsageError(message) from error


def _with(table: Mapping[str, Any], path: Sequence[str], value: float) -> dict[str, Any]:
    """Return a copy of a table with another value at a path."""
    key, *rest = path
    return {**table, key: _with(table[key], rest, value) if rest else value}
