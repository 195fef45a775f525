"""Quantity strings: what they mean, and what people write instead."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simcost.scenario.distributions.canonical import Beta, Constant, Lognormal
from simcost.scenario.quantities.quantity import QuantityError, parse_quantity

FIT = 1e-12
"""Relative: the fit is two logarithms, two normal scores within 1e-15 and a division; scipy's own ppf adds its error."""


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("100 GPU", 100, "GPU"),
        ("1_000 GPU", 1000, "GPU"),
        ("1e6 request/s", 1e6, "request/s"),
        ("-5.5 CNY", -5.5, "CNY"),
        ("+.5", 0.5, "1"),
        ("0.45", 0.45, "1"),
        ("45%", 45, "%"),
        ("45 %", 45, "%"),
        ("3 people", 3, "person"),
        ("１００ ＧＰＵ", 100, "GPU"),
        ("7 台", 7, "台"),
        ("5 tokens", 5, "token"),
        ("5 kWh", 5, "kWh"),
        ("2. GB", 2, "GB"),
        ("15 1/month", 15, "1/month"),
        ("15 1 / GPU / hour", 15, "1/GPU/hour"),
    ],
)
def test_one_number_is_certain(text, value, unit):
    distribution, parsed = parse_quantity(text, "CNY")
    assert distribution == Constant(value)
    assert parsed.text == unit


@settings(deadline=None)
@given(st.floats(1e-6, 1e9), st.floats(1.001, 1e4))
def test_two_numbers_are_p5_and_p95_of_a_lognormal(low, ratio):
    distribution, unit = parse_quantity(f"{low!r} to {low * ratio!r} CNY/GPU/hour", "CNY")
    assert isinstance(distribution, Lognormal)
    points = stats.norm.ppf([0.05, 0.95]) * distribution.sigma + distribution.mu
    assert np.exp(points) == pytest.approx([low, low * ratio], rel=FIT)
    assert unit.text == "CNY/GPU/hour"


def test_three_numbers_are_a_pert_with_their_mean():
    distribution, unit = parse_quantity("8 to 10 to 14 people", "CNY")
    assert isinstance(distribution, Beta)
    assert (distribution.low, distribution.high, unit.text) == (8, 14, "person")
    frozen = stats.beta(distribution.alpha, distribution.beta, 8, 6)
    assert frozen.mean() == pytest.approx((8 + 4 * 10 + 14) / 6, rel=FIT)
    assert distribution.alpha + distribution.beta == pytest.approx(6, rel=FIT)


@pytest.mark.parametrize("text", ["8 to 8 to 14 GPU", "8 to 14 to 14 GPU", "-3 to 0 to 4"])
def test_the_mode_of_a_pert_may_lie_at_an_end(text):
    assert isinstance(parse_quantity(text, "CNY")[0], Beta)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1,000 GPU", 'Write "1_000 GPU".'),
        ("1,5 GPU", "decimals as 1.5"),
        ("3,000 to 5,000 GPU", 'Write "3_000 to 5_000 GPU".'),
        ("1.000,5 GPU", "1_000"),
        ("9-16 CNY/hour", 'Write "9 to 16 CNY/hour".'),
        ("9 ~ 16 CNY", 'Write "9 to 16 CNY".'),
        ("9 – 16 CNY", 'Write "9 to 16 CNY".'),
        ("10-30%", 'Write "10 to 30%".'),
        ("0-5 CNY", "LOW to HIGH UNIT"),
        ("3k-5k user", 'Write "3e3 to 5e3 user".'),
        ("9 至 16 CNY", 'Write "9 to 16 CNY".'),
        ("3万到5万 request/month", 'Write "3e4 to 5e4 request/month".'),
        ("9 ± 2 CNY", "mean = ..., sd = ..."),
        ("0 to 5 CNY", "LOW to MODE to HIGH"),
        ("-5 to 5 CNY", "LOW to MODE to HIGH"),
        ("16 to 9 CNY", "LOW below HIGH"),
        ("9 to 9 CNY", "one number alone"),
        ("5 to 10 to 3 GPU", "LOW <= MODE <= HIGH"),
        ("5 to 5 to 5 GPU", "LOW below HIGH"),
        ("1 to 2 to 3 to 4 GPU", "LOW to HIGH UNIT"),
        ("5 GPU to 10 GPU", 'has its unit twice. Write "5 to 10 GPU".'),
        ("5 GPU to 10 TB", "the unit once and at the end"),
        ("5 to GPU", "the unit once and at the end"),
        ("40k request/s", 'Write "40e3 request/s".'),
        ("2 Million CNY", '2 Million CNY" has a multiple'),
        ("2mn CNY", 'Write "2e6 CNY".'),
        ("3 to 5 billion token", 'Write "3e9 to 5e9 token".'),
        ("20 to 25k to 32k user", "40_000 or 40e3"),
        ("20 million", 'Write "20e6".'),
        ("5 m", "minute"),
        ("10万 CNY", 'Write "10e4 CNY".'),
        ("$5", "100 CNY"),
        ("¥ 5", "100 CNY"),
        ("GPU", '"NUMBER UNIT"'),
        ("", '"NUMBER UNIT"'),
        ("nan", "no finite number"),
        ("-inf CNY", "no finite number"),
        ("1e400 GPU", "1e+100"),
        ("1__0 GPU", "1_000_000"),
        ("1_ GPU", "1_000_000"),
        ("1e-50 to 1e90 GPU", "narrower"),
        ("5 cpu core", "cpu_core"),
        ("5 " + "x" * 500, "characters"),
        ("__import__('os')", '"NUMBER UNIT"'),
    ],
)
def test_what_people_write_instead_is_refused_with_a_remedy(text, says):
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, "CNY")
    assert says in str(caught.value)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_a_quantity_or_refused(text):
    try:
        distribution, unit = parse_quantity(text, "CNY")
    except QuantityError as error:
        refusal = error
    else:
        assert distribution
        assert unit.scale > 0
        return
    assert refusal.what
    assert refusal.remedy
