"""A file of one series that costs what it is, month by month."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import simcost

N = 100_000
MONTHS = 36
SEED = 20270101

FILE = """schema = 1
[scenario]
name = "A series"
currency = "CNY"
start = "2027-01"
months = {months}
[series.x]
{series}
[[cost]]
name = "x"
category = "x"
amount = "x"
"""


@cache
def monthly(series: str, n: int = N, months: int = MONTHS, history: tuple[float, ...] = ()) -> np.ndarray:
    """The series itself, float64 (months, scenarios): what it is is what it costs; ``history`` is in series.csv beside it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "series.toml"
        path.write_text(FILE.format(series=series, months=months), encoding="utf-8")
        path.with_suffix(".csv").write_text("month,value\n" + "".join(f"m,{row}\n" for row in history), encoding="utf-8")
        result = simcost.run(path, n=n, seed=SEED, keep="all", output=path.with_suffix(".h5"), backend="reference")
        return np.array(result.samples("month"))
