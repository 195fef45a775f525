"""Units: exact scales, two times, money, plurals, and the text that comes out again."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import constants

from simcost.scenario.quantities.clash import clash_remedy
from simcost.scenario.quantities.units import DIMENSIONLESS, Unit, UnitError, in_base_units, parse_unit, tidy
from simcost.scenario.quantities.vocabulary import CURRENCIES, MEASURES

WORDS = [
    "CNY",
    "GPU",
    "server",
    "person",
    "hour",
    "s",
    "day",
    "month",
    "year",
    "TB",
    "GB",
    "Mbps",
    "kWh",
    "W",
    "台",
    "SSD",
    "kCNY",
]


def unit(text: str) -> Unit:
    return parse_unit(text, "CNY")


units = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(-3, 3).filter(bool)), max_size=5, unique_by=lambda part: part[0]
).map(lambda parts: unit("*".join(f"{word}^{power}" for word, power in parts) or "1"))


@pytest.mark.parametrize(
    ("text", "same", "scale"),
    [
        ("CNY/GPU/hour", "CNY/hour/GPU", 1),
        ("day", "hour", 24),
        ("week", "day", 7),
        ("ms", "s", Fraction(1, 1000)),
        ("year", "month", 12),
        ("quarter", "month", 3),
        ("TB", "GB", 1000),
        ("TiB", "GiB", 1024),
        ("kB", "bit", 8000),
        ("Gbps", "MB/s", 125),
        ("kWh", "W*hour", 1000),
        ("%", "1", Fraction(1, 100)),
        ("kCNY", "CNY", 1000),
        ("万CNY", "CNY", 10_000),
    ],
)
def test_scales_are_exact(text, same, scale):
    assert unit(text).dimension == unit(same).dimension
    assert unit(text).scale / unit(same).scale == scale


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("GPUs", "GPU"),
        ("gpu", "GPU"),
        ("servers", "server"),
        ("people", "person"),
        ("persons", "person"),
        ("queries/s", "query/s"),
        ("hours", "hour"),
        ("Months", "month"),
        ("h", "hour"),
        ("bytes", "B"),
        ("人/月", "person/month"),
        ("USD/MTok", "USD/Mtoken"),
        ("CNY/千tokens", "CNY/ktoken"),
        ("CNY/百万token", "CNY/Mtoken"),
        ("toks", "token"),
        ("requests / second", "request/s"),
        ("ＧＰＵ", "GPU"),
        ("GPU·hour", "GPU*hour"),
        ("m2_rack**2", "m2_rack^2"),
    ],
)
def test_plurals_and_other_spellings_of_known_words_are_the_same_unit(plural, singular):
    assert unit(plural) == unit(singular)


def test_unknown_words_are_units_of_their_own_and_case_counts():
    assert unit("M_token").text == "M_token"  # a multiple is two words, or begins with a digit
    assert unit("台").dimension != unit("widget").dimension
    assert unit("Widget").dimension != unit("widget").dimension


def test_clock_time_and_calendar_time_do_not_mix():
    hourly, monthly = unit("CNY/hour"), unit("CNY/month")
    assert hourly.dimension != monthly.dimension
    assert "hour/month" in clash_remedy(hourly, monthly)
    assert (hourly * unit("hour/month")).dimension == monthly.dimension


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("cny", 'Write "CNY"'),
        ("元", 'Write "CNY"'),
        ("万元", 'Write "万CNY"'),
        ("亿元/month", 'Write "亿CNY"'),
        ("千元", 'Write "kCNY"'),
        ("kcny", 'Write "kCNY"'),
        ("$/hour", 'Write "CNY"'),
        ("gb", '"GB" for gigabytes or "Gbit"'),
        ("KB", "1,024 bytes"),
        ("S", 'Did you mean "s"'),
        ("mbps", 'Did you mean "Mbps"'),
        ("m", '"month", "minute"'),
        ("qps", '"request/s"'),
        ("cpu core", "cpu_core"),
        ("GPU-hour", "GPU*hour"),
        ("request per second", 'Write "request/s".'),
        ("USD/GB-month", 'Write "USD/GB/month".'),
        ("USD per GPU-hour", 'Write "USD/GPU/hour".'),
        ("USD per GPU per hour", 'Write "USD/GPU/hour".'),
        ("kW per rack-unit month", 'Join words by "*" or "/"'),
        ("CNY/(GPU*hour)/region", 'Write "CNY/GPU/hour/region".'),
        ("CNY/(GPU*(hour))", 'one "/" for each word'),
        ("CNY/(GPU*hour)", "CNY/GPU/hour"),
        ("", '"1"'),
        ("CNY//GPU", "lacks a word"),
        ("CNY/", "lacks a word"),
        ("GPU^", "exponent"),
        ("GPU^2.5", "exponent"),
        ("GPU^99", "exponent"),
        ("3_GPU?", "no word"),
        ("CNY/3GPU", 'has a number. Write "GPU", and the number for one of them: divide it by 3.'),
        ("USD/1M tokens", 'the unit "1M tokens" has a number. Write "Mtoken".'),
        ("USD/1Mtoken", 'Write "Mtoken".'),
        ("USD/1,000 tokens", 'Write "ktoken".'),
        ("USD/million tokens", 'Write "Mtoken".'),
        ("USD/1B tok", 'Write "Gtoken".'),
        ("USD/1024 GiB", 'Write "TiB".'),
        ("USD/10K requests", 'Write "request", and the number for one of them: divide it by 10,000.'),
        ("USD/1 GPU/hour", 'the unit "1 GPU" has a number. Write "GPU".'),
        ("USD/0 GPU", "two words"),
        ("M tokens", 'Write "Mtoken".'),
        ("Mega tokens", "two words"),
        ("a" * 300, "characters"),
        ("'; drop", "two words"),
    ],
)
def test_what_is_no_unit_is_refused_with_a_remedy(text, says):
    with pytest.raises(UnitError) as caught:
        unit(text)
    assert says in str(caught.value)
    assert caught.value.remedy


def test_two_currencies_are_money_of_two_dimensions():
    own, other = parse_unit("USD", "USD"), parse_unit("kCNY", "USD")
    assert own.described == other.described == "money"
    assert own.dimension != other.dimension
    assert other.scale == 1000


def test_a_disk_is_no_pound():
    assert unit("SSD").described == "SSD"
    assert "SSD" not in CURRENCIES


def test_no_measure_is_taken_for_money_or_a_counted_thing():
    assert not CURRENCIES & MEASURES.keys()
    assert all(unit(text).factors[0][0] is symbol for text, symbol in MEASURES.items())


@settings(deadline=None)
@given(units)
def test_the_text_of_a_unit_reads_back_as_the_unit(each):
    assert dict(unit(each.text).factors) == dict(each.factors)


@settings(deadline=None)
@given(units, units)
def test_multiplying_units_multiplies_scales_and_adds_exponents(first, second):
    product = first * second
    assert product.scale == first.scale * second.scale
    assert product.dimension == (second * first).dimension
    assert (product / second).dimension == first.dimension
    assert (product / second).scale == first.scale


@settings(deadline=None)
@given(units)
def test_a_unit_over_itself_is_a_pure_number(each):
    assert each / each == DIMENSIONLESS
    assert (each * each ** Fraction(-1)).text == "1"


@settings(deadline=None)
@given(units, st.integers(-3, 3))
def test_powers_are_repeated_products(each, exponent):
    expected = DIMENSIONLESS
    for _ in range(abs(exponent)):
        expected = expected * each if exponent > 0 else expected / each
    power = each ** Fraction(exponent)
    assert (power.scale, power.dimension) == (expected.scale, expected.dimension)


@settings(deadline=None)
@given(units)
def test_base_units_and_tidy_units_keep_the_dimension(each):
    assert in_base_units(each).dimension == tidy(each).dimension == each.dimension
    assert in_base_units(each).scale == 1
    assert len(tidy(each).factors) <= max(len(each.factors), len(each.dimension))


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("TB*CNY/GB/month", "CNY/month"),
        ("hour*CNY/day", "CNY"),
        ("W*hour*CNY/kWh", "CNY"),
        ("Mbps/Gbps", "1"),
        ("%*GPU", "GPU"),
        ("Mbps", "Mbps"),
        ("CNY/GPU/hour", "CNY/GPU/hour"),
    ],
)
def test_a_tidy_unit_has_no_more_words_than_dimensions(text, tidied):
    assert tidy(unit(text)).text == tidied


def test_a_fractional_power_without_exact_scale_is_a_bug_and_says_so():
    with pytest.raises(ValueError, match="bug in simcost"):
        unit("day") ** Fraction(1, 2)
    assert (unit("hour") ** Fraction(1, 2)).text == "hour^(1/2)"


SI = {"": 1.0, "m": constants.milli, "k": constants.kilo, "M": constants.mega, "G": constants.giga, "T": constants.tera}
BINARY = {"Ki": constants.kibi, "Mi": constants.mebi, "Gi": constants.gibi, "Ti": constants.tebi, "Pi": constants.pebi}
PREFIXES = SI | BINARY | {"P": constants.peta, "E": constants.exa}
TIMES = {word: getattr(constants, word) / constants.hour for word in ("minute", "hour", "day", "week")}
PLAIN = TIMES | {"%": constants.centi, "month": 1.0, "quarter": 3.0, "year": 12.0}
STEMS = {
    "bps": constants.hour / 8,
    "bit": 1 / 8,
    "B": 1.0,
    "Wh": 1e-3,
    "W": 1e-3,
    "token": 1.0,
    "FLOP": 1.0,
    "s": 1 / constants.hour,
}


@pytest.mark.parametrize("word", MEASURES)
def test_every_measure_is_its_prefix_times_what_it_counts(word):
    """The prefixes and times are scipy's; quantities count in hours, months, bytes, kilowatt hours, tokens and operations."""
    stem = next((each for each in STEMS if word.endswith(each) and word.removesuffix(each) in PREFIXES), None)
    expected = PLAIN[word] if word in PLAIN else PREFIXES[word.removesuffix(stem)] * STEMS[stem]
    assert float(unit(word).scale) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("kCNY", 3), ("万CNY", 4), ("MCNY", 6), ("亿CNY", 8), ("kUSD", 3), ("万USD", 4), ("MUSD", 6), ("亿USD", 8)],
)
def test_multiples_of_money_have_as_many_zeros_as_their_prefix_says(text, digits):
    assert unit(text).scale == 10**digits * unit(text[-3:]).scale


@pytest.mark.parametrize(
    ("words", "zeros"),
    [(("k", "thousand"), 3), (("m", "mn", "million"), 6), (("g", "b", "billion"), 9)],
)
def test_the_number_in_a_price_of_many_is_told_with_all_of_its_zeros(words, zeros):
    for word in words:
        with pytest.raises(UnitError) as caught:
            unit(f"USD/{word} requests")
        assert caught.value.remedy.endswith(f"divide it by {10**zeros:,}.")
