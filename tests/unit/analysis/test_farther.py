"""Where a straight line on from a range comes to a target, which a refused search proposes: by hand."""

import pytest

from simcost.analysis.searches.seeking import FARTHEST, _farther


@pytest.mark.parametrize(
    ("grid", "figures", "target", "at", "ends"),
    [
        ((1, 2, 3), (0, 1, 5), 9.0, 4.0, (3, 4.5)),  # 4 a step at the top, half as far again on
        ((1, 2, 3), (0, 4, 5), -2.0, 0.5, (0.25, 1)),  # 4 a step at the bottom
        ((1, 2, 3), (9, 5, 4), 3.0, 4.0, (3, 4.5)),  # falling
        ((1, 2, 3), (1, 2, 3), 0.9, 0.9, (0.85, 1)),
        ((1, 2, 3), (1, 2, 3), 0.2, 0.2, (0.1, 1)),  # half as far again on is below zero: half of it
        ((0, 1, 2), (0, 1, 2), -1.0, -1.0, (-1.5, 0)),  # a range that is not positive need not stay so
        ((-2, -1, 0), (1, 2, 3), 4.0, 1.0, (0, 1.5)),
    ],
)
def test_the_line_through_the_two_points_next_to_the_end_comes_to_the_target(grid, figures, target, at, ends) -> None:
    found = _farther(target, grid, figures)
    assert found is not None
    assert found[0] == pytest.approx(at)
    assert found[1] == pytest.approx(ends)


@pytest.mark.parametrize(
    ("grid", "figures", "target"),
    [
        ((1, 2, 3), (0, 5, 5), 9.0),  # level at the end
        ((1, 2, 3), (1, 2, 3), 0.0),  # at zero, from a positive range
        ((1, 2, 3), (1, 2, 3), -0.5),
        ((1, 2, 3), (1, 2, 3), 3.0001),  # in three digits the end itself
    ],
)
def test_nothing_is_proposed_where_the_line_leads_nowhere(grid, figures, target) -> None:
    assert _farther(target, grid, figures) is None


def test_nothing_is_proposed_far_beyond_the_range() -> None:
    grid = figures = (10.0, 20.0, 30.0)
    most = 30.0 + FARTHEST * 20.0
    assert _farther(most, grid, figures) == (most, (30.0, most + (most - 30.0) / 2.0))
    assert _farther(most + 10.0, grid, figures) is None
