"""Answers in a notebook: the terminal's tables as HTML, and nothing of a stranger's file gets out of its text."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text
from tests.places import ROOT, SCENARIOS

import simcost
from simcost.cli.root import root
from simcost.report.budget.text import budget_page
from simcost.report.drivers.text import drivers_page
from simcost.report.parts.columns_table import columns_table, narrowed
from simcost.report.parts.page import Page, page_html, page_text, print_page, table_html
from simcost.report.search.text import seek_page
from simcost.report.stress.text import stress_page
from simcost.results.verification import Check

HOSTILE = "<script>alert('x')</script> & \x1b[31m"


class _Reader(HTMLParser):
    """Tags, and the texts of cells and paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base class names it
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    return simcost.run(SCENARIOS / "small_shop.toml", n=500, backend="reference", output=folder / "r.h5")


def test_a_result_in_a_notebook_has_every_word_of_the_terminal(result) -> None:
    printed = io.StringIO()
    print_page(result.page(), printed)
    shown = " ".join(read(result._repr_html_()).texts)
    words = {word for word in printed.getvalue().split() if not re.fullmatch("─+", word)}
    assert len(words) > 100
    assert {word for word in words if word not in shown} == set()


def test_a_budget_shows_itself_too(result) -> None:
    reader = read(simcost.budget(result.path)._repr_html_())
    assert reader.tags.count("table") == 2
    assert any("Gate:" in text for text in reader.texts)


def test_names_from_a_file_stay_text() -> None:
    table = Table(title=HOSTILE)
    table.add_column(HOSTILE)
    table.add_row(Text(HOSTILE, style=HOSTILE), style=HOSTILE)
    page = Page(HOSTILE, (HOSTILE,), (HOSTILE,), lambda _: [table], (HOSTILE,))
    reader = read(page_html(page))
    assert set(reader.tags) == {"div", "p", "b", "br", "table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert sum("<script>alert('x')</script> & \\x1b[31m" in text for text in reader.texts) == 7


def test_numbers_are_flush_right_and_titles_bold() -> None:
    table = Table()
    table.add_column("name")
    table.add_column("money", justify="right")
    table.add_row(Text("  x", style="italic"), "1", style="bold")
    html = table_html(table)
    assert '<tr style="font-weight:bold">' in html
    assert '<td style="text-align:left;white-space:pre;font-style:italic">  x</td>' in html
    assert '<td style="text-align:right;white-space:pre">1</td>' in html


def test_a_page_is_as_wide_as_it_is_told() -> None:
    widths: list[int] = []
    page = Page("h", (), (), lambda width: widths.append(width) or [], (), narrowest=20, pipe=77)
    print_page(page, io.StringIO())
    page_html(page)
    assert widths[0] == 77
    assert widths[1] > 1_000


def test_figures_samples_and_months_come_as_datasets(result) -> None:
    figures = result.to_xarray()
    assert float(figures.total_percentile.sel(percentile=95)) == result.figures.total.percentiles[5].value
    assert result.to_xarray("samples").total_cost.shape == (result.kept,)
    months = simcost.budget(result.path).to_xarray()
    assert months.p_first_breach_by_month.values.tolist() == [each.value for each in result.figures.budget.first_breach.by_month]
    assert months.month.values.tolist()[0] == "2027-01"


def test_an_answer_is_a_line_in_passing_and_its_tables_by_print(result) -> None:
    file = io.StringIO()
    print_page(result.page(), file)
    assert str(result) == file.getvalue().rstrip("\n")
    assert repr(result) == f"<Result: {str(result).splitlines()[0]}>"
    told = Page("h\x1b", (), (), lambda _: [], ("Give `near='p95'`.",))
    assert page_text(told).splitlines() == ["h\\x1b", "Give `near='p95'`."]


def test_figures_and_the_answers_about_a_budget_are_a_line_in_passing(result) -> None:
    figures, answers = result.figures, simcost.budget(result.path).answers
    total, budget = figures.total, figures.budget
    shown = f"mean {total.mean:,.2f}, P50 {total.percentile(50).value:,.2f}, P95 {total.percentile(95).value:,.2f}"
    assert repr(total) == f"<Statistics: {shown.replace(', P50', f', P5 {total.percentile(5).value:,.2f}, P50')}>"
    assert len(repr(result.scenario)) < 300  # the file's text is in it
    counts = f"{len(figures.categories)} categories, {len(figures.lines)} lines, {len(figures.months)} months"
    assert repr(figures) == f"<Figures: total: {shown}; {counts}>"
    within = f"approved {budget.approved:,.2f} is enough with probability {budget.probability_within.value:.4g}"
    assert repr(budget) == f"<BudgetFigures: {within}, {budget.sum_for_confidence.value:,.2f} with {budget.confidence:g}>"
    verdict = "met" if answers.gate.met else "not met"
    assert repr(answers) == f"<BudgetAnswers: {budget!r}, {verdict}>"
    undecided = replace(answers, gate=replace(answers.gate, met=False, decided=False))
    assert repr(undecided) == f"<BudgetAnswers: {budget!r}, not met, not decided>"


def test_an_answer_can_be_compared_and_is_equal_to_itself_alone(result) -> None:
    path = SCENARIOS / "small_shop.toml"
    for answer in (lambda: simcost.open_result(result.path), lambda: simcost.validate(path), lambda: simcost.verify(result.path)):
        one, other = answer(), answer()
        assert one == one  # noqa: PLR0124 - which arrays within it must not hinder
        assert one != other
        assert other not in {one: "a key too"}


def test_what_is_loaded_validated_or_verified_is_a_line_in_passing(result) -> None:
    path = SCENARIOS / "small_shop.toml"
    model, found = simcost.validate(path), simcost.verify(result.path)
    counts = re.fullmatch(r"<Scenario: (.*): (\d+) inputs, (\d+) drivers, (\d+) cost lines>", repr(simcost.load(path)))
    assert counts[1] == model.scenario.name
    assert [int(n) for n in counts.groups()[1:]] == [
        len(getattr(model.scenario, each)) for each in ("inputs", "drivers", "costs")
    ]
    assert repr(model) == f"<Compiled: {model.scenario!r}, {len(model.warnings)} warning(s)>"
    assert repr(found) == f"<Verification: {result.path}: {len(found.checks)} checks passed>"
    wrong = replace(found, checks=(*found.checks, Check("months\x1b", False, "lost")))
    assert repr(wrong) == f"<Verification: {result.path}: wrong: months\x1b>".replace("\x1b", "\\x1b")
    assert "WRONG  months\\x1b: lost" in str(wrong)
    assert "WRONG  months" in read(wrong._repr_html_()).texts[-2]


def test_a_validated_model_shows_by_print_and_in_a_notebook_what_its_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    path = SCENARIOS / "three_regions.toml"
    model = simcost.validate(path)
    printed = CliRunner().invoke(root, ["validate", str(path), "-q"]).stdout
    monkeypatch.setenv("COLUMNS", "100000")
    assert str(model).splitlines() == printed.splitlines()
    monkeypatch.setenv("COLUMNS", "100")
    narrow = str(model).splitlines()
    assert max(map(cell_len, narrow[: narrow.index("Cost lines")])) <= 100
    texts = read(model._repr_html_()).texts
    assert [each.name for each in model.scenario.inputs if each.name not in texts] == []


def test_every_figure_is_a_row_of_a_table(result) -> None:
    rows = {(row.group, row.month, row.statistic): row for row in result.rows()}
    p95 = result.figures.total.percentile("p95")
    assert (rows["total", "", "p95"].value, rows["total", "", "p95"].high) == (p95.value, p95.high)
    assert rows["budget", "", "probability_within"].value == result.figures.budget.probability_within.value
    with pytest.raises(simcost.UsageError, match="33 is none of the percentiles 5, 10, "):
        result.figures.total.percentile(33)


def test_a_group_that_is_not_there_and_a_library_that_is_missing_are_told(result, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(simcost.ResultError, match=r"no group 'sample'\. It has samples, budget"):
        result.to_xarray("sample")
    with pytest.raises(simcost.ResultError, match=r"has no columns of 'lines'\. It has total, category, line, [a-z_, ]+\.$"):
        result.samples("lines")
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(simcost.ResultError, match="pip install xarray h5netcdf"):
        result.to_xarray()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def wide_answers(tmp_path_factory):
    """Answers whose tables are wider than 80 columns, with the names that they are about."""
    path = tmp_path_factory.mktemp("wide") / "s.toml"
    path.write_text((ROOT / "simulator/simcost/cli/commands/init_template.toml").read_text("utf-8"), "utf-8")
    many = {"n": 400, "backend": "reference"}
    stages = ["(no stage)", "maintenance", "deployment"]
    text = path.read_text("utf-8").replace('stage    = "training"\n', "")
    path.write_text(text, "utf-8")
    return {
        "budget": (budget_page(simcost.budget(path, **many)), stages),
        "drivers": (drivers_page(simcost.drivers(path, **many)), ["requests_per_gpu", "peak_traffic, gpu_price", "by source"]),
        "stress": (
            stress_page(simcost.stress(path, bands=["gpu_price=P95", "salary=P90"], **many)),
            ["gpu_price at P95", "gpu_price in its highest fifth"],
        ),
        "seek": (seek_page(simcost.seek(path, "inputs.gpu_price", **many)), ["inputs.gpu_price, CNY/GPU/hour"]),
    }


@pytest.mark.parametrize("answer", ["budget", "drivers", "stress", "seek"])
def test_on_a_terminal_of_80_columns_names_are_whole_and_what_is_less_wanted_goes(wide_answers, answer, monkeypatch) -> None:
    page, names = wide_answers[answer]
    shown = {}
    for width in (80, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        file = _Terminal()
        print_page(page, file)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())
        tables = [line.rstrip() for line in plain.splitlines() if line.startswith(" ")]
        shown[width] = "\n".join(tables)
        assert max(map(len, tables)) <= width
    assert all(re.search(rf"^ +{re.escape(name)}( |$)", shown[80], re.MULTILINE) for name in names), shown[80]
    assert "…" not in shown[80]
    assert len(shown[80].split()) < len(shown[200].split())
    assert set(shown[80].split()) - {"─" * n for n in range(81)} <= set(shown[200].split())


def test_names_keep_room_where_no_column_may_go() -> None:
    table = columns_table("a name that is long", *(f"column {n} of many" for n in range(6)))
    table.add_row("one of these names", *["1,000,000"] * 6)
    assert narrowed(table, 60).columns[0].min_width == 16
    assert narrowed(table, 500) is table
