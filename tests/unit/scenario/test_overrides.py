"""Options and ``--set``: what is replaced, and what stays."""

from pathlib import Path

import pytest
from tests.unit.scenario.overridden import TEXT, input_of, with_set

from simcost.errors import ScenarioError
from simcost.scenario import load
from simcost.scenario.distributions.canonical import Beta, Constant, Lognormal, Normal
from simcost.scenario.text.assignment import normalised
from simcost.scenario.text.expand import expanded_text

CNY = '[inputs.cny]\nvalue = 1\nunit = "CNY/month"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "base.toml"
    file.write_text(TEXT, encoding="utf-8")
    return file


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
    assert (item.distribution.in_words(), item.unit.text) == (text, unit)


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


def test_how_long_a_draw_of_a_quantity_holds_can_be_given_alone(path: Path) -> None:
    item = input_of(with_set(path, "inputs.price.draw=month"), "price")
    assert (item.draw, item.unit.text, item.distribution.in_words()) == ("month", "CNY/GPU/hour", "lognormal P5 9, P95 16")
    assert input_of(with_set(path, "inputs.factor.note=measured"), "factor").distribution == Constant(1.15)


RATES = {
    "number": 'USD = "7.1 CNY/USD"',
    "distribution": 'USD = { uniform = { low = 7, high = 7.2 }, unit = "CNY/USD" }',
    "process": 'USD = { start = "7.1 CNY/USD", volatility = 0.05 }',
}


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("assignment", "name", "text"),
    [
        ("fx.USD=8", "fx_USD", "8"),
        ("fx.USD.start=8", "fx_USD_start", "8"),
        ("fx.USD.volatility=0.2", "fx_USD_volatility", "0.2"),
        ('fx.USD={ start = "8 CNY/USD", volatility = 0.2 }', "fx_USD_start", "8"),
        ("fx.USD={ uniform = { low = 6, high = 8 } }", "fx_USD", "uniform 6 to 8"),
    ],
)
def test_a_rate_becomes_a_number_a_distribution_or_a_process(
    path: Path, rate: str, assignment: str, name: str, text: str
) -> None:
    path.write_text(f"{TEXT}[fx]\n{RATES[rate]}\n", encoding="utf-8")
    scenario = with_set(path, assignment)
    item = input_of(scenario, name)
    assert item.distribution.in_words() == text
    assert item.unit.text == ("1" if "volatility" in name else "CNY/USD")


def test_a_rate_that_gets_a_volatility_starts_where_it_was(path: Path) -> None:
    path.write_text(f"{TEXT}[fx]\n{RATES['number']}\n", encoding="utf-8")
    assert input_of(with_set(path, "fx.USD.volatility=0.2"), "fx_USD_start").distribution == Constant(7.1)


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
