"""Kernels one after the other: each has the bits of its plan by itself, whatever it shares with the first."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simcost.compile.compiled import compile_scenario
from simcost.compile.cut import cut
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.preparation.in_turn import kernels_in_turn
from simcost.scenario import load

HEAD = 'schema = 1\n[scenario]\nname = "t"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 2\n[inputs]\n'
COST = '[[cost]]\nname = "x"\ncategory = "x"\nevery = "once"\namount = "x"\n'
INPUTS = (
    'x = { beta = { mean = 0.4, sd = 0.1 }, unit = "CNY" }\n',
    'x = { beta = { mean = 0.4, sd = 0.1, low = -2 }, unit = "CNY" }\n',  # other parameters
    'x = { beta = { mean = 0.3, sd = 0.12 }, unit = "CNY" }\n',  # another table
    'x = { lognormal = { median = 5, sd_log = 0.2 }, unit = "CNY" }\n',  # another structure
)


def test_each_kernel_has_the_bits_of_its_plan_alone(tmp_path: Path) -> None:
    plans = []
    for number, inputs in enumerate(INPUTS):
        path = tmp_path / f"{number}.toml"
        path.write_text(HEAD + inputs + COST, "utf-8")
        plans.append(cut(compile_scenario(load(path)).plan, ("total",)))
    assert len({plan.digest for plan in plans}) > 1
    found = []
    for plan, kernel in zip(plans, kernels_in_turn(plans, "reference", n=500), strict=True):
        alone, mine = np.empty((1, 500)), np.empty((1, 500))
        kernel_for(plan, "reference").run(3, 0, 500, alone)
        kernel.run(3, 0, 500, mine)
        np.testing.assert_array_equal(mine, alone)
        assert kernel.plan == plan or kernel.plan.content_digest == plan.content_digest
        found.append(mine.mean())
    assert len(set(found)) == len(found)
