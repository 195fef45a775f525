"""Shapley effects: the total's variance shared out among inputs, correlated ones too, so that the shares add up to one.

An input's effect is what it adds to the explained variance Var(E[Y | X_u]), on average over all orders in which inputs become
known (Owen 2014, "Sobol' indices and Shapley value", SIAM/ASA Journal on Uncertainty Quantification 2). For an order, let Y_k be
the outcome with the first k inputs drawn as in Y_d and the others afresh, given these. Then the k-th adds the mean of
(Y_d - (Y_k + Y_{k-1}) / 2) (Y_k - Y_{k-1}), since Y_k and Y_{k-1} have one distribution (Goda 2021, "A simple algorithm for
global sensitivity analysis with Shapley effects", Reliability Engineering and System Safety 213, for independent inputs). What
makes this right for inputs of a Gaussian copula is that scores are correlated by the Cholesky factor in the order in which they
become known: a score then rests on its own draw and those of the scores before it (Song, Nelson and Staum 2016, "Shapley effects
for global sensitivity analysis", SIAM/ASA Journal on Uncertainty Quantification 4).

Orders are drawn at random, each with its reverse. Intervals are those of the jackknife over these pairs, by Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simcost.analysis.influences.sobol_indices import jackknifed, varies
from simcost.compile.dependence.nearest_correlation import lower_factor
from simcost.compile.studies.banded import compile_banded
from simcost.engine.joint import Kept, run_jointly
from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.draws.sobol import MOST_DIMENSIONS
from simcost_kernels.draws.stream import stream_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.work import Work
    from simcost.compile.dependence.correlation import CorrelatedGroup
    from simcost.compile.studies.bands import BandedPlan
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.arrays import Array
    from simcost_kernels.draws.sampling import Method
    from simcost_kernels.plan import Plan


PAIRS = 16
"""Orders, each with its reverse."""

POINTS = 4096
"""Scenarios of each order: 256 points of 16 replicates."""

SCENARIOS = 2 * PAIRS * POINTS
"""In all, each with every player in turn."""

ORDERS = stream_id("orders of inputs for Shapley effects")
"""Stream that the orders are drawn from."""


@dataclass(frozen=True, slots=True)
class ShapleyEffects:
    """Shares of the total's variance.

    Parameters
    ----------
    players
        Names of the inputs of each player: one, or those that move together by another copula than the Gaussian, or share a
        factor, and have their effect as one.
    effects
        Of each player; they add up to one. Empty if the total does not vary.
    """

    players: tuple[tuple[str, ...], ...]
    effects: tuple[Estimate, ...]


def shapley_effects(scenario: Scenario, work: Work) -> ShapleyEffects:
    """Estimate the Shapley effects of a scenario's inputs on its total."""
    banded = _ordered(scenario)
    players = _players(banded)
    added, means = np.empty((2 * PAIRS, len(players))), np.empty(2 * PAIRS)
    shares = work.stages(*[POINTS] * (2 * PAIRS))
    for number, order in enumerate(_orders(len(players), work.span.seed)):
        seed = (work.span.seed + number // 2) % 2**64
        share = replace(shares[number], span=replace(work.span, seed=seed, first=0, n=POINTS))
        added[number, order], means[number] = _one_order(banded, [players[place] for place in order], share)
    if not np.isfinite(added).all() or not varies(float(added.sum(axis=1).mean()), float(means.mean())):
        return ShapleyEffects(players, ())
    return ShapleyEffects(players, tuple(_effects(added.reshape(PAIRS, 2, -1).mean(axis=1))))


def _effects(added: Array) -> Iterator[Estimate]:
    """Yield the share of each player, from what it added in each pair of orders: float64 (pairs, players)."""
    whole, without = added.sum(axis=0), added.sum(axis=0) - added
    for player in range(added.shape[1]):
        yield jackknifed(whole[player] / whole.sum(), without[:, player] / without.sum(axis=1))


def _ordered(scenario: Scenario) -> BandedPlan:
    """Compile a scenario with twins and groups that take any order."""

    def by(method: Method) -> BandedPlan:
        sampling = replace(scenario.sampling, method=method, replicates=16)
        return compile_banded(replace(scenario, sampling=sampling), freedom="orders", twinned=True)

    banded = by("sobol")
    return banded if len(banded.plan.dimensions()) <= MOST_DIMENSIONS else by("latin-hypercube")


def _players(banded: BandedPlan) -> tuple[tuple[str, ...], ...]:
    """Return the inputs, those that share draws in another way than by a Gaussian copula together."""
    from simcost.analysis.influences.input_groups import independent_groups

    alone = {name for group, _ in banded.groups for name in group.names}
    streams = {name: frozenset((stream_id(name),)) if name in alone else drawn for name, drawn in banded.streams.items()}
    return independent_groups(streams)


def _orders(players: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield orders at random, each followed by its reverse."""
    for pair in range(PAIRS):
        order = np.argsort(uniforms(seed, ORDERS, pair, 0, players))
        yield order
        yield order[::-1]


def _one_order(banded: BandedPlan, order: Sequence[tuple[str, ...]], work: Work) -> tuple[Array, float]:
    """Return what each player adds, in the order in which they become known, float64 (players,), and the mean of the total."""
    plan, *variants = _plans(banded, order)
    kernels, span = work.kernels(plan, variants, times=2 * PAIRS)
    kept = Kept()
    run_jointly(kernels, span, [kept], progress=work.progress)
    totals = kept.columns()
    totals = totals[:, np.isfinite(totals).all(axis=0)]
    if not totals.size:
        return np.full(len(order), np.nan), float("nan")
    terms = (totals[-1] - (totals[1:] + totals[:-1]) / 2.0) * (totals[1:] - totals[:-1])
    return terms.mean(axis=1), float(totals.mean())


def _plans(banded: BandedPlan, order: Sequence[tuple[str, ...]]) -> Iterator[Plan]:
    """Yield the plan with no player's draws from the twins, then with those of the first, of the first two, and so on."""
    names = [name for player in order for name in player]
    correlated = replace(banded, plan=banded.correlated_by(_factor(group, names) for group, _ in banded.groups))
    yield correlated.plan
    own = {name for group, _ in banded.groups for name in group.names}
    taken = set[int]()
    for player in order:
        taken |= {stream_id(name) for name in player if name in own}
        taken |= {stream for name in player if name not in own for stream in banded.streams[name]}
        yield correlated.picked(taken & banded.picks.keys())


def _factor(group: CorrelatedGroup, order: Sequence[str]) -> Array:
    """Return the factor of a group's matrix by which a score rests on those that become known before it."""
    places = sorted(range(len(group.names)), key=lambda place: _rank(group.names[place], order))
    block = np.ix_(places, places)
    factor = np.empty((len(places), len(places)))
    factor[block] = lower_factor((group.factor @ group.factor.T)[block])
    return factor


def _rank(name: str, order: Sequence[str]) -> int:
    """Return the place of a name; one that reaches no cost line becomes known last."""
    return order.index(name) if name in order else len(order)
