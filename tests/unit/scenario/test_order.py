"""Names in an order that computes, the circles among them, and the knots that hang together."""

import random

from simcost.scenario.formulas.order import cycles, in_order, knots


def test_names_are_ordered_by_need_and_then_as_given() -> None:
    assert in_order({"a": ["c"], "b": [], "c": ["b"], "d": []}) == ["b", "d", "c", "a"]
    assert in_order({"a": ["b"], "b": ["a"], "c": ["a"], "d": []}) == ["d"]


def test_each_circle_is_told_once_beginning_with_its_first_name() -> None:
    needs = {"a": ["c"], "b": ["c"], "c": ["b"], "x": ["y"], "y": ["x"]}
    assert list(cycles(needs, set())) == [["b", "c"], ["x", "y"]]


def test_names_without_circles_are_knots_of_one_in_the_order_that_computes() -> None:
    needs = {"a": ["c"], "b": [], "c": ["b"], "d": []}
    assert knots(needs) == [[name] for name in in_order(needs)]


def test_a_knot_comes_after_the_knots_that_it_needs() -> None:
    needs = {"late": ["x"], "a": ["b"], "b": ["a", "c"], "c": [], "x": ["y", "a"], "y": ["x"]}
    assert knots(needs) == [["c"], ["a", "b"], ["x", "y"], ["late"]]


def test_knots_are_the_names_that_reach_each_other() -> None:
    for seed in range(200):
        draw = random.Random(seed)
        names = [f"n{i}" for i in range(draw.randint(1, 12))]
        needs = {name: draw.sample(names, draw.randint(0, min(2, len(names)))) for name in names}
        reached = {name: {name, *needs[name]} for name in names}
        for _ in names:
            reached = {name: set().union(*(reached[each] for each in reached[name])) for name in names}
        found = knots(needs)
        assert {frozenset(knot) for knot in found} == {
            frozenset(each for each in names if each in reached[name] and name in reached[each]) for name in names
        }
        done: set[str] = set()
        for knot in found:
            done |= set(knot)
            assert set().union(*(needs[name] for name in knot)) <= done
