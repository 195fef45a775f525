"""Years that a scenario of the library draws lie anywhere in what their bills tell of them: simulation-based calibration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from tests.places import RECOMMENDER

import simcost
from simcost.analysis.learning import learned
from simcost.analysis.learning.conditioning import Known, conditioned, known
from simcost.analysis.work import Work
from simcost.compile.studies.evidence import EVIDENCE, billed_parts
from simcost.engine.spans import Span
from simcost.scenario.scenario import Scenario

Array = NDArray[np.float64]

N, TRUTHS, CLOSED = 1 << 14, 300, 5
ALPHA = 1e-4
"""Error probability of a test whose seed is fixed."""


def billed_scenario(folder: Path) -> Scenario:
    """Return the largest scenario of the library with some bill of each line in each closed month; what it says is not used."""
    text = RECOMMENDER.read_text("utf-8")
    path = folder / "billed.toml"
    path.write_text(text, encoding="utf-8")
    lines = [cost.name for cost in simcost.load(path).costs]
    rows = "".join(f"2027-{month:02d},{name},1\n" for month in range(1, CLOSED + 1) for name in lines)
    (folder / "bills.csv").write_text(f"month,line,amount\n{rows}", encoding="utf-8")
    path.write_text(f'{text}\n[actuals]\nfile = "bills.csv"\n', encoding="utf-8")
    return simcost.load(path)


def scores(value: float, ascending: Array) -> float:
    middle = (np.searchsorted(ascending, value) + np.searchsorted(ascending, value, "right")) / 2
    return float(stats.norm.ppf(min(max(middle, 0.5), len(ascending) - 0.5) / len(ascending)))


@pytest.mark.slow  # two minutes; tests/unit/analysis/test_conditioning.py has a model of eight categories
def test_years_of_the_library_s_largest_scenario_lie_anywhere_in_what_their_bills_tell(tmp_path: Path) -> None:
    scenario = billed_scenario(tmp_path)
    parts = billed_parts(scenario)
    drawn, true = (
        learned._sample(scenario, parts, Work("reference", Span(seed, 0, n, 1))).columns for seed, n in ((1, N), (2, TRUTHS))
    )
    evidence = [name for name in drawn if name[0] == EVIDENCE]
    columns = np.array([drawn[name] for name in evidence])
    given = known(columns, columns[:, 0])
    assert len(parts) == 19
    seen = [(np.sort(columns[place]), true[evidence[place]]) for place in given.places]
    truths: list[Known] = [
        replace(given, observed=np.array([scores(float(bills[year]), ascending) for ascending, bills in seen]))
        for year in range(TRUTHS)
    ]
    for name in (("total", ""), ("category", "compute"), ("category", "network"), ("category", "staff")):
        ranks = np.array(
            [conditioned(drawn[name], bills).values.share(float(true[name][year])).value for year, bills in enumerate(truths)]
        )
        counts, _ = np.histogram(ranks, bins=10, range=(0.0, 1.0))
        assert stats.chisquare(counts).pvalue > ALPHA, name
        inside = int(np.count_nonzero((ranks > 0.05) & (ranks < 0.95)))
        assert stats.binomtest(inside, TRUTHS, 0.9).pvalue > ALPHA, name
    unusual = [surprise.value for bills in truths[:100] if (surprise := bills.surprise())]
    assert stats.kstest(unusual, "uniform").pvalue > ALPHA
    of_others = [
        conditioned(drawn["total", ""], bills).values.share(float(true["total", ""][year - 1])).value
        for year, bills in enumerate(truths)
    ]
    counts, _ = np.histogram(of_others, bins=10, range=(0.0, 1.0))
    assert stats.chisquare(counts).pvalue < ALPHA  # the bills of one year tell nothing of another
