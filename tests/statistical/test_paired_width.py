"""How wide intervals of differences are on common random numbers, beside independent draws of the same number of scenarios.

With standard errors s and r s of the two P95 and the correlation c of being beyond them, the error of a paired difference is
sqrt(1 - 2 c r / (1 + r^2)) of that of an independent one: at least (1 - r) / sqrt(1 + r^2), however much the futures have in
common. An option whose P95 is known more than twice as well as the base's (r = 0.44: `distilled`) stays above a half by common
draws alone; Sobol' points bring it below.
"""

from __future__ import annotations

from math import hypot, sqrt

import pytest
from tests.places import RECOMMENDER

import simcost

N = 65_536
SEEDS = range(1, 11)
"""A width by sectioning has an error of 18 %: the root mean square of ten has one of 6 %."""
BAR = 0.5
"""Of the issue."""


def widths(method: str) -> tuple[dict[str, float], dict[str, float]]:
    """Root mean squares over the seeds: widths of the intervals of each model's own P95, and of each option's difference."""
    own: dict[str, float] = {}
    paired: dict[str, float] = {}
    for seed in SEEDS:
        assignment = f'sampling.method="{method}"'
        answer = simcost.compare(RECOMMENDER, n=N, seed=seed, overrides=assignment, backend="reference").document()
        for model in answer["models"]:
            own[model["name"]] = hypot(own.get(model["name"], 0.0), _width(model["total"]["percentiles"]["p95"]))
        for each in answer["differences"]:
            paired[each["name"]] = hypot(paired.get(each["name"], 0.0), _width(each["figures"]["p95"]))
    return tuple({name: width / sqrt(len(SEEDS)) for name, width in each.items()} for each in (own, paired))  # type: ignore[return-value]


def _width(figure: dict[str, float]) -> float:
    return figure["high"] - figure["low"]


@pytest.mark.slow  # half a minute; tests/unit/analysis/test_paired.py has one option and one seed
def test_common_draws_halve_the_interval_where_the_tails_are_alike_and_sobol_points_everywhere() -> None:
    own, paired = widths("random")
    independent = {name: hypot(own[name], own["as it is"]) for name in paired}
    ratio = own["distilled"] / own["as it is"]
    assert paired["reserved"] < BAR * independent["reserved"]
    assert (
        paired["distilled"]
        > (1.0 - ratio) / hypot(1.0, ratio) * independent["distilled"]
        > (BAR - 0.01) * independent["distilled"]
    )
    _, sharper = widths("sobol")
    shares = {name: sharper[name] / width for name, width in independent.items()}
    assert all(share < BAR for share in shares.values())
