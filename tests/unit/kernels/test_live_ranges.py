from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from simcost_kernels.codegen.live_ranges import LiveRange, LiveRanges, share_rows


@st.composite
def some_ranges(draw):
    lengths = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=40))
    made, ranges = 0, {}
    for number, (pause, length) in enumerate(lengths):
        made += pause
        ranges[f"v{number}"] = LiveRange(made, made + length)
    return ranges


@settings(deadline=None)
@given(ranges=some_ranges())
def test_values_that_live_at_the_same_time_have_different_rows_and_no_row_is_wasted(ranges):
    rows = share_rows(ranges, first=7)
    for one, own in ranges.items():
        for other, its in ranges.items():
            if one != other and own.made <= its.last and its.made <= own.last:
                assert rows[one] != rows[other]
    most = max((sum(each.made <= now <= each.last for each in ranges.values()) for now in range(200)), default=0)
    assert sorted(set(rows.values())) == list(range(7, 7 + most))


def test_what_a_loop_takes_from_outside_lives_until_the_loop_is_through():
    ranges = LiveRanges()
    ranges.make("v0", "setup", always=True)
    ranges.end("setup")
    ranges.make("v1", "year", always=True)
    ranges.use("v0", "year")
    ranges.end("year")
    ranges.make("v2", "month", always=True)
    ranges.use("v1", "month")
    ranges.step()
    ranges.step()
    ranges.end("month")
    found = ranges.found()
    assert found["v0"].last == found["v1"].last == 4
    assert found["v2"] == LiveRange(2, 2)


def test_a_value_that_is_used_in_its_own_loop_alone_has_no_row():
    ranges = LiveRanges()
    ranges.make("v0", "month", always=False)
    assert ranges.found() == {}
