"""Which inputs are taken together."""

import pytest

from simcost.analysis.influences.input_groups import (
    by_block,
    by_class,
    independent_groups,
    named_groups,
    priced_blocks,
    source_of,
)
from simcost.errors import UsageError
from simcost.scenario import load
from simcost.scenario.distributions.canonical import Constant, Discrete, Normal
from simcost.scenario.quantities.units import parse_unit
from simcost.scenario.scenario import Input

ANY = Normal(1.0, 1.0)

COURSES = """\
schema = 1
[scenario]
name = "Courses"
currency = "CNY"
start = "2027-01"
months = 3
[fx]
USD = { start = "7.1 CNY/USD", volatility = "5 %" }
[inputs]
token = "0.2 USD/request"
team_rent = "8 to 9 CNY/GPU/hour"
[series.rent]
start = "team_rent"
growth = "-10 to 5 to 20 %"
volatility = "20 %"
[series.visits]
start = "5 request/hour"
growth = "10 to 20 to 40 %"
noise = { sd = "5 %", persistence = 0.5 }
[[cost]]
name = "all"
category = "all"
amount = "visits * token"
[[cost]]
name = "rent"
category = "all"
amount = "rent * gpus"
[inputs.gpus]
value = "3 GPU"
"""


def an_input(name, unit="1", *, block="", draw="run", distribution=ANY):
    return Input(name, distribution, parse_unit(unit, "CNY"), draw=draw, block=block)


def streams(**drawn):
    return {name: frozenset(its) for name, its in drawn.items()}


def test_inputs_that_share_a_draw_are_one_group_through_others_too():
    found = independent_groups(streams(a={1}, b={2, 3}, c={4}, d={3, 5}, e={5, 1}))
    assert found == (("a", "b", "d", "e"), ("c",))


def test_a_class_that_is_correlated_with_another_is_told_apart():
    inputs = [an_input("a"), an_input("b"), an_input("c", "CNY"), an_input("d", "CNY")]
    found = by_class(inputs, [("a",), ("b", "c"), ("d",)], source_of)
    assert [(group.name, group.members) for group in found] == [
        ("volume", ("a",)),
        ("volume and price", ("b", "c")),
        ("price", ("d",)),
    ]


@pytest.mark.parametrize(
    ("each", "source"),
    [
        (an_input("a", "CNY/GPU/hour"), "price"),
        (an_input("a", "CNY/person/month"), "people"),
        (an_input("a", "person"), "people"),
        (an_input("a", "1", block='[[staff]] "Engineers"'), "people"),
        (an_input("a", "GPU/CNY"), "volume"),
        (an_input("a", "request/s"), "volume"),
        (an_input("a", "1", distribution=Discrete((0.0, 1.0), (0.9, 0.1))), "events"),
        (an_input("a", "CNY", block='[[risks]] "Outage"'), "events"),
    ],
)
def test_the_source_of_an_input_is_read_off_its_unit_and_block(each, source):
    assert source_of(each) == source


def test_what_moves_the_course_of_a_price_is_a_price_and_what_moves_a_demand_is_not(tmp_path):
    path = tmp_path / "courses.toml"
    path.write_text(COURSES, "utf-8")
    scenario = load(path)
    priced = priced_blocks(scenario.drivers)
    found = {each.name: source_of(each, priced) for each in scenario.inputs if not isinstance(each.distribution, Constant)}
    assert found == {
        "rent_growth": "price",
        "rent_shock": "price",
        "fx_USD_shock": "price",
        "visits_growth": "volume",
        "visits_noise_shock": "volume",
        "team_rent": "price",
    }


def test_blocks_with_several_inputs_are_groups():
    inputs = [an_input("a", block="x"), an_input("b", block="y"), an_input("c", block="x"), an_input("d")]
    assert [(group.name, group.members) for group in by_block(inputs)] == [("x", ("a", "c"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices", "a group has a name and inputs"),
        ("=a", "a group has a name and inputs"),
        ("prices=", "a group has a name and inputs"),
        ("prices=a,z", 'no input is named "z"'),
        ("prices=certain", "certain is certain, or reaches no cost line"),
    ],
)
def test_a_group_that_names_no_driver_is_refused_with_what_would_do(text, said):
    with pytest.raises(UsageError, match=said):
        named_groups([text], [an_input("a"), an_input("b")], [an_input("a"), an_input("b"), an_input("certain")])


def test_a_group_names_each_input_once():
    (group,) = named_groups([" prices = b, a,b "], [an_input("a"), an_input("b")], [])
    assert (group.name, group.members) == ("prices", ("b", "a"))
