"""What drives a cost, read back from its document."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, get_args

from simcost.analysis.influences.association import Association, Associations
from simcost.analysis.influences.drivers import Drivers, GroupInfluence, InputInfluence, Kind
from simcost.analysis.influences.sobol_indices import Indices
from simcost.analysis.total_figures import FIGURES, TotalFigures
from simcost.api.reading.parts import estimate_of, figure_of, number, run_of, scenario_of, text
from simcost.report.drivers.answer import DriversReport
from simcost.report.parts.heading import METHODS
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.quantities.units import DIMENSIONLESS, Unit
from simcost.scenario.quantities.vocabulary import Symbol
from simcost.scenario.scenario import Input, Persistence

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: dict[str, Kind] = {each: each for each in get_args(Kind)}
DRAWS: dict[str, Persistence] = {each: each for each in get_args(Persistence)}


def drivers_of(document: Mapping[str, Any]) -> DriversReport:
    """Return the answer that a document tells."""
    run, worst, indices = run_of(document["run"]), document["worst"], document["indices"]
    inputs = tuple(map(_input, document["inputs"]))
    sample = tuple(each.association for each in inputs)
    if not inputs or text(indices["method"]) not in METHODS:
        message = f"{len(inputs)} inputs by {indices['method']!r:.40}"
        raise ValueError(message)
    return DriversReport(
        drivers=Drivers(
            inputs=inputs,
            groups=tuple(map(_group, document["groups"])),
            base=_figures(document["base"]),
            certain=int(number(document["certain"])),
            idle=tuple(map(text, document["idle"])),
            associations=Associations(
                sample, int(number(worst["scenarios"])), number(worst["threshold"]), figure_of(worst["share"])
            ),
            scenarios=run.scenarios,
            non_finite=int(number(document["non_finite"])),
            points=int(number(indices["points"])),
            points_method=indices["method"],
            backend=run.backend,
            device=run.device,
        ),
        scenario=scenario_of(document["scenario"]),
        run=run,
        warnings=tuple(map(text, document["warnings"])),
    )


def _input(document: Mapping[str, Any]) -> InputInfluence:
    unit = text(document["unit"])
    return InputInfluence(
        input=Input(
            text(document["name"]),
            Constant(0.0),  # of an input a page tells its name, and the document the text of its unit
            DIMENSIONLESS if unit == "1" else Unit(((Symbol(unit, Fraction(1), ()), Fraction(1)),)),
            draw=DRAWS[document["draw"]],
            block=text(document["block"]),
        ),
        impact=_figures(document["impact"]),
        at_p10=_figures(document["at_p10"]),
        at_p90=_figures(document["at_p90"]),
        indices=_indices(document),
        association=_association(document),
        shapley=estimate_of(document["shapley"]),
    )


def _group(document: Mapping[str, Any]) -> GroupInfluence:
    members = tuple(map(text, document["members"]))
    kind, name = KINDS[document["kind"]], text(document["name"])
    return GroupInfluence(kind, name, members, _figures(document["impact"]), _indices(document))


def _figures(document: Mapping[str, Any]) -> TotalFigures:
    return TotalFigures(*(figure_of(document[name]) for name in FIGURES))


def _indices(document: Mapping[str, Any]) -> Indices:
    return Indices(estimate_of(document["first_order"]), estimate_of(document["total_order"]))


def _association(document: Mapping[str, Any]) -> Association:
    separation = document["separation"]
    return Association(
        rank_correlation=estimate_of(document["rank_correlation"]),
        mean=number(document["mean"]),
        mean_in_worst=number(document["mean_in_worst"]),
        lowest=number(document["lowest"]),
        highest=number(document["highest"]),
        worst_if_lowest=figure_of(document["worst_if_lowest"]),
        worst_if_highest=figure_of(document["worst_if_highest"]),
        separation=None if separation is None else number(separation),
    )
