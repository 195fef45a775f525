"""Texts on the command line are read exactly, or refused."""

from pathlib import Path

import click
import pytest

from simcost.cli.option_types import CountType, KeepType, PercentilesType, whole_number
from simcost.scenario.meant_values import meant_count, meant_currency, meant_month, meant_share


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1000000", 1_000_000),
        ("1_000_000", 1_000_000),
        ("1e6", 1_000_000),
        ("1E6", 1_000_000),
        ("1e+6", 1_000_000),
        ("2.5e6", 2_500_000),
        ("1.50e1", 15),
        (" 7 ", 7),
        ("0", 0),
        ("9007199254740993e0", 9007199254740993),
        ("12345678901234567e3", 12345678901234567000),
    ],
)
def test_whole_numbers_are_read_to_the_last_digit(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "1.5", "1.55e1", "1e-3", "-5", "0x10", "1e99", "1e400", "nan", "inf", "1 000", "1,000", "²", "9" * 41]
)
def test_whatever_is_no_whole_number_is_refused(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("100,000", "100_000"),
        ("1 000 000", "1_000_000"),
        ("1.000.000", "1_000_000"),
        ("1'000", "1_000"),
        ("100k", "100_000"),
        ("1.5M", "1_500_000"),
        ("10万", "100_000"),
        ("１００，０００", "100_000"),
        ("1_000_000.0", "1_000_000"),
        ("2 million", "2_000_000"),
    ],
)
def test_the_whole_number_that_is_meant_is_proposed_and_would_be_read(written: str, meant: str) -> None:
    with pytest.raises(click.BadParameter) as caught:
        CountType(1).convert(written, None, None)
    assert caught.value.message.endswith(f"is no whole number. Write it like {meant}.")
    assert f"{whole_number(meant):_}" == meant


@pytest.mark.parametrize(
    "written",
    [
        "2027-4",
        "2027/04",
        "2027.4",
        "202704",
        "2027-04-01",
        "2027-04-01T00:00:00",
        "04/2027",
        "April 2027",
        "2027 Apr",
        "2027年4月",
    ],
)
def test_a_month_in_another_form_is_known(written: str) -> None:
    assert meant_month(written) == "2027-04"


@pytest.mark.parametrize("written", ["2027", "2027-13", "13/2027", "20274", "May be 2027", "Q2 2027", "next April", ["2027-04"]])
def test_what_is_no_month_is_taken_for_none(written: object) -> None:
    assert meant_month(written) == ""


def test_signs_of_money_and_percentages_without_theirs_are_known() -> None:
    assert [meant_currency(each) for each in ("cny", "¥", "元", "RMB", "yuan", "$", "€", "Taler")] == [
        *["CNY"] * 5,
        "USD",
        "EUR",
        "",
    ]
    assert [meant_share(each) for each in (80, "80", "P80", "97.5", 0.8, 2, "high", 100)] == ["0.8"] * 3 + ["0.975"] + [""] * 4


@pytest.mark.parametrize("written", ["100.000", "1,5", "12m", "1.5", "10,00", "1e99", "9" * 50, "-5", "1e400", "", "k", "1e-3"])
def test_what_may_be_something_else_proposes_nothing(written: str) -> None:
    assert meant_count(written) == ""


def test_a_count_outside_its_bounds_is_refused() -> None:
    assert CountType(1, 10).convert("10", None, None) == 10
    with pytest.raises(click.BadParameter, match="not between 1 and 10"):
        CountType(1, 10).convert("11", None, None)


def test_percentiles_are_given_in_percent() -> None:
    assert PercentilesType().convert("2.5, 50,97.5", None, None) == (2.5, 50.0, 97.5)


@pytest.mark.parametrize("text", ["0", "100", "-1", "", "5,", "1e1", "nan", "५"])
def test_whatever_is_no_percentile_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="no percentile"):
        PercentilesType().convert(text, None, None)


@pytest.mark.parametrize(("text", "kept"), [("all", "all"), ("none", "none"), ("auto", "auto"), ("1e4", 10_000), ("0", 0)])
def test_keep_is_a_word_or_a_number(text: str, kept: str | int) -> None:
    assert KeepType().convert(text, None, None) == kept


@pytest.mark.parametrize("command", ["run", "compile", "schema"])
def test_a_dash_is_no_file_to_write(call, scenario: Path, command: str) -> None:
    done = call(command, *([] if command == "schema" else [scenario]), "-o", "-")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "standard output is no file to write. Name a file; one that is called - as ./-." in done.stderr
    assert not Path("-").exists()
