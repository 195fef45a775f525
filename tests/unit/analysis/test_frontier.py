"""Points of the frontier: what no trial beats in both mean and risk, as many as are asked for."""

from __future__ import annotations

from itertools import count

import pytest

from simcost.analysis.optimize.frontier import frontier_of
from simcost.analysis.optimize.space import axis_of
from simcost.analysis.optimize.trial import Standing, Trial
from simcost.scenario.sections.decisions import Decision

AXES = [axis_of(Decision("inputs.x", 0.0, 100.0, 1.0, "GPU"))]
CONVEX = [(100.0 + place**2, 500.0 - 20.0 * place) for place in range(20)]
"""Means and CVaRs of trials of which none beats another; the CVaRs are evenly apart."""


def trials(figures, limits=()):
    return [Trial((float(place),), mean, mean, cvar95, limits) for place, (mean, cvar95) in zip(count(), figures, strict=False)]


def shown(figures, **most):
    return [(point.mean, point.cvar95) for point in frontier_of(AXES, trials(figures), **most)]


@pytest.mark.parametrize("most", [1, 2, 3, 5, 7, 19, 20])
def test_there_are_as_many_points_as_asked_for_both_ends_among_them(most):
    found = shown(CONVEX, most=most)
    assert len(found) == most
    assert found[0] == CONVEX[0]
    assert most == 1 or found[-1] == CONVEX[-1]
    assert found == sorted(set(found))


def test_without_a_number_there_are_ten():
    assert len(shown(CONVEX)) == 10


def test_the_points_between_are_those_nearest_to_evenly_apart():
    """Of CVaRs 500, 480, ..., 120: nearest to 310 is 320 or 300."""
    assert shown(CONVEX, most=3)[1][1] in {300.0, 320.0}
    bunched = [(1.0, 100.0), (2.0, 99.0), (3.0, 98.0), (4.0, 47.0), (5.0, 0.0)]
    assert shown(bunched, most=3) == [(1.0, 100.0), (4.0, 47.0), (5.0, 0.0)]


def test_what_is_beaten_in_both_or_not_allowed_is_no_point():
    beaten = [(101.0, 501.0), (130.0, 470.0)]
    assert shown([*CONVEX, *beaten], most=20) == CONVEX
    over = trials([(1.0, 1.0)], (Standing("few", 1.0, 0.0, 1.0),))
    assert [point.mean for point in frontier_of(AXES, [*over, *trials(CONVEX[:2])])] == [100.0, 101.0]
