"""What nobody knows about the inputs themselves: two-level simulation."""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING

from simcost.api.checked import checked
from simcost.errors import UsageError
from simcost.scenario import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.analysis.two_level import ParameterInfluence, TwoLevel
    from simcost.api.path import PathLike
    from simcost.compile.studies.outer_draws import OuterDraws
    from simcost.engine.simulate import Progress
    from simcost.report.uncertainty.answer import UncertaintyReport
    from simcost_kernels.plan import Plan

OUTER = 200
INNER = 20_000

FEWEST, MOST = 20, 10_000
"""Draws of the parameters: fewer say nothing of a 90 % band; more take memory and add nothing."""


@checked
def uncertainty(  # noqa: PLR0913 - the choices of a run
    path: PathLike,
    *,
    outer: int = OUTER,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> UncertaintyReport:
    """Tell how far the figures of the total move with parameters of distributions that are not known.

    Parameters
    ----------
    outer
        Draws of these parameters, 20 to 10,000.
    n
        Scenarios of each draw, the same in all; else the file's, at most 20,000.
    path, option, overrides, seed, backend, workers, progress, notice
        See `simcost.run`.

    Raises
    ------
    ScenarioError, UsageError, BackendError, UndefinedCostError
        Each with where, what and remedy; a UsageError if no parameter is uncertain, or a distribution cannot have what is drawn.
    """
    from simcost.analysis.two_level import two_level
    from simcost.compile.compiled import compile_scenario
    from simcost.compile.costs import KEPT, within_limit
    from simcost.compile.cut import cut
    from simcost.compile.studies.outer_draws import outer_draws, scenarios_of
    from simcost.engine.dealing import span_asked
    from simcost.engine.preparation.in_turn import kernels_in_turn
    from simcost.engine.processors import workers_for
    from simcost.report.uncertainty.answer import UncertaintyReport
    from simcost.results.run_info import run_info, scenario_info
    from simcost.scenario.lint.remarks import reviewed
    from simcost.scenario.loading import unknown_parameters

    started = perf_counter()
    if not FEWEST <= outer <= MOST:
        message = f"{outer} draws of the parameters are not between {FEWEST} and {MOST:,}. Give `outer=200`."
        raise UsageError(message)
    scenario = reviewed(load(os.fspath(path), option, tuple(overrides)))
    drawn = outer_draws(scenario, outer, scenario.sampling.seed if seed is None else seed)
    model = compile_scenario(scenario)
    plans = [cut(each.plan, ("total", *KEPT)) for each in (model, *map(compile_scenario, scenarios_of(scenario, drawn)))]
    fewer = min(scenario.sampling.scenarios, INNER) if n is None else n
    span = span_asked(plans[0], scenario.sampling, n=fewer, seed=seed, workers=workers)
    kernels = kernels_in_turn(plans, backend, n=span.n, notice=notice)
    first = next(kernels)
    span = replace(span, workers=span.workers or workers_for(first))
    approved = None if scenario.budget is None else within_limit(scenario.budget.total)
    kept = [_probability_name(group, label) for group, label, _ in plans[0].columns() if group != "total"]
    found = two_level(chain([first], kernels), len(plans), span, approved=approved, kept=kept, progress=progress)
    return UncertaintyReport(
        scenario=scenario_info(scenario),
        run=run_info([first], span, seconds=perf_counter() - started),
        drawn=drawn,
        found=found,
        influences=_influences(drawn, found, plans[0]),
        warnings=tuple(each for each in model.warnings if each not in unknown_parameters(scenario.inputs)),
    )


def _probability_name(column: str, label: str) -> str:
    """Return what a figure is called: ``probability_within_every_owner``, ``probability_within owner search``."""
    from simcost.compile.costs import EVERY, WITHIN
    from simcost.scenario.scenario import BY_PERIOD, PERIODS

    if column.startswith(EVERY):
        return f"probability_{column}"
    group = column.removeprefix(WITHIN).removesuffix(BY_PERIOD)
    return f"probability_within {label}" if group in PERIODS else f"probability_within {group} {label}"


def _influences(drawn: OuterDraws, found: TwoLevel, plan: Plan) -> tuple[ParameterInfluence, ...]:
    """Return how each parameter goes with P95; of one whose input the plan does not draw nothing can be said."""
    from simcost.analysis.estimates.rank_correlation import mean_ranks, rank_correlation
    from simcost.analysis.two_level import ParameterInfluence
    from simcost_kernels.draws.stream import stream_id

    p95 = mean_ranks(found.draws[[each.name for each in found.figures].index("p95")])
    used = [stream_id(name.partition(".")[0]) in plan.streams for name in drawn.names]
    return tuple(
        ParameterInfluence(name, one.text, rank_correlation(mean_ranks(values), p95) if drawn_by else None)
        for name, one, values, drawn_by in zip(drawn.names, drawn.unknowns, drawn.values, used, strict=True)
    )
