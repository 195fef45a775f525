"""Blocks expand to the plain language: names, units, labels, replacements, and every problem at the block's own line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from time import process_time

import pytest
from tests.places import ROOT

from simcost.api import validate
from simcost.errors import ScenarioError
from simcost.scenario import load
from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.text.expand import expanded_text

HEAD = """schema = 1
[scenario]
name = "Teams"
currency = "CNY"
start = "2027-07"
months = 24
"""

TEAM = """[[staff]]
name = "Data team"
headcount = "5 person"
salary = "30_000 CNY/person/month"
"""


def written(folder: Path, *parts: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(HEAD + "\n".join(parts), encoding="utf-8")
    return path


def problems(path: Path, *overrides: str) -> list[tuple[int, str]]:
    with pytest.raises(ScenarioError) as caught:
        load(path, overrides=overrides)
    return [(problem.line, f"{problem.place}: {problem.what}") for problem in caught.value.problems]


def test_names_are_made_of_the_blocks_name(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, TEAM, 'bonus = "1 to 2 to 3 month"'))
    assert [each.name for each in scenario.inputs] == ["data_team_opening", "data_team_salary", "data_team_bonus"]
    assert [each.name for each in scenario.drivers] == ["data_team_headcount"]
    assert [each.name for each in scenario.costs] == ["Data team: salary", "Data team: bonus"]


def test_a_name_in_chinese_makes_names_too(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, TEAM.replace("Data team", "算法 工程师")))
    assert scenario.drivers[0].name == "算法_工程师_headcount"


def test_a_value_of_a_block_is_a_quantity_a_number_a_table_or_a_formula(tmp_path: Path) -> None:
    block = TEAM.replace('"30_000 CNY/person/month"', '"pay_band * 1.1"')
    more = 'raise = 0.05\nattrition = { normal = { mean = 0.1, sd = 0.001 }, unit = "1/year" }'
    scenario = load(written(tmp_path, "[inputs]", 'pay_band = "30_000 CNY/person/month"', block, more))
    assert {each.name for each in scenario.inputs} >= {"data_team_raise", "data_team_attrition"}
    assert next(each.unit.text for each in scenario.drivers if each.name == "data_team_salary") == "CNY/person/month"


def test_other_formulas_may_name_what_a_block_makes_and_the_other_way_round(tmp_path: Path) -> None:
    cost = '[[cost]]\nname = "Desks"\ncategory = "office"\namount = "data_team_headcount * desk"'
    team = TEAM.replace('"5 person"', '"desks_there * people_a_desk"')
    inputs = '[inputs]\ndesk = "900 CNY/person/month"\ndesks_there = "5 desk"\npeople_a_desk = "1 person/desk"'
    scenario = load(written(tmp_path, inputs, team, cost))
    assert [each.name for each in scenario.costs] == ["Desks", "Data team: salary"]


def test_a_share_of_a_band_may_be_uncertain(tmp_path: Path) -> None:
    bands = 'bands = [{ share = "60 to 70 %", factor = 0.8 }, { share = "20 %", factor = 1 }, { factor = 2 }]'
    scenario = load(written(tmp_path, TEAM, bands, 'housing_fund = { rate = "7 %" }'))
    assert {each.name for each in scenario.inputs} >= {"data_team_band_1_share", "data_team_band_2_share"}


def test_a_file_of_blocks_needs_no_cost_lines(tmp_path: Path) -> None:
    assert len(load(written(tmp_path, TEAM)).costs) == 1


def test_a_bonus_is_paid_in_its_month_of_the_calendar(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, TEAM, 'bonus = "2 month"\nbonus_month = 2'))
    assert [each.month for each in scenario.costs] == [0, 8]  # the run begins in July


def test_an_option_and_an_assignment_replace_a_key_of_a_block(tmp_path: Path) -> None:
    option = '[options.rich]\nset = { staff."Data team".salary = "60_000 CNY/person/month" }'
    path = written(tmp_path, TEAM, option)
    assert load(path, option="rich").inputs[1].text == "60_000 CNY/person/month"
    assert load(path, option="rich", overrides=['staff."Data team".salary=2 CNY/person/month']).inputs[1].text.startswith("2 ")


def test_an_assignment_replaces_one_key_of_a_table_in_a_block(tmp_path: Path) -> None:
    path = written(tmp_path, TEAM, 'social_insurance = { rate = "20 %", cap = "20_000 CNY/person/month" }')
    scenario = load(path, overrides=['staff."Data team".social_insurance.rate=10 %'])
    found = {each.name: each.text for each in scenario.inputs}
    assert found["data_team_social_insurance_rate"] == "10 %"
    assert found["data_team_social_insurance_cap"] == "20_000 CNY/person/month"


def test_what_an_option_does_wrong_is_told_at_its_own_line(tmp_path: Path) -> None:
    option = '[options.rich]\nset = { staff."Data team".salary = "6 CNY/month" }'
    ((line, what),) = problems(written(tmp_path, TEAM, option))
    assert line == 13
    assert what.startswith('options.rich.set.staff."Data team".salary: this is in CNY/month')


def test_what_an_assignment_does_wrong_is_told_of_the_assignment(tmp_path: Path) -> None:
    ((line, what),) = problems(written(tmp_path, TEAM), 'staff."Data team".salary=6 CNY/month')
    assert line == 0
    assert what.startswith('assignment staff."Data team".salary=6 CNY/month: this is in CNY/month')


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ('staff."Dat team".salary=1', 'no block of staff is named "Dat team"'),
        ('staff."Data team".slary=1', "a block of staff has no slary to replace"),
        ('staff."Data team"=1', "a block of staff is replaced key by key"),
    ],
)
def test_what_is_not_there_cannot_be_replaced(tmp_path: Path, assignment: str, words: str) -> None:
    ((_, what),) = problems(written(tmp_path, TEAM), assignment)
    assert words in what


VALUES_BESIDE = (
    '[fx]\nUSD = "7.1 CNY/USD"\n[inflation]\nrate = "2 %"\n[inflation.categories]\nstaff = "4 %"\n[discounting]\nrate = "5 %"\n'
)


@pytest.mark.parametrize(
    ("made", "target"),
    [
        ("inputs.data_team_salary", 'staff."Data team".salary'),
        ("drivers.data_team_headcount_of_old", 'staff."Data team".KEY'),
        ("inputs.fx_USD", "fx.USD"),
        ("inputs.inflation_rate", "inflation.rate"),
        ("inputs.inflation_staff", 'inflation.categories."staff"'),
        ("inputs.discount_rate", "discounting.rate"),
    ],
)
def test_what_a_block_or_a_value_makes_is_replaced_where_the_file_has_it(tmp_path: Path, made: str, target: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, TEAM + VALUES_BESIDE), overrides=[f"{made}=1"])
    assert caught.value.problems[0].remedy == f"The file has it as {target}."


def test_a_name_that_nothing_of_a_file_begins_is_answered_with_the_names_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, TEAM + VALUES_BESIDE), overrides=["inputs.nothing_of_this=1"])
    assert "The file has it as" not in caught.value.problems[0].remedy


def test_nothing_of_an_expansion_points_at_generated_text(tmp_path: Path) -> None:
    lines = ['salary = "30_000 CNY/month"', 'raise = "5 CNY"', 'attrition = "nobody_knows * 2"', 'bonus = "1 to 0 month"']
    path = written(tmp_path, TEAM.replace('salary = "30_000 CNY/person/month"\n', ""), *lines)
    text = path.read_text(encoding="utf-8").splitlines()
    found = problems(path)
    assert [text[line - 1].split(" =")[0] for line, _ in found] == ["salary", "raise", "attrition", "bonus"]
    assert not any("data_team" in what for _, what in found)


def test_the_expansion_says_which_block_a_line_comes_from(tmp_path: Path) -> None:
    text = expanded_text(str(written(tmp_path, "[inputs]\nown = 1", TEAM)))
    assert '[inputs]\nown = 1\n# [[staff]] "Data team"\ndata_team_opening = "5 person"\n' in text
    assert '\n# [[staff]] "Data team"\n[[cost]]\nname = "Data team: salary"\n' in text
    assert tomllib.loads(text)["cost"][0]["amount"] == "data_team_headcount * data_team_salary"


def test_the_expansion_of_a_file_keeps_the_options_of_plain_values(tmp_path: Path) -> None:
    options = (
        '[options."own value"]\nset = { inputs.own = 2 }\n[options.rich]\nset = { staff."Data team".headcount = "9 person" }'
    )
    path = written(tmp_path, "[inputs]\nown = 1", TEAM, options)
    assert list(tomllib.loads(expanded_text(str(path)))["options"]) == ["own value"]
    assert '# The option "rich" replaces keys of blocks' in expanded_text(str(path))
    rich = tomllib.loads(expanded_text(str(path), option="rich"))
    assert rich["inputs"]["data_team_opening"] == "9 person"
    assert "options" not in rich


LONGEST_S = 1.0
"""Processor time to check a scenario of three years with 12 blocks and 150 uncertain quantities, by the issue."""

LARGE = ROOT / "bench" / "twelve_blocks.toml"


def quantities(value: object) -> int:
    """Uncertain quantities that a part of a file writes: LOW to HIGH, or LOW to MODE to HIGH."""
    if isinstance(value, (dict, list)):
        return sum(map(quantities, value.values() if isinstance(value, dict) else value))
    return int(isinstance(value, str) and " to " in value)


def test_a_large_scenario_of_blocks_is_checked_within_a_second() -> None:
    file = tomllib.loads(LARGE.read_text(encoding="utf-8"))
    assert (
        sum(len(file[block.section]) for block in BLOCKS.values() if block.section in file and block.has_costs)
        - len(file["risks"])
        == 12
    )
    assert sum(quantities(file[block.section]) for block in BLOCKS.values() if block.section in file) >= 150
    validate(LARGE)  # tables of distributions are kept from now on
    before = process_time()
    scenario = validate(LARGE).scenario
    assert process_time() - before < LONGEST_S
    assert scenario.months == 36
