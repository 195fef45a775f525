"""``simcost report`` of what other commands print with ``--json``: the same words and figures, with charts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simcost
from simcost.analysis.statistics import Percentile, Statistics
from simcost.api.reading.answers import READERS, answer_of
from simcost.compile.studies.grid import Grid
from simcost.report.charts.drawing import style
from simcost.report.charts.influences import influences_figure, largest
from simcost.report.charts.sweep import crossover_figure, sweep_figure
from simcost.report.search.answers import SweepPoint, SweepReport
from simcost.report.search.beside import beside
from simcost.results.run_info import RunInfo, ScenarioInfo

SCENARIO = """schema = 1
[scenario]
name = "Search <b>&"
currency = "CNY"
start = "2027-01"
months = 3
[inputs]
gpus = "8 GPU"
price = "9 to 16 CNY/GPU/hour"
salary = "30_000 CNY/month"
each = "2 CNY/hour"
[[cost]]
name = "Serving"
category = "compute"
owner = "search"
amount = "gpus * price + each"
[[cost]]
name = "Engineers"
category = "staff"
owner = "platform"
amount = "salary"
[budget]
approved = 400_000
confidence = 0.9
[budget.owner]
search = 300_000
[options.fixed]
set = { inputs.price = "12 CNY/GPU/hour" }
"""
BILLS = "month,line,amount\n2027-01,Serving,90000\n2027-01,Engineers,29000\n"

ASKED = {
    "sweep": ("sweep", "s.toml", "inputs.gpus=2,4,8", "--set", 'inputs.salary="31_000 CNY/month"'),
    "sweep of two": ("sweep", "s.toml", "inputs.gpus=2,4", "inputs.each=1,2"),
    "seek": ("seek", "s.toml", "inputs.gpus", "--between", "1,20"),
    "compare": ("compare", "s.toml", "--crossover", "inputs.gpus=2,4,8"),
    "variance": ("variance", "a.toml"),
    "drivers": ("drivers", "s.toml", "--shapley", "--set", 'inputs.each="2 to 6 CNY/hour"'),
}


@pytest.fixture
def printed(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Returns what a command prints with ``--json``, which is left in ``answer.json``, and its text."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bills.csv").write_text(BILLS, encoding="utf-8")
    (tmp_path / "s.toml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "a.toml").write_text(SCENARIO + '[actuals]\nfile = "bills.csv"\n', encoding="utf-8")

    def of(name: str):
        words = (*ASKED[name], "-n", "2000", "-q", "--backend", "reference")
        document = call(*words, "--json").stdout
        (tmp_path / "answer.json").write_text(document, encoding="utf-8")
        return json.loads(document), call(*words).stdout

    return of


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_read_back_is_the_answer_that_was_printed(printed, tmp_path: Path, name: str) -> None:
    document, text = printed(name)
    answer = answer_of((tmp_path / "answer.json").read_bytes())
    assert answer.document() == document
    assert f"{answer}".split() == text.split()


@pytest.mark.parametrize("name", ASKED)
def test_the_page_has_every_word_of_the_terminal_and_nothing_of_the_file_is_markup(call, printed, name: str) -> None:
    _, text = printed(name)
    made = call("report", "answer.json", "-o", "page.html", "-q")
    assert (made.exit_code, made.stderr) == (0, "")
    page = Path("page.html").read_text(encoding="utf-8")
    assert "<b>&" not in page
    assert "<script" not in page
    assert page.count('<figure class="chart">') == {"sweep": 1, "compare": 1, "variance": 2, "drivers": 1}.get(name, 0)
    markdown = call("report", "answer.json", "--format", "md").stdout
    figures = [word for word in text.split() if word[:1].isdigit()]
    assert len(figures) > 10
    assert all(word in markdown for word in figures)
    assert simcost.page("answer.json", format="html") == page


def test_the_charts_show_the_figures_of_the_document(printed) -> None:
    document, _ = printed("sweep")
    with style():
        (axes,) = sweep_figure(answer_of(Path("answer.json").read_bytes())).axes
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert lines["P50 (median)"].get_xdata().tolist() == [2, 4, 8]
    for label, figure in (("P50 (median)", "p50"), ("P80", "p80")):
        exact = [point["total"]["percentiles"][figure]["value"] for point in document["points"]]
        assert lines[label].get_ydata().tolist() == exact
    document, _ = printed("compare")
    (crossover,) = document["crossovers"]
    with style():
        (axes,) = crossover_figure(answer_of(Path("answer.json").read_bytes()).crossovers[0]).axes
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert lines["cheaper in"].get_ydata().tolist() == [share["value"] for share in crossover["cheaper_at"]]


def test_the_chart_of_the_drivers_has_the_impacts_and_swings_of_the_document(printed) -> None:
    document, _ = printed("drivers")
    with style():
        (axes,) = influences_figure(largest(answer_of(Path("answer.json").read_bytes()).drivers.inputs), "CNY").axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [each["name"] for each in document["inputs"]]
    bars = [bar.get_width() for bar in axes.patches]
    assert bars == [each[end]["p95"]["value"] for end in ("at_p10", "at_p90") for each in document["inputs"]]
    (marks,) = [line for line in axes.get_lines() if line.get_marker() == "D"]
    assert marks.get_xdata().tolist() == [each["impact"]["p95"]["value"] for each in document["inputs"]]


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("{", 1, "is no whole document of simcost"),
        (
            "{}",
            1,
            "is a document of no schema. A page is made of the documents of compare, drivers, seek, sweep, variance, or of",
        ),
        ('{"schema": "simcost/stress/1"}', 1, "is a document of simcost/stress/1. A page is made of the documents of compare"),
        ('{"schema": "simcost/sweep/1"}', 1, "is no whole document of simcost (KeyError: 'grids')"),
        ("[" * 100_000, 1, "no result of simcost"),
        ('{"a": ' + "[" * 100_000, 1, "is no whole document of simcost (RecursionError"),
    ],
)
def test_another_document_is_refused_in_one_line(call, tmp_path: Path, content: str, code: int, said: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    refused = call("report", path, "--format", "html")
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (code, "", 1)
    assert said in refused.stderr


@pytest.mark.parametrize("said", [{"months": 10**12}, {"months": 0}, {"months": None}, {"name": None}, {"currency": 7}])
def test_a_scenario_that_is_none_is_refused_before_its_months_are_named(call, printed, said: dict[str, object]) -> None:
    document, _ = printed("seek")
    Path("other.json").write_text(json.dumps({**document, "scenario": {**document["scenario"], **said}}), encoding="utf-8")
    refused = call("report", "other.json", "--format", "md")
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert "is no whole document of simcost" in refused.stderr


def mutants(value: object):
    """Yield copies of a document with one part of it gone, or replaced by what does not belong there."""
    if isinstance(value, dict):
        for key, inner in value.items():
            rest = {other: each for other, each in value.items() if other != key}
            yield rest
            yield from ({**rest, key: each} for each in mutants(inner))
    elif isinstance(value, list):
        yield value[:-1]
        for place, inner in enumerate(value[:2]):
            yield from ([*value[:place], each, *value[place + 1 :]] for each in mutants(inner))
    else:
        yield from (None, "x" * 3, -1e308, float("nan"), [], {})


@pytest.mark.parametrize("name", ASKED)
def test_a_document_that_is_not_as_it_was_written_is_refused_or_set_and_never_a_traceback(printed, name: str) -> None:
    assert {f"simcost/{each}/1" for each in ("compare", "drivers", "seek", "sweep", "variance")} == set(READERS)
    document, _ = printed(name)
    path, refusals, tried = Path("mutant.json"), [], list(mutants(document))
    for place, mutant in enumerate(tried):
        path.write_text(json.dumps(mutant), encoding="utf-8")
        try:
            simcost.page(path, format="html" if place % 100 == 0 else "md")
        except simcost.SimcostError as error:
            refusals.append(f"{error}")
    assert len(tried) > len(refusals) > len(tried) / 3
    assert not any("\n" in said for said in refusals)


def test_sweeps_of_options_stand_beside_each_other_and_tell_where_their_medians_cross(call, printed, tmp_path: Path) -> None:
    printed("sweep")
    words = ("-n", "2000", "-q", "--backend", "reference", "--json")
    for name, option in (("own", ()), ("fixed", ("--option", "fixed"))):
        document = call("sweep", "s.toml", "inputs.each=0,2", *option, *words).stdout
        (tmp_path / f"{name}.json").write_text(document, encoding="utf-8")
    made = call("report", "own.json", "fixed.json", "--format", "md")
    assert made.exit_code == 0, made.stderr
    assert "fixed: P50" in made.stdout
    assert "The medians of fixed and as it is do not cross: that of" in made.stdout
    page = simcost.page(["own.json", "fixed.json"], format="html")
    assert page.count('<figure class="chart">') == 1
    for others in (["own.json", "answer.json"], ["own.json", "s.toml"]):
        refused = call("report", *others, "--format", "md")
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize(("medians", "crossings"), [((10.0, 20.0, 30.0), 1), ((40.0, 50.0, 60.0), 0)])
def test_medians_cross_between_the_values_where_they_change_places(medians: tuple[float, ...], crossings: int) -> None:
    """A flat median of 25 lies between 20 and 30, so the other one crosses it between the second and the third value."""
    found = beside([sweep_with((25.0, 25.0, 25.0), ""), sweep_with(medians, "rising")])
    (said,) = found.crossings()
    assert ("cross between 2 and 3 GPU of inputs.gpus" in said) == bool(crossings)
    assert ("do not cross: that of as it is is the lower one" in said) == (not crossings)
    assert beside([sweep_with((1.0,), ""), sweep_with(medians, "rising")]) is None


def sweep_with(medians: tuple[float, ...], option: str) -> SweepReport:
    totals = [Statistics(at, 0.0, at, at, tuple(Percentile(p, at, at, at) for p in (5.0, 50.0, 95.0))) for at in medians]
    points = [SweepPoint((place,), total, None, None, None) for place, total in enumerate(totals, 1)]
    values = tuple(point.values[0] for point in points)
    run = RunInfo(10, 0, 1, "random", 1, "reference", "NumPy", "0", 0.0)
    scenario = ScenarioInfo("S", "0" * 64, "CNY", "2027-01", 3, option=option)
    return SweepReport(scenario, (Grid("inputs.gpus", values, "GPU"),), tuple(points), 0, run, ())
