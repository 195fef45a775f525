"""The base estimate: what a scenario costs with every input at its most likely value.

A single estimate is made of the values that people would name first, and those are modes (GAO-20-195G, "Cost Estimating and
Assessment Guide"); where there is none in closed form, the median stands in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.costs import cost_outputs, total_column
from simcost.compile.lower import Lowering
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.sampling import Sampling
from simcost_kernels.backends.reference import ReferenceKernel

if TYPE_CHECKING:
    from simcost.scenario.scenario import Input, Scenario
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class BaseEstimate:
    """A cost without uncertainty.

    Parameters
    ----------
    total
        Over the horizon, in the scenario's currency; not finite where the formulas are undefined at these values.
    inputs
        Number of uncertain inputs.
    medians
        Names of those that have no mode and are at their medians.
    """

    total: float
    inputs: int
    medians: tuple[str, ...]


def base_estimate(scenario: Scenario) -> BaseEstimate:
    """Compute a resolved scenario with each input at its mode, or at its median (see `most_likely`), in every month."""
    uncertain = [each for each in scenario.inputs if not isinstance(each.distribution, Constant)]
    certain = replace(scenario, inputs=tuple(map(_fixed, scenario.inputs)), sampling=Sampling(), correlations=(), budget=None)
    lowering = Lowering(certain, ())
    cost_outputs(certain, lowering)
    lowering.settle()
    medians = tuple(each.name for each in uncertain if each.distribution.mode_if_known() is None)
    return BaseEstimate(_total(lowering.builder.finish()), len(uncertain), medians)


def _fixed(each: Input) -> Input:
    peak = each.distribution.mode_if_known()
    return replace(each, distribution=Constant(each.distribution.quantile(0.5) if peak is None else peak))


def _total(plan: Plan) -> float:
    """Run the one scenario that a plan without draws has."""
    columns = np.empty((plan.n_columns, 1))
    ReferenceKernel(plan).run(0, 0, 1, columns)
    return float(columns[total_column(plan.columns()), 0])
