"""Options and ``--set``: what is replaced, what stays, and what is said when it cannot be."""

import contextlib
import random
from pathlib import Path

import pytest

from simcost.errors import Problem, ScenarioError
from simcost.scenario import load
from simcost.scenario.distributions.canonical import Beta, Constant, Lognormal, Normal
from simcost.scenario.distributions.description import describe
from simcost.scenario.scenario import Input, Scenario
from simcost.scenario.text.assignment import normalised
from simcost.scenario.text.expand import expanded_text

TEXT = """schema = 1
[scenario]
name = "Base"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
gpus = "100 GPU"
price = "9 to 16 CNY/GPU/hour"
factor = 1.15
[inputs.utilization]
beta = { mean = 0.45, sd = 0.12 }
unit = "1"
draw = "month"
source = "dashboards"
note = "measured"
[drivers]
needed = "ceil(gpus / utilization)"
[[cost]]
name = "GPU serving"
category = "compute"
amount = "needed * price * factor"
[options.reserved]
set = { inputs.price = "7 to 11 CNY/GPU/hour", drivers.needed = "gpus" }
[options.dear.set]
inputs.price = "20 to 30 CNY/GPU/hour"
cost."GPU serving".category = "rent"
budget.approved = "5 CNY"
"""

CNY = '[inputs.cny]\nvalue = 1\nunit = "CNY/month"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "base.toml"
    file.write_text(TEXT, encoding="utf-8")
    return file


def with_set(path: Path, *assignments: str, option: str = "") -> Scenario:
    return load(path, option=option, overrides=assignments)


def input_of(scenario: Scenario, name: str) -> Input:
    return next(item for item in scenario.inputs if item.name == name)


def refused(path: Path, *assignments: str, option: str = "") -> Problem:
    with pytest.raises(ScenarioError) as caught:
        with_set(path, *assignments, option=option)
    (problem,) = caught.value.problems
    return problem


def test_without_an_option_nothing_is_replaced(path: Path) -> None:
    scenario = load(path)
    assert scenario.option == ""
    assert scenario.overrides == ()
    assert scenario.options == ("reserved", "dear")
    assert input_of(scenario, "price").text == "9 to 16 CNY/GPU/hour"


def test_an_option_replaces_what_it_names(path: Path) -> None:
    scenario = load(path, option="reserved")
    assert scenario.option == "reserved"
    assert input_of(scenario, "price").text == "7 to 11 CNY/GPU/hour"
    assert scenario.drivers[0].formula == "gpus"


def test_an_option_may_set_a_key_that_the_file_leaves_out(path: Path) -> None:
    scenario = load(path, option="dear")
    assert scenario.costs[0].category == "rent"
    assert scenario.budget is not None
    assert scenario.budget.approved == (5.0,)


def test_an_assignment_comes_after_the_option(path: Path) -> None:
    scenario = with_set(path, 'inputs.price="1 CNY/GPU/hour"', option="reserved")
    assert input_of(scenario, "price").distribution == Constant(1.0)
    assert scenario.overrides == ('inputs.price="1 CNY/GPU/hour"',)


@pytest.mark.parametrize(
    "typed",
    ["inputs.price=7 to 11 CNY/GPU/hour", 'inputs.price="7 to 11 CNY/GPU/hour"', " inputs . price = '7 to 11 CNY/GPU/hour' "],
)
def test_however_it_is_quoted_an_assignment_is_the_same_run(path: Path, typed: str) -> None:
    assert with_set(path, typed).overrides == ('inputs.price="7 to 11 CNY/GPU/hour"',)


def test_another_value_is_another_run(path: Path) -> None:
    """Negative control; and a formula that is a number stays a text."""
    assert with_set(path, "inputs.price=7 to 12 CNY/GPU/hour").overrides == ('inputs.price="7 to 12 CNY/GPU/hour"',)
    assert normalised("drivers.x=7") == normalised('drivers.x="7"') == 'drivers.x="7"'
    assert normalised("inputs.x = { uniform = { low = 1, high = 20000 }, unit = '1' }") == (
        'inputs.x={ uniform = { low = 1, high = 20_000 }, unit = "1" }'
    )
    assert normalised("""cost."GPU serving" . amount=0.5""") == 'cost."GPU serving".amount="0.5"'


def test_the_last_assignment_wins(path: Path) -> None:
    scenario = with_set(path, "inputs.factor=2", "inputs.factor=3")
    assert input_of(scenario, "factor").distribution == Constant(3.0)


@pytest.mark.parametrize(
    "assignment",
    [
        "inputs.price=5 CNY/GPU/hour",
        'inputs.price="5 CNY/GPU/hour"',
        "inputs.price = '5 CNY/GPU/hour'",
        " inputs.price=5 CNY/GPU/hour ",
    ],
)
def test_a_value_may_come_with_or_without_the_quotes_that_a_shell_eats(path: Path, assignment: str) -> None:
    assert input_of(with_set(path, assignment), "price").distribution == Constant(5.0)


def test_a_formula_that_is_a_number_is_a_formula_still(path: Path) -> None:
    scenario = with_set(path, "drivers.needed=100", 'cost."GPU serving".amount=0')
    assert scenario.drivers[0].formula == "100"
    assert scenario.costs[0].formula == "0"


def test_a_formula_may_hold_equals_signs(path: Path) -> None:
    scenario = with_set(path, "drivers.needed=where(month == 1, gpus, 2 * gpus)")
    assert scenario.drivers[0].formula == "where(month == 1, gpus, 2 * gpus)"


def test_a_replaced_input_keeps_how_long_a_draw_holds_but_not_its_source(path: Path) -> None:
    item = input_of(with_set(path, "inputs.utilization=0.5 to 0.6"), "utilization")
    assert isinstance(item.distribution, Lognormal)
    assert (item.draw, item.source, item.note) == ("month", "", "")


def test_a_number_takes_the_place_of_a_distribution_in_the_same_unit(path: Path) -> None:
    item = input_of(with_set(path, "inputs.utilization=0.5"), "utilization")
    assert (item.distribution, item.draw, item.unit.text) == (Constant(0.5), "month", "1")


RESERVED = """[[commitments]]
name = "Reserved"
quantity = "12 GPU"
use = "gpus"
price = { uniform = { low = 5, high = 7 }, unit = "CNY/GPU/hour" }
list_price = "2 USD/GPU/hour"
term = 12
[fx]
USD = "7.1 CNY/USD"
[inflation]
rate = "3 %"
"""


@pytest.mark.parametrize(
    ("assignment", "name", "text", "unit"),
    [
        ("commitments.Reserved.quantity=40", "reserved_quantity", "40", "GPU"),
        ('commitments.Reserved.quantity="30 to 40"', "reserved_quantity", "lognormal P5 30, P95 40", "GPU"),
        ("commitments.Reserved.price=6.5", "reserved_price", "6.5", "CNY/GPU/hour"),
        ("commitments.Reserved.price={ uniform = { low = 1, high = 2 } }", "reserved_price", "uniform 1 to 2", "CNY/GPU/hour"),
        ("commitments.Reserved.list_price=2.5", "reserved_list_price", "2.5", "USD/GPU/hour"),
        ("commitments.Reserved.list_price=20 CNY/GPU/hour", "reserved_list_price", "20", "CNY/GPU/hour"),
        ("fx.USD=7.3", "fx_USD", "7.3", "CNY/USD"),
        ("inflation.rate=0.04", "inflation_rate", "0.04", "1"),
        ("inflation.rate=4 %", "inflation_rate", "4", "%"),
    ],
)
def test_a_number_of_a_block_keeps_its_unit(path: Path, assignment: str, name: str, text: str, unit: str) -> None:
    path.write_text(TEXT + RESERVED, encoding="utf-8")
    item = input_of(with_set(path, assignment), name)
    assert (describe(item.distribution), item.unit.text) == (text, unit)


def test_a_formula_in_the_place_of_a_block_s_number_is_left_as_it_is(path: Path) -> None:
    path.write_text(TEXT + RESERVED, encoding="utf-8")
    (quantity,) = (each for each in with_set(path, "commitments.Reserved.quantity=gpus / 2").drivers if "quantity" in each.name)
    assert quantity.formula == "gpus / 2"


def test_one_parameter_of_a_distribution_can_be_replaced(path: Path) -> None:
    item = input_of(with_set(path, "inputs.utilization.beta.mean=0.6"), "utilization")
    assert isinstance(item.distribution, Beta)
    assert item.distribution.alpha / (item.distribution.alpha + item.distribution.beta) == pytest.approx(0.6)
    assert (item.draw, item.source) == ("month", "dashboards")


def test_another_distribution_takes_the_place_of_the_first(path: Path) -> None:
    item = input_of(with_set(path, "inputs.utilization={ normal = { mean = 0.5, sd = 0.1 } }"), "utilization")
    assert (item.distribution, item.unit.text, item.draw) == (Normal(0.5, 0.1), "1", "month")


def test_other_parameters_take_the_place_of_the_first(path: Path) -> None:
    item = input_of(with_set(path, "inputs.utilization.beta={ alpha = 2, beta = 3 }"), "utilization")
    assert item.distribution == Beta(2.0, 3.0)


def test_how_long_a_draw_holds_can_be_replaced_alone(path: Path) -> None:
    item = input_of(with_set(path, "inputs.utilization.draw=year"), "utilization")
    assert (item.draw, item.text) == ("year", "beta = { mean = 0.45, sd = 0.12 }")


def test_a_quantity_can_become_a_table(path: Path) -> None:
    item = input_of(with_set(path, 'inputs.gpus={ poisson = { mean = 90 }, unit = "GPU", draw = "year" }'), "gpus")
    assert (item.draw, item.unit.text) == ("year", "GPU")


def test_horizon_budget_and_sampling_can_be_replaced(path: Path) -> None:
    scenario = with_set(
        path,
        "scenario.months=3",
        "scenario.start=2028-04",
        "budget.approved=[1, 2, 3]",
        "budget.confidence=0.9",
        "sampling.seed=7",
    )
    assert (scenario.months, scenario.start) == (3, (2028, 4))
    assert scenario.budget is not None
    assert (scenario.budget.approved, scenario.budget.confidence) == ((1.0, 2.0, 3.0), 0.9)
    assert scenario.sampling.seed == 7


def test_the_text_and_the_hash_are_those_of_the_file(path: Path) -> None:
    scenario = with_set(path, "inputs.factor=2")
    assert scenario.text == TEXT
    assert scenario.sha256 == load(path).sha256


@pytest.mark.parametrize(
    ("assignment", "what", "remedy"),
    [
        ("inputs.prise=1 CNY", "there is no inputs.prise to replace", 'Did you mean "price"?'),
        ("price=1", '"price" cannot be replaced', 'Did you mean "inputs.price"?'),
        ("months=1", '"months" cannot be replaced', 'Did you mean "scenario.months"?'),
        ("input.price=1", '"input" cannot be replaced', 'Did you mean "inputs"?'),
        ("drivers.neded=1", "there is no drivers.neded", 'Did you mean "needed"?'),
        ('cost."GPU servign".amount=0', 'no cost line is named "GPU servign"', 'Did you mean "GPU serving"?'),
        ('cost."GPU serving".amuont=0', "no amuont to replace", 'Did you mean "amount"?'),
        ('cost."GPU serving".name=x', "no name to replace", "amount"),
        ('cost."GPU serving"=0', "replaced key by key", ".amount ="),
        ("cost.GPU serving.amount=0", '"cost.GPU serving.amount" is no dotted name', 'cost."GPU serving".amount'),
        ("scenario.currency=USD", "there is no scenario.currency", "months, start"),
        ("budget.aproved=1", "there is no budget.aproved", 'Did you mean "approved"?'),
        ("inputs=3", "3 is an integer, not what to replace in inputs", "Name it"),
        ("price", "this is no assignment", "Write inputs.NAME"),
        ("=5", "this is no assignment", "Write inputs.NAME"),
        ("inputs.price=+10%", 'inputs.price is in CNY/GPU/hour, and "+10%" is a share', "scale = { price = 1.1 }"),
        ("inputs.price=-10 %", "is a share", "write what it shall be, in CNY/GPU/hour;"),
        ("inputs.price: 5", "this is no assignment", "Write inputs.price=5."),
        ("inputs.price＝5", "this is no assignment", "Write inputs.price=5."),
        ("inputs.price==5", 'two signs "="', "Write inputs.price=5."),
        ("inputs.price=“5 CNY”", "the quotes “", "Write inputs.price='5 CNY'."),
        ("option=reserved", '"option" cannot be replaced', "give `option='NAME'`"),
        ("budget=5", "not what to replace in budget", "Name it: budget.approved=..."),
        ("inputs.price=16 to 9 CNY/GPU/hour", "16 is not below 9", "LOW below HIGH"),
        ("inputs.price=1e400", "1e400 is not a finite number", "1e100"),
        ("inputs.price=true", "true is a truth value", "inputs.price"),
        ("inputs.utilization.bta.mean=3", 'unknown key "bta"', 'Did you mean "beta"?'),
        ("inputs.utilization.beta.mean=3", "mean = 3", ""),
        ("scenario.months=0", "0 is not at least 1", ""),
        ("drivers.needed=gpus + nothing", 'no input or driver "nothing"', ""),
        ("drivers.needed=needed", '"needed" names itself', "prev"),
        ("a" + ".a" * 40 + "=1", "a key of more than 16 parts", ""),
        ("inputs.factor=\udc80", "cannot be seen", "plain text"),
        ("inputs.factor=1\ninputs.price=2", "cannot be seen", "one line"),
        ("inputs.factor=" + "[" * 50, "brackets nested", ""),
    ],
)
def test_a_problem_of_an_assignment_names_the_assignment(path: Path, assignment: str, what: str, remedy: str) -> None:
    problem = refused(path, assignment)
    assert problem.place == f"assignment {assignment}"
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.line == 0


def test_a_problem_of_an_option_stands_at_its_line(path: Path) -> None:
    path.write_text(TEXT.replace("7 to 11 CNY", "11 to 7 CNY"), encoding="utf-8")
    for option in ("", "reserved"):  # asked for or not
        problem = refused(path, option=option)
        assert problem.place == "options.reserved.set.inputs.price"
        assert (problem.line, problem.column) == (24, 24)


def test_an_option_that_breaks_another_formula_is_named_with_it(path: Path) -> None:
    path.write_text(TEXT.replace("7 to 11 CNY/GPU/hour", "7 to 11 CNY/TB/hour"), encoding="utf-8")
    problem = refused(path)
    assert problem.place == "options.reserved"
    assert "cost.0.amount" in problem.what


def test_an_option_with_a_hundred_problems_is_refused(path: Path) -> None:
    lines = "".join(f'inputs.a{i} = "1 GPU"\n' for i in range(200))
    path.write_text(TEXT + "[options.broken.set]\n" + lines, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert len(caught.value.problems) > 50


def test_an_assignment_that_breaks_another_option_is_told_at_that_option(path: Path) -> None:
    text = TEXT.replace('cost."GPU serving".category = "rent"', 'drivers.needed = "gpus * factor"')
    path.write_text(text, encoding="utf-8")
    assignments = ('inputs.factor={ value = 2, unit = "TB" }', 'cost."GPU serving".amount=needed * price')
    problem = refused(path, *assignments)
    assert problem.place == "options.dear"


def test_an_unknown_option_is_refused_with_the_nearest(path: Path) -> None:
    problem = refused(path, option="reservd")
    assert problem.what == 'no option is named "reservd"'
    assert problem.remedy == 'Did you mean "reserved"?'


def test_a_file_without_options_says_so(path: Path) -> None:
    path.write_text(TEXT[: TEXT.index("[options.reserved]")], encoding="utf-8")
    assert "no [options.NAME] tables" in refused(path, option="reserved").remedy


def test_a_problem_of_the_file_stays_where_it_is(path: Path) -> None:
    path.write_text(TEXT.replace("100 GPU", "many GPU"), encoding="utf-8")
    problem = refused(path, "inputs.factor=2")
    assert (problem.place, problem.line) == ("inputs.gpus", 8)


def test_an_override_can_mend_a_file(path: Path) -> None:
    path.write_text(TEXT.replace("100 GPU", "many GPU"), encoding="utf-8")
    assert input_of(with_set(path, "inputs.gpus=5 GPU"), "gpus").distribution == Constant(5.0)


def test_no_assignment_raises_anything_else(path: Path) -> None:
    chance = random.Random(20261121)
    pieces = [
        "inputs",
        "price",
        ".",
        "=",
        '"',
        "'",
        "cost",
        '"GPU serving"',
        "amount",
        "drivers.needed",
        "1",
        "[",
        "{",
        "}",
        " ",
        "\\",
        "é",
    ]
    for _ in range(2_000):
        assignment = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 10)))
        with contextlib.suppress(ScenarioError):
            with_set(path, assignment)


def test_an_input_made_certain_leaves_its_correlations_behind_and_says_so(tmp_path):
    text = file_with_pair()
    path = tmp_path / "pair.toml"
    path.write_text(text, encoding="utf-8")
    scenario = load(path, overrides=('inputs.price="10 CNY/month"',))
    assert scenario.correlations == ()
    assert scenario.warnings == ("price and wage are no longer correlated: price is set to a certain value",)
    assert len(load(path).correlations) == 1
    assert load(path).warnings == ()
    plain = tmp_path / "plain.toml"
    plain.write_text(expanded_text(str(path), overrides=('inputs.price="10 CNY/month"',)), encoding="utf-8")
    assert load(plain).correlations == ()


def test_a_pair_of_a_certain_input_in_the_file_itself_is_still_refused(tmp_path):
    path = tmp_path / "pair.toml"
    path.write_text(file_with_pair().replace('"9 to 16 CNY/month"', '"9 CNY/month"'), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert "is a constant" in caught.value.problems[0].what


def file_with_pair():
    return """
schema = 1
[scenario]
name = "pair"
currency = "CNY"
start = "2027-01"
months = 2
[inputs]
price = "9 to 16 CNY/month"
wage = "20 to 30 CNY/month"
[[correlation]]
between = ["price", "wage"]
rank = 0.5
[[cost]]
name = "both"
category = "all"
amount = "price + wage"
"""


@pytest.mark.parametrize(
    ("assignment", "unit"),
    [
        ("inputs.gpus=12", "GPU"),
        ('inputs.gpus="12"', "GPU"),
        ("inputs.gpus=8 to 12", "GPU"),
        ("inputs.gpus={ normal = { mean = 12, sd = 1 } }", "GPU"),
        ("inputs.gpus={ value = 12 }", "GPU"),
        ('inputs.gpus={ value = 12, note = "less" }', "GPU"),
        ("inputs.gpus=12_000 core", "core"),
        ('inputs.gpus={ value = 12, unit = "1" }', "1"),
        ("inputs.factor=2", "1"),
        ("inputs.utilization=0.5", "1"),
        ('inputs.utilization="0.5"', "1"),
    ],
)
def test_what_has_no_unit_is_in_the_input_s_own(path: Path, assignment: str, unit: str) -> None:
    path.write_text(
        path.read_text("utf-8").replace('amount = "needed * price * factor"', 'amount = "cny"') + CNY, encoding="utf-8"
    )
    name = assignment.partition("=")[0].removeprefix("inputs.")
    assert input_of(with_set(path, assignment), name).unit.text == unit


def test_a_number_for_a_percentage_is_refused_since_it_may_mean_either(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("factor = 1.15", 'factor = "115 %"'), encoding="utf-8")
    assert input_of(with_set(path, 'inputs.factor="120 %"'), "factor").text == "120 %"
    for value in ("1.2", '"120"'):
        problem = refused(path, f"inputs.factor={value}")
        assert problem.what.startswith("inputs.factor is in %, and ")
        assert problem.remedy == 'Write for example "30 %".'
