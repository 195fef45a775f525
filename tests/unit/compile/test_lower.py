"""From drivers to steps: as many of them, and hanging together as long, as a file may hold."""

import time
from pathlib import Path

import numpy as np
import pytest

import simcost
from simcost.compile.compiled import Compiled
from simcost.scenario.formulas.term import LONG_LIST

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
PLACES = [-5.0, 0.5, 1.0, 1.5, 1.9999999999999998, 2.0, 2.5, 7.0, 8.0, 15.0, 15.999, 16.0, 16.5, 17.0, 1e90]
LONGEST_S = 5.0  # of processor time; what grows with the square of their number took 17 s


@pytest.mark.parametrize(
    "formula",
    ["d{next} + 0", "prev(d{next}, gpus)", "prev(d{next} + 0, 0)"],
    ids=["a chain", "a chain through prev", "a chain through sums of last month"],
)
def test_as_many_drivers_as_a_file_may_hold_compile_in_a_chain(tmp_path: Path, formula: str) -> None:
    chain = [f'd{i} = "{formula.format(next=i + 1)}"' for i in range(MANY - 600)]
    compiled = compiled_soon(tmp_path, [*chain, f'd{MANY - 600} = "gpus"'])
    assert len(compiled.scenario.drivers) == MANY - 599


def test_as_many_drivers_as_a_file_may_hold_compile_in_a_ring(tmp_path: Path) -> None:
    compiled = compiled_soon(tmp_path, [f'd{i} = "prev(d{(i + 1) % MANY}, gpus)"' for i in range(MANY)])
    assert len(compiled.scenario.drivers) == MANY


@pytest.mark.parametrize("place", ["at", "month"], ids=["random", "certain"])
def test_a_number_looked_up_in_a_long_list_is_that_of_comparisons(tmp_path: Path, place: str) -> None:
    """A list is looked up from `LONG_LIST` numbers on; in two halves, each shorter, it is compared with each place."""
    numbers = [str(each * each - 20.5) for each in range(LONG_LIST)]
    half = LONG_LIST // 2
    long = f"choose(at, {', '.join(numbers)})"
    short = f"where(at < {half + 1}, choose(at, {', '.join(numbers[:half])}), choose(beyond, {', '.join(numbers[half:])}))"
    drivers = [f'at = "{"at_random" if place == "at" else "month * 2 - 5"}"', f'beyond = "at - {half}"']
    drivers += [f'looked_up = "{long}"', f'compared = "{short}"']
    inputs = f'at_random = {{ discrete = {{ values = {PLACES}, weights = {[1] * len(PLACES)} }}, unit = "1", draw = "month" }}'
    lines = [
        f'[[cost]]\nname = "{name}"\ncategory = "{name}"\namount = "{name} * one"' for name in ("looked_up", "compared", "at")
    ]
    path = tmp_path / "choose.toml"
    head = HEAD.split("[inputs]", maxsplit=1)[0]
    path.write_text("\n".join([head, "[inputs]", 'one = "1 CNY/month"', inputs, "[drivers]", *drivers, *lines]), encoding="utf-8")
    result = simcost.run(path, n=500, keep="all", output=tmp_path / "choose.h5", backend="reference")
    looked_up, compared, _ = result.samples("category")
    assert np.array_equal(looked_up, compared)
    assert np.unique(looked_up).size > (100 if place == "at" else 0)


def test_the_names_that_are_built_in_are_those_of_each_month(tmp_path: Path) -> None:
    """November 2027 to December 2029: ``year`` counts twelve months of the run, ``calendar_year`` begins in January."""
    units = {
        "month": "CNY/month",
        "year": "CNY/month",
        "calendar_month": "CNY/month",
        "calendar_year": "CNY/month",
        "hours": "CNY/hour",
    }
    head = HEAD.split("[inputs]", maxsplit=1)[0].replace("2027-01", "2027-11").replace("months = 12", "months = 26")
    path, found = tmp_path / "names.toml", {}
    for name, unit in units.items():
        path.write_text(
            f'{head}\n[inputs]\none = "1 {unit}"\n[[cost]]\nname = "c"\ncategory = "c"\namount = "{name} * one"', encoding="utf-8"
        )
        result = simcost.run(path, n=1, keep="all", output=tmp_path / "names.h5", force=True, backend="reference")
        found[name] = result.samples("month")[:, 0].tolist()
    assert found["month"] == [*range(1, 27)]
    assert found["year"] == [1] * 12 + [2] * 12 + [3] * 2
    assert found["calendar_month"] == [11, 12, *range(1, 13), *range(1, 13)]
    assert found["calendar_year"] == [2027] * 2 + [2028] * 12 + [2029] * 12
    days = [30, 31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert found["hours"] == [24 * each for each in days]


@pytest.mark.parametrize(
    ("keys", "paid"),
    [('every = "year"\nmonth = 3', [3, 15]), ('every = "year"', [1, 13, 25]), ('every = "once"\nmonth = 15', [15])],
)
def test_a_payment_falls_due_in_its_month_of_the_run(tmp_path: Path, keys: str, paid: list[int]) -> None:
    head = HEAD.split("[inputs]", maxsplit=1)[0].replace("2027-01", "2027-11").replace("months = 12", "months = 26")
    path = tmp_path / "due.toml"
    line = f'[[cost]]\nname = "c"\ncategory = "c"\namount = "fee"\n{keys}'
    path.write_text(f'{head}\n[inputs]\nfee = "70 CNY"\n{line}', encoding="utf-8")
    result = simcost.run(path, n=1, keep="all", output=tmp_path / "due.h5", backend="reference")
    assert result.samples("month")[:, 0].tolist() == [70.0 if month in paid else 0.0 for month in range(1, 27)]


def compiled_soon(tmp_path: Path, drivers: list[str]) -> Compiled:
    """Compile that many drivers within the time that they may take."""
    path = tmp_path / "many.toml"
    path.write_text(HEAD + "\n".join(drivers), encoding="utf-8")
    before = time.process_time()
    compiled = simcost.validate(path)
    assert time.process_time() - before < LONGEST_S
    assert len(compiled.scenario.drivers) == len(drivers)
    return compiled
