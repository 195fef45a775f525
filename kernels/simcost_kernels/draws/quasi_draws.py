"""Uniforms of a piece of scenarios by Sobol' points and latin hypercubes, as arrays: what these methods mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from simcost_kernels.draws import sobol
from simcost_kernels.draws.latin_hypercube import HYPERCUBE, stratified, stratum
from simcost_kernels.draws.philox import HALF, WORD, philox
from simcost_kernels.draws.sampling import ROW_BITS
from simcost_kernels.functions.primitives import uint64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan


class Uniforms(Protocol):
    """Gives the uniforms of a stream in a period (none: the whole run) for some scenarios: float64 (n,)."""

    def __call__(self, stream: int, period: int | None = None) -> Array:
        """Draw."""


class Piece(NamedTuple):
    """Scenarios ``first`` to ``first + n`` under a seed."""

    seed: int
    first: int
    n: int


def quasi_draws(plan: Plan, random: Uniforms, piece: Piece) -> Uniforms:
    """Return the draws of a piece by the plan's method, which is not ``random`` but starts from its uniforms."""
    hypercubes = hypercube_draws(random, piece)
    return sobol_draws(plan, hypercubes, piece) if plan.sampling.method == "sobol" else hypercubes


def hypercube_draws(random: Uniforms, piece: Piece) -> Uniforms:
    """Return draws that move each row's uniforms into the strata of its latin hypercube."""

    def draw(stream: int, period: int | None = None) -> Array:
        moved: Array = stratified(random(stream, period), strata(piece, stream, period or 0))
        return moved

    return draw


def strata(piece: Piece, stream: int, period: int) -> NDArray[np.uint64]:
    """Return the strata of a piece's scenarios in a period: uint64 (n,)."""
    scenario = np.arange(piece.first, piece.first + piece.n, dtype=np.uint64)
    row = scenario >> uint64(ROW_BITS)
    seed = uint64(piece.seed)
    w0, w1, _, _ = philox(row & WORD, (row >> HALF) | HYPERCUBE, uint64(stream), uint64(period), seed & WORD, seed >> HALF)
    found: NDArray[np.uint64] = stratum(scenario, w0, w1)
    return found


def sobol_draws(plan: Plan, monthly: Uniforms, piece: Piece) -> Uniforms:
    """Return draws by Sobol' points, for the run and for years; ``monthly`` gives the others."""
    every = plan.dimensions()
    places = {dimension: place for place, dimension in enumerate(every)}
    yearly = {stream for stream, _ in every}
    table = sobol.scrambled(piece.seed, every, plan.sampling.replicates)

    def draw(stream: int, period: int | None = None) -> Array:
        if stream not in yearly:
            return monthly(stream, period)
        return sobol.points(table, places[stream, period or 0], piece.first, piece.n)

    return draw
