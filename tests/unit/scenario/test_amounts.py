"""Amounts of cost lines: money per hour, per month or per payment, and what is left over when it is none of them."""

import pytest

from simcost.scenario.formulas import FormulaError, amount, parse, resolve
from simcost.scenario.formulas.expression import Apply, Name, Number
from simcost.scenario.quantities.units import parse_unit

UNITS = {
    name: parse_unit(text, "CNY")
    for name, text in {
        "gpus": "GPU",
        "price": "CNY/GPU/hour",
        "rent": "CNY/month",
        "salary": "CNY/year",
        "server_price": "CNY/server",
        "period": "day",
    }.items()
}


@pytest.mark.parametrize(
    ("formula", "every", "charge", "expected"),
    [
        ("gpus * price", "month", "hours", Apply("mul", (Name("gpus"), Name("price")))),
        ("gpus * price * hours", "month", "month", None),
        ("rent", "month", "month", Name("rent")),
        ("salary", "month", "month", Apply("div", (Name("salary"), Number(12.0)))),
        ("salary", "year", "payment", Name("salary")),
        ("rent", "year", "payment", Apply("mul", (Name("rent"), Number(12.0)))),
        ("rent * period / hours", "once", "payment", None),
        ("rent * period / hours", "year", "payment", None),
        ("0", "month", "month", Number(0.0)),
        ("0", "once", "payment", Number(0.0)),
    ],
)
def test_amounts_are_fitted_to_their_time_base(formula, every, charge, expected):
    expression, unit = resolve(parse(formula), UNITS)
    fitted, kind = amount(expression, unit, "CNY", every)
    assert kind == charge
    assert expected is None or fitted == expected


def test_a_rate_per_day_is_charged_by_the_hour():
    fitted, kind = amount(Name("fee"), parse_unit("kCNY/day", "CNY"), "CNY", "month")
    assert kind == "hours"
    assert fitted == Apply("mul", (Name("fee"), Number(1000 / 24)))


@pytest.mark.parametrize(
    ("unit", "every", "says"),
    [
        ("CNY/server", "once", "Multiply by a number of server"),
        ("CNY", "month", 'every = "once"'),
        ("CNY/month", "once", "a rate and no sum"),
        ("CNY/hour", "once", "a rate and no sum"),
        ("CNY/hour", "year", 'every = "month"'),
        ("CNY/GPU/hour", "month", "Multiply by a number of GPU"),
        ("CNY*GPU/month", "month", "Divide by a number of GPU"),
        ("GPU", "month", "a price in CNY/GPU/month"),
        ("request/month", "month", "a price in CNY/request."),
        ("GPU", "once", "a price in CNY/GPU."),
        ("1", "once", "a price in CNY."),
        ("CNY^2/month", "month", "not in CNY/month or CNY/hour"),
        ("CNY/hour/month", "month", "one time only"),
        ("CNY*hour", "month", "Divide by a number of hour."),
        ("CNY*day", "month", "Divide by a number of day."),
        ("CNY/TB/month", "month", "Multiply by a number of TB."),
        ("CNY*TB/GB^2", "month", "Multiply by a number of TB."),
        ("CNY/TB^2", "once", "Multiply by a number of TB^2."),
        ("kCNY/GiB/day", "month", "Multiply by a number of GiB."),
        ("CNY/Mbps/month", "month", "Multiply by a number of Mbps."),
        ("CNY/hour/Mbps", "month", "Multiply by a number of Mbps."),
        ("CNY*GPU/kW/month", "month", "Multiply by a number of kW and divide by a number of GPU."),
        ("CNY/Mtoken", "month", "Multiply by a number of Mtoken."),
        ("CNY/USD/month", "month", "Multiply by a number of USD."),
        ("Mbps", "month", "a price in CNY/Mbps/month."),
        ("TB/quarter", "month", "a price in CNY/TB."),
        ("GPU*hour/month", "month", "a price in CNY/GPU/hour."),
        ("GPU*hour/quarter", "month", "a price in CNY/GPU/hour."),
        ("GPU*hour", "once", "a price in CNY/GPU/hour."),
        ("USD/TB", "once", "a price in CNY/USD."),
    ],
)
def test_an_amount_that_is_no_money_over_the_right_time_says_what_is_left_over(unit, every, says):
    with pytest.raises(FormulaError) as caught:
        amount(Name("x"), parse_unit(unit, "CNY"), "CNY", every)
    assert says in str(caught.value)
