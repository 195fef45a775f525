"""The order of steps that few values wait in: the same steps, each after what it uses, and never more waiting than needed."""

from __future__ import annotations

import pytest
from tests.places import SCENARIOS

from simcost import api
from simcost_kernels.codegen.step_order import in_order
from simcost_kernels.plan import Step


def values(**args):
    """Steps by number: ``v3="v1 v2"``."""
    return {int(name[1:]): Step("add", tuple(operands.split())) for name, operands in args.items()}


def most_waiting(steps, order):
    """How many values wait at once for a step that uses them."""
    left = {number: sum(number in step.values() for step in steps.values()) for number in steps}
    waiting, most = set(), 0
    for number in order:
        for used in steps[number].values():
            if used in left:
                left[used] -= 1
        waiting = {n for n in waiting | {number} if left[n]}
        most = max(most, len(waiting))
    return most


def is_possible(steps, order):
    """Whether every step is there once, after those that it uses."""
    place = {number: i for i, number in enumerate(order)}
    done = all(place[used] < place[number] for number in order for used in steps[number].values() if used in steps)
    return done and sorted(order) == sorted(steps)


def test_a_value_is_used_where_it_is_made():
    """Ten values, then their running sums and a state for each: written value by value, two wait instead of ten."""
    made = {f"v{i}": "p0 p1" for i in range(10)}
    sums = {f"v{10 + i}": f"v{9 + i if i else 0} v{i}" for i in range(1, 10)}
    kept = {f"v{20 + i}": f"s{i} v{i}" for i in range(10)}
    steps = values(**made, **sums, **kept)
    assert most_waiting(steps, list(steps)) >= 10
    order = in_order(steps, steps)
    assert is_possible(steps, order)
    assert most_waiting(steps, order) <= 3


def test_only_the_given_steps_are_ordered():
    steps = values(v0="p0 p1", v1="v0 p1", v2="v1 v0", v3="v2 v2")
    assert in_order(steps, [1, 2]) == (1, 2)
    assert in_order(steps, []) == ()


@pytest.mark.parametrize("name", ["ecommerce_recommender", "three_regions", "bank_risk_control"])
def test_fewer_values_of_a_real_model_wait(name):
    plan = api.compile(SCENARIOS / f"{name}.toml").plan
    first = len(plan.setup) + len(plan.year)
    steps = dict(enumerate(plan.month, start=first))
    order = in_order(steps, steps)
    assert is_possible(steps, order)
    assert most_waiting(steps, order) < 0.8 * most_waiting(steps, list(steps))
