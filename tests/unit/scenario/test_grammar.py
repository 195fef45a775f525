"""The grammar of formulas: what is refused by name, and that no text does harm."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcost.scenario.formulas import FUNCTIONS, RESERVED, FormulaError, parse, resolve
from simcost.scenario.formulas.expression import OPERATORS
from simcost.scenario.formulas.grammar import REFUSED, usage
from simcost.scenario.formulas.habits import explanation
from simcost.scenario.quantities.units import parse_unit

CONSTRUCTS = {
    "an attribute": "gpus.real",
    "a subscript": "gpus[0]",
    "a lambda": "lambda: 1",
    "a conditional": "gpus if share else disk",
    "an assignment": "(x := 3)",
    "a comprehension": "[x for x in gpus]",
    "a list": "[1, 2]",
    "a set": "{1, 2}",
    "a table": "{1: 2}",
    "a comma": "1, 2",
    "a starred": "max(*gpus, 1)",
    "a string": "'gpus'",
    '"//"': "gpus // 2",
    '"%"': "gpus % 2",
    '"@"': "gpus @ 2",
    '"^"': "gpus ^ 2",
    '"&"': "gpus & 2",
    '"|"': "gpus | 2",
    '"<<"': "gpus << 2",
    '">>"': "gpus >> 2",
    '"~"': "~gpus",
    '"is"': "gpus is 2",
    '"in"': "gpus in disk",
    '"not in"': "gpus not in disk",
    '"is not"': "gpus is not disk",
    "a chain of comparisons": "0 < gpus < 5",
    "a named argument": "round(x=1)",
    "no function": "f(1)",
    "a call of what is no function": "(1)(2)",
    "is a function": "max + 1",
    "with 1 argument, not 2 to 1,000": "max(1)",
    "with 2 arguments, not 1 argument": "exp(1, 2)",
    "with 4 arguments, not 3": "clip(1, 2, 3, 4)",
    "True": "True",
    "None": "None",
    "Ellipsis": "...",
    "an imaginary": "2j",
    '"0x10"': "0x10",
    '"1e400"': "1e400",
    "begins with 0": "007",
    "as one number or as several": "max(gpus, 1,000)",
    '"#"': "gpus # 2",
    '";"': "gpus; disk",
    '"$"': "$gpus",
    '"×"': "gpus × 2",
    '"，"': "max(1，2)",
    "U+200B": "gpus\u200b",
    "U+0000": "gpus\0",
    'begins with "="': "=gpus",
    'a single "="': "gpus = 2",
    "a percentage": "50% * gpus",
    "cannot be read": "gpus +",
    "the formula is empty": " \n ",
    "nested": "(" * 65 + "gpus" + ")" * 65,
    "characters": "1 + " * 6000 + "1",
    "a chain of more than": "+".join(["gpus"] * 202),
    "deep": "-" * 15000 + "1",
}


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_what_is_no_formula_is_refused_by_name(construct):
    text = CONSTRUCTS[construct]
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert construct in " ".join(what for _, what, _ in caught.value.problems)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("character", "remedy"),
    [("（", 'Write "(".'), ("，", 'Write ",".'), ("×", 'Write "*".'), ("；", "Remove it."), ("＄", "Remove it.")],
)
def test_a_character_is_replaced_by_one_that_has_a_meaning(character, remedy):
    with pytest.raises(FormulaError) as caught:
        parse(f"gpus {character} disk")
    assert [(what, mends) for _, what, mends in caught.value.problems] == [
        (f'the character "{character}" has no meaning in a formula', remedy)
    ]


def test_an_import_is_an_unknown_function_of_a_string():
    with pytest.raises(FormulaError) as caught:
        parse("__import__('os').system('true')")
    whats = [what for _, what, _ in caught.value.problems]
    assert 'there is no function "__import__"' in whats
    assert "a string in a formula" in whats
    assert any(what.startswith("an attribute") for what in whats)


@pytest.mark.parametrize(
    "hostile",
    [
        "a." * 9000 + "a",
        "2**" * 6000 + "1",
        "not " * 4000 + "a",
        "a<" * 9000 + "a",
        "a if a else " * 1500 + "a",
        "lambda:" * 2500 + "a",
        "a(" * 64 + ")" * 64,
        "[" * 60 + "]" * 60,
        "f'{" * 30 + "}'" * 30,
        "9" * 19000,
        "a[" * 60 + "]" * 60,
        "{**" * 60 + "a" + "}" * 60,
    ],
)
def test_hostile_formulas_are_refused_and_do_no_harm(hostile):
    with pytest.raises(FormulaError):
        parse(hostile)


@settings(deadline=None)
@given(st.text(alphabet="ab1.0+-*/()<>=!, \n不e_'\"[]{}:@^%&|~", max_size=60))
def test_any_text_is_a_formula_or_refused(text):
    try:
        syntax = parse(text)
        resolve(syntax, dict.fromkeys(syntax.names, parse_unit("GPU", "CNY")))
    except FormulaError as error:
        refusal = error
    else:
        return
    assert refusal.problems


def test_a_name_only_of_last_month_is_not_needed_this_month():
    syntax = parse("0.8 * prev(x, first_value) + month * z")
    assert syntax.names == {"x", "first_value", "z"}
    assert syntax.current == {"first_value", "z"}


def test_every_function_and_operator_is_one_that_the_compiler_knows():
    assert FUNCTIONS.keys() - {"choose"} <= OPERATORS.keys()  # a choice is read as a tree of where
    assert all(usage(name).startswith(f"{name}(") for name in FUNCTIONS)
    assert {"month", "max", "and", "lambda", "True"} <= RESERVED


def test_every_refused_construct_has_a_name_and_a_remedy():
    assert all(what and remedy.endswith(".") for what, remedy in REFUSED.values())


@pytest.mark.parametrize(
    "text", ["1_" * 9_990 + "  (", "1 to " * 3_990 + ")", "1" * 19_990 + " )", "a" + " " * 19_990 + ")", "=" * 19_999]
)
def test_why_a_formula_cannot_be_read_is_found_in_proportion_to_its_length(text: str) -> None:
    before = process_time()
    explanation(text)
    assert process_time() - before < 1.0  # a few milliseconds; a pattern that tries every pair of places takes many seconds
