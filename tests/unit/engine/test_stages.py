"""Several passes told as one: in proportion, to the end, and never back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.summaries import summary_of

import simcost
from simcost.engine.stages import stages

SCENARIO = """
schema = 1
scenario = { name = "Passes", currency = "CNY", start = "2027-01", months = 2 }
sampling = { scenarios = 1_000, seed = 1 }
[inputs]
gpus   = "10 to 20 GPU"
price  = "9 to 16 CNY/GPU/hour"
people = { lognormal = { median = "3 to 4", sd_log = 0.2 }, unit = "person" }
wage   = "30_000 CNY/person/month"
[[cost]]
name = "Serving"
category = "compute"
amount = "gpus * price"
[[cost]]
name = "People"
category = "staff"
amount = "people * wage"
[budget]
approved = "600_000 CNY"
[options.dear]
set = { inputs.price = "12 to 20 CNY/GPU/hour" }
[stress.surge]
band = { gpus = "P90 to P100", price = "P95" }
"""

COMMANDS = {
    "drivers": lambda path, told: simcost.drivers(path, shapley=True, progress=told),
    "stress": lambda path, told: simcost.stress(path, progress=told),
    "compare": lambda path, told: simcost.compare([path, path.with_name("other.toml")], progress=told),
    "compare --crossover": lambda path, told: simcost.compare(path, crossover="inputs.gpus", progress=told),
    "budget": lambda path, told: simcost.budget(path, progress=told),
    "budget --no-split": lambda path, told: simcost.budget(path, split=False, progress=told),
    "sweep": lambda path, told: simcost.sweep(path, ["inputs.gpus=10,12,14 GPU"], progress=told),
    "uncertainty": lambda path, told: simcost.uncertainty(path, outer=20, progress=told),
    "run": lambda path, told: simcost.run(path, output=path.with_suffix(".h5"), progress=told),
}


def test_each_pass_has_its_share_and_the_fullest_summary_is_told():
    told = []
    first, second, third = stages(lambda *each: told.append(each), 100, 300, 0)
    full, few = summary_of(np.arange(50.0)), summary_of(np.arange(5.0))
    first(25, 50, few)
    first(50, 50, full)
    second(1, 3, few)
    second(3, 3, few)
    assert third is not None
    assert [(done, n) for done, n, _ in told] == [(50, 400), (100, 400), (200, 400), (400, 400)]
    assert [summary for *_, summary in told] == [few, full, full, full]


def test_a_pass_that_begins_again_stands_still_until_it_is_where_it_was():
    told = []
    (only,) = stages(lambda done, n, _: told.append((done, n)), 10)
    for done in (4, 8, 2, 9):
        only(done, 10, summary_of(np.zeros(1)))
    assert told == [(4, 10), (8, 10), (8, 10), (9, 10)]


def test_nobody_is_told_where_nobody_asks():
    assert stages(None, 1, 2) == [None, None]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_tells_of_all_that_it_does_and_never_goes_back(tmp_path, command):
    path = tmp_path / "passes.toml"
    for each in (path, path.with_name("other.toml")):
        each.write_text(SCENARIO, encoding="utf-8")
    told = []
    COMMANDS[command](path, lambda done, n, _: told.append((done, n)))
    assert len({n for _, n in told}) == 1
    assert all(before <= after for (before, _), (after, _) in pairwise(told))
    assert told[-1][0] == told[-1][1]
    assert told[0][0] < told[0][1] or len(told) == 1
