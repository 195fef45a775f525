"""The plan of a scenario with everything that it computes on the way as outputs: for telling one future, month by month.

The steps are those of the plan that runs; more of their results are recorded, in every month. So the total is the run's to the
last bit. What no cost line needs is not computed here either: a draw more would shift the dimensions of Sobol' points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.compiled import lowered
from simcost.compile.costs import months_by
from simcost.compile.dependence.pairs import joined

if TYPE_CHECKING:
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.plan import Plan

INPUT, DRIVER, LINE_MONTH, CATEGORY_MONTH = "input", "driver", "line_month", "category_month"
"""Groups of outputs that only this plan has, each labelled with the name and recorded in every month."""


def story_plan(scenario: Scenario) -> Plan:
    """Compile a resolved scenario that `compile_scenario` accepts.

    Returns
    -------
    Plan
        The columns of the run's plan, then those of every used input and driver, and of every cost line and category by month.
    """
    lowering, month_of = lowered(scenario, joined(scenario))
    builder = lowering.builder
    for cost in scenario.costs:
        builder.output(LINE_MONTH, cost.name, month_of[cost.name], monthly=True)
    for label, value in months_by("category", scenario.costs, lowering, month_of).items():
        builder.output(CATEGORY_MONTH, label, value, monthly=True)
    named = ((INPUT, scenario.inputs), (DRIVER, scenario.drivers))
    for group, items in named:
        for each in items:
            operand_or_none = lowering.known(each.name)
            if operand_or_none is not None:
                builder.output(group, each.name, operand_or_none, monthly=True)
    lowering.settle()
    return builder.finish()
