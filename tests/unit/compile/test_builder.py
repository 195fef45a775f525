"""The builder puts every step where it belongs, calculates what is certain, and keeps nothing that is not needed."""

import numpy as np
import pytest

from simcost.compile.builder import Builder
from simcost_kernels.plan import ARITY, Step

ARITHMETIC = [name for name in ARITY if name != "draw" and "quantile" not in name]


def test_steps_go_to_the_earliest_section_that_knows_their_operands():
    builder = Builder(12)
    run, year, month = (builder.draw(stream, persistence) for stream, persistence in enumerate(("run", "year", "month")))
    two = builder.number(2.0)
    values = [builder.op("mul", draw, two) for draw in (run, year, month)]
    late = builder.op("add", values[0], builder.series(range(12)))
    state = builder.state(two)
    builder.carry(state, builder.op("add", state, late))
    for value in (*values, state):
        builder.output("line", value, value, monthly=value != state)
    plan = builder.finish()
    assert [len(section) for section in (plan.setup, plan.year, plan.month, plan.final)] == [2, 2, 4, 0]


def test_what_is_certain_is_calculated_and_becomes_one_number():
    builder = Builder(3)
    sum_of_two = builder.op("add", builder.number(2.0), builder.number(3.0))
    series = builder.op("mul", sum_of_two, builder.series((1.0, 2.0, 3.0)))
    builder.output("total", "", sum_of_two)
    builder.output("month", "", series, monthly=True)
    plan = builder.finish()
    assert plan.parameters == (5.0,)
    assert plan.calendar == ((5.0, 10.0, 15.0),)
    assert plan.setup == plan.month == ()


def test_what_is_not_finite_stays_a_step_to_be_counted_when_it_runs():
    builder = Builder(1)
    builder.output("total", "", builder.op("div", builder.number(1.0), builder.number(0.0)))
    assert builder.finish().setup == (Step("div", ("p0", "p1")),)


def test_equal_steps_are_kept_once_and_unneeded_ones_not_at_all():
    builder = Builder(1)
    draw = builder.draw(1, "run")
    builder.op("exp", draw)
    first, second = builder.op("log", draw), builder.op("log", draw)
    builder.draw(2, "run")
    builder.output("total", "", builder.op("add", first, second))
    plan = builder.finish()
    assert plan.streams == (1,)
    assert [step.op for step in plan.setup] == ["draw", "log", "add"]
    assert plan.setup[-1].args == ("v1", "v1")


@pytest.mark.parametrize("name", ARITHMETIC)
def test_a_certain_series_has_the_bits_of_each_month_by_itself(name):
    generator = np.random.default_rng(20270101)
    values = [generator.uniform(0.6, 5.0, 600).round(generator.integers(0, 9)) for _ in range(ARITY[name])]
    builder = Builder(600)
    found = builder.by_month(builder.op(name, *map(builder.series, values)))
    alone = [builder.by_month(builder.op(name, *map(builder.number, month)))[0] for month in zip(*values, strict=True)]
    assert np.array_equal(np.array(found).view(np.int64), np.array(alone).view(np.int64))
