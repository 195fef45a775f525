"""``simcost replay``: the story adds up, is that of the run, and is found where it is looked for."""

from __future__ import annotations

import math
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from rich.cells import cell_len
from tests.cli.documents import answered

import simcost
from simcost.results.result import Result

HOURS = (31 * 24, 28 * 24, 31 * 24)
"""Of the first three months of 2027."""


def story(call, *words: str | Path) -> dict:
    return answered(call, "replay", *words)


def test_a_story_adds_up_by_hand(call, result_file: Path) -> None:
    told = story(call, result_file, "--scenario", "123")
    inputs = {each["name"]: each["values"] for each in told["inputs"]}
    lines = {each["name"]: each["amounts"] for each in told["lines"]}
    (rate,) = told["drivers"]
    for month, hours in enumerate(HOURS):
        assert rate["values"][month] == inputs["gpus"][month] * inputs["gpu_price"][month]
        assert lines["Serving"][month] == rate["values"][month] * hours
        assert lines["People"][month] == inputs["staff"][month] * 30_000
        assert lines["Licence"][month] == (5_000 if month == 1 else 0)
        assert told["months"][month]["total"] == pytest.approx(sum(line[month] for line in lines.values()), rel=1e-14)
        assert told["months"][month]["breach"] is (told["months"][month]["cumulative"] > 700_000)
    assert told["total"] == pytest.approx(sum(each["total"] for each in told["months"]), rel=1e-14)
    assert told["months"][2]["cumulative"] == told["total"]


def test_where_a_draw_lies_is_its_probability(call, result_file: Path) -> None:
    told = story(call, result_file, "--scenario", "77")
    (price,) = (each for each in told["inputs"] if each["name"] == "gpu_price")
    z95 = NormalDist().inv_cdf(0.95)
    middle, sigma = math.log(9 * 16) / 2, math.log(16 / 9) / (2 * z95)
    expected = 100 * NormalDist(middle, sigma).cdf(math.log(price["values"][0]))
    assert price["percentiles"] == [pytest.approx(expected, abs=1e-6)]
    assert [each["percentiles"] for each in told["inputs"] if each["name"] == "gpus"] == [[]]


@pytest.mark.parametrize("method", ["random", "sobol", "latin-hypercube"])
def test_the_replayed_total_is_the_stored_one_to_the_last_bit(call, scenario: Path, method: str) -> None:
    words = ["--set", f"sampling.method={method}", "-n", "4096", "--keep", "3000"]
    assert call("run", scenario, *words, "-o", "m.h5", "-q").exit_code == 0
    kept = simcost.open_result("m.h5").samples("total")[0]
    for number in (0, 255, 1_000, 2_999):
        told = story(call, "m.h5", "--scenario", str(number))
        assert (told["total"], told["stored_total"], told["matches"]) == (kept[number], kept[number], True)
    beyond = story(call, "m.h5", "--scenario", "4095")
    assert (beyond["stored_total"], beyond["matches"]) == (None, None)
    assert "the same to the last bit" in call("replay", "m.h5", "--scenario", "7").stdout


@pytest.mark.parametrize("keep", ["all", "10", "none"])
def test_the_nearest_to_a_percentile_is_found_in_kept_totals_and_in_recomputed_ones(call, scenario: Path, keep: str) -> None:
    assert call("run", scenario, "-o", "all.h5", "-q").exit_code == 0
    assert call("run", scenario, "-o", "some.h5", "-q", "--keep", keep).exit_code == 0
    every = simcost.open_result("all.h5")
    totals, p95 = every.samples("total")[0], next(each for each in every.figures.total.percentiles if each.p == 95.0)
    told = story(call, "some.h5", "--near", "p95")
    assert told["run"]["number"] == int(np.abs(totals - p95.value).argmin())
    assert told["near"] == {"percentile": 95.0, "value": p95.value, "searched": 1_000}


BY_YEAR = "scenario.fiscal_year_start=3"
"""January and February belong to FY2027, March to FY2028."""


@pytest.mark.parametrize(
    ("assignments", "said"),
    [
        (["budget.approved=1 CNY"], "Approved: 1.00 CNY; exceeded in 2027-01."),
        (["budget.approved=1e12 CNY"], "Approved: 1,000,000,000,000 CNY; never exceeded."),
        (["budget.approved=[1e9, 2, 3]"], "Approved: 1,000,000,005 CNY; never exceeded."),
        (["budget.approved=[2, 1e9, 3]"], "Approved: 1,000,000,005 CNY; the 2.00 CNY to date are exceeded in 2027-01."),
        (
            [BY_YEAR, 'budget.approved={ FY2027 = "1e9 CNY", FY2028 = "3 CNY" }'],
            "Approved: 1,000,000,003 CNY; the 3.00 CNY of FY2028 (1 month) are exceeded in 2027-03.",
        ),
        (
            [BY_YEAR, 'budget.approved={ "FY2027 Q4" = "5 CNY", "FY2028 Q1" = "1e9 CNY" }'],
            "Approved: 1,000,000,005 CNY; the 5.00 CNY of FY2027 Q4 (2 months) are exceeded in 2027-01.",
        ),
    ],
)
def test_the_sum_that_is_exceeded_first_is_told(call, scenario: Path, assignments: list[str], said: str) -> None:
    words = [word for each in assignments for word in ("--set", each)]
    shown = call("replay", scenario, "--scenario", "3", "-n", "100", "-q", *words)
    assert shown.exit_code == 0, shown.stderr
    assert said in shown.stdout


def test_a_scenario_file_is_replayed_as_its_run_would_be(call, scenario: Path) -> None:
    variant = ["--option", "reserved", "--set", "inputs.gpus=20 GPU"]
    assert call("run", scenario, *variant, "--seed", "99", "-n", "500", "-o", "v.h5", "-q").exit_code == 0
    totals = simcost.open_result("v.h5").samples("total")[0]
    by_number = story(call, scenario, *variant, "--seed", "99", "--scenario", "321")
    assert by_number["total"] == totals[321]
    assert by_number == {
        **story(call, "v.h5", "--scenario", "321"),
        **{key: by_number[key] for key in ("stored_total", "matches", "run")},
    }
    near = story(call, scenario, *variant, "--seed", "99", "-n", "500", "--near", "20")
    assert near["total"] == np.sort(totals)[99] == near["near"]["value"]


@pytest.mark.parametrize("of", ["the file", "its result"])
def test_a_percentile_is_the_decimal_that_is_written(call, scenario: Path, of: str) -> None:
    assert call("run", scenario, "-o", "all.h5", "-q").exit_code == 0
    totals = np.sort(simcost.open_result("all.h5").samples("total")[0])
    near = story(call, scenario if of == "the file" else "all.h5", "--near", "p99.9")["near"]["value"]
    assert near == pytest.approx(totals[998], rel=1e-3)
    assert abs(near - totals[998]) < abs(near - totals[999])  # 99.9 / 100 is a little more than 0.999: the last of 1,000


def test_a_range_keeps_its_numbers(call, scenario: Path) -> None:
    assert call("run", scenario, "--first", "5000", "-n", "300", "-o", "f.h5", "-q").exit_code == 0
    totals = simcost.open_result("f.h5").samples("total")[0]
    told = story(call, "f.h5", "--scenario", "5123")
    assert (told["total"], told["matches"]) == (totals[123], True)
    assert 5_000 <= story(call, "f.h5", "--near", "p50")["run"]["number"] < 5_300


def test_draws_of_each_month_and_year_are_told_each(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace("months   = 3", "months   = 14")
    text += '[inputs.monthly]\nnormal = { mean = 1, sd = 0.1 }\nunit = "1"\ndraw = "month"\n'
    text += '[inputs.yearly]\nnormal = { mean = 1, sd = 0.1 }\nunit = "1"\ndraw = "year"\n'
    scenario.write_text(text.replace("gpus * gpu_price", "gpus * gpu_price * monthly * yearly"), encoding="utf-8")
    inputs = {each["name"]: each for each in story(call, scenario, "--scenario", "4")["inputs"]}
    assert [len(inputs[name]["percentiles"]) for name in ("gpu_price", "yearly", "monthly")] == [1, 2, 14]
    for name, step in (("yearly", 12), ("monthly", 1)):
        values = inputs[name]["values"]
        expected = [100 * NormalDist(1, 0.1).cdf(value) for value in values[::step]]
        assert inputs[name]["percentiles"] == pytest.approx(expected, abs=1e-6)
    assert len(set(inputs["yearly"]["values"])) == 2


def test_an_event_that_seldom_happens_is_out_of_the_ordinary_only_when_it_does(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8") + '[inputs.event]\nbernoulli = { p = 0.1 }\nunit = "1"\n'
    scenario.write_text(text.replace("gpus * gpu_price", "gpus * gpu_price * (1 + event)"), encoding="utf-8")
    seen = set()
    for number in range(40):
        told = story(call, scenario, "--scenario", str(number))
        (event,) = (each for each in told["inputs"] if each["name"] == "event")
        assert event["percentiles"] == [pytest.approx(95.0 if event["values"][0] else 45.0)]
        said = call("replay", scenario, "--scenario", str(number)).stdout
        assert ("event at P95.0" in said.partition("cost by month")[0]) is bool(event["values"][0])
        seen.add(event["values"][0])
    assert seen == {0.0, 1.0}


def test_the_draws_furthest_from_their_medians_are_named_first(call, result_file: Path) -> None:
    for number in range(12):
        told = story(call, result_file, "--scenario", str(number))
        drawn = {each["name"]: each["percentiles"][0] for each in told["inputs"] if each["percentiles"]}
        far = sorted((name for name in drawn if abs(drawn[name] - 50) >= 30), key=lambda name: -abs(drawn[name] - 50))
        expected = ", ".join(f"{name} at P{drawn[name]:.1f}" for name in far)
        said = call("replay", result_file, "--scenario", str(number)).stdout
        assert (f"Furthest out: {expected}.\n" in said) if far else ("Furthest out" not in said)


def test_what_no_cost_line_needs_is_told_to_have_no_value(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace("[drivers]", 'idle = "1 to 2 GPU"\n\n[drivers]\nnothing = "idle * 2"')
    scenario.write_text(text, encoding="utf-8")
    assert story(call, scenario, "--scenario", "4")["unused"] == ["idle", "nothing"]
    assert (
        "No cost line needs, so this future does not have: idle, nothing." in call("replay", scenario, "--scenario", "4").stdout
    )


@pytest.mark.parametrize("months", [3, 30])
def test_the_table_fits_80_columns_with_chinese_names(call, scenario: Path, months: int) -> None:
    text = scenario.read_text(encoding="utf-8").replace("months   = 3", f"months   = {months}")
    text = text.replace('name     = "Serving"', 'name     = "搜索推荐系统在线推理服务的图形处理器费用"')
    scenario.write_text(text, encoding="utf-8")
    said = call("replay", scenario, "--scenario", "4").stdout
    body = said.partition("cost by month")[2].partition("drawn at P93.0")[0]
    assert max(map(cell_len, body.splitlines())) <= 80
    assert body.count(" 2027-01") == 2  # of the lines, and of the categories, one of which has two lines
    assert said.count("搜索推荐系统在线推理服务的") == said.count("cost by month")
    assert (said.count("cost by month") > 1) == (months > 3)


@pytest.mark.parametrize("digits", range(6))
def test_no_figure_is_cut_however_wide_it_is(call, scenario: Path, digits: int) -> None:
    text = scenario.read_text(encoding="utf-8").replace("months   = 3", "months   = 30")
    scenario.write_text(text.replace('"30_000 CNY', f'"3{"0" * (4 + digits)} CNY'), encoding="utf-8")
    told = story(call, scenario, "--scenario", "4")
    said = call("replay", scenario, "--scenario", "4").stdout
    assert max(map(cell_len, said.partition("cost by month")[2].partition("the same in every month")[0].splitlines())) <= 80
    for month in told["months"]:
        assert f" {month['month']} " in said.replace("\n", " ")
        assert f" {month['cumulative']:,.0f} " in said.replace("\n", " ")


def test_a_result_with_another_total_is_told_and_fails(call, result_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Result.samples
    monkeypatch.setattr(Result, "samples", lambda self, group="": kept(self, group) + 1.0)
    said = call("replay", result_file, "--scenario", "5")
    assert said.exit_code == 1
    assert "where the file has" in said.stdout
    assert "the total of scenario 5 differs. See: simcost verify" in said.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "which future? Give its number, --scenario 123456, or a percentile, --near p95"),
        (["--scenario", "1", "--near", "p95"], "one of them"),
        (["--scenario", "1000"], "has no scenario 1,000: it has 0 to 999. Give one of them, or replay the scenario file."),
        (["--scenario", "-1"], "is no whole number"),
        (["--near", "p100"], "'p100' is no percentile between p0 and p100. Write it like p95 or p2.5."),
        (["--near", "worst"], "'worst' is no percentile"),
        (["--scenario", "1", "--seed", "3"], "is a result, which is replayed as it ran."),
        (["--scenario", "1", "--option", "reserved"], "is a result, which is replayed as it ran."),
        (["--scenario", "1", "--data", "nowhere"], "'nowhere' does not exist"),
    ],
)
def test_wrong_questions_are_told_what_would_be_right(call, result_file: Path, words: list[str], expected: str) -> None:
    said = call("replay", result_file, *words)
    assert (said.exit_code, said.stdout) == (2, "")
    assert expected in " ".join(said.stderr.split())


def test_a_number_that_no_method_has_is_refused(call, scenario: Path) -> None:
    words = ["--set", "sampling.method=sobol", "--set", "sampling.scenarios=4096", "--scenario", "9e15"]
    said = call("replay", scenario, *words)
    assert said.exit_code == 2
    assert "there is no scenario 9,000,000,000,000,000. Give a number from 0 to 34,359,738,367." in said.stderr


def test_a_notebook_shows_the_same_tables(call, result_file: Path) -> None:
    replay = simcost.replay(result_file, near=95.0)
    page = replay._repr_html_()
    assert page.count("<table") == call("replay", result_file, "--near", "p95").stdout.count("\u2500\u2500\n")
    assert f"{replay.future.total:,.0f} CNY" in page
