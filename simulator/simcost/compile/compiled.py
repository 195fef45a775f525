"""A scenario compiled: its plan, and what the compiler has to tell the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.compile.costs import cost_outputs
from simcost.compile.dependence.pairs import joined, loadings, pairs, ties_warnings
from simcost.compile.distributions.refusals import check_distributions
from simcost.compile.lower import Lowering
from simcost.compile.pools import pool_outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.compile.dependence.pairs import Joined, Loading, Pair
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True, eq=False)  # its plan holds arrays
class Compiled:
    """What runs, and what was noticed on the way.

    Parameters
    ----------
    groups
        Inputs that depend on each other.
    pairs
        What each pair of them that the file names gets.
    loadings
        What each input has of its factor.
    warnings
        Those of the scenario, then repaired correlations, then those that ties make smaller.
    """

    scenario: Scenario
    plan: Plan
    groups: tuple[Joined, ...]
    pairs: tuple[Pair, ...]
    loadings: tuple[Loading, ...]
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        """Name it in one line; the plan alone would fill the screen."""
        return f"<{type(self).__name__}: {self.scenario!r}, {len(self.warnings)} warning(s)>"

    def __str__(self) -> str:
        """Return what ``simcost validate`` prints: what ``print`` shows."""
        from simcost.report.model.page import model_page
        from simcost.report.parts.page import page_text

        return page_text(model_page(self))

    def _repr_html_(self) -> str:
        """Return its tables for a notebook."""
        from simcost.report.model.page import model_page
        from simcost.report.parts.page import page_html

        return page_html(model_page(self))


def compile_scenario(scenario: Scenario) -> Compiled:
    """Compile a resolved scenario.

    Raises
    ------
    ScenarioError
        If its correlations are impossible together and it is strict, or a distribution cannot be tabulated.
    """
    check_distributions(scenario)
    dependent = joined(scenario)
    lowering, _ = lowered(scenario, dependent)
    lowering.settle()
    found, driven = pairs(scenario, dependent), loadings(scenario, dependent)
    repairs = (group.warning for group in dependent if group.warning)
    warnings = (*scenario.warnings, *repairs, *ties_warnings(scenario, found, driven))
    return Compiled(scenario, lowering.builder.finish(), dependent, found, driven, warnings)


def lowered(scenario: Scenario, dependent: tuple[Joined, ...]) -> tuple[Lowering, Mapping[str, str]]:
    """Lower what a run records, in the order of its columns; to be settled, and more may be recorded before.

    Returns
    -------
    tuple
        And what each cost line costs in a month, as operands.
    """
    lowering = Lowering(scenario, dependent, also=(pool.expression for pool in scenario.pools))
    month_of = cost_outputs(scenario, lowering)
    pool_outputs(scenario, lowering)
    return lowering, month_of
