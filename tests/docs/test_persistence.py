"""What the page on the language says of growth drawn yearly or monthly: by another generator, and without our code."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from tests.places import ROOT

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels.backends.reference import ReferenceKernel

PAGE = (ROOT / "docs" / "language.md").read_text("utf-8")
MONTHS, MEAN, SD, PRICE = 36, 0.20, 0.15, 100_000.0
N = 100_000
BANDS = {"P10 to P90": (0.10, 0.90), "P5 to P95": (0.05, 0.95)}
DEVIATIONS = 4.5
SPREAD_ERROR = 1.3 / math.sqrt(N)
"""Standard error of the ratio of two such spans: that of one is 0.89 / sqrt(n) for a normal total."""


def spans(total: np.ndarray) -> dict[str, float]:
    """Return the width of each band over the median."""
    return {name: float(np.diff(np.quantile(total, ends))[0] / np.median(total)) for name, ends in BANDS.items()}


def drawn_by_numpy(months_a_draw: int) -> dict[str, float]:
    growth = np.random.default_rng(1).normal(MEAN, SD, (N, MONTHS // months_a_draw)).repeat(months_a_draw, axis=1)
    return spans(PRICE * np.cumprod((1.0 + growth) ** (1.0 / 12.0), axis=1).sum(axis=1))


def drawn_by_us(tmp_path: Path, draw: str) -> dict[str, float]:
    path = tmp_path / "growth.toml"
    path.write_text(re.search(r"```toml growth\.toml\n(.*?)```", PAGE, re.DOTALL)[1], "utf-8")
    plan = compile_scenario(load(path, overrides=[f"inputs.growth.draw={draw}"])).plan
    out = np.empty((plan.n_columns, N))
    ReferenceKernel(plan).run(1, 0, N, out)
    return spans(out[[group for group, _, _ in plan.columns()].index("total")])


@pytest.mark.parametrize(("draw", "months", "said"), [("year", 12, "44 %"), ("month", 1, "13 %")])
def test_the_bands_of_yearly_and_monthly_growth_are_those_of_numpy_and_of_the_readme(tmp_path, draw, months, said):
    ours, theirs = drawn_by_us(tmp_path, draw), drawn_by_numpy(months)
    for band, width in theirs.items():
        assert abs(ours[band] / width - 1.0) <= DEVIATIONS * SPREAD_ERROR
    assert f"{100 * ours['P5 to P95']:.0f} %" == said
    told = r"From P5 to P95 the total\sspans 44 % of its median\. If growth were drawn anew each month, it would span 13 %"
    assert re.search(told, PAGE)


def test_growth_redrawn_each_month_takes_most_of_the_band_away(tmp_path):
    """To first order the spans are as the roots of summed squares of how many months of cost each draw moves: 3.4."""
    exposures = {
        months: [
            sum(range(1, MONTHS - first + 1)) - sum(range(1, MONTHS - first - months + 1)) for first in range(0, MONTHS, months)
        ]
        for months in (1, 12)
    }
    ratio = math.dist(exposures[12], [0] * 3) / math.dist(exposures[1], [0] * MONTHS)
    found = drawn_by_us(tmp_path, "year")["P10 to P90"] / drawn_by_us(tmp_path, "month")["P10 to P90"]
    assert found == pytest.approx(ratio, rel=0.05)
