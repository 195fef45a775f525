"""Rules on whether the run can answer what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.scenario.lint.model import Model

FEWEST = 10_000
"""Scenarios from which P99, which every run prints, rests on a hundred of them."""

FAR_TAIL = 99.0
FEWEST_FOR_THE_TAIL = 100_000


def too_few_scenarios(model: Model) -> Iterator[Finding]:
    """Find runs whose P99 rests on a handful."""
    n = model.scenario.sampling.scenarios
    if n < FEWEST:
        what = f"of {n:,} scenarios {n // 100:,} are beyond P99, which every run prints"
        yield Finding(("sampling", "scenarios"), what, f"Give scenarios = {FEWEST:_} or more.")


def tail_beyond_reach(model: Model) -> Iterator[Finding]:
    """Find a rule of stopping at a percentile that its limit does not reach."""
    sampling = model.scenario.sampling
    stop, most = sampling.stop, sampling.scenarios
    if stop is not None and stop.percentile >= FAR_TAIL and most < FEWEST_FOR_THE_TAIL:
        what = f"P{stop.percentile:g} is to be found within {100 * stop.relative:g} % in at most {most:,} scenarios"
        yield Finding(("sampling", "stop"), what, f"Give scenarios = {FEWEST_FOR_THE_TAIL:_} or more.")
