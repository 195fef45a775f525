"""What a cost becomes under stress: the same scenarios with inputs restricted, moved or replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcost.analysis.budgets.kept_sums import KeptSums, kept_sums
from simcost.analysis.comparisons.paired_run import paired_run
from simcost.analysis.estimates.distribution_function import probability_within
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.influences.association import MOST, sample
from simcost.analysis.influences.reverse_stress import ReverseStress, reverse_stress
from simcost.analysis.total_figures import TotalFigures, difference, figures_of
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.stressed import StressRun, stressed_plan
from simcost.errors import UndefinedCostError, UsageError
from simcost.scenario.sections.stresses import Stress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.comparisons.paired import PairedTotals
    from simcost.analysis.work import Work
    from simcost.scenario.scenario import Budget, Scenario

SIDE_BY_SIDE = 64
"""Runs under stress at a time, at most: each holds the totals of a block for every worker."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A cost under stress; money in the scenario's currency.

    Parameters
    ----------
    run
        What was stressed; None for the scenario as it is.
    figures
        Of the total.
    change
        Those less the figures of the scenario as it is.
    probability_within
        Probability of staying within the approved sum; None without a budget.
    kept
        How likely the approved sums of periods, categories, stages and owners are kept, each and all at once.
    """

    run: StressRun | None
    figures: TotalFigures
    change: TotalFigures | None
    probability_within: Estimate | None
    kept: KeptSums


@dataclass(frozen=True, slots=True)
class StressTest:
    """A scenario under stress.

    Parameters
    ----------
    base
        The scenario as it is.
    outcomes
        One for each run.
    reverse
        What makes up the worst scenarios; None if no input is uncertain.
    scenarios, non_finite
        How many, and how many of them are left out since a total is infinite or undefined.
    """

    base: Outcome
    outcomes: tuple[Outcome, ...]
    reverse: ReverseStress | None
    scenarios: int
    non_finite: int
    backend: str
    device: str

    def __repr__(self) -> str:
        """Tell in one line how many stresses there are; all figures would fill the screen."""
        return f"<{type(self).__name__}: {len(self.outcomes)} stresses, {self.scenarios:,} scenarios>"


def stress_test(
    scenario: Scenario, runs: Sequence[StressRun], variants: Mapping[str, Scenario], work: Work, *, worst: float
) -> StressTest:
    """Run a scenario as it is and under stress, on common random numbers.

    Parameters
    ----------
    variants
        The scenario with the option of a stress applied, by the option's name.
    worst
        Share of the scenarios that the reverse stress is about.

    Raises
    ------
    UsageError
        If there are too many runs, or a stressed input reaches no cost line.
    UndefinedCostError
        If no scenario has finite totals.
    """
    if len(runs) > SIDE_BY_SIDE:
        message = f"{len(runs)} runs under stress, and {SIDE_BY_SIDE} are the most. Name some stresses with `stresses`."
        raise UsageError(message)
    models = [scenario, *(variants.get(each.stress.option, scenario) for each in runs)]
    stresses = [Stress(""), *(each.stress for each in runs)]
    plans = [stressed_plan(model, stress) for model, stress in zip(models, stresses, strict=True)]
    under_stress, as_it_is = work.stages(work.span.n * len(plans), min(work.span.n, MOST))
    kernels, span = work.kernels_of_plans(plans)
    found = paired_run(kernels, span, distributions=False, progress=under_stress.progress)
    if not found.count:
        message = "in no scenario are the totals of all stresses finite. Name them one by one with `stresses`."
        raise UndefinedCostError(message)
    base, *outcomes = (
        Outcome(run, figures_of(found, place), difference(found, place) if place else None, *_within(found, place, model.budget))
        for place, (run, model) in enumerate(zip((None, *runs), models, strict=True))
    )
    return StressTest(
        base=base,
        outcomes=tuple(outcomes),
        reverse=_reverse(scenario, as_it_is, worst),
        scenarios=span.n,
        non_finite=found.non_finite,
        backend=kernels[0].name,
        device=kernels[0].device,
    )


def _within(found: PairedTotals, place: int, budget: Budget | None) -> tuple[Estimate | None, KeptSums]:
    """Return the probability of staying within the whole of a budget, and within its other sums."""
    whole = None if budget is None else probability_within(found.totals, place, budget.total)
    return whole, kept_sums(found, place)


def _reverse(scenario: Scenario, work: Work, worst: float) -> ReverseStress | None:
    exposed = compile_banded(scenario, ("total", "input"))
    if not exposed.inputs:
        return None
    span = replace(work.span, n=min(work.span.n, MOST))
    total, inputs, replicates = sample(exposed, replace(work, span=span))
    return reverse_stress(total, dict(zip((each.name for each in exposed.inputs), inputs, strict=True)), worst, replicates)
