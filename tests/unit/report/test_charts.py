"""The figures that charts show are those of the result file; what cannot be read is not drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import h5py
import numpy as np
import pytest
from matplotlib.colors import to_hex
from tests.places import SCENARIOS
from tests.unit.report.reported import BY_MONTH, WHOLE, reported

import simcost
from simcost.report.board.board import Board
from simcost.report.charts.breakdown import MOST_BARS, breakdown_figure, dearest
from simcost.report.charts.distribution import distribution_figure, label_rows, marks_of
from simcost.report.charts.drawing import style
from simcost.report.charts.every import charts
from simcost.report.charts.months import months_figure
from simcost.report.charts.palette import ON_DARK
from simcost.report.charts.scales import DIGITS_ACROSS, MoneyScale, money_scale, month_labels
from simcost.report.charts.to_date import to_date_figure
from simcost.results.approved_months import approved_by_month
from simcost.scenario.months import month_name, months_from

PERIODS = '{ "FY2028" = "900_000 CNY", "FY2029" = "200_000 CNY" }'
FISCAL = "fiscal_year_start = 4"
OWNED = SCENARIOS / "owned_or_rented.toml"


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """A year with a sum approved for each month."""
    return board_of(tmp_path_factory.mktemp("board"), approved=BY_MONTH)


def board_of(folder, **choices):
    result = reported(folder, **choices)
    return Board(result, "0" * 64, approved_by_month(result))


def drawn(draw, *arguments, **choices):
    """The panels of a figure."""
    with style():
        return draw(*arguments, **choices).axes


def lines_of(axes):
    """The data of every line with a label."""
    return {line.get_label(): line.get_ydata() for line in axes.get_lines() if not line.get_label().startswith("_")}


def stairs_of(axes):
    return {patch.get_label(): patch.get_data() for patch in axes.patches if hasattr(patch, "get_data")}


def band_of(axes):
    """Lower and upper ends of the band, by month."""
    (band,) = axes.collections
    points = band.get_paths()[0].vertices
    months = np.unique(points[:, 0])
    return [(points[points[:, 0] == month, 1].min(), points[points[:, 0] == month, 1].max()) for month in months]


def percentiles(board, group, *wanted):
    with h5py.File(board.result.path) as file:
        places = [file["percentile"][()].tolist().index(p) for p in wanted]
        return file[f"{group}_percentile"][()][..., places].T, file[f"{group}_mean"][()]


@pytest.mark.parametrize(("draw", "group"), [(months_figure, "month"), (to_date_figure, "cumulative")])
def test_the_fan_is_that_of_the_file(board, draw, group) -> None:
    (p5, p50, p80, p95), mean = percentiles(board, group, 5, 50, 80, 95)
    axes = drawn(draw, board)[0]
    lines = lines_of(axes)
    assert lines["P50 (median)"].tolist() == p50.tolist()
    assert lines["P80"].tolist() == p80.tolist()
    assert lines["mean"].tolist() == mean.tolist()
    assert band_of(axes) == list(zip(p5, p95, strict=True))
    assert axes.get_ylabel() == {"month": "thousand CNY", "cumulative": "million CNY"}[group]


def test_no_line_of_the_fan_differs_from_another_by_its_colour_alone(board) -> None:
    axes = drawn(to_date_figure, board)[0]
    looks = [line.get_linestyle() for line in axes.get_lines()]
    assert len(set(looks)) == len(looks) == 3
    assert axes.get_legend() is not None


def test_what_is_approved_for_each_month_is_drawn_by_month_and_added_up(board) -> None:
    sums = [90_000.0] * 6 + [80_000.0] * 6
    assert stairs_of(drawn(months_figure, board)[0])["approved"].values.tolist() == sums
    assert stairs_of(drawn(to_date_figure, board)[0])["approved"].values.tolist() == np.cumsum(sums).tolist()


def test_one_sum_is_level_to_date_and_in_no_month(tmp_path) -> None:
    board = board_of(tmp_path, approved=WHOLE)
    assert "approved" not in stairs_of(drawn(months_figure, board)[0])
    assert stairs_of(drawn(to_date_figure, board)[0])["approved"].values.tolist() == [1e6] * 12


def test_sums_of_fiscal_years_are_added_where_each_begins_and_stand_beside_its_cost(tmp_path) -> None:
    board = board_of(tmp_path, start="2027-06", fiscal=FISCAL, approved=PERIODS)
    steps = [9e5] * 10 + [1.1e6] * 2
    assert stairs_of(drawn(to_date_figure, board)[0])["approved"].values.tolist() == steps
    assert "approved" not in stairs_of(drawn(months_figure, board)[0])
    names = [chart.name for chart in charts(board)]
    assert names == ["total", "to-date", "months", "fiscal-years", "categories", "lines"]
    years = board.result.figures.fiscal_years
    (axes,) = drawn(breakdown_figure, years, "CNY", approved=dict.fromkeys(list(years)[1:], 5.0))
    assert [line.get_xdata().tolist() for line in axes.get_lines() if line.get_label() == "approved"] == [[5.0]]
    assert [line.get_ydata().tolist() for line in axes.get_lines() if line.get_label() == "approved"] == [[1]]


def test_the_months_of_the_first_breach_are_those_of_the_file(board) -> None:
    first, by_then = (board.result.to_xarray("budget")[name].values for name in ("p_first_breach_by_month", "p_breach_by_month"))
    axes = drawn(to_date_figure, board)[1]
    assert [bar.get_height() for bar in axes.containers[0]] == first.tolist()
    assert stairs_of(axes)["broken by its end, or before"].values.tolist() == by_then.tolist()
    assert by_then[-1] > 0


def test_a_budget_that_is_never_broken_has_no_panel_of_breaches(tmp_path) -> None:
    assert len(drawn(to_date_figure, board_of(tmp_path, approved='"90_000_000 CNY"'))) == 1


def test_the_curve_says_in_which_share_of_the_samples_a_sum_is_enough(board) -> None:
    total = np.sort(board.result.samples("total")[0])
    axes = drawn(distribution_figure, board)[1]
    (x, y) = next(line.get_data() for line in axes.get_lines() if len(line.get_xdata()) > 50)
    counted = np.searchsorted(total, x, side="right") / len(total)
    one = 1.5 / len(total)  # an edge may have its own scenario on either side
    assert np.abs(y - counted).max() <= one
    assert np.abs(y - np.searchsorted(total, 1.02 * x, side="right") / len(total)).max() > one


def test_the_bars_are_the_histogram_of_the_file(board) -> None:
    with h5py.File(board.result.path) as file:
        counts, edges = file["total_histogram"][()], file["total_histogram_edges"][()]
    bars = drawn(distribution_figure, board)[0].patches[0].get_data()
    assert bars.edges.tolist() == edges.tolist()
    np.testing.assert_allclose(bars.values[1:-1], counts[1:-1] / counts.sum(), rtol=1e-9)
    widths = np.diff(edges)
    np.testing.assert_allclose(bars.values[-1] * widths[-1] / widths[5], counts[-1] / counts.sum(), rtol=1e-9)


def test_percentiles_and_what_is_approved_are_marked_where_they_are(board) -> None:
    figures = board.result.figures
    marks = {mark.label: (mark.value, mark.share) for mark in marks_of(board)}
    assert marks.pop("approved") == (1_020_000.0, figures.budget.probability_within.value)
    assert marks == {f"P{p}": (figures.total.percentile(p).value, p / 100) for p in (50, 80, 95)}
    texts = [text.get_text() for text in drawn(distribution_figure, board)[0].texts]
    scale = MoneyScale(1e6, "million CNY")
    assert [text.split(" ")[1] for text in texts] == [scale.text(mark.value) for mark in marks_of(board)]


def test_bars_are_means_and_their_lines_reach_from_p5_to_p95(board) -> None:
    items = dearest(board.result.figures.categories)
    (axes,) = drawn(breakdown_figure, items, "CNY", approved={})
    (p5, p95), mean = percentiles(board, "category", 5, 95)
    order = np.argsort(-mean)
    assert [bar.get_width() for bar in axes.containers[0]] == mean[order].tolist()
    ends = [segment[:, 0].tolist() for segment in axes.collections[0].get_segments()]
    assert ends == np.stack([p5, p95], axis=1)[order].tolist()
    assert [label.get_text() for label in axes.get_yticklabels()] == list(items)


def test_of_many_lines_the_dearest_are_drawn_and_credits_among_them(board) -> None:
    one = board.result.figures.total
    items = {f"line {k}": replace(one, mean=float(k)) for k in range(30)} | {"credit": replace(one, mean=-50.0)}
    shown = dearest(items)
    assert len(shown) == MOST_BARS
    assert list(shown)[:2] == ["line 29", "line 28"]
    assert list(shown)[-1] == "credit"


@pytest.mark.parametrize(
    ("choices", "names"),
    [
        ({"months": 1, "approved": WHOLE}, ["total", "categories", "lines"]),
        ({"months": 120}, ["total", "to-date", "months", "categories", "lines"]),
        ({"gpus": 0, "refund": 100_000}, ["total", "to-date", "months", "categories", "lines"]),
        ({"n": 1}, ["total", "to-date", "months", "categories", "lines"]),
    ],
)
def test_what_is_short_long_negative_or_certain_is_drawn(tmp_path, choices, names) -> None:
    assert [chart.name for chart in charts(board_of(tmp_path, **choices))] == names


def test_a_cost_of_nothing_has_axes_that_begin_at_zero(tmp_path) -> None:
    certain = 'options = { none = { set = { inputs.fee = "0 CNY/month", inputs.gpu_price = "0 CNY/GPU/hour" } } }'
    folder = tmp_path
    reported(folder)
    text = (folder / "reported.toml").read_text("utf-8")
    (folder / "nothing.toml").write_text(f"{certain}\n{text}", "utf-8")
    result = simcost.run(folder / "nothing.toml", n=50, option="none", backend="reference", output=folder / "nothing.h5")
    board = Board(result, "")
    assert [mark.label for mark in marks_of(board)] == ["always"]
    assert drawn(months_figure, board)[0].get_ylim() == pytest.approx((0.0, 1.0), abs=0.1)
    assert drawn(breakdown_figure, result.figures.categories, "CNY", approved={})[0].get_xlim() == (0.0, 1.0)
    (x, y) = next(line.get_data() for line in drawn(distribution_figure, board)[1].get_lines() if len(line.get_xdata()) > 50)
    assert set(x[1:-1]) == {0.0}
    assert (y[0], y[-1]) == (0.0, 1.0)


def test_negative_costs_are_within_the_axis(tmp_path) -> None:
    board = board_of(tmp_path, gpus=0, refund=100_000)
    low, high = drawn(months_figure, board)[0].get_ylim()
    assert low < min(month.total.percentile(5).value for month in board.result.figures.months)
    assert high == 0.0


def test_the_other_view_has_its_own_curve(tmp_path) -> None:
    simcost.run(OWNED, n=300, backend="reference", keep="none", output=tmp_path / "m.h5")
    curves = {}
    for view in ("cash", "amortised"):
        result = simcost.show(tmp_path / "m.h5", view=view)
        curves[view] = Board(result, "").histogram()
        total = result.figures.total
        assert curves[view].edges[0][[0, -1]].tolist() == [total.min, total.max]
    assert curves["cash"].edges[0, -1] != curves["amortised"].edges[0, -1]


@pytest.mark.parametrize("start", [1, 2, 4, 6, 7, 9, 10, 11, 12])
def test_labels_of_months_do_not_touch(start) -> None:
    for months in (2, 3, 6, 12, 13, 18, 22, 23, 24, 36, 37, 48, 60, 71, 72, 96, 119, 120, 240, 360):
        names = [month_name(each) for each in months_from((2027, start), months)]
        labels = month_labels(names)
        width = {place: max(map(len, text.split("\n"))) for place, text in labels.items()}
        room = DIGITS_ACROSS / months
        assert labels, months
        for one, other in pairwise(labels):
            assert (other - one) * room >= (width[one] + width[other]) / 2 + 0.5, (months, labels)
        for place, text in labels.items():
            year, month = names[place].split("-")
            assert text in (month, f"{month}\n{year}", year, names[place])


def test_labels_above_the_bars_do_not_lie_upon_each_other() -> None:
    random = np.random.default_rng(5)
    for _ in range(500):
        starts, widths = random.random(4), random.uniform(0.1, 0.3, 4)
        rows = label_rows(starts.tolist(), widths.tolist())
        begins = np.where(starts + widths <= 1.0, starts, starts - widths)
        for one in range(4):
            for other in range(one):
                apart = begins[one] + widths[one] < begins[other] or begins[other] + widths[other] < begins[one]
                assert apart or rows[one] != rows[other]
    assert label_rows([0.1, 0.5, 0.8], [0.1, 0.1, 0.1]) == [0, 0, 0]


@pytest.mark.parametrize(
    ("largest", "factor", "unit", "shown"),
    [
        (0.0, 1.0, "CNY", "0"),
        (812.5, 1.0, "CNY", "812.5"),
        (45_000.0, 1.0, "CNY", "45,000"),
        (450_000.0, 1e3, "thousand CNY", "450.0"),
        (1_234_567.0, 1e6, "million CNY", "1.23"),
        (64_282_482.0, 1e6, "million CNY", "64.3"),
        (2.5e9, 1e9, "billion CNY", "2.50"),
        (4.2e16, 1e15, "10^15 CNY", "42.0"),
    ],
)
def test_money_has_the_scale_of_its_largest_sum(largest, factor, unit, shown) -> None:
    scale = money_scale([-largest / 2, largest, float("nan")], "CNY")
    assert (scale.factor, scale.unit, scale.text(largest)) == (factor, unit, shown)
    assert MoneyScale(1e6, "million CNY").text(1_000.0) == "0.0010"


def test_every_colour_of_a_chart_has_another_on_a_dark_screen(board) -> None:
    used = {artist.get_color() for axes in drawn(to_date_figure, board) for artist in axes.get_lines()}
    assert {to_hex(each) for each in used} <= ON_DARK.keys()
    for chart in charts(board):
        for declared in ("fill: #", "stroke: #"):
            found = {f"#{each[:6]}" for each in chart.svg.split(declared)[1:]}
            assert found <= ON_DARK.keys(), (chart.name, found)
