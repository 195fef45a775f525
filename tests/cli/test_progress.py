"""Progress is drawn on a terminal only, seldom enough to cost nothing, and its P95 is that of the result."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from rich.console import Console
from tests.summaries import summary_of

from simcost.report.progress import ProgressBar, estimate, progress_bar, scaled


class Clock:
    """A clock that one sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120)


def drawn(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_nothing_is_drawn_where_standard_error_is_no_terminal() -> None:
    assert progress_bar(quiet=False) is None


@pytest.mark.parametrize(("kind", "expected"), [("xterm", True), ("dumb", False)])
def test_a_terminal_gets_a_bar_unless_it_is_dumb(monkeypatch: pytest.MonkeyPatch, kind: str, expected: bool) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", kind)
    assert isinstance(progress_bar(quiet=False), ProgressBar) == expected
    assert progress_bar(quiet=True) is None


def test_the_bar_shows_speed_and_the_running_percentile(terminal: Console) -> None:
    clock = Clock()
    summary = summary_of(np.arange(10_000.0))
    with ProgressBar(terminal, clock=clock) as bar:
        bar(10_000, 100_000, summary)
        clock.now = 2.0
        bar(50_000, 100_000, summary)
    assert "50 %" in drawn(terminal)
    assert "20k scenarios/s" in drawn(terminal)
    assert "P95 9.499k ± " in drawn(terminal)


def test_frames_are_drawn_at_most_ten_times_a_second(terminal: Console) -> None:
    clock = Clock()
    summary = summary_of(np.arange(10_000.0))
    with ProgressBar(terminal, clock=clock) as bar:
        bar(1_000, 100_000, summary)
        before = len(drawn(terminal))
        clock.now = 0.05
        bar(2_000, 100_000, summary)
        assert len(drawn(terminal)) == before
        clock.now = 0.15
        bar(3_000, 100_000, summary)
        assert len(drawn(terminal)) > before


def test_the_shown_error_is_half_the_width_of_the_order_statistics() -> None:
    n, p = 10_000, 0.95
    half = 1.96 * np.sqrt(n * p * (1 - p))
    shown = float(estimate(summary_of(np.arange(float(n))), 0).rpartition(" ")[2])
    assert shown == pytest.approx(half, abs=1.0)


def test_too_few_scenarios_have_no_percentile_worth_showing() -> None:
    assert estimate(summary_of(np.arange(999.0)), 0) == ""
    assert estimate(summary_of(np.full(5_000, np.nan)), 0) == ""


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (12.5, "12.5"), (1_234_567.0, "1.235M"), (-5e9, "-5G"), (2e13, "20T"), (1e3, "1k"), (float("nan"), "?")],
)
def test_numbers_are_shortened(number: float, text: str) -> None:
    assert scaled(number) == text
