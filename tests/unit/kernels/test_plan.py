"""Plans: what is refused, what the digest depends on, and the way to JSON and back."""

import dataclasses
import json
import time

import numpy as np
import pytest

from simcost.compile.builder import Builder
from simcost_kernels.codegen.emit import PYTHON, python_text
from simcost_kernels.plan import ARITY, Output, Plan, PlanError, State, Step, Table
from simcost_kernels.saved_plan import from_json, to_json
from simcost_kernels.sound_plan import verify


def small_plan(price=3.5):
    builder = Builder(3)
    table = builder.table(Table("step", np.array([[0.5, 1.0], [1.0, 2.0]])))
    count = builder.op("step_quantile", builder.draw(7, "month"), table)
    cost = builder.op("mul", count, builder.number(price))
    state = builder.state(builder.number(0.0))
    total = builder.op("add", state, cost)
    builder.carry(state, total)
    builder.output("line", 'x"; import os', state)
    builder.output("cumulative", "", total, monthly=True)
    return builder.finish()


def test_every_operation_can_be_printed():
    assert set(PYTHON) | {"draw"} == set(ARITY)


def test_a_number_changes_neither_digest_nor_text_but_a_step_does():
    plan, dearer = small_plan(), small_plan(price=9.0)
    assert plan.parameters != dearer.parameters
    assert plan.digest == dearer.digest
    assert python_text(plan) == python_text(dearer)
    other = dataclasses.replace(plan, month=(*plan.month[:-1], Step("sub", plan.month[-1].args)))
    assert other.digest != plan.digest


def test_names_of_the_file_never_reach_the_text():
    assert "import os" not in python_text(small_plan())


def test_a_plan_is_looked_at_in_one_line_however_large():
    plan = small_plan()
    sizes = "steps 4, streams 1, parameters 2, columns 4, months 3"
    assert repr(plan) == f"<Plan {plan.digest[:8]}: {sizes}>"
    large = dataclasses.replace(plan, parameters=tuple(map(float, range(5_000))))
    assert len(repr(large)) < 120


def test_steps_are_numbered_through_all_sections():
    plan = small_plan()
    numbers = [number for steps in plan.numbered().values() for number in steps]
    assert numbers == list(range(plan.n_steps))
    assert all(f"v{number} = " in python_text(plan) for number in numbers)


@pytest.mark.parametrize(("horizon", "years"), [(1, 1), (12, 1), (13, 2), (24, 2)])
def test_a_year_begins_with_every_twelfth_month(horizon, years):
    builder = Builder(horizon)
    builder.output("total", "", builder.draw(1, "run"))
    assert builder.finish().n_years == years


def test_json_and_back_is_the_same_plan():
    plan = small_plan(price=0.1 + 0.2)
    again = from_json(to_json(plan))
    assert to_json(again) == to_json(plan)
    assert again.parameters == plan.parameters
    assert again.digest == plan.digest
    assert [table.kind for table in again.tables] == ["step"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a saved plan"),
        ("[1]", "not a saved plan"),
        ('{"schema": "simcost/plan/9", "stream": 1}', "schema simcost/plan/9"),
        ('{"schema": "simcost/plan/1", "stream": 1}', "a damaged plan"),
    ],
)
def test_what_is_no_plan_is_refused(text, said):
    with pytest.raises(PlanError, match=said):
        from_json(text)


def test_a_damaged_file_is_refused_by_the_verifier():
    document = json.loads(to_json(small_plan()))
    document["month"][-1][1] = "v99"
    with pytest.raises(PlanError, match="v99 is not defined here"):
        from_json(json.dumps(document))


BROKEN = {
    "an operand before its step": {"setup": (Step("neg", ("v0",)),)},
    "an unknown operation": {"setup": (Step("sin", ("p0",)),)},
    "too few operands": {"setup": (Step("add", ("p0",)),)},
    "a series in setup": {"setup": (Step("neg", ("c0",)),)},
    "a month's value in setup": {"setup": (Step("neg", ("v1",)),), "month": (Step("neg", ("p0",)),)},
    "a stream that is none": {"setup": (Step("draw", ("d3",)),)},
    "a table that is none": {"setup": (Step("smooth_quantile", ("p0", "t0")),)},
    "a state that goes on with nothing": {"state": (State("p0", "v9"),)},
    "a state that begins with a month": {"month": (Step("neg", ("p0",)),), "state": (State("v0", "v0"),)},
    "an output of nothing": {"outputs": (Output("total", "", "v5"),)},
    "a short series": {"calendar": ((1.0,),)},
    "a parameter that is not finite": {"parameters": (float("nan"),)},
    "a stream twice": {"streams": (1, 1)},
    "no month": {"horizon": 0, "calendar": ()},
}


@pytest.mark.parametrize("changes", BROKEN.values(), ids=BROKEN)
def test_a_contradiction_is_refused(changes):
    sound = Plan((1.0,), ((1.0, 2.0),), (), (5,), (), (), (), (), (), (Output("total", "", "p0"),), 2)
    verify(sound)
    with pytest.raises(PlanError, match="bug in simcost, or the plan's file is damaged"):
        verify(dataclasses.replace(sound, **changes))


def test_verifying_takes_time_in_proportion_to_the_steps():
    """Eight times the steps take about eight times as long, not sixty-four."""

    def seconds(n: int) -> float:
        chain = tuple(Step("neg", (f"v{i - 1}" if i else "p0",)) for i in range(n))
        plan = Plan((1.0,), (), (), (), chain, (), (), (), (), (Output("total", "", "p0"),), 1)
        begun = time.process_time()
        verify(plan)
        return time.process_time() - begun

    assert min(seconds(40_000) for _ in range(3)) < 24 * min(seconds(5_000) for _ in range(3))
