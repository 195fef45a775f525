"""From drivers to steps: as many of them, and hanging together as long, as a file may hold."""

import time
from pathlib import Path

import pytest

import simcost

HEAD = """
schema = 1
[scenario]
name = "many drivers"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
gpus = "3 to 5 GPU"
price = "9 to 16 CNY/GPU/hour"
[[cost]]
name = "Serving"
category = "compute"
amount = "d0 * price"
[drivers]
"""
MANY = 2_400  # with four parts each: just below the limit of a file
LONGEST_S = 5.0  # of processor time; what grows with the square of their number took 17 s


@pytest.mark.parametrize(
    "formula",
    ["d{next} + 0", "prev(d{next}, gpus)", "prev(d{next} + 0, 0)"],
    ids=["a chain", "a chain through prev", "a chain through sums of last month"],
)
def test_as_many_drivers_as_a_file_may_hold_compile_in_a_chain(tmp_path: Path, formula: str) -> None:
    chain = [f'd{i} = "{formula.format(next=i + 1)}"' for i in range(MANY - 600)]
    compiled_soon(tmp_path, [*chain, f'd{MANY - 600} = "gpus"'])


def test_as_many_drivers_as_a_file_may_hold_compile_in_a_ring(tmp_path: Path) -> None:
    compiled_soon(tmp_path, [f'd{i} = "prev(d{(i + 1) % MANY}, gpus)"' for i in range(MANY)])


def compiled_soon(tmp_path: Path, drivers: list[str]) -> None:
    path = tmp_path / "many.toml"
    path.write_text(HEAD + "\n".join(drivers), encoding="utf-8")
    before = time.process_time()
    compiled = simcost.validate(path)
    assert time.process_time() - before < LONGEST_S
    assert len(compiled.scenario.drivers) == len(drivers)
