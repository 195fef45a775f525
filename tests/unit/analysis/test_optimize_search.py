"""The search of `simcost optimize` on functions whose minimum is known, without a simulation."""

from __future__ import annotations

from itertools import product

import pytest
from scipy.stats import norm

from simcost.analysis.optimize.search import Search
from simcost.analysis.optimize.space import axis_of, changes
from simcost.analysis.optimize.trial import Standing, Trial
from simcost.scenario.scenario import AS_IT_IS
from simcost.scenario.sections.decisions import OPTION, Decision


def number(low, high, step=0.0, unit="GPU", target="inputs.x"):
    return axis_of(Decision(target, low, high, step, unit))


def searched(axes, cost, *, most=400, excess=lambda *_: 0.0, start=None):
    """Return the best point's values, and how many points were tried."""
    tried = []

    def run(points):
        return [trial(point) for point in points]

    def trial(point):
        values = tuple(axis.number(place) for axis, place in zip(axes, point, strict=True))
        tried.append(values)
        return Trial(point, cost(*values), 0.0, 0.0, (Standing("limit", 0.0, 0.0, max(excess(*values), 0.0)),))

    point = Search(axes, run, lambda trial: trial.objective, most).best(start)
    return tuple(axis.number(place) for axis, place in zip(axes, point, strict=True)), len(tried)


@pytest.mark.parametrize("best", [0.0, 17.3, 80.0, 211.7, 400.0])
def test_a_real_number_is_found_to_a_ten_thousandth_of_its_axis(best):
    (found,), tried = searched([number(0, 400)], lambda x: abs(x - best) ** 1.5 + 3 * max(x - best, 0))
    assert found == pytest.approx(best, abs=0.08)
    assert tried < 60


@pytest.mark.parametrize(("high", "best"), [(1.0, 0.417), (8.0, 2.03), (1e-3, 2e-4)])
def test_an_axis_shorter_than_its_first_look_is_searched_as_finely(high, best):
    (found,), _ = searched([number(0, high)], lambda x: (x - best) ** 2)
    assert found == pytest.approx(best, abs=2e-4 * high)


@pytest.mark.parametrize("best", [0, 1, 37, 99, 100])
def test_a_whole_number_is_found_exactly(best):
    (found,), tried = searched([number(0, 100_000, 1000)], lambda x: (x / 1000 - best) ** 2, most=80)
    assert found == best * 1000
    assert tried < 40


@pytest.mark.parametrize("steep", [1.0, 10.0, 1_000.0])
def test_a_whole_number_at_a_bend_is_found_exactly_wherever_it_is(steep):
    """Brent's method alone ends beside one in seven of these: what is missing costs more than what is left over."""
    axis = number(0, 100_000, 1000)
    for best in range(101):
        (found,), _ = searched([axis], lambda x, best=best: max(steep * (best - x / 1000), x / 1000 - best), most=80)
        assert found == best * 1000


def test_few_points_are_all_tried():
    axes = [number(0, 3, 1), number(0, 40, 10)]
    found, tried = searched(axes, lambda x, y: -((x * 7 + y) % 11), most=20)
    assert tried == 20
    assert found == min(product(range(4), range(0, 50, 10)), key=lambda at: (-((at[0] * 7 + at[1]) % 11), at))


def test_a_limit_on_the_way_to_the_minimum_is_met_with_equality():
    (found,), _ = searched([number(0, 400)], lambda x: x, excess=lambda x: 123.4 - x)
    assert found == pytest.approx(123.4, abs=0.08)
    assert found >= 123.4


def test_without_an_allowed_point_the_nearest_is_returned():
    (found,), _ = searched([number(0, 400)], lambda x: x, excess=lambda x: 500.0 - x)
    assert found == 400.0


def test_two_numbers_with_a_limit_between_them():
    """Smallest x^2/2 + y^2 where x + y >= 90: by Lagrange's multiplier at (60, 30)."""
    axes = [number(0, 200, 1), number(0, 200, 1)]
    found, tried = searched(axes, lambda x, y: x * x / 2 + y * y, excess=lambda x, y: 90.0 - x - y, most=600)
    best = min(product(range(201), repeat=2), key=lambda at: (at[0] + at[1] < 90, at[0] ** 2 / 2 + at[1] ** 2))
    assert best == (60, 30)
    assert found[0] + found[1] >= 90
    assert found[0] ** 2 / 2 + found[1] ** 2 <= 2700 * 1.01
    assert tried <= 600


def test_scarce_things_are_divided_where_another_one_would_save_equally_much():
    """Smallest sum of p E max(D - q, 0) over three normal demands where the q add up to 240 at most, beside every division."""

    def lost(*given):
        cost = 0.0
        for q, mean, sd, price in zip(given, (90, 108, 45), (8, 14, 21), (30, 30, 65), strict=True):
            z = (q - mean) / sd
            cost += price * sd * (norm.pdf(z) - z * norm.sf(z))
        return cost

    axes = [number(0, 200, 5), number(0, 200, 5), number(0, 200, 5)]
    found, tried = searched(axes, lost, excess=lambda *given: sum(given) - 240.0, most=250)
    best = min((at for at in product(range(0, 205, 5), repeat=3) if sum(at) <= 240), key=lambda at: lost(*at))
    assert found == best
    assert tried <= 250


def test_no_more_points_are_tried_than_allowed():
    axes = [number(0, 200), number(0, 200), number(0, 200)]
    assert searched(axes, lambda *x: sum((each - 50) ** 2 for each in x), most=57)[1] <= 57


@pytest.mark.parametrize(("most", "finished"), [(1, False), (8, False), (400, True)])
def test_a_search_that_all_its_trials_end_is_not_finished(most, finished):
    def run(points):
        return [Trial(point, (point[0] - 700.0) ** 2, 0.0, 0.0, ()) for point in points]

    search = Search([number(0, 1000)], run, lambda trial: trial.objective, most)
    best = search.best()
    assert search.finished is finished
    assert (abs(best[0] - 700.0) < 0.2) is finished


def test_a_point_is_told_as_an_assignment():
    axes = [
        number(0, 1, 0.1),
        axis_of(Decision("inputs.p", 0.0, 2.0, 0.0, "")),
        axis_of(Decision(OPTION, choices=(AS_IT_IS, "spot"))),
    ]
    assert changes(axes, (3.0, 1.5, 1.0)) == ("spot", ('inputs.x="0.3 GPU"', "inputs.p=1.5"))
    assert (axes[2].text(0.0), changes(axes, (3.0, 1.5, 0.0))[0]) == (AS_IT_IS, AS_IT_IS)


def test_a_step_that_misses_the_largest_value_ends_before_it():
    axis = number(5, 22, 5)
    assert [axis.number(place) for place in range(int(axis.last) + 1)] == [5.0, 10.0, 15.0, 20.0]
    assert number(0, 1, 0.1).last == 10.0
