"""Letters that look like Latin ones: which they are, and that words of other scripts are words."""

from __future__ import annotations

import unicodedata

import pytest

from simcost.scenario.look_alikes import LOOK_ALIKES, in_latin, strange_letter
from simcost.scenario.quantities.units import UnitError, parse_unit
from simcost.scenario.refusal import did_you_mean


def test_each_letter_is_greek_or_cyrillic_and_of_the_case_of_the_one_that_it_looks_like() -> None:
    for latin, letter in ((latin, letter) for latin, letters in LOOK_ALIKES.items() for letter in letters):
        script, case, *_ = unicodedata.name(letter).split()
        assert script in {"GREEK", "CYRILLIC"}
        assert case == ("CAPITAL" if latin.isupper() else "SMALL")
        assert latin.isascii()


def test_what_looks_like_no_latin_letter_stays() -> None:
    assert in_latin("Δφ 服务器 gpu") == "Δφ 服务器 gpu"
    assert strange_letter("Δφ服gpu") == ""
    assert in_latin("\u0421N\u03a5") == "CNY"


def test_a_word_of_another_script_is_a_countable_thing_and_one_that_looks_like_a_currency_is_none() -> None:
    assert parse_unit("CNY/человек", "CNY").text == "CNY/человек"
    with pytest.raises(UnitError, match="CYRILLIC CAPITAL LETTER ES"):
        parse_unit("\u0421NY/GPU", "CNY")


def test_a_name_that_looks_the_same_is_answered_with_the_letter_that_differs() -> None:
    assert did_you_mean("r\u0430te", ["rate", "ratio"]) == 'Did you mean "rate"? In yours "\u0430" is CYRILLIC SMALL LETTER A.'
    assert did_you_mean("rate", ["r\u0430te"]) == 'Did you mean "r\u0430te"? In it "\u0430" is CYRILLIC SMALL LETTER A.'
    assert did_you_mean("raet", ["rate"]) == 'Did you mean "rate"?'
