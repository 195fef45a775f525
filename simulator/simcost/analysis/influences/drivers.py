"""What drives the cost: every way of asking how much an input, or inputs together, move the total.

Four studies of one scenario, each by a kernel of its own: exclusion and swings over all scenarios on common random numbers;
Sobol' indices over Sobol' points; rank correlation and what sets the worst apart over a sample.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from simcost.analysis.influences import association, input_groups
from simcost.analysis.influences.exclusion import changes
from simcost.analysis.influences.shapley_effects import SCENARIOS, shapley_effects
from simcost.analysis.influences.sobol_indices import Indices
from simcost.analysis.influences.sobol_study import sobol_study
from simcost.analysis.total_figures import reversed_sign
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.bands import MEDIAN, Band
from simcost.errors import UsageError
from simcost.scenario.distributions.canonical import Constant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.influences.association import Association, Associations
    from simcost.analysis.influences.exclusion import Changes
    from simcost.analysis.influences.input_groups import InputGroup
    from simcost.analysis.influences.shapley_effects import ShapleyEffects
    from simcost.analysis.total_figures import TotalFigures
    from simcost.analysis.work import Work
    from simcost.compile.studies.bands import BandedPlan
    from simcost.scenario.scenario import Input, Scenario

Kind = Literal["named", "correlated", "block", "persistence", "source"]

ENDS = (Band(0.1, 0.0), Band(0.9, 0.0))
"""Where an input is fixed for its swing: at its P10 and at its P90."""

POINTS = 1 << 15
"""Base points of Sobol' indices: for each input as many runs again."""

DRAWN_TWICE = 2
"""What a run with twins takes, beside a run without."""

UNDEFINED = Indices(None, None)


@dataclass(frozen=True, slots=True)
class InputInfluence:
    """What one input does to the total; money in the scenario's currency.

    Parameters
    ----------
    input
        The input.
    impact
        Figures of the total less those with the input fixed at its median: what its uncertainty brings.
    at_p10, at_p90
        Figures with the input fixed there, less those of the total: a one-at-a-time swing.
    indices
        Sobol' indices; those of its group of correlated inputs, if it is in one, are with the group: by itself it has none.
    association
        How it goes with the total.
    shapley
        Its Shapley effect; None where they were not asked for, the total does not vary, or it has one with others only.
    """

    input: Input
    impact: TotalFigures
    at_p10: TotalFigures
    at_p90: TotalFigures
    indices: Indices
    association: Association
    shapley: Estimate | None = None


@dataclass(frozen=True, slots=True)
class GroupInfluence:
    """What some inputs together do to the total.

    Parameters
    ----------
    kind
        ``named`` on the command line, ``correlated``, of one ``block``, of one ``persistence`` or of one ``source``.
    impact
        With all of them fixed at their medians; see `InputInfluence`.
    indices
        None for both where some of them are correlated with inputs outside, or the total does not vary.
    """

    kind: Kind
    name: str
    members: tuple[str, ...]
    impact: TotalFigures
    indices: Indices


@dataclass(frozen=True, slots=True)
class Drivers:
    """What drives the cost of a scenario.

    Parameters
    ----------
    inputs, groups
        The largest absolute impact at P95 first; groups kind by kind.
    base
        Figures of the total.
    certain, idle
        Number of certain inputs, and names of the uncertain ones that reach no cost line.
    associations
        The sample that these come from.
    scenarios, non_finite
        Scenarios of the exclusion, and how many were left out since a total is infinite or undefined.
    points, points_method
        Base points of the Sobol' indices.
    backend, device
        What computed the exclusion.
    """

    inputs: tuple[InputInfluence, ...]
    groups: tuple[GroupInfluence, ...]
    base: TotalFigures
    certain: int
    idle: tuple[str, ...]
    associations: Associations
    scenarios: int
    non_finite: int
    points: int
    points_method: str
    backend: str
    device: str

    def __repr__(self) -> str:
        """Tell in one line how many influences there are; all of them would fill the screen."""
        return f"<{type(self).__name__}: {len(self.inputs)} inputs, {len(self.groups)} groups, {self.scenarios:,} scenarios>"


def drivers(scenario: Scenario, work: Work, *, named: Sequence[str] = (), level: float = 0.95, shapley: bool = False) -> Drivers:
    """Study what drives the cost of a scenario.

    Parameters
    ----------
    named
        Groups of inputs, ``NAME=input,input``.
    level
        The worst scenarios lie above this quantile where no budget says which they are.
    shapley
        Whether to estimate Shapley effects too: 32 runs of 4,096 scenarios for each input.

    Raises
    ------
    UsageError
        If no uncertain input reaches a cost line, or a named group is none.
    """
    banded = compile_banded(scenario, freedom="points")
    if not banded.inputs:
        message = (
            "no uncertain input reaches a cost line: nothing drives this cost. Give an input a range, like 9 to 16 CNY/hour."
        )
        raise UsageError(message)
    groups = _groups(banded, scenario, named)
    targets = [*((each.name,) for each in banded.inputs), *(group.members for _, group in groups)]
    variants, alone = _variants(banded, targets), _alone(banded, targets)
    excluding, indexing, sampling, sharing = work.stages(*_amounts(work.span.n, len(variants), len(alone), shapley=shapley))
    found = changes(banded, variants, excluding)
    study = sobol_study(scenario, alone, indexing, points=min(POINTS, work.span.n))
    known = dict(zip(alone, study.groups, strict=True))
    indices = [known.get(names, UNDEFINED) for names in targets]
    sample = _sample(scenario, sampling, level)
    effects = shapley_effects(scenario, sharing) if shapley else None
    return Drivers(
        inputs=_with_effects(_input_influences(banded, found, indices, sample), effects),
        groups=_group_influences(groups, found, indices[len(banded.inputs) :], len(banded.inputs)),
        base=found.base,
        **_counted(scenario, banded),
        associations=sample,
        scenarios=work.span.n,
        non_finite=found.non_finite,
        points=study.points,
        points_method=study.method,
        backend=found.backend,
        device=found.device,
    )


def _groups(banded: BandedPlan, scenario: Scenario, named: Sequence[str]) -> list[tuple[Kind, InputGroup]]:
    """Return every group of at least two inputs, and the classes of all."""
    inputs = banded.inputs
    independent = input_groups.independent_groups(banded.streams)
    source_of = partial(input_groups.source_of, priced=input_groups.priced_blocks(scenario.drivers))
    found: dict[Kind, Sequence[InputGroup]] = {
        "named": input_groups.named_groups(named, inputs, scenario.inputs),
        "correlated": [input_groups.InputGroup(", ".join(names), names) for names in independent if len(names) > 1],
        "block": input_groups.by_block(inputs),
        "persistence": input_groups.by_class(inputs, independent, lambda each: each.draw),
        "source": input_groups.by_class(inputs, independent, source_of),
    }
    return [(kind, group) for kind, groups in found.items() for group in groups]


def _variants(banded: BandedPlan, targets: Sequence[tuple[str, ...]]) -> list[Mapping[str, Band]]:
    """Fix each target at its median, then each input at its P10, then each at its P90."""
    fixed = [dict.fromkeys(names, MEDIAN) for names in targets]
    return [*fixed, *({each.name: end} for end in ENDS for each in banded.inputs)]


def _amounts(n: int, variants: int, alone: int, *, shapley: bool) -> tuple[int, int, int, int]:
    """Return the work of exclusion, Sobol' indices, the sample and Shapley effects: scenarios times models, near enough."""
    twinned = DRAWN_TWICE * (alone + 1)
    return n * variants, min(POINTS, n) * twinned, min(n, association.MOST), SCENARIOS * twinned if shapley else 0


def _alone(banded: BandedPlan, targets: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the targets that are independent of all other inputs: the others have no indices."""
    return [names for names in dict.fromkeys(targets) if _is_independent(banded, names)]


def _is_independent(banded: BandedPlan, names: tuple[str, ...]) -> bool:
    inside = frozenset[int]().union(*(banded.streams[name] for name in names))
    return not any(inside & drawn for name, drawn in banded.streams.items() if name not in names)


def _sample(scenario: Scenario, work: Work, level: float) -> Associations:
    exposed = compile_banded(scenario, ("total", "input"))
    n = min(work.span.n, association.MOST)
    limit = None if scenario.budget is None else scenario.budget.total
    share = replace(work, span=replace(work.span, n=n))
    return association.associations(exposed, share, limit=limit, level=level)


def _input_influences(
    banded: BandedPlan, found: Changes, indices: Sequence[Indices], sample: Associations
) -> tuple[InputInfluence, ...]:
    count = len(banded.inputs)
    lows, highs = found.variants[-2 * count : -count], found.variants[-count:]
    made = [
        InputInfluence(each, reversed_sign(fixed), low, high, its, goes)
        for each, fixed, low, high, its, goes in zip(
            banded.inputs, found.variants[:count], lows, highs, indices[:count], sample.inputs, strict=True
        )
    ]
    return tuple(sorted(made, key=lambda each: -_weight(each.impact)))


def _with_effects(influences: tuple[InputInfluence, ...], effects: ShapleyEffects | None) -> tuple[InputInfluence, ...]:
    if effects is None:
        return influences
    known = dict(zip(effects.players, effects.effects, strict=False))
    return tuple(replace(each, shapley=known.get((each.input.name,))) for each in influences)


def _group_influences(
    groups: Sequence[tuple[Kind, InputGroup]], found: Changes, indices: Sequence[Indices], first: int
) -> tuple[GroupInfluence, ...]:
    made = [
        GroupInfluence(kind, group.name, group.members, reversed_sign(found.variants[first + place]), its)
        for place, ((kind, group), its) in enumerate(zip(groups, indices, strict=True))
    ]
    order = [kind for kind, _ in groups]
    return tuple(sorted(made, key=lambda each: (order.index(each.kind), -_weight(each.impact))))


def _weight(figures: TotalFigures) -> float:
    """Return what influences are sorted by."""
    return abs(figures.p95.value) if isfinite(figures.p95.value) else 0.0


def _counted(scenario: Scenario, banded: BandedPlan) -> dict[str, Any]:
    uncertain = [each.name for each in scenario.inputs if not isinstance(each.distribution, Constant)]
    idle = tuple(name for name in uncertain if name not in banded.knobs)
    return {"certain": len(scenario.inputs) - len(uncertain), "idle": idle}
