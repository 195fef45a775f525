"""What a search asks of a percentile under several approved sums: by hand, without a run."""

import pytest

from simcost.analysis.searches.percentile_function import PercentileFunction
from simcost.analysis.statistics import Percentile
from simcost.scenario.scenario import ApprovedPart


def function_of(figures, sums=()):
    """A function whose figures are known."""
    made = PercentileFunction(None, None, percent=95.0, sums=sums, work=None)
    made.figures = figures
    return made


def figure(value, low=None, high=None):
    return Percentile(95.0, value, low, high)


SUMS = tuple(ApprovedPart(group, label, approved) for group, label, approved in (("total", "", 100.0), ("quarter", "Q1", 20.0)))


@pytest.mark.parametrize(
    ("total", "quarter", "place"),
    [(110.0, 25.0, 0), (101.0, 25.0, 1), (90.0, 19.0, 1), (99.5, 15.0, 0), (80.0, 0.0, 0)],
)
def test_the_sum_that_limits_is_the_one_exceeded_most_or_come_nearest_to(total, quarter, place) -> None:
    assert function_of({1.0: (figure(total), figure(quarter))}, SUMS).limiting(1.0) == place


def test_with_several_sums_a_change_is_that_of_runs_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {1.0: figure(10.0, 9.0, 12.0), 2.0: figure(15.0, 11.0, 16.0), 3.0: figure(15.0, None, 16.0)}
    made = function_of({}, SUMS)
    monkeypatch.setattr(made, "percentile", known.__getitem__)
    change = made.difference(1.0, 2.0)
    assert (change.value, change.low, change.high) == (5.0, 11.0 - 12.0, 16.0 - 9.0)
    assert made.difference(1.0, 3.0).low is None
    assert made.difference(3.0, 1.0).high is None


def test_progress_is_a_part_of_the_runs_expected_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    made = function_of({})
    monkeypatch.setattr("simcost.analysis.searches.percentile_function.EXPECTED", 4)
    for runs, done in ((0, 30), (2, 50), (3, 100), (4, 10)):
        made._runs = runs
        made._tell(lambda done, n, _: told.append((done, n)), done, 100, None)
    assert told == [(30, 400), (250, 400), (400, 400), (400, 400)]
