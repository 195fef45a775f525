"""Numbers as spreadsheets show them: each form is read in one way, or refused with what to write."""

from __future__ import annotations

import pytest

from simcost.scenario.distributions.number_cells import instead_of, number_alone

UNDERSTOOD = {
    "3,100": 3100.0,
    "1,234,567.25": 1234567.25,
    "1 234.5": 1234.5,
    "1\u00a0234": 1234.0,
    "1\u202f234": 1234.0,
    "1'234.5": 1234.5,
    "1’234.5": 1234.5,
    "¥1,200": 1200.0,
    "￥1，200": 1200.0,
    "1,200元": 1200.0,
    "CNY 1,200": 1200.0,
    "1,200.50 USD": 1200.5,
    "-¥1,200": -1200.0,
    "−5": -5.0,
    "1.2万": 12000.0,
    "1.1万元": 11000.0,
    "3亿": 3e8,
    "３００": 300.0,
}


@pytest.mark.parametrize("cell", UNDERSTOOD)
def test_a_number_that_can_be_read_in_one_way_is_read(cell: str) -> None:
    assert float(number_alone(cell)) == UNDERSTOOD[cell]


REFUSED = {
    "2,5": "Write a point: 2.5.",
    "1 234,5": "Write a point: 1234.5.",
    "1.234,56 €": "Write a point: 1234.56.",
    "-1.234.567,8": "Write a point: -1234567.8.",
    "12 %": "Write the share: 0.12 for 12 %.",
    "12,5%": "Write the share",
    "(1,200)": "Write a minus",
    "1.5M": "Write the number out",
    "12 GB": "Write the number alone",
    "1,2345,678": "Write the number alone",
    "1 200,300": "Write the number alone",
    "1,200 CNY/GPU": "Write the number alone",
    "--5": "Write the number alone",
    "-¥-5": "Write the number alone",
    "3 to 5": "Write the number alone",
}


@pytest.mark.parametrize("cell", REFUSED)
def test_a_number_that_might_be_another_is_refused_with_what_to_write(cell: str) -> None:
    assert number_alone(cell) == ""
    assert REFUSED[cell] in instead_of(cell)
