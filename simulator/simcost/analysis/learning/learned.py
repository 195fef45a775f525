"""From the bills of closed months to what they tell of the open ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.estimates.intervals import Estimate, proportion
from simcost.analysis.estimates.undefined import REMEDY
from simcost.analysis.figures import percentile_of
from simcost.analysis.learning.conditioning import conditioned, known
from simcost.analysis.learning.learning import MOST, UNLIKELY, Learned, Learning, Unexplained
from simcost.analysis.learning.weighted import Weighted
from simcost.compile.costs import within_limit
from simcost.compile.studies.evidence import EVIDENCE, REST, billed_parts, evidence_plan, forecast_plan
from simcost.engine.joint import Kept, run_jointly
from simcost.engine.preparation.prepared import kernels_for
from simcost.engine.processors import workers_beside
from simcost.errors import UndefinedCostError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost.analysis.learning.conditioning import Known
    from simcost.analysis.work import Work
    from simcost.compile.studies.evidence import BilledPart
    from simcost.scenario.scenario import Budget, Scenario
    from simcost_kernels.arrays import Array


ROOM = 1 << 25
"""Numbers of them that are held at once, 256 MB: of models with more than 256 columns there are fewer scenarios."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """Columns of the evidence and of the forecast, by (group, label), float64 (n,) each."""

    columns: dict[tuple[str, str], Array]
    scenarios: int
    non_finite: int


LEAST_EXPLAINED = 0.01
"""Share of an input's variance from which on it is said to have been learned."""


def learn_from(scenario: Scenario, work: Work) -> Learning:
    """Learn from the bills of a scenario.

    Parameters
    ----------
    scenario
        With bills, and at least one open month.
    work
        Its first scenarios are taken, `MOST` at most; they are independent, whatever the file's method.
    """
    parts = billed_parts(scenario)
    sample = _sample(scenario, parts, work)
    given, unexplained = _given(parts, sample)
    units = {("input", each.name): each.unit.text for each in scenario.inputs}
    asked = _asked(scenario.budget)
    found = {
        name: _learned(name, units.get(name, scenario.currency), values, given, asked=asked.get(name))
        for name, values in sample.columns.items()
        if name[0] != EVIDENCE
    }
    return Learning(
        total=found.pop(("total", "")),
        rest=found.pop((REST, "")),
        parts=tuple(each for each in found.values() if each.group != "input"),
        inputs=tuple(_most_moved(each for each in found.values() if each.group == "input")),
        scenarios=sample.scenarios,
        non_finite=sample.non_finite,
        surprise=given.surprise(),
        unexplained=unexplained,
    )


def _asked(budget: Budget | None) -> dict[tuple[str, str], tuple[float, float]]:
    """Return what is approved for the whole and for parts of it, each with the wanted percentile."""
    if budget is None:
        return {}
    approved = {("total", ""): budget.total, **{(each.group, each.label): each.approved for each in budget.sums}}
    return {part: (each, percentile_of(budget)) for part, each in approved.items()}


def _sample(scenario: Scenario, parts: Sequence[BilledPart], work: Work) -> _Sample:
    plans = evidence_plan(scenario, parts), forecast_plan(scenario)
    names = [(group, label) for plan in plans for group, label, _ in plan.columns()]
    span = replace(work.span, n=max(min(work.span.n, MOST, ROOM // len(names)), 1))
    kernels = kernels_for(plans, work.backend, n=span.n, notice=work.notice)
    kept = [Kept() for _ in range(span.workers or workers_beside(kernels))]
    run_jointly(kernels, span, kept, progress=work.progress)
    columns = kept[0].columns(kept[1:])
    finite = np.isfinite(columns).all(axis=0)
    if not finite.any():
        message = f"{scenario.path}: some cost is infinite or undefined in every scenario: none to learn from. {REMEDY}."
        raise UndefinedCostError(message)
    columns = columns if finite.all() else columns[:, finite]
    return _Sample(dict(zip(names, columns, strict=True)), columns.shape[-1], int(np.count_nonzero(~finite)))


def _given(parts: Sequence[BilledPart], sample: _Sample) -> tuple[Known, tuple[Unexplained, ...]]:
    """Return what is known by the bills, and the parts that the model does not explain."""
    columns: list[Array] = []
    amounts: list[float] = []
    told: list[tuple[int, Unexplained]] = []
    unlikely = proportion(0, sample.scenarios)
    for number, part in enumerate(parts):
        its = [sample.columns[EVIDENCE, f"{number} {place}"] for place in range(len(part.amounts))]
        planned = np.sum(its, axis=0)
        found = Unexplained(part.group, part.name, fsum(part.amounts), float(planned.min()), float(planned.max()), unlikely)
        told.append((len(columns), found))
        if found.is_learned_from:
            columns += its
            amounts += part.amounts
    given = known(np.array(columns).reshape(len(columns), sample.scenarios), amounts)
    return given, tuple(_unexplained(told, given))


def _unexplained(told: Sequence[tuple[int, Unexplained]], given: Known) -> Iterator[Unexplained]:
    """Yield the parts that the model does not explain; of many there is one by chance no more often than of one."""
    ends = [first for first, _ in told[1:]] + [None]
    for (first, part), last in zip(told, ends, strict=True):
        if not part.is_learned_from:
            yield part
        elif (found := given.surprise(first=first, last=last)) is not None and found.value < UNLIKELY / len(told):
            yield replace(part, surprise=found)


def _learned(name: tuple[str, str], unit: str, values: Array, given: Known, *, asked: tuple[float, float] | None) -> Learned:
    found = conditioned(values, given)
    before, after = Weighted.of(values).statistics(), found.values.statistics()
    learned = Learned(*name, unit, before, after, found.explained, found.values.effective)
    if asked is None:
        return learned
    approved, percent = asked
    enough = found.values.percentile(percent)
    within = found.values.share(within_limit(approved))
    return replace(learned, probability_within=within, sum_for_confidence=Estimate(enough.value, enough.low, enough.high))


def _most_moved(inputs: Iterable[Learned]) -> list[Learned]:
    return sorted((each for each in inputs if each.explained >= LEAST_EXPLAINED), key=lambda each: -_shift(each))


def _shift(each: Learned) -> float:
    """Return by how much the median has moved, of P5 to P95."""
    middle, low, high = (each.before.percentile(p).value for p in (50.0, 5.0, 95.0))
    return abs(each.after.percentile(50.0).value - middle) / (high - low) if low < high else 0.0
