"""Every place of a file has its line and column, however TOML lets it be written."""

import pytest

from simcost.scenario.problems import Finding, Place
from simcost.scenario.text.locate import Locator

TEXT = '''schema = 1
a.b."c d" = 1   # dotted, quoted
[inputs]
price = "9 to 16 元"
wage = { pert = { low = 1, sub.mode = 2 }, unit = "CNY" }
[inputs.use.deep]
beta = 1
[[cost]]
name = "first"
[[cost]]
name = 'second'
amount = """
gpus * \\
   prise + \\u0078"""
[[cost.part]]
size = 1
[options.big.set]
inputs.price = "1"
[[correlation]]
between = [
  "a", # a comment
  { x = "b" },
]
'''


def position(place: Place, **aspect: object) -> tuple[int, int]:
    problem = Locator(TEXT).problem(Finding(place, "what", **aspect))  # type: ignore[arg-type]
    return problem.line, problem.column


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        (("schema",), (1, 1), (1, 10)),
        (("a", "b", "c d"), (2, 1), (2, 13)),
        (("a", "b"), (2, 1), (2, 1)),
        (("inputs",), (3, 2), (3, 2)),
        (("inputs", "price"), (4, 1), (4, 9)),
        (("inputs", "wage", "pert", "low"), (5, 19), (5, 25)),
        (("inputs", "wage", "pert", "sub", "mode"), (5, 28), (5, 39)),
        (("inputs", "wage", "unit"), (5, 44), (5, 51)),
        (("inputs", "use"), (6, 2), (6, 2)),
        (("inputs", "use", "deep", "beta"), (7, 1), (7, 8)),
        (("cost",), (10, 3), (10, 3)),
        (("cost", 0), (8, 3), (8, 3)),
        (("cost", 0, "name"), (9, 1), (9, 8)),
        (("cost", 1, "name"), (11, 1), (11, 8)),
        (("cost", 1, "part", 0, "size"), (16, 1), (16, 8)),
        (("options", "big", "set", "inputs", "price"), (18, 1), (18, 16)),
        (("correlation", 0, "between", 0), (21, 3), (21, 3)),
        (("correlation", 0, "between", 1, "x"), (22, 5), (22, 9)),
    ],
)
def test_keys_and_values_are_found(place: Place, key: tuple[int, int], value: tuple[int, int]) -> None:
    assert position(place, at="key") == key
    assert position(place) == value


def test_a_place_that_is_missing_is_shown_where_it_would_be() -> None:
    assert position(("cost", 0, "category")) == (8, 3)
    assert position(("inputs", "wage", "pert", "high")) == (5, 10)
    assert position(("budget",)) == (1, 1)


@pytest.mark.parametrize(("offset", "expected"), [(0, (13, 1)), (5, (13, 6)), (7, (14, 4)), (13, (14, 10)), (15, (14, 12))])
def test_a_character_of_a_formula_is_found_behind_escapes_and_line_continuations(offset: int, expected: tuple[int, int]) -> None:
    assert position(("cost", 1, "amount"), offset=offset) == expected


@pytest.mark.parametrize(
    ("written", "offset", "column"),
    [
        ('"abc"', 1, 7),
        ("'abc'", 1, 7),
        (r'"\u00e9bc"', 1, 12),
        (r'"\\bc"', 1, 8),
        (r'"\U0001d518bc"', 2, 17),
        ('"单价x"', 2, 8),
        ("'''abc'''", 1, 9),
        ('"abc"', 99, 9),
    ],
)
def test_a_character_of_a_string_is_found_in_each_kind_of_string(written: str, offset: int, column: int) -> None:
    problem = Locator(f"x = {written}").problem(Finding(("x",), "what", offset=offset))
    assert (problem.line, problem.column) == (1, column)


def test_columns_count_characters_and_not_bytes() -> None:
    problem = Locator('"单价" = 1\n').problem(Finding(("单价",), "what"))
    assert (problem.line, problem.column, problem.quoted) == (1, 8, '"单价" = 1')


def test_lines_that_end_as_on_windows_count_once() -> None:
    problem = Locator('a = 1\r\nb = """\r\nx\r\ny"""\r\n').problem(Finding(("b",), "what", offset=2))
    assert (problem.line, problem.column) == (4, 1)


def test_a_long_line_is_quoted_around_its_column() -> None:
    problem = Locator("x = [" + "1, " * 500 + '"here"]').problem(Finding(("x", 500), "what"))
    assert '"here"' in problem.quoted
    assert len(problem.quoted) < 200
