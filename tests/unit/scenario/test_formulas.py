"""Formulas: what is taken, how units go through it, and what is refused with which words."""

import math
import operator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcost.scenario.formulas import FormulaError, parse, resolve
from simcost.scenario.formulas.expression import OPERATORS, Apply, Builtin, Name, Number
from simcost.scenario.quantities.units import parse_unit

UNITS = {
    name: parse_unit(text, "CNY")
    for name, text in {
        "gpus": "GPU",
        "price": "CNY/GPU/hour",
        "rent": "CNY/month",
        "salary": "CNY/year",
        "disk": "TB",
        "small_disk": "GB",
        "disk_price": "CNY/GB/month",
        "peak": "request/s",
        "per_gpu": "request/s/GPU",
        "share": "1",
        "percent": "%",
        "people": "person",
        "wage": "CNY/person/year",
        "server_price": "CNY/server",
        "rack": "kW",
        "power_price": "CNY/kWh",
        "period": "day",
        "台数": "台",
    }.items()
}

PYTHON = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
    "abs": abs,
    "min": min,
    "max": max,
    "ceil": math.ceil,
    "floor": math.floor,
    "round": round,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
    "and": lambda a, b: bool(a) and bool(b),
    "or": lambda a, b: bool(a) or bool(b),
    "not": operator.not_,
    "where": lambda condition, a, b: a if condition else b,
    "clip": lambda x, low, high: min(max(x, low), high),
    "exp": lambda x: Fraction(math.exp(x)),
    "sqrt": lambda x: Fraction(math.sqrt(x)),
    "pow": operator.pow,
}


def value(expression, values):
    """Evaluate in exact rational arithmetic, as an oracle that knows nothing of units."""
    match expression:
        case Number(number):
            return Fraction(number)
        case Name(name) | Builtin(name):
            return values[name]
        case Apply(name, arguments):
            assert len(arguments) == OPERATORS[name]
            return Fraction(PYTHON[name](*(value(each, values) for each in arguments)))
    raise AssertionError(expression)


def resolved(text, self_name=""):
    return resolve(parse(text), UNITS, self_name)


def problems(text, self_name=""):
    with pytest.raises(FormulaError) as caught:
        resolved(text, self_name)
    error = caught.value
    assert (error.offset, error.what, error.remedy) == error.problems[0]
    assert all(what and remedy and 0 <= offset <= len(text) for offset, what, remedy in error.problems)
    return error.problems


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("gpus * price", "CNY/hour"),
        ("gpus * price * hours", "CNY/month"),
        ("ceil(peak / (per_gpu * share))", "GPU"),
        ("disk * disk_price", "CNY/month"),
        ("disk + small_disk", "TB"),
        ("small_disk + disk", "GB"),
        ("max(rent, salary, 0)", "CNY/month"),
        ("where(peak > 0 and share, rent, salary)", "CNY/month"),
        ("percent * gpus", "GPU"),
        ("1 - percent", "1"),
        ("people * wage", "CNY/year"),
        ("rack * hours * power_price", "CNY/month"),
        ("gpus ** 2 / gpus", "GPU"),
        ("sqrt(gpus) * sqrt(gpus)", "GPU"),
        ("(gpus ** 3) ** (1/3)", "GPU"),
        ("sqrt(period) ** 2", "hour"),
        ("exp(percent) * rent", "CNY/month"),
        ("cumulative(rent)", "CNY/month"),
        ("prev(gpus, 0)", "GPU"),
        ("rent * (month == 12) * year", "CNY/month"),
        ("clip(percent, 0, 0.5) * rent", "CNY/month"),
        ("-rent + +rent", "CNY/month"),
        ("not (gpus > 0 or share)", "1"),
        ("台数 * 2", "台"),
        ("rent * period / hours", "CNY"),
        ("0", "1"),
        ("0 * gpus", "GPU"),
    ],
)
def test_units_are_inferred_as_a_person_would_write_them(formula, unit):
    assert resolved(formula)[1].text == unit


def test_prices_in_their_own_unit_are_multiplied_without_conversion():
    assert resolved("20 * gpus * price")[0] == Apply("mul", (Apply("mul", (Number(20.0), Name("gpus"))), Name("price")))


def test_a_year_becomes_a_month_by_one_division():
    expression, unit = resolved("rent + salary")
    assert expression == Apply("add", (Name("rent"), Apply("div", (Name("salary"), Number(12.0)))))
    assert unit.text == "CNY/month"


def test_literals_are_converted_exactly_when_the_formula_is_read():
    assert resolved("clip(percent, 0, 0.1)")[0] == Apply(
        "div", (Apply("clip", (Name("percent"), Number(0.0), Number(10.0))), Number(100.0))
    )


def test_whole_things_are_whole_in_the_unit_that_is_shown():
    values = {"percent": Fraction(50), "gpus": Fraction(5), "disk": Fraction(3, 2)}
    assert value(resolved("ceil(percent * gpus)")[0], values) == 3
    assert value(resolved("ceil(disk)")[0], values) == 2


SIZES = {"tb": "TB", "gb": "GB", "gib": "GiB", "bits": "Mbit"}
SIZE_UNITS = {name: parse_unit(text, "CNY") for name, text in SIZES.items()}
sums = st.recursive(
    st.sampled_from([*SIZES, "(tb - tb)"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} + {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} - {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"min({pair[0]}, {pair[1]}, tb)"),
        st.tuples(inner, inner).map(lambda pair: f"where({pair[0]} < {pair[1]}, {pair[0]}, {pair[1]})"),
        inner.map(lambda each: f"clip({each}, gb, tb)"),
        inner.map(lambda each: f"(-{each} * tb / gb)"),
        inner.map(lambda each: f"abs({each}) * 2"),
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(sums, st.tuples(*(st.fractions(1, 1000, max_denominator=64) for _ in SIZES)))
def test_a_formula_gives_the_same_volume_whatever_units_its_inputs_have(formula, numbers):
    """Compare with the same formula on bytes, where no conversion is needed."""
    written = dict(zip(SIZES, numbers, strict=True))
    in_bytes = {name: number * SIZE_UNITS[name].scale for name, number in written.items()}
    expression, unit = resolve(parse(formula), SIZE_UNITS)
    plain, base = resolve(parse(formula), dict.fromkeys(SIZES, parse_unit("B", "CNY")))
    expected = value(plain, in_bytes) * base.scale
    # Conversion factors such as 1/1.024 are floats: each is off by at most an ulp, on terms below 1e24 bytes.
    assert abs(value(expression, written) * unit.scale - expected) <= 1e-12 * max(abs(expected), 10**15)


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("gpus + disk", ["cannot add GPU (GPU) and TB (data volume)"]),
        ("server_price + wage", ["CNY/server (money / server)", "CNY/person/year (money / calendar time / person)"]),
        ("gpus * price + rent", ["(money / clock time)", "(money / calendar time)", 'multiply what is per hour by "hours"']),
        ("rent - disk * disk_price * gpus", ["cannot subtract"]),
        ("rent > gpus", ["cannot compare"]),
        ("max(gpus, 1)", ["cannot compare GPU", '"1 GPU"']),
        ("where(share, gpus, rent)", ["cannot choose between"]),
        ("where(gpus, 1, 2)", ["a condition in GPU", "x > 0"]),
        ("not gpus", ["a condition in GPU"]),
        ("clip(gpus, 0, 5)", ["cannot clip"]),
        ("prev(gpus, share)", ["cannot begin with"]),
        ("log(gpus)", ["the argument of log in GPU"]),
        ("2 ** gpus", ["an exponent in GPU"]),
        ("gpus ** share", ["the exponent of GPU is no number"]),
        ("gpus ** 0.7391", ["the exponent 0.7391 of GPU"]),
        ("gpus ** 99", ["the exponent 99 of GPU"]),
        ("(gpus ** 12) * gpus", ["too high a power"]),
        ("gpuss * prise", ['no input or driver "gpuss"', 'Did you mean "gpus"', 'Did you mean "price"']),
        ("hour * price", ['Did you mean "hours"']),
        ("zzz", ["[inputs] or [drivers]"]),
        ("9 ** 9 ** 9", ["9 ** 9 ** 9 is not a finite number"]),
        ("1 / 0", ["1 / 0 is not a finite number"]),
        ("0 / 0", ["not a finite number"]),
        ("log(0)", ["not a finite number"]),
        ("sqrt(-1)", ["not a finite number"]),
        ("(-8) ** 0.5", ["not a finite number"]),
        ("exp(1000) * share", ["not a finite number"]),
        ("1e99 * 1e99", ["not a finite number"]),
        ("nan + inf", ['no input or driver "nan"', 'no input or driver "inf"']),
    ],
)
def test_clashes_of_units_and_names_are_refused_with_both_sides_and_a_remedy(formula, says):
    found = " ".join(f"{what}. {remedy}" for _, what, remedy in problems(formula))
    assert all(each in found for each in says), found


def test_all_problems_of_a_formula_come_at_once_with_their_places():
    found = problems("gpus + disk + nobody * 2 + log(rent)")
    assert [offset for offset, _, _ in found] == [0, 14, 31]


def test_places_count_characters_and_not_bytes():
    assert problems("台数 * 2 + 不知道")[0][0] == 9
    assert problems("  台数 +\n　disk")[0][0] == 2


def test_long_sums_and_deep_choices_within_the_limits_are_taken():
    assert resolved("+".join(["gpus"] * 200))[1].text == "GPU"
    assert resolved("where(share, gpus, " * 63 + "0" + ")" * 63)[1].text == "GPU"
    assert resolved(f"max({', '.join(['gpus'] * 900)})")[1].text == "GPU"


def test_names_in_another_unicode_form_are_the_same_name():
    syntax = parse("ＧＰＵs + ﬁx")
    assert syntax.names == {"GPUs", "fix"}
    expression, _ = resolve(syntax, {"ＧＰＵs": UNITS["gpus"], "fix": UNITS["gpus"]})
    assert expression == Apply("add", (Name("ＧＰＵs"), Name("fix")))


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("0.8 * prev(x, 0) + 0.1 * rent", "CNY/month"),
        ("prev(x, gpus) * 1.1", "GPU"),
        ("max(prev(x, 0), gpus)", "GPU"),
        ("where(month == 1, gpus, prev(x, 0))", "GPU"),
        ("1.1 * prev(x, 1)", "1"),
        ("prev(2 * x, 0)", "1"),
        ("prev(x, disk) + small_disk", "TB"),
    ],
)
def test_a_driver_that_names_itself_gets_its_unit_from_the_rest(formula, unit):
    assert resolved(formula, self_name="x")[1].text == unit


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("x + 1", '"x" names itself'),
        ("prev(gpus, x)", '"x" names itself'),
        ("cumulative(x)", '"x" names itself'),
        ("prev(x, gpus) * price", "cannot begin with"),
    ],
)
def test_a_driver_names_itself_only_as_last_months_value(formula, says):
    assert says in problems(formula, self_name="x")[0][1]


def test_choose_takes_the_part_whose_number_the_index_reaches() -> None:
    expression, unit = resolved("choose(share, gpus, 2 * gpus, 0)")
    assert unit.text == "GPU"
    first, second, third = Name("gpus"), Apply("mul", (Number(2.0), Name("gpus"))), Number(0.0)
    below_two, below_three = (Apply("lt", (Name("share"), Number(limit))) for limit in (2.0, 3.0))
    assert expression == Apply("where", (below_three, Apply("where", (below_two, first, second)), third))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("choose(share + 1, 1, 2)", "the number of a choice is a formula"),
        ("choose(share, gpus, disk)", "cannot choose between GPU"),
        ("choose(gpus, 1, 2)", "the number of a choice in GPU"),
        ("choose(share, 1)", "choose"),
        ("binomial(gpus, 3, 0.5)", "a uniform in GPU"),
        ("binomial(share, people, people)", "a probability in person"),
    ],
)
def test_what_choose_and_binomial_do_not_take_is_told(text: str, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        resolved(text)
    assert words in str(caught.value)


def test_a_binomial_count_has_the_unit_of_its_trials() -> None:
    assert resolved("binomial(share, people, percent)")[1].text == "person"
