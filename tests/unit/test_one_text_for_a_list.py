"""Where a function takes texts, one alone is a list of one, not of its letters."""

from pathlib import Path

import pytest

import simcost

SCENARIO = """schema = 1
[scenario]
name = "One text"
currency = "CNY"
start = "2027-01"
months = 2
[sampling]
scenarios = 2000
[inputs]
price = "9 to 16 CNY/GPU/hour"
gpus = "2 to 3 to 6 GPU"
[[cost]]
name = "Serving"
category = "compute"
amount = "gpus * price"
[options.reserved]
set = { inputs.price = "7 to 11 CNY/GPU/hour" }
[stress.surge]
scale = { gpus = 2 }
"""

CALLS = {
    "load": lambda path, given: simcost.load(path, overrides=given("inputs.price='12 CNY/GPU/hour'")),
    "sweep": lambda path, given: (
        simcost.sweep(path, given("inputs.gpus=2,3"), overrides=given("inputs.price='12 CNY/GPU/hour'")).points
    ),
    "compare": lambda path, given: simcost.compare(path, options=given("reserved")).comparison,
    "drivers": lambda path, given: simcost.drivers(path, groups=given("both=gpus,price"), n=500).drivers,
    "stress": lambda path, given: simcost.stress(path, stresses=given("surge"), bands=given("price=P95")).test,
    "seek": lambda path, given: (
        simcost.seek(path, "inputs.gpus", at_most=60_000, percentile=50, overrides=given("inputs.price='12 CNY/GPU/hour'")).sought
    ),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "one.toml"
    found.write_text(SCENARIO, encoding="utf-8")
    return found


@pytest.mark.parametrize("name", CALLS)
def test_one_text_is_a_list_of_one(path: Path, name: str) -> None:
    assert CALLS[name](path, str) == CALLS[name](path, lambda text: [text])
