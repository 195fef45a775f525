"""``simcost compare --crossover``: the value at which the choice flips is that of the closed form, at bends and steps too."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.documents import answered

FLIP = """\
schema = 1

[scenario]
name     = "Commit or not"
currency = "CNY"
start    = "2027-01"
months   = 1

[sampling]
scenarios = 20_000
seed      = 3

[inputs]
demand = "10 to 40 GPU"
flat   = "0 CNY/month"

[inputs.price]
uniform = { low = 3, high = 6 }
unit    = "CNY/GPU/month"

[[cost]]
name     = "GPUs"
category = "compute"
amount   = "flat + demand * price"

[options.committed.set]
inputs.flat  = "100 CNY/month"
inputs.price = "1 CNY/GPU/month"
"""
"""On demand at 3 to 6 a GPU, or 100 and 1 a GPU: the choice flips at 100 / (price - 1) GPUs, from 20 to 50."""


@pytest.fixture
def flip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "flip.toml"
    path.write_text(FLIP, encoding="utf-8")
    return path


def test_the_crossover_is_that_of_the_closed_form(call, flip: Path) -> None:
    (crossover,) = answered(call, "compare", flip, "--crossover", "inputs.demand=10,20,30,40,50,60")["crossovers"]
    assert crossover["flips"]["value"] == 1.0
    assert crossover["unit"] == "GPU"
    for key, share in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95)):  # price is uniform: demand at the flip falls as it rises
        exact = 100 / (6 - 3 * share - 1)
        figure = crossover["at"]["percentiles"][key]
        assert figure["low"] - 0.01 <= exact <= figure["high"] + 0.01
    shares = [each["value"] for each in crossover["cheaper_at"]]
    assert shares[0] == shares[1] == 0.0
    assert shares[-1] == 1.0
    assert shares[2] == pytest.approx((6 - (1 + 100 / 30)) / 3, abs=0.02)


OWNED = FLIP.replace('flat   = "0 CNY/month"', 'flat   = "0 CNY/month"\nowned  = "0 GPU"').replace(
    "flat + demand * price", "flat + max(demand - owned, 0) * price"
).replace('inputs.price = "1 CNY/GPU/month"', 'inputs.owned = "30 GPU"')  # fmt: skip
"""On demand at 3 to 6 a GPU, or 100 for thirty: at a price above 10/3 the choice flips at 100 / price, below it never."""


@pytest.mark.parametrize("values", ["10,40", "10,12,40", "10,20,30,40", "10,39,40", "15,16,17,18,35"])
def test_a_crossover_does_not_hang_on_the_values_where_the_difference_bends(call, flip: Path, values: str) -> None:
    flip.write_text(OWNED, "utf-8")
    (crossover,) = answered(call, "compare", flip, "--crossover", f"inputs.demand={values}")["crossovers"]
    assert crossover["values"] == [float(value) for value in values.split(",")]
    assert len(crossover["cheaper_at"]) == len(crossover["values"])
    lowest = 10 / 3
    assert crossover["flips"]["low"] <= (6 - lowest) / 3 <= crossover["flips"]["high"]
    for key, share in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95)):
        figure = crossover["at"]["percentiles"][key]
        exact = 100 / (6 - (6 - lowest) * share)
        half = (figure["high"] - figure["low"]) / 2  # what lines may leave open, beside what chance does
        assert figure["low"] - half <= exact <= figure["high"] + half


def test_a_crossover_of_whole_machines_is_at_the_step(call, flip: Path) -> None:
    flip.write_text(
        OWNED.replace("max(demand", "max(7 * ceil(demand / (7 * one)) * one").replace("[inputs]", '[inputs]\none = "1 GPU"'),
        "utf-8",
    )
    (crossover,) = answered(call, "compare", flip, "--crossover", "inputs.demand=10,20,30,40")["crossovers"]
    apart = 10 / 5**3  # of the values tried at last
    # more than 14, 21 and 28 GPUs make 21, 28 and 35, and so the choice flips there at a price above 100/21, 100/28 and 100/30:
    # of the futures in which it does 46.4, 44.6 and 8.9 %
    for key, step in (("p5", 14), ("p10", 14), ("p50", 21), ("p80", 21), ("p95", 28)):
        assert crossover["at"]["percentiles"][key]["value"] == pytest.approx(step, abs=apart), key


def test_a_crossover_within_the_input_s_own_range_says_what_it_misses(call, flip: Path) -> None:
    (crossover,) = answered(call, "compare", flip, "--crossover", "inputs.demand")["crossovers"]
    assert len(crossover["values"]) == 17
    parts = crossover["flips"]["value"] + crossover["always_cheaper"] + crossover["never_cheaper"]
    assert parts == pytest.approx(1.0)
    shown = call("compare", flip, "--crossover", "inputs.demand").stdout
    assert "committed is cheaper than the file as it is above it." in shown
    never = call("compare", flip, "--crossover", "inputs.demand=1,2,3").stdout
    assert "the choice never flips for inputs.demand from 1 to 3 GPU: committed is never cheaper." in never


def test_a_choice_that_flips_twice_or_never_is_counted(call, flip: Path) -> None:
    """Beyond 60 GPUs each costs 20 more: whoever is cheaper at 60, of prices above 160 / 60, is dearer at both ends."""
    text = FLIP.replace("low = 3,", "low = 1.5,").replace("demand * price", "demand * price + dear * max(demand - limit, 0)")
    text = text.replace("flat   =", 'dear = "0 CNY/GPU/month"\nlimit = "60 GPU"\nflat   =', 1)
    flip.write_text(text + 'inputs.dear = "20 CNY/GPU/month"\n', "utf-8")
    (found,) = answered(call, "compare", flip, "--crossover", "inputs.demand=10,30,60,90,120")["crossovers"]
    twice = (6 - 160 / 60) / (6 - 1.5)
    bound = 4.5 * (twice * (1 - twice) / 20_000) ** 0.5
    assert abs(found["several"] - twice) < bound < 0.02
    assert found["flips"]["value"] == pytest.approx(found["several"], abs=1e-12)
    assert found["never_cheaper"] == pytest.approx(1 - found["several"], abs=1e-12)
    assert found["always_cheaper"] == 0
    (once,) = answered(call, "compare", flip, "--crossover", "inputs.demand=10,30,60")["crossovers"]
    assert (once["several"], once["flips"]["value"]) == (0, found["flips"]["value"])
    (high,) = answered(call, "compare", flip, "--crossover", "inputs.demand=58,60")["crossovers"]  # dearer than 158 / 58 at both
    always = (6 - 158 / 58) / (6 - 1.5)
    assert abs(high["always_cheaper"] - always) < bound


LATER = """\
schema = 1

[scenario]
name     = "From which month on"
currency = "CNY"
start    = "2027-01"
months   = 24

[sampling]
scenarios = 4_000

[inputs]
gpus = "20 to 44 GPU"

[[commitments]]
name       = "Reserved"
quantity   = "40 GPU"
use        = "gpus"
price      = "7 CNY/GPU/hour"
list_price = "12 CNY/GPU/hour"
month      = 1
term       = 24

[options.other.set.commitments.Reserved]
price      = "7.5 CNY/GPU/hour"
list_price = "8 CNY/GPU/hour"
"""
"""The other costs 20 an hour more while 40 are reserved, and 4 a GPU less before: the choice flips as soon as the month is
above 1 + 24 * 20 / (4 * gpus + 20), of all futures with less than 45 GPUs; as a whole number there are only months to try."""


def test_a_crossover_of_a_number_that_is_whole_tries_whole_ones(call, flip: Path) -> None:
    flip.write_text(LATER, "utf-8")
    (crossover,) = answered(call, "compare", flip, "--crossover", "commitments.Reserved.month=1,24")["crossovers"]
    every = ",".join(str(month) for month in range(1, 25))
    (exact,) = answered(call, "compare", flip, "--crossover", f"commitments.Reserved.month={every}")["crossovers"]
    for key in ("p5", "p50", "p95"):
        found, wanted = (each["at"]["percentiles"][key] for each in (crossover, exact))
        half = (found["high"] - found["low"]) / 2
        assert found["value"] == pytest.approx(wanted["value"], abs=half), key
    median = (20 * 44) ** 0.5  # of the GPUs; months are not equally long
    assert exact["at"]["percentiles"]["p50"]["value"] == pytest.approx(1 + 24 * 20 / (4 * median + 20), abs=0.1)
    assert crossover["values"] == [1.0, 24.0]
    said = call("sweep", flip, "commitments.Reserved.month=1,1.5", "-q")
    assert "1.5 is a number, not an integer" in said.stderr  # so it had to
