"""Results that reports are made of in tests: a run of a small scenario with names of a stranger, and variants of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simcost

if TYPE_CHECKING:
    from pathlib import Path

    from simcost.results.result import Result

HOSTILE = "<script>alert('x')</script> & $5$ | *b* 小"
BY_MONTH = str(["90_000 CNY"] * 6 + ["80_000 CNY"] * 6).replace("'", '"')
WHOLE = '"1_000_000 CNY"'

TEXT = """\
schema = 1

[scenario]
name     = '{name}'
currency = "CNY"
start    = "{start}"
months   = {months}
{fiscal}

[inputs]
gpus      = "{gpus} GPU"
gpu_price = {{ lognormal = {{ p5 = 9, p95 = 14 }}, unit = "CNY/GPU/hour", draw = "year", source = "三家报价" }}
fee       = {{ pert = {{ low = 0, mode = 3_000, high = 9_000 }}, unit = "CNY/month", note = "<b>guess</b> | a_b" }}
refund    = "{refund} CNY/month"

[[cost]]
name     = "Serving <b>"
category = "compute & '小'"
amount   = "gpus * gpu_price"

[[cost]]
name     = "Fees"
category = "fees"
amount   = "fee - refund"
{more}
"""

BUDGET = """
[budget]
approved   = {approved}
confidence = 0.8
"""


def reported(
    folder: Path,
    *,
    name: str = HOSTILE.replace("'", ""),
    start: str = "2027-01",
    months: int = 12,
    gpus: int = 10,
    refund: int = 0,
    fiscal: str = "",
    approved: str = "",
    n: int = 4_000,
    more: str = "",
) -> Result:
    """Run the scenario, keeping every sample."""
    budget = BUDGET.format(approved=approved) if approved else ""
    text = TEXT.format(name=name, start=start, months=months, gpus=gpus, refund=refund, fiscal=fiscal, more=more + budget)
    path = folder / "reported.toml"
    path.write_text(text, encoding="utf-8")
    return simcost.run(path, n=n, backend="reference", keep="all", output=folder / "reported.h5", force=True)
