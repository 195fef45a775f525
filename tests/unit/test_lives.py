from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from simcost_kernels.codegen.live_ranges import Life, Lives, share_rows


@st.composite
def some_lives(draw):
    lengths = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=40))
    made, lives = 0, {}
    for number, (pause, length) in enumerate(lengths):
        made += pause
        lives[f"v{number}"] = Life(made, made + length)
    return lives


@settings(deadline=None)
@given(lives=some_lives())
def test_values_that_live_at_the_same_time_have_different_rows_and_no_row_is_wasted(lives):
    rows = share_rows(lives, first=7)
    for one, own in lives.items():
        for other, its in lives.items():
            if one != other and own.made <= its.last and its.made <= own.last:
                assert rows[one] != rows[other]
    most = max((sum(life.made <= now <= life.last for life in lives.values()) for now in range(200)), default=0)
    assert sorted(set(rows.values())) == list(range(7, 7 + most))


def test_what_a_loop_takes_from_outside_lives_until_the_loop_is_through():
    lives = Lives()
    lives.make("v0", "setup", always=True)
    lives.end("setup")
    lives.make("v1", "year", always=True)
    lives.use("v0", "year")
    lives.end("year")
    lives.make("v2", "month", always=True)
    lives.use("v1", "month")
    lives.step()
    lives.step()
    lives.end("month")
    found = lives.found()
    assert found["v0"].last == found["v1"].last == 4
    assert found["v2"] == Life(2, 2)


def test_a_value_that_is_used_in_its_own_loop_alone_has_no_row():
    lives = Lives()
    lives.make("v0", "month", always=False)
    assert lives.found() == {}
