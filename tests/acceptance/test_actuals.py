"""Months that are billed: what blocks make of them and of the rest of their term, against sums by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import simcost

if TYPE_CHECKING:
    from pathlib import Path

CLOSED = 4
MONTHS = 12

HEAD = f"""schema = 1
[scenario]
name = "Bills to April"
currency = "CNY"
start = "2027-01"
months = {MONTHS}
by_month = ["line"]
[inputs]
closed = {CLOSED}
usd = "1 CNY/month"
[inflation]
rate = "12 %"
[drivers]
open = "where(month <= closed, 0, 1)"
bill = "choose(month, 100, 90, 120, 80) * usd"
"""
INDEX = 1.12 ** (np.arange(MONTHS) / 12)
OPEN = np.arange(MONTHS) >= CLOSED
LEAST = 105.0

TARIFF = """[[tariffs]]
name = "Asked"
category = "network"
use = "100 request/month"
{more}tiers = [{{ price = "1 CNY/request" }}]
"""
TOKENS = """[[tokens]]
name = "Asked"
category = "network"
requests = "asked / hours"
{more}input = "1 token/request"
output = "0 token/request"
input_price = "1e6 CNY/Mtoken"
output_price = "0 CNY/Mtoken"
[inputs.asked]
value = "100 request/month"
"""
MINIMUM = f'minimum = "{LEAST:g} CNY/month"\nindex = "open * inflation_index"\n'


def lines(folder: Path, *parts: str) -> dict[str, np.ndarray]:
    """Return what each line costs in each month, (months,)."""
    path = folder / "actuals.toml"
    path.write_text(HEAD + "\n".join(parts), encoding="utf-8")
    samples = simcost.run(path, n=1, output=folder / "a.h5", force=True, backend="reference").to_xarray("samples")
    return {str(name): samples.line_by_month_cost.sel(line=name).values[:, 0] for name in samples["line"].values}


@pytest.mark.parametrize("block", [TARIFF, TOKENS], ids=["tariffs", "tokens"])
def test_a_month_that_is_closed_owes_no_minimum(tmp_path: Path, block: str) -> None:
    found = lines(tmp_path, block.format(more=MINIMUM))
    charge = 100 * INDEX * OPEN
    assert found["Asked: charge" if block is TARIFF else "Asked: input"] == pytest.approx(charge, rel=1e-12)
    assert charge[CLOSED] < LEAST < charge[-1]
    assert found["Asked: shortfall"] == pytest.approx(np.maximum(LEAST - charge, 0) * OPEN, rel=1e-10)


BILLED = """[[cost]]
name = "Billed"
category = "network"
amount = "where(month <= closed, bill, 0)"
index = "1"
"""
CONTRACT = """[[contracts]]
name = "Agreement"
category = "network"
spend = "where(month <= closed, bill, asked_charge)"
index = "where(month <= closed, 1, inflation_index)"
discounts = [{ up_to = "700 CNY", discount = "0 %" }, { discount = "20 %" }]
minimum = "1_300 CNY"
"""


def test_the_term_of_a_contract_counts_the_bills(tmp_path: Path) -> None:
    found = lines(tmp_path, TARIFF.format(more='index = "open * inflation_index"\n'), BILLED, CONTRACT)
    spent = np.where(OPEN, 100 * INDEX, [100, 90, 120, 80, *[0] * (MONTHS - CLOSED)])
    assert found["Billed"] + found["Asked: charge"] == pytest.approx(spent, rel=1e-12)
    off = 0.2 * max(spent.sum() - 700, 0)
    assert -found["Agreement: discount"].sum() == pytest.approx(off, rel=1e-12)
    assert found["Agreement: shortfall"] == pytest.approx([0] * (MONTHS - 1) + [1_300 - (spent.sum() - off)], rel=1e-10)
