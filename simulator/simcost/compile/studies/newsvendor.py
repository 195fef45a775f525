"""The plan that tells what a decision costs and saves: of a total that is linear in each decision but for hinges.

Such a total is sum_h weight max(point - d, 0) + slope d and what no decision moves: the newsvendor's (Arrow, Harris and
Marschak 1951, "Optimal inventory policy"), with a demand in every month.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from simcost.compile.costs import charged, in_open_months, sum_of_months, with_bills
from simcost.compile.studies.hinge_form import Form, HingeForms, NotAHingeFormError
from simcost.compile.studies.trials import OUTPUTS, lowered_trial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.compile.lower import Lowering
    from simcost.compile.studies.hinge_form import Entering
    from simcost.scenario.scenario import Cost, Scenario
    from simcost.scenario.sections.optimization import EventLimit
    from simcost_kernels.plan import Plan

PARTS = ("base", "slope", "point", "weight")
"""Groups of columns: what no decision moves and the slope of each decision, over the run; points and weights by month."""


@dataclass(frozen=True, slots=True)
class Newsvendor:
    """A total in hinge form.

    Parameters
    ----------
    plan
        With the columns of a trial and of `PARTS`; its draws are those of a trial.
    hinges
        The decision of each hinge, in the order of ``point`` and ``weight``.
    """

    plan: Plan
    hinges: tuple[int, ...]


def compile_newsvendor(
    scenario: Scenario, events: Sequence[EventLimit], entering: Mapping[str, Entering], decisions: int
) -> Newsvendor | None:
    """Compile a scenario to the parts of its total; None if the total is more than linear with hinges.

    Parameters
    ----------
    scenario
        With the decisions taken in some way: that of the plan's ``total``.
    entering
        The inputs that are decided.
    decisions
        Their number.
    """
    lowering = lowered_trial(scenario, events)
    forms = HingeForms(scenario, lowering, entering)
    try:
        lines = [_paid(forms.of(cost.expression), cost, scenario, lowering) for cost in scenario.costs]
    except NotAHingeFormError:
        return None
    month, builder = reduce(forms.plus, lines, Form(forms.fold.zero)), lowering.builder
    builder.output("base", "", sum_of_months(lowering, month.base))
    for decision in range(decisions):
        builder.output("slope", f"{decision}", sum_of_months(lowering, month.slopes.get(decision, forms.fold.zero)))
    for number, ((_, point), weight) in enumerate(month.hinges.items()):
        builder.output("point", f"{number}", point, monthly=True)
        builder.output("weight", f"{number}", weight, monthly=True)
    lowering.settle()
    return Newsvendor(builder.finish_with((*OUTPUTS, *PARTS))[0], tuple(decision for decision, _ in month.hinges))


def _paid(amount: Form, cost: Cost, scenario: Scenario, lowering: Lowering) -> Form:
    """Return what a line costs in a month: bills rest on no decision."""
    form = amount.mapped(lambda part: in_open_months(cost, charged(scenario, cost, part, lowering), lowering))
    return replace(form, base=with_bills(cost, form.base, lowering))
