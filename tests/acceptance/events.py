"""A price that festivals and risks change, and what a run of it costs by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import simcost

if TYPE_CHECKING:
    from pathlib import Path

N = 100_000

SEED = 20270101

HEAD = """schema = 1
[scenario]
name = "Events"
currency = "CNY"
start = "{start}"
months = {months}
"""

COST = '[inputs]\nprice = "3_100 CNY/month"\n[[cost]]\nname = "Traffic"\ncategory = "x"\namount = "{amount}"\n'


def monthly(folder: Path, *parts: str, start: str = "2027-01", months: int = 12, n: int = N) -> np.ndarray:
    """Total cost, float64 (months, scenarios)."""
    path = folder / "events.toml"
    path.write_text(HEAD.format(start=start, months=months) + "\n".join(parts), encoding="utf-8")
    result = simcost.run(path, n=n, seed=SEED, keep="all", output=folder / "events.h5", force=True, backend="reference")
    return np.array(result.samples("month"))


FESTIVAL = '[[festivals]]\nname = "Double 11"\nmonth = 10\nstarts = 24\ndays = "19 day"\nuplift = 3\nelastic = "25 %"\n'
