"""The plan of a trial of `simcost optimize`: the total, whether it is within the budget, and the events that are limited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.costs import cost_outputs
from simcost.compile.dependence.pairs import joined
from simcost.compile.distributions.refusals import check_distributions
from simcost.compile.lower import Lowering
from simcost.scenario.scenario import APPROVED_GROUPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.scenario import Scenario
    from simcost.scenario.sections.optimization import EventLimit
    from simcost_kernels.plan import Plan

OUTPUTS = (
    *("total", "within", "within_quarter", "within_fiscal_year"),
    *(f"within_{group}" for group in APPROVED_GROUPS),
    "event",
)
"""Groups of a trial's columns, in this order; an event is 1.0 where it has happened in any month."""


def compile_trial(scenario: Scenario, events: Sequence[EventLimit]) -> Plan:
    """Compile a scenario to what a trial asks; its draws, and so its totals, are those of a plain run to the last bit.

    Raises
    ------
    ScenarioError
        As `simcost.compile.compiled.compile_scenario` does.
    """
    lowering = lowered_trial(scenario, events)
    lowering.settle()
    return lowering.builder.finish_with(OUTPUTS)[0]


def lowered_trial(scenario: Scenario, events: Sequence[EventLimit]) -> Lowering:
    """Lower what a trial asks; to be settled, and more outputs may be added before without another draw."""
    check_distributions(scenario)
    lowering = Lowering(scenario, joined(scenario), also=(event.expression for event in events))
    cost_outputs(scenario, lowering)
    builder = lowering.builder
    for event in events:
        before = builder.state(builder.number(0.0))
        builder.carry(before, builder.op("or", before, lowering.value(event.expression)))
        builder.output("event", event.name, before)
    return lowering
