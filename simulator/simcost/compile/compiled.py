"""A scenario compiled: its plan, and what the compiler has to tell the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.compile.correlation import groups
from simcost.compile.costs import cost_outputs
from simcost.compile.lower import Lowering
from simcost.compile.refusals import check_distributions
from simcost.compile.ties import achieved_ranks, ties_warnings

if TYPE_CHECKING:
    from simcost.compile.correlation import Group
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class Compiled:
    """What runs, and what was noticed on the way.

    Parameters
    ----------
    groups
        Correlation groups with their matrices.
    achieved
        Spearman's rho that each of the scenario's correlations gets.
    warnings
        Those of the scenario, then repaired correlations, then those that ties make smaller.
    """

    scenario: Scenario
    plan: Plan
    groups: tuple[Group, ...]
    achieved: tuple[float, ...]
    warnings: tuple[str, ...]


def compile_scenario(scenario: Scenario) -> Compiled:
    """Compile a resolved scenario.

    Raises
    ------
    ScenarioError
        If its correlations are impossible together and it is strict, or a distribution cannot be tabulated.
    """
    check_distributions(scenario)
    correlated = groups(scenario)
    lowering = Lowering(scenario, correlated)
    cost_outputs(scenario, lowering)
    lowering.settle()
    achieved = achieved_ranks(scenario, correlated)
    repairs = (group.warning for group in correlated if group.warning)
    warnings = (*scenario.warnings, *repairs, *ties_warnings(scenario, correlated, achieved))
    return Compiled(scenario, lowering.builder.finish(), correlated, achieved, warnings)
