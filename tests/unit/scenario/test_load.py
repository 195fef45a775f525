"""A sound file becomes a scenario: every part resolved, in an order that computes; and how its problems are told."""

import pickle
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.places import RECOMMENDER, SCENARIOS

from simcost.errors import Problem, ScenarioError, format_problem
from simcost.scenario import load
from simcost.scenario.dependence import Correlation
from simcost.scenario.distributions.canonical import Beta, Constant, Lognormal
from simcost.scenario.formulas.expression import Apply, Name
from simcost.scenario.names import identifier_for
from simcost.scenario.problems import (
    MOST_FINDINGS,
    Finding,
    Findings,
    TooManyFindingsError,
    place_text,
    show,
    suggestion,
)
from simcost.scenario.scenario import Scenario
from simcost.scenario.text.toml_value import in_toml
from simcost_kernels.draws.stream import stream_id

HEAD = 'schema = 1\n[scenario]\nname = "Base"\ncurrency = "CNY"\nstart = "2027-11"\nmonths = 14\n'
COST = '[[cost]]\nname = "Serving"\ncategory = "compute"\namount = "gpus * price"\n'
INPUTS = '[inputs]\ngpus = "100 GPU"\nprice = "9 to 16 CNY/GPU/hour"\n'


def loaded(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "base.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, text)
    return caught.value.problems


def test_the_head_of_a_scenario(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, HEAD + INPUTS + COST)
    assert (scenario.name, scenario.currency, scenario.start, scenario.months) == ("Base", "CNY", (2027, 11), 14)
    assert (scenario.sampling.scenarios, scenario.sampling.seed, scenario.sampling.method) == (100_000, 1, "random")
    assert scenario.budget is None
    assert scenario.path == str(tmp_path / "base.toml")
    assert len(scenario.sha256) == 64


def test_inputs_as_numbers_quantities_and_tables(tmp_path: Path) -> None:
    table = (
        '[inputs.use]\nbeta = { mean = 0.45, sd = 0.12 }\nunit = "1"\ndraw = "month"\nsource = "2026 dashboards"\nnote = "n"\n'
    )
    scenario = loaded(tmp_path, HEAD + INPUTS + "factor = 1.15\n" + table + COST)
    gpus, price, factor, use = scenario.inputs
    assert (gpus.distribution, gpus.unit.text, gpus.text) == (Constant(100.0), "GPU", "100 GPU")
    assert isinstance(price.distribution, Lognormal)
    assert (factor.distribution, factor.unit.text, factor.text) == (Constant(1.15), "1", "1.15")
    assert isinstance(use.distribution, Beta)
    assert (use.draw, use.source, use.note, use.text) == ("month", "2026 dashboards", "n", "beta = { mean = 0.45, sd = 0.12 }")


def test_a_quantity_string_may_stand_in_a_table(tmp_path: Path) -> None:
    table = '[inputs.spot]\nvalue = "3 to 6 CNY/GPU/hour"\ndraw = "month"\n'
    spot = loaded(tmp_path, HEAD + INPUTS + table + COST).inputs[-1]
    assert isinstance(spot.distribution, Lognormal)
    assert (spot.unit.text, spot.draw) == ("CNY/GPU/hour", "month")


def test_drivers_come_in_an_order_that_computes_with_their_units(tmp_path: Path) -> None:
    drivers = '[drivers]\nbill = "rate * 2"\nrate = "gpus * price"\nstock = "prev(stock, 0) + gpus"\n'
    scenario = loaded(tmp_path, HEAD + INPUTS + drivers + COST)
    assert [(driver.name, driver.unit.text) for driver in scenario.drivers] == [
        ("rate", "CNY/hour"),
        ("stock", "GPU"),
        ("bill", "CNY/hour"),
    ]
    assert scenario.drivers[0].expression == Apply("mul", (Name("gpus"), Name("price")))


def test_drivers_may_need_each_other_through_last_months_value(tmp_path: Path) -> None:
    """Each gets its unit from whatever first tells it: a first value, an input, or another of them."""
    drivers = '[drivers]\na = "prev(b, 0)"\nb = "c * 2"\nc = "prev(a, 0) + prev(d, gpus)"\nd = "prev(d, 0) + prev(a, 0) / 4"\n'
    scenario = loaded(tmp_path, HEAD + INPUTS + drivers + COST)
    assert [(driver.name, driver.unit.text) for driver in scenario.drivers] == [
        ("a", "GPU"),
        ("c", "GPU"),
        ("d", "GPU"),
        ("b", "GPU"),
    ]


def test_an_unknown_name_on_a_circle_through_prev_is_the_only_problem(tmp_path: Path) -> None:
    drivers = '[drivers]\na = "prev(b, 0) + nothing"\nb = "prev(a, 0)"\nc = "prev(b, 0) + price"\n'
    (problem,) = problems(tmp_path, HEAD + INPUTS + drivers + COST)
    assert (problem.place, "nothing" in problem.what) == ("drivers.a", True)


def test_names_may_be_of_any_alphabet(tmp_path: Path) -> None:
    cost = '[[cost]]\nname = "推理"\ncategory = "算力"\nowner = "搜索平台"\namount = "单价 * gpus"\n'
    scenario = loaded(tmp_path, HEAD + INPUTS + '"单价" = "9 CNY/GPU/hour"\n' + cost)
    assert scenario.inputs[-1].name == "单价"
    assert (scenario.costs[0].name, scenario.costs[0].owner) == ("推理", "搜索平台")


@pytest.mark.parametrize(
    ("keys", "every", "charge", "month"),
    [
        ('amount = "gpus * price"', "month", "hours", 0),
        ('amount = "rent"', "month", "month", 0),
        ('amount = "fee"\nevery = "once"', "once", "payment", 1),
        ('amount = "fee"\nevery = "once"\nmonth = 14', "once", "payment", 14),
        ('amount = "fee"\nevery = "year"', "year", "payment", 1),
        ('amount = "rent"\nevery = "year"\nmonth = 3', "year", "payment", 3),
    ],
)
def test_the_time_base_of_a_cost_line(tmp_path: Path, keys: str, every: str, charge: str, month: int) -> None:
    inputs = INPUTS + 'fee = "5 CNY"\nrent = "7 CNY/month"\n'
    cost = loaded(tmp_path, HEAD + inputs + f'[[cost]]\nname = "x"\ncategory = "y"\n{keys}\n').costs[0]
    assert (cost.every, cost.charge, cost.month) == (every, charge, month)


def test_correlations_keep_their_order_and_one_strict_pair_is_strict(tmp_path: Path) -> None:
    inputs = INPUTS + 'a = "1 to 2"\nb = "1 to 2"\n'
    pairs = '[[correlation]]\nbetween = ["b", "a"]\nrank = 0.5\n[[correlation]]\nbetween = ["price", "a"]\nrank = -1\n'
    scenario = loaded(tmp_path, HEAD + inputs + COST + pairs)
    assert scenario.correlations == (Correlation(("b", "a"), 0.5), Correlation(("price", "a"), -1.0))
    assert not scenario.strict
    assert loaded(tmp_path, HEAD + inputs + COST + pairs + "strict = true\n").strict


@pytest.mark.parametrize(
    ("approved", "expected"),
    [
        ('"6_500_000 CNY"', (6_500_000.0,)),
        ("6_500_000", (6_500_000.0,)),
        ("[" + "1, " * 13 + '"2 CNY"]', (1.0,) * 13 + (2.0,)),
    ],
)
def test_a_budget_is_one_sum_or_one_a_month(tmp_path: Path, approved: str, expected: tuple[float, ...]) -> None:
    scenario = loaded(tmp_path, HEAD + INPUTS + COST + f"[budget]\napproved = {approved}\nconfidence = 0.9\n")
    assert scenario.budget is not None
    assert (scenario.budget.approved, scenario.budget.confidence) == (expected, 0.9)


def test_a_yearly_payment_that_never_comes_is_a_warning(tmp_path: Path) -> None:
    text = HEAD.replace("14", "3") + '[[cost]]\nname = "x"\ncategory = "y"\namount = "0"\nevery = "year"\nmonth = 6\n'
    (warning,) = loaded(tmp_path, text).warnings
    assert "never paid" in warning


def test_the_benchmark_scenario_is_read_whole() -> None:
    scenario = load(RECOMMENDER)
    assert len([item for item in scenario.inputs if not isinstance(item.distribution, Constant)]) >= 40
    assert scenario.options == ("reserved", "distilled")


def test_a_relative_path_and_a_text_are_paths_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.toml").write_text(HEAD + INPUTS + COST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load("base.toml").path == "base.toml"


def test_all_problems_of_a_file_come_at_once_in_the_order_of_its_lines(tmp_path: Path) -> None:
    text = (
        HEAD.replace("14", "0")
        + INPUTS
        + 'bad = "9 to 3 CNY"\n[drivers]\na = "gpus + price"\n'
        + COST
        + "[budget]\napproved = true\n"
    )
    found = problems(tmp_path, text)
    assert [problem.place for problem in found] == ["scenario.months", "inputs.bad", "drivers.a", "budget.approved"]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


def test_what_depends_on_a_problem_is_not_reported_again(tmp_path: Path) -> None:
    text = HEAD + INPUTS + 'bad = "9 to 3 CNY"\n[drivers]\na = "bad * 2"\nb = "a + 1"\n' + COST.replace("price", "price + b")
    text += '[[correlation]]\nbetween = ["bad", "price"]\nrank = 0.5\n'
    assert [problem.place for problem in problems(tmp_path, text)] == ["inputs.bad"]


def test_a_formula_that_uses_something_broken_still_shows_its_own_problems(tmp_path: Path) -> None:
    text = HEAD + INPUTS + 'bad = "9 to 3 CNY"\n[drivers]\na = "bad * nothing"\n' + COST
    assert [problem.place for problem in problems(tmp_path, text)] == ["inputs.bad", "drivers.a"]


@pytest.mark.parametrize(("code", "judged"), [("XYZ", []), ("RMB", ["drivers.b"])])
def test_without_a_currency_only_the_form_of_formulas_is_judged_and_all_where_one_is_meant(
    tmp_path: Path, code: str, judged: list[str]
) -> None:
    text = HEAD.replace('"CNY"', f'"{code}"') + INPUTS + '[drivers]\na = "gpus +"\nb = "gpus + price"\n' + COST
    assert [problem.place for problem in problems(tmp_path, text)] == ["scenario.currency", "drivers.a", *judged]


def test_a_hundred_thousand_parts_of_formulas_are_enough(tmp_path: Path) -> None:
    many = "[drivers]\n" + "".join(f'a{i} = "{" + ".join(["gpus"] * 100)}"\n' for i in range(600))
    (problem,) = problems(tmp_path, HEAD + INPUTS + many + COST)
    assert "100,000" in problem.what


def test_the_stream_id_is_the_head_of_the_hash() -> None:
    assert stream_id("") == 0xE3B0C442  # SHA-256 of nothing, by FIPS 180-4
    assert stream_id("abc") == 0xBA7816BF
    assert stream_id("x51620") == stream_id("x73891")


@pytest.mark.parametrize(("name", "suggested"), [("unit price", "unit_price"), ("2nd", "x_2nd"), ("单 价", "单_价"), ("!?", "")])
def test_a_name_that_is_none_gets_one_suggested(name: str, suggested: str) -> None:
    assert identifier_for(name) == suggested


def test_a_problem_is_printed_with_its_line_and_a_mark() -> None:
    problem = Problem("inputs.x", "what", "Do this.", 3, 5, "x = 1")
    assert format_problem("a.toml", problem) == "a.toml:3:5: inputs.x: what. Do this.\n    x = 1\n        ^"
    assert format_problem("a.toml", Problem("", "what", "Do this.")) == "a.toml: what. Do this."
    assert format_problem("a.toml", Problem("p", "what")) == "a.toml: p: what."


def test_an_error_tells_every_problem_in_python_too_and_outlives_a_process() -> None:
    error = ScenarioError("a.toml", (Problem("inputs.x", "what", "Do this.", 3, 5, "x = 1"), Problem("", "more")))
    assert str(error) == "a.toml:3:5: inputs.x: what. Do this.\n    x = 1\n        ^\na.toml: more."
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.path, again.problems) == (str(error), error.path, error.problems)


def test_the_mark_stands_below_wide_letters() -> None:
    problem = Problem("x", "what", "", 1, 5, '"单价" = 1')
    assert format_problem("a", problem).splitlines()[-1] == "    " + " " * 6 + "^"


def test_a_terminal_obeys_nothing_of_a_file() -> None:
    printed = format_problem("a\x1b[2J", Problem("p\x07", "w\u202e", "r\x1b]0;x\x07", 1, 1, "q\x1b[31m\x00"))
    assert all(line.isprintable() for line in printed.splitlines())
    assert "\\x1b[2J" in printed


@pytest.mark.parametrize("key", ["source", "note"])
def test_a_source_may_have_lines_but_no_control_characters(tmp_path: Path, key: str) -> None:
    table = HEAD + INPUTS + '[inputs.x]\nvalue = 1\nunit = "1"\n' + key + ' = "one\\n\\ttwo{}"\n' + COST
    assert getattr(loaded(tmp_path, table.format("")).inputs[-1], key) == "one\n\ttwo"
    (problem,) = problems(tmp_path, table.format("\\u001b[2J"))
    assert problem.place == f"inputs.x.{key}"


@pytest.mark.parametrize(
    "value", ["a", 'say "x" \\ y', "单价", "\x1b\n\U0010ffff", 5, 20270101, -1.5, True, [1, "a"], {"a": {"b": [1]}}]
)
def test_what_is_printed_as_toml_is_read_back_as_it_was(value: object) -> None:
    assert tomllib.loads(f"x = {in_toml(value)}") == {"x": value}


def test_places_quote_what_is_no_bare_key() -> None:
    assert place_text(("cost", 0, "a-b_1")) == "cost.0.a-b_1"
    assert place_text(("options", "two words", "")) == 'options."two words".""'


@pytest.mark.parametrize(
    ("value", "shown"),
    [(True, "true"), (3, "3"), (1.5, "1.5"), ("x", '"x"'), ({}, "a table"), ([], "a list")],
)
def test_values_are_shown_as_the_file_has_them(value: object, shown: str) -> None:
    assert show(value) == shown


def test_long_values_are_shown_short() -> None:
    assert len(show("x" * 1000)) < 70
    assert show(10**5000) == "a number of many digits"


def test_the_nearest_word_is_suggested_whatever_its_case() -> None:
    assert suggestion("GPU_price", ["gpu_price", "gpus"]) == 'Did you mean "gpu_price"?'
    assert suggestion("zzz", ["b", "a"]) == "Known: a, b."
    assert suggestion("zzz", ["a"], "Otherwise.") == "Otherwise."
    assert suggestion("zzz", []) == ""


def test_the_only_word_with_this_part_is_suggested() -> None:
    known = ["opening_users", "requests_per_user", "gpu_price"]
    assert suggestion("users", known) == 'Did you mean "opening_users"?'
    assert suggestion("user", known) == "Known: gpu_price, opening_users, requests_per_user."


def test_a_long_list_of_words_says_how_many_are_left_out() -> None:
    assert suggestion("zzz", [f"input_{i:02}" for i in range(45)]).endswith(", input_39 and 5 more.")


def test_findings_stop_at_their_limit() -> None:
    findings = Findings()
    for number in range(MOST_FINDINGS - 1):
        findings.add(Finding((number,), "what"))
    with pytest.raises(TooManyFindingsError):
        findings.add(Finding(("last",), "what"))
    assert len(findings.found) == MOST_FINDINGS


def test_a_sound_file_needs_no_parser_of_positions() -> None:
    code = f"""
import sys
from simcost.scenario import load
load({str(SCENARIOS / "article_monthly.toml")!r})
print(sorted({{"tree_sitter", "difflib", "scipy", "numpy", "h5py", "rich"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
