"""A scenario with options, and what is left of it when values are replaced."""

from pathlib import Path

import pytest

from simcost.errors import Problem, ScenarioError
from simcost.scenario import load
from simcost.scenario.scenario import Input, Scenario

TEXT = """schema = 1
[scenario]
name = "Base"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
gpus = "100 GPU"
price = "9 to 16 CNY/GPU/hour"
factor = 1.15
[inputs.utilization]
beta = { mean = 0.45, sd = 0.12 }
unit = "1"
draw = "month"
source = "dashboards"
note = "measured"
[drivers]
needed = "ceil(gpus / utilization)"
[[cost]]
name = "GPU serving"
category = "compute"
amount = "needed * price * factor"
[options.reserved]
set = { inputs.price = "7 to 11 CNY/GPU/hour", drivers.needed = "gpus" }
[options.dear.set]
inputs.price = "20 to 30 CNY/GPU/hour"
cost."GPU serving".category = "rent"
budget.approved = "5 CNY"
"""


def with_set(path: Path, *assignments: str, option: str = "") -> Scenario:
    return load(path, option=option, overrides=assignments)


def input_of(scenario: Scenario, name: str) -> Input:
    return next(item for item in scenario.inputs if item.name == name)


def refused(path: Path, *assignments: str, option: str = "") -> Problem:
    with pytest.raises(ScenarioError) as caught:
        with_set(path, *assignments, option=option)
    (problem,) = caught.value.problems
    return problem
