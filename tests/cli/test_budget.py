"""``simcost budget``: the answers, the gate's exit codes through the real command, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.acceptance.fiscal_file import FILE
from tests.cli.documents import answered
from tests.places import SCENARIOS

import simcost
from simcost.analysis.figures import percentile_of
from simcost.report.run.document import summary_document


@pytest.mark.parametrize(("approved", "code"), [("900_000 CNY", 0), ("500_000 CNY", 3)])
def test_the_gate_s_exit_code_is_the_verdict(process, scenario: Path, approved: str, code: int) -> None:
    for words in ([], ["--json"]):
        done = process("budget", scenario, "--gate", "--approved", approved, *words)
        assert done.returncode == code, done.stderr
        said = done.stderr if words else done.stdout
        assert f"Gate: the wanted 80 % {'is not' if code else 'is'} met" in said
    assert process("budget", scenario, "--approved", approved).returncode == 0
    assert [path.name for path in scenario.parent.iterdir()] == [scenario.name]


def test_the_gate_reads_a_result_as_it_judges_a_run(process, result_file: Path) -> None:
    assert process("budget", result_file, "--gate", "--approved", "900_000 CNY").returncode == 0
    assert process("budget", result_file, "--gate", "--approved", "500_000").returncode == 3


def test_a_run_that_cannot_tell_says_so_and_which_would(call, scenario: Path) -> None:
    share = answered(call, "budget", scenario)["budget"]["probability_within"]["value"]
    said = call("budget", scenario, "--gate", "--confidence", str(share - 0.001))
    assert said.exit_code == 0
    assert "so this run cannot decide: about " in said.stdout
    assert call("budget", scenario, "--gate", "--confidence", str(share + 0.001)).exit_code == 3


def test_run_and_result_give_the_same_answers(call, scenario: Path, result_file: Path) -> None:
    ran, read = (answered(call, "budget", each) for each in (scenario, result_file))
    for document in (ran, read):
        del document["run"]["result"], document["run"]["seconds"], document["split"]
    (exact, _), (cvar, bound) = (
        (each["budget"]["cvar_for_confidence"]["value"], each["budget"]["cvar_bound"]) for each in (ran, read)
    )
    assert exact == pytest.approx(cvar, abs=bound + 1e-9)  # which the second pass of a run knows exactly
    for document in (ran, read):
        document["budget"] = {key: each for key, each in document["budget"].items() if not key.startswith("cvar")}
    assert ran == read
    assert ran["schema"] == "simcost/budget/1"


def test_its_figures_are_those_of_the_run(call, scenario: Path, result_file: Path) -> None:
    result = simcost.open_result(result_file)
    expected = summary_document(result.figures, result.scenario, result.run)["budget"]
    found = answered(call, "budget", scenario)["budget"]
    assert {key: found[key] for key in expected} == expected


def test_another_sum_asked_of_a_result_is_that_of_a_run_with_it(call, scenario: Path, result_file: Path) -> None:
    words = ["--approved", "720_000 CNY", "--confidence", "0.9"]
    ran, read = (answered(call, "budget", each, *words, *more) for each, more in ((scenario, ["--no-split"]), (result_file, [])))
    assert read["budget"]["p_breach_by_month"] == []
    for key in ("approved", "confidence", "sum_for_confidence", "cvar_for_confidence", "reserve_for_confidence"):
        assert ran["budget"][key] == read["budget"][key], key
    mine, theirs = (each["budget"]["probability_within"]["value"] for each in (ran, read))
    assert mine == pytest.approx(theirs, abs=0.002)
    assert ran["base"] == read["base"]


def test_only_the_confidence_asked_of_a_result_leaves_its_months(call, scenario: Path, result_file: Path) -> None:
    words = ["--confidence", "0.9", "--no-split"]
    ran, read = (answered(call, "budget", each, *words) for each in (scenario, result_file))
    assert ran["budget"] == read["budget"]


def test_replicates_have_the_same_answers_from_run_and_result(call, scenario: Path) -> None:
    sobol = ["--set", "sampling.method=sobol", "-n", "4096"]
    assert call("run", scenario, *sobol, "-o", "s.h5", "-q").exit_code == 0
    ran = answered(call, "budget", scenario, *sobol, "--no-split")
    read = answered(call, "budget", "s.h5")
    assert (ran["budget"], ran["base"]) == (read["budget"], read["base"])
    within = ran["base"]["probability_within"]
    assert within["low"] < within["value"] < within["high"]


def test_a_result_is_left_where_it_is_wanted(call, scenario: Path) -> None:
    assert call("budget", scenario, "-o", "kept.h5").exit_code == 0
    shown = answered(call, "show", "kept.h5")
    assert shown["run"]["scenarios"] == 1_000


def test_the_table_has_every_answer_and_every_month(call, scenario: Path) -> None:
    text = call("budget", scenario).stdout
    for words in ("probability of staying within", "sum that is enough in 80 %", "CVaR", "base estimate", "2027-03"):
        assert words in text


@pytest.mark.parametrize(
    "words", [["--approved", "5 USD"], ["--approved", "-5"], ["--approved", "nan"], ["--approved", "4 to 5 CNY"]]
)
def test_a_sum_that_is_none_is_told_in_one_line(call, scenario: Path, result_file: Path, words: list[str]) -> None:
    for path in (scenario, result_file):
        told = call("budget", path, *words)
        assert (told.exit_code, told.stdout) == (2, "")
        assert "approved" in told.stderr
        assert len(told.stderr.strip().splitlines()) == 1, told.stderr


@pytest.mark.parametrize(("written", "meant"), [("90%", 0.9), ("99.9 %", 0.999), ("0.975", 0.975)])
def test_a_confidence_may_be_in_percent(call, result_file: Path, written: str, meant: float) -> None:
    said = call("budget", result_file, "--confidence", written, "--json")
    assert json.loads(said.stdout)["budget"]["confidence"] == meant


@pytest.mark.parametrize("share", ["0", "1", "1.5", "x"])
def test_a_confidence_that_is_none_is_refused(call, scenario: Path, share: str) -> None:
    assert call("budget", scenario, "--confidence", share).exit_code == 2


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5])
def test_a_confidence_that_is_none_is_refused_by_the_function(scenario: Path, share: float) -> None:
    with pytest.raises(simcost.UsageError, match="between 0 and 1"):
        simcost.budget(scenario, confidence=share)


def test_no_budget_is_one_line_and_nothing_runs(call, scenario: Path) -> None:
    scenario.write_text(scenario.read_text("utf-8").partition("[budget]")[0], "utf-8")
    assert call("run", scenario, "-o", "without.h5", "-q").exit_code == 0
    for path in (scenario, "without.h5"):
        told = call("budget", path, "--gate")
        assert (told.exit_code, told.stdout) == (2, "")
        assert "no [budget]" in told.stderr
        assert "--approved" in told.stderr
        assert call("budget", path, "--approved", "900_000 CNY", "--gate").exit_code == 0


@pytest.mark.parametrize(
    "words", [["-n", "5"], ["--seed", "5"], ["--set", "sampling.seed=4"], ["-o", "x.h5"], ["--option", "reserved"]]
)
def test_a_choice_of_a_run_is_refused_beside_a_result(call, result_file: Path, words: list[str]) -> None:
    told = call("budget", result_file, *words)
    assert told.exit_code == 2
    assert "is a result" in told.stderr


def test_what_is_not_there_is_told(call, scenario: Path) -> None:
    assert call("budget", "missing.h5").exit_code == 1
    assert call("budget", "missing.toml").exit_code == 2
    assert call("budget", scenario, "--option", "none").exit_code == 2


def test_a_result_whose_data_are_elsewhere_has_no_base_estimate(call, scenario: Path) -> None:
    (scenario.parent / "data").mkdir()
    (scenario.parent / "data" / "h.csv").write_text("price\n9\n10\n14\n")
    text = scenario.read_text("utf-8").replace(
        'gpu_price = "9 to 16 CNY/GPU/hour"',
        'gpu_price = { empirical = { file = "data/h.csv", column = "price" }, unit = "CNY/GPU/hour" }',
    )
    scenario.write_text(text, "utf-8")
    ran = call("budget", scenario, "-o", "d.h5", "--json", "-q")
    assert json.loads(ran.stdout)["base"]["at_median"] == ["gpu_price"]
    read = call("budget", "d.h5")
    assert read.exit_code == 0
    assert "No base estimate" in read.stdout


def test_undefined_costs_are_within_no_sum_and_leave_no_base_estimate(call, scenario: Path) -> None:
    text = scenario.read_text("utf-8").replace('"gpus * gpu_price"', '"gpus * gpu_price * sqrt(x)"')
    scenario.write_text(text + '\n[inputs.x]\ntriangular = { low = -2, mode = -1, high = 6 }\nunit = "1"\n', "utf-8")
    assert call("run", scenario, "-o", "u.h5", "-q").exit_code == 0
    for sum_ in ("640_000 CNY", "1e12 CNY"):
        ran, read = (answered(call, "budget", each, "--approved", sum_) for each in (scenario, "u.h5"))
        mine, theirs = (each["budget"]["probability_within"]["value"] for each in (ran, read))
        assert theirs == pytest.approx(mine, abs=0.002)
        assert theirs < 0.7  # 36 of 56 are defined
        assert ran["base"] is read["base"] is None
        assert ran["warnings"]


def test_the_parts_of_the_reserve_add_up_as_printed_and_in_the_document(call, scenario: Path) -> None:
    document = answered(call, "budget", scenario)
    split = document["split"]
    assert split["whole"]["cvar_contribution"] == document["budget"]["cvar_for_confidence"]
    assert {each["name"] for each in split["owners"]} == {"搜索", "(no owner)"}
    for group in ("categories", "stages", "owners"):
        for part in (lambda each: each["mean"], lambda each: each["cvar_contribution"]["value"], lambda each: each["reserve"]):
            assert abs(sum(map(part, split[group])) - part(split["whole"])) < 0.005, group
    printed = {}
    for line in call("budget", scenario, "-q").stdout.splitlines():
        words = line.split()
        printed[" ".join(words[:1])] = [int(word.replace(",", "")) for word in words if word.replace(",", "").isdigit()]
    mean, worst, _, _, reserve, *_ = zip(*(printed[name] for name in ("total", "compute", "staff")), strict=False)
    assert reserve[0] == sum(reserve[1:]) == worst[0] - mean[0]
    assert worst[0] == round(split["whole"]["cvar_contribution"]["value"])
    assert worst == tuple(map(sum, zip(mean, reserve, strict=True)))


def test_a_mean_of_the_split_is_that_of_the_run_s_table(call, tmp_path: Path, monkeypatch) -> None:
    """Each is rounded by itself: on these futures the rounded means of the categories are one off the rounded total."""
    monkeypatch.chdir(tmp_path)
    words = [SCENARIOS / "search_ranking.toml", "-n", "5000", "-q", "--backend", "reference"]
    ran, asked = call("run", *words).stdout, call("budget", *words).stdout.partition("reserve over the mean")[2]
    for name in ("total", "compute", "risk", "storage", "deployment", "(no stage)", "search platform", "(no owner)"):
        pattern = re.compile(rf"^ *{re.escape(name)} +([\d,]+)", re.MULTILINE)
        assert pattern.search(ran)[1] == pattern.search(asked)[1], name


def test_a_certain_part_has_no_share_of_the_reserve(call, scenario: Path) -> None:
    office = '[[cost]]\nname = "Desks"\ncategory = "office"\nowner = "desk"\nevery = "once"\namount = "7_001.3 * one"\n'
    scenario.write_text(f"{scenario.read_text('utf-8')}\n{office}", "utf-8")
    said = call("budget", scenario, "-q").stdout
    assert re.search(r"^   office +7,001 +7,001 +7,001 to 7,001 +0 +0 %$", said, re.MULTILINE), said


def test_without_a_second_pass_there_is_no_split(call, scenario: Path) -> None:
    assert answered(call, "budget", scenario, "--no-split")["split"] is None
    assert "Euler" not in call("budget", scenario, "--no-split").stdout


def test_an_owner_s_name_is_printed_as_it_is(call, scenario: Path) -> None:
    scenario.write_text(scenario.read_text("utf-8").replace('"搜索"', '"[red]x[/]"'), "utf-8")
    assert "[red]x[/]" in call("budget", scenario, "-n", "200").stdout


def test_the_wanted_confidence_has_a_percentile_of_its_own(call, scenario: Path) -> None:
    scenario.write_text(scenario.read_text("utf-8").replace("confidence = 0.8", 'confidence = "85 %"'), "utf-8")
    document = answered(call, "run", scenario)
    assert document["total"]["percentiles"]["p85"] == document["budget"]["sum_for_confidence"]
    said = call("run", scenario, "-q").stdout
    titles, total = (
        next(line.split() for line in said.splitlines() if line.strip().startswith(word)) for word in ("cost", "total")
    )
    assert titles[1:-2] == ["mean", "P5", "P50", "P80", "P85", "P95"]
    assert f"Staying within budget in 85 % of them takes {total[titles.index('P85')]} CNY" in said
    assert call("verify", document["run"]["result"]).exit_code == 0


@pytest.mark.parametrize(("written", "meant"), [('"99.9 %"', 0.999), ('"85%"', 0.85), ("0.57", 0.57), ('"12.5％"', 0.125)])
def test_a_share_in_a_file_may_be_in_percent(scenario: Path, written: str, meant: float) -> None:
    scenario.write_text(scenario.read_text("utf-8").replace("confidence = 0.8", f"confidence = {written}"), "utf-8")
    budget = simcost.load(scenario).budget
    assert budget.confidence == meant
    assert percentile_of(budget) == float(f"{meant}e2")


@pytest.mark.parametrize("written", ['"80"', '"100 %"', '"0 %"', '"-5 %"', '"8o %"', "80", '"80 % or so"'])
def test_what_is_no_share_is_refused_at_its_place(call, scenario: Path, written: str) -> None:
    scenario.write_text(scenario.read_text("utf-8").replace("confidence = 0.8", f"confidence = {written}"), "utf-8")
    said = call("validate", scenario)
    assert said.exit_code == 2
    assert "budget.confidence: " in said.stderr
    assert ("Write confidence = 0.8." if "80" in written and "%" not in written else "Write for example confidence = 0.8.") in (
        said.stderr
    )


def by_year(later: str) -> str:
    return FILE.format(approved=f'{{ FY2028 = "20_000 CNY", FY2029 = "{later} CNY" }}')


@pytest.mark.parametrize(
    ("later", "code", "verdict"),
    [
        ("11_000", 3, "is not met by FY2029: 11,000 CNY is enough in "),
        ("14_000", 0, "is met by each period and the whole, least surely by FY2029: 14,000 CNY is enough in "),
    ],
)
def test_the_gate_fails_where_one_year_does_though_the_whole_is_enough(
    call, tmp_path: Path, later: str, code: int, verdict: str
) -> None:
    path, result = tmp_path / "years.toml", tmp_path / "years.h5"
    path.write_text(by_year(later), encoding="utf-8")
    ran = call("run", path, "--gate", "-n", "2000", "-q", "-o", result)
    asked = call("budget", result, "--gate", "--no-split")
    assert (ran.exit_code, asked.exit_code) == (code, code)
    assert f"Gate: the wanted 90 % {verdict}" in ran.stdout.splitlines()[-1]
    assert asked.stdout.splitlines()[-1] == ran.stdout.splitlines()[-1]
    document = answered(call, "budget", result, "--no-split")
    assert document["gate"] == {"met": code == 0, "decided": True, "scenarios_to_decide": None, "period": "FY2029", "part": None}
    assert document["budget"]["probability_within"]["value"] > 0.99


def test_one_year_s_sum_may_be_set_by_itself(call, tmp_path: Path) -> None:
    path = tmp_path / "years.toml"
    path.write_text(by_year("11_000"), encoding="utf-8")
    options = ["--backend", "reference", "-n", "2000", "-q", "--force", "-o", tmp_path / "years.h5"]
    assert call("run", path, "--gate", *options).exit_code == 3
    changed = call("run", path, "--gate", *options, "--set", 'budget.approved.FY2029="14_000 CNY"')
    assert changed.exit_code == 0, changed.output
    assert "Budget: the approved 34,000 CNY" in changed.stdout
    unknown = call("run", path, *options, "--set", "budget.approved.FY2031=14_000")
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert 'no fiscal year or quarter "FY2031"' in unknown.stderr
