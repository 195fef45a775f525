"""The probabilities of a pool's sizing month as variables of the root, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.results.file.estimate_arrays import estimate_variables, read_estimates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcost.analysis.pools import PoolFigures
    from simcost.analysis.statistics import Statistics
    from simcost.results.file.estimate_arrays import Arrays
    from simcost.results.file.netcdf import Variable

SIZING = "sizing_probability"
"""Name of the variables."""

LONG_NAME = "probability that the month is the one that sizes the pool"


def pool_variables(pools: Mapping[str, PoolFigures]) -> dict[str, Variable]:
    """Probabilities by pool and month; nothing without pools."""
    if not pools:
        return {}
    estimates = [each for pool in pools.values() for each in pool.sized_in]
    return estimate_variables(SIZING, estimates, {"pool": len(pools), "month": -1}, unit="1", long_name=LONG_NAME)


def read_pools(arrays: Arrays, devices: Mapping[str, Statistics], lines: Mapping[str, Statistics]) -> dict[str, PoolFigures]:
    """Rebuild what is told of pools from their devices and these variables; the headroom is a cost line."""
    from simcost.analysis.pools import PoolFigures, headroom_of

    if not devices:
        return {}
    estimates, months = read_estimates(arrays, SIZING), arrays[SIZING].shape[1]
    rows = (estimates[first : first + months] for first in range(0, len(estimates), months))
    return {
        name: PoolFigures(each, sized_in, headroom_of(name, lines))
        for (name, each), sized_in in zip(devices.items(), rows, strict=True)
    }
