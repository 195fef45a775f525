"""The JSON document and the printed table of the same figures."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

import simcost
from simcost.analysis.budgets.budget import BudgetFigures
from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.figures import Figures, MonthFigures
from simcost.analysis.statistics import PERCENTILES, Percentile, Statistics
from simcost.report.parts.heading import counted
from simcost.report.parts.money import decimals_for, half_width, money, percent
from simcost.report.parts.page import print_page
from simcost.report.run.document import summary_document
from simcost.results.result import Result
from simcost.results.run_info import RunInfo, ScenarioInfo


def statistics(scale: float, percentiles: tuple[float, ...] = PERCENTILES) -> Statistics:
    found = tuple(Percentile(p, scale * (1 + p / 100), scale * (1 + p / 100) - 2, scale * (1 + p / 100) + 4) for p in percentiles)
    return Statistics(scale * 1.5, scale / 4, scale, 2 * scale, found)


def some_figures(scale: float = 1e6, percentiles: tuple[float, ...] = PERCENTILES) -> Figures:
    item = statistics(scale, percentiles)
    within = Estimate(0.4321, 0.43, 0.434)
    budget = BudgetFigures(
        approved=1_500_000.0,
        confidence=0.8,
        probability_within=within,
        p_breach_by_month=(Estimate(0.0, 0.0, 0.001), Estimate(0.00001, 0.0, 0.001)),
        sum_for_confidence=Estimate(1_800_000.0, 1_799_000.0, None),
        reserve_for_confidence=Estimate(300_000.0, 299_000.0, None),
    )
    months = tuple(MonthFigures(name, item, item) for name in ("2027-01", "2027-02"))
    return Figures(
        item, {"compute": item, "数据": item}, {"GPU serving": item}, {}, {"搜索平台": item}, months, 0, budget, ("mind this",)
    )


def some_scenario() -> ScenarioInfo:
    return ScenarioInfo("推荐系统", "ab" * 32, "CNY", "2027-01", 2, option="reserved", overrides=("inputs.x=1",))


def some_run() -> RunInfo:
    return RunInfo(1_000_000, 0, 7, "random", 1, "reference", "NumPy", "0.1.0", 0.8, "results/a.h5")


def a_result(figures: Figures) -> Result:
    return Result("a.h5", figures, some_scenario(), some_run(), (), {}, 0, "", "", {}, {}, "")


def printed(figures: Figures) -> str:
    file = io.StringIO()
    print_page(a_result(figures).page(), file)
    return file.getvalue()


def test_the_document_has_the_documented_shape() -> None:
    document = json.loads(json.dumps(summary_document(some_figures(), some_scenario(), some_run()), allow_nan=False))
    assert list(document) == [
        *(
            "schema",
            "scenario",
            "run",
            "total",
            "categories",
            "stages",
            "owners",
            "lines",
            "months",
            "non_finite",
            "warnings",
            "budget",
            "pools",
        )
    ]
    assert document["schema"] == "simcost/summary/1"
    assert document["scenario"] == {
        "name": "推荐系统",
        "sha256": "ab" * 32,
        "currency": "CNY",
        "start": "2027-01",
        "months": 2,
        "option": "reserved",
        "overrides": ["inputs.x=1"],
        "billed_to": None,
    }
    assert list(document["run"]) == [
        *("scenarios", "limit", "first", "seed", "method", "replicates", "looks", "stopped", "interval_ratio"),
        *("stream", "backend", "device", "version", "seconds", "result"),
    ]
    total = document["total"]
    assert list(total) == ["mean", "sd", "min", "max", "percentiles"]
    assert list(total["percentiles"]) == ["p5", "p10", "p50", "p80", "p90", "p95", "p99"]
    assert total["percentiles"]["p95"] == {"value": 1_950_000.0, "low": 1_949_998.0, "high": 1_950_004.0}
    assert document["categories"]["数据"] == document["lines"]["GPU serving"] == total
    assert document["stages"] == {}
    assert [each["month"] for each in document["months"]] == ["2027-01", "2027-02"]
    assert document["months"][0]["cumulative"] == total
    budget = document["budget"]
    assert (budget["approved"], budget["probability_within"]["value"]) == (1_500_000.0, 0.4321)
    assert [each["value"] for each in budget["p_breach_by_month"]] == [0.0, 0.00001]
    assert (budget["reserve_for_confidence"]["value"], budget["reserve_for_confidence"]["high"]) == (300_000.0, None)


def test_percentiles_that_were_asked_for_have_their_own_keys() -> None:
    figures = some_figures(percentiles=(2.5, 50.0, 95.0, 99.99))
    assert list(summary_document(figures, some_scenario(), some_run())["total"]["percentiles"]) == [
        "p2.5",
        "p50",
        "p95",
        "p99.99",
    ]


def test_undefined_numbers_are_null_and_no_budget_is_null() -> None:
    total = Statistics(nan, nan, nan, nan, (Percentile(50.0, nan, None, None),))
    document = summary_document(replace(some_figures(), total=total, budget=None), some_scenario(), some_run())
    assert document["total"]["mean"] is None
    assert document["total"]["percentiles"]["p50"] is None
    assert document["budget"] is None
    json.dumps(document, allow_nan=False)


def test_the_table_shows_every_item_with_its_error() -> None:
    text = printed(some_figures())
    for name in ("total", "compute", "数据", "GPU serving", "搜索平台", "2027-02", "by category", "by owner"):
        assert name in text
    assert "by stage" not in text
    total = next(line for line in text.splitlines() if line.strip().startswith("total"))
    assert total.split() == ["total", "1,500,000", "1,050,000", "1,500,000", "1,800,000", "1,950,000", "±3"]
    assert "推荐系统: 2 months from 2027-01, in CNY, option reserved, with inputs.x=1\n1,000,000 scenarios, seed 7" in text


def test_the_table_is_plain_when_it_goes_to_a_file() -> None:
    text = printed(some_figures())
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_columns_of_the_table_are_aligned_with_chinese_names() -> None:
    from rich.cells import cell_len

    lines = [line for line in printed(some_figures()).splitlines() if line.endswith("±3")]
    assert len({cell_len(line) for line in lines}) == 1
    assert len({len(line) for line in lines}) > 1  # the Chinese characters are two cells wide


def test_the_budget_is_told_in_words() -> None:
    text = printed(some_figures())
    assert (
        "the approved 1,500,000 CNY is enough in 43.2 % of the scenarios (95 % interval 43.0 % to 43.4 %); wanted: 80 %." in text
    )
    assert "Staying within budget in 80 % of them takes 1,800,000 CNY: 300,000 CNY more than approved." in text
    assert re.search(r"2027-01 .* 0 %\n", text)
    assert re.search(r"2027-02 .* <0\.1 %\n", text)


def test_warnings_come_before_the_figures_since_they_say_how_to_read_them() -> None:
    lines = printed(some_figures()).splitlines()
    assert lines[2] == "warning: mind this"
    assert lines[3] == ""


def test_a_budget_that_is_just_enough_lacks_nothing() -> None:
    figures = some_figures()
    by_rounding = Estimate(1.8e-12, None, None)
    text = printed(replace(figures, budget=replace(figures.budget, reserve_for_confidence=by_rounding)))
    assert "takes 1,800,000 CNY: exactly the approved sum." in text


def test_an_interval_whose_ends_look_the_same_is_left_out() -> None:
    figures = some_figures()
    almost = replace(figures.budget, probability_within=Estimate(0.9997, 0.9996, 0.9998))
    assert "is enough in >99.9 % of the scenarios; wanted: 80 %." in printed(replace(figures, budget=almost))


def test_one_is_no_plural() -> None:
    assert (counted(1), counted(2), counted(1_000)) == ("1 scenario", "2 scenarios", "1,000 scenarios")


def test_percentiles_that_were_asked_for_are_in_the_table() -> None:
    text = printed(some_figures(percentiles=(2.5, *PERCENTILES)))
    assert "P2.5" in text
    assert "P10" not in text


@pytest.mark.parametrize("width", [40, 72, 80, 100, 200])
def test_no_number_is_cut_on_any_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    file = Terminal()
    print_page(a_result(some_figures(scale=9e8)).page(), file)
    assert "…" not in file.getvalue()
    assert "1,755,000,000" in file.getvalue()


def test_escape_sequences_in_names_do_not_reach_the_terminal() -> None:
    figures = some_figures()
    assert "\x1b" not in printed(replace(figures, lines={"a\x1b[2Jb": figures.total}))


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    file = Terminal()
    print_page(a_result(some_figures()).page(), file)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", file.getvalue())


def test_money_reads_well() -> None:
    assert money(1_595_000.0) == "1,595,000"
    assert money(-0.4) == "0"
    assert money(12.345, 2) == "12.35"
    assert money(7.32234713e89) == "7.322e+89"
    assert money(999_999_999_999_999.0) == "999,999,999,999,999"
    assert money(nan) == "-"
    assert money(None) == "-"
    assert half_width(Estimate(2.0, 1.0, None)) == "-"
    assert half_width(Estimate(99.0, 90.0, 110.0)) == "±10"
    assert (decimals_for([12.0, nan]), decimals_for([-5000.0]), decimals_for([])) == (2, 0, 2)


def test_a_share_is_never_rounded_to_certainty() -> None:
    assert [percent(share) for share in (0.0, 1e-9, 0.4321, 1 - 1e-9, 1.0)] == ["0 %", "<0.1 %", "43.2 %", ">99.9 %", "100 %"]
    assert percent(nan) == "-"
    assert percent(-0.0) == "0 %"
    assert [percent(share) for share in (0.0004, 0.0006, 0.9994, 0.9995, 0.9996)] == [
        "<0.1 %",
        "0.1 %",
        "99.9 %",
        ">99.9 %",
        ">99.9 %",
    ]


IDLE = """schema = 1
scenario = { name = "Idle", currency = "CNY", start = "2027-01", months = 2 }
[inputs]
load = { uniform = { low = 0, high = 10 }, unit = "GPU" }
price = "2 CNY/GPU/hour"
[[cost]]
name = "Owned"
category = "compute"
amount = "load * price"
[[cost]]
name = "Overflow"
category = "compute"
amount = "max(load - limit, 0 * limit) * price"
[inputs.limit]
value = "10 GPU"
"""


@pytest.mark.parametrize(("limit", "told"), [("10 GPU", True), ("9 GPU", False)])
def test_cost_lines_of_which_nothing_ever_comes_are_named(tmp_path: Path, limit: str, told: bool) -> None:
    path = tmp_path / "idle.toml"
    path.write_text(IDLE.replace('"10 GPU"', f'"{limit}"'), encoding="utf-8")
    result = simcost.run(path, n=1_000, output=tmp_path / "idle.h5", backend="reference")
    assert ("These cost lines are 0 in every scenario: Overflow." in f"{result}") == told
