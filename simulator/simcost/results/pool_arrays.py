"""The probabilities of a pool's sizing month as variables of the root, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.results.netcdf import Variable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.pools import PoolFigures
    from simcost.analysis.statistics import Statistics

PARTS = {"value": "sizing_probability", "low": "sizing_probability_low", "high": "sizing_probability_high"}
"""An estimate and the ends of its 95 % confidence interval, with the names of their variables."""

LONG_NAME = "probability that the month is the one that sizes the pool"


def pool_variables(pools: Mapping[str, PoolFigures]) -> dict[str, Variable]:
    """Probabilities by pool and month; nothing without pools. A confidence limit that does not exist is NaN."""
    if not pools:
        return {}
    return {
        name: Variable(
            ("pool", "month"),
            np.array([[getattr(each, part) for each in pool.sized_in] for pool in pools.values()], dtype=np.float64),
            {"units": "1", "long_name": LONG_NAME + ("" if part == "value" else f", {part}er 95 % confidence limit")},
        )
        for part, name in PARTS.items()
    }


def read_pools(
    arrays: Mapping[str, NDArray[np.float64]],
    devices: Mapping[str, Statistics],
    lines: Mapping[str, Statistics],
) -> dict[str, PoolFigures]:
    """Rebuild what is told of pools from their devices and these variables; the headroom is a cost line."""
    from simcost.analysis.pools import PoolFigures, headroom_of

    if not devices:
        return {}
    rows = zip(devices.items(), *(arrays[name].tolist() for name in PARTS.values()), strict=True)
    return {
        name: PoolFigures(each, _estimates(zip(values, lows, highs, strict=True)), headroom_of(name, lines))
        for (name, each), values, lows, highs in rows
    }


def _estimates(parts: Iterable[tuple[float, float, float]]) -> tuple[Estimate, ...]:
    from simcost.analysis.estimates.intervals import Estimate

    return tuple(Estimate(value, *(None if np.isnan(end) else end for end in (low, high))) for value, low, high in parts)
