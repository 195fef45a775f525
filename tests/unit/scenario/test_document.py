"""What is read from a file before it is understood: bytes, limits, TOML."""

import hashlib
import time
import tomllib
from pathlib import Path

import pytest

from simcost.errors import Problem, ScenarioError
from simcost.scenario.problems import Findings
from simcost.scenario.text.document import Document, NotFinite, check_numbers, parse, read
from simcost.scenario.text.limits import DEEPEST_NESTING, MOST_KEY_PARTS, MOST_VALUES, over_the_limits


def document(tmp_path: Path, content: bytes) -> Document:
    path = tmp_path / "scenario.toml"
    path.write_bytes(content)
    return read(path)


def refusal(tmp_path: Path, content: bytes) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        document(tmp_path, content)
    (problem,) = caught.value.problems
    return problem


def test_a_document_is_its_text_its_data_and_the_hash_of_its_bytes(tmp_path: Path) -> None:
    content = 'name = "单价"\r\n'.encode()
    read_back = document(tmp_path, content)
    assert read_back.data == {"name": "单价"}
    assert read_back.text == 'name = "单价"\r\n'
    assert read_back.sha256 == hashlib.sha256(content).hexdigest()


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    assert document(tmp_path, b"\xef\xbb\xbfa = 1").data == {"a": 1}


@pytest.mark.parametrize(
    ("content", "line", "column", "what", "remedy"),
    [
        (b"a = 1\na = 2\nb = 3\n", 2, 1, "given before", "Keep one"),
        (b"a = 1\na = 2", 2, 1, "given before", "Keep one"),
        (b"[a]\nb = 1\n[a]\n", 3, 3, "table a was declared before", "first one"),
        (b"[a.b]\n[a.b]\n", 2, 5, "table a.b was declared before", "first one"),
        (b"a = [1]\n[[a]]\n", 2, 4, "a was given as a value before", "once"),
        (b"a = { b = 1,\n c = 2 }\n", 1, 13, "a new line inside an inline table", "[inputs.name]"),
        (b"a = { b = 1, }\n", 1, 14, "a comma before }", "remove it"),
        (b"a = { b = 1, b = 2 }\n", 1, 19, '"b" comes twice', "Keep one"),
        (b"a = 2027-01\n", 1, 9, "a date", '"2027-01"'),
        (b"a = 007\n", 1, 6, "begins with 0", "Leave the 0 out"),
        (b"a = 1,500\n", 1, 6, "a comma within a number", "1_000"),
        (b"a = True\n", 1, 5, "no value", "Write true."),
        (b"a = x\n", 1, 5, "without quotes", 'Write "x".'),
        (b"a = n * fee # paid\n", 1, 5, "without quotes", 'Write "n * fee".'),
        (b"a = 9 to 12 CNY\n", 1, 7, "without quotes", 'Write "9 to 12 CNY".'),
        (b"a = 5 %\n", 1, 7, "without quotes", 'Write "5 %".'),
        (b"a = yes\n", 1, 5, "no value", "Write true."),
        (b"a = null\n", 1, 5, "no value", "Leave the key out."),
        (b"a == 1\n", 1, 4, 'two signs "="', "Write one."),
        (b"a: 1\n", 1, 2, '":" between a key and its value', 'Write "=".'),
        (b'a = "x";\n', 1, 8, '";" after a value', "Remove it"),
        (b'a = "x" // y\n', 1, 9, "a comment that begins with //", "with #"),
        ("a = “x”\n".encode(), 1, 5, "the quotes “", "straight ones"),
        ("a = １２\n".encode(), 1, 5, 'the full-width "１２"', 'Write "12".'),
        ("a = [1， 2]\n".encode(), 1, 7, 'the full-width "，"', 'Write ",".'),
        ("a = { b = 1， c = 2 }\n".encode(), 1, 12, 'the full-width "，"', 'Write ",".'),
        ("a = 1，\n".encode(), 1, 6, '"，" after a value', "Remove it"),
        ("［a］\n".encode(), 1, 1, 'the full-width "［"', 'Write "[".'),
        ("[a】\n".encode(), 1, 3, 'the full-width "】"', 'Write "]".'),
        ("\u3000a = 1\n".encode(), 1, 1, "U+3000", "an ordinary one"),
        (b"a = 1 2\n", 1, 7, "something follows", "quotes"),
        (b'a = x"y\n', 1, 5, "no value that TOML knows", "quotes"),
        (b"a = \n", 1, 5, "no value", "quotes"),
        (b"a b = 1\n", 1, 3, 'no "="', "quotes"),
        (b'a = "x\n', 1, 7, "not closed", 'Add "'),
        (b'a = "x', 1, 7, "not closed", 'Add "'),
        (b"a = '''x", 1, 9, "not closed", "three quotes"),
        (b"a = [1, 2\nb = 3\n", 2, 1, "not closed", "Add ]"),
        (b'a = "\\q"\n', 1, 8, "a backslash", "\\\\"),
        (b'a = "\\ud800"\n', 1, 12, "does not exist", "hex digits"),
        ("价 = 1\n".encode(), 1, 1, '"价" is no bare key', '"价"'),
        (b"[a\n", 1, 3, "header is not closed", "[name]"),
        (b"= 1\n", 1, 1, "no key", "key = value"),
        (b'a = "\x07"\n', 1, 6, "not allowed", "escape"),
    ],
)
def test_what_tomllib_refuses_is_said_in_our_words(
    tmp_path: Path, content: bytes, line: int, column: int, what: str, remedy: str
) -> None:
    problem = refusal(tmp_path, content)
    assert (problem.line, problem.column) == (line, column)
    assert what in problem.what
    assert remedy in problem.remedy


def test_nesting_is_allowed_up_to_its_limit() -> None:
    assert over_the_limits("x = " + "[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING) is None
    assert over_the_limits("x = " + "[" * (DEEPEST_NESTING + 1)) is not None


def test_dotted_keys_are_allowed_up_to_their_limit() -> None:
    assert over_the_limits(".".join("a" * MOST_KEY_PARTS) + " = 1") is None
    assert over_the_limits(".".join("a" * (MOST_KEY_PARTS + 1)) + " = 1") is not None


def test_values_are_allowed_up_to_their_limit() -> None:
    assert over_the_limits("x = [" + "1," * (MOST_VALUES - 2) + "]") is None
    assert over_the_limits("x = [" + "1," * MOST_VALUES + "]") is not None


@pytest.mark.parametrize(
    "text",
    [
        'x = "' + "[" * 100 + '"',
        "x = '" + "." * 100 + "'",
        'x = """\n' + "[.=,\n" * 10_000 + '"""',
        "x = '''\n" + "[.=,\n" * 10_000 + "'''",
        'x = """"' + "[" * 100 + '""""',
        'x = "a \\" ' + "[" * 100 + '"',
        "# " + "[" * 100,
        "x = 1.5\n" * 100,
    ],
)
def test_what_stands_in_strings_and_comments_does_not_count(text: str) -> None:
    assert over_the_limits(text) is None
    tomllib.loads(text.replace("x = 1.5\n", ""))


def test_the_limits_take_linear_time() -> None:
    shapes = ('"', "'", '\\"', '"""', "'''", '""', "''", "[", "]", ".", "=", "\n", "#", "x", '"\\', "'''\"\"\"")
    for shape in shapes:
        for prefix in ("", 'x = "', "x = '''", 'x = """'):
            text = (prefix + shape * (1 << 20))[: 1 << 20]
            start = time.process_time()
            over_the_limits(text)
            assert time.process_time() - start < 1.0, (prefix, shape)


def test_numbers_that_are_not_finite_keep_what_was_written() -> None:
    data = parse("a = 1e400\nb = [nan, { c = -inf }]\nd = 1e308\n")
    assert isinstance(data["a"], NotFinite)
    findings = Findings()
    check_numbers(data, (), findings)
    assert [(finding.place, finding.what.split()[0]) for finding in findings.found] == [
        (("a",), "1e400"),
        (("b", 0), "nan"),
        (("b", 1, "c"), "-inf"),
    ]


def test_integers_beyond_64_bits_are_refused() -> None:
    findings = Findings()
    check_numbers(parse(f"a = {2**64 - 1}\nb = {2**64}\nc = {-(2**64)}\nd = true"), (), findings)
    assert [finding.place for finding in findings.found] == [("b",), ("c",)]


def test_a_refused_number_is_not_refused_again() -> None:
    from simcost.scenario.problems import Finding

    findings = Findings()
    check_numbers(parse("a = nan"), (), findings)
    findings.add(Finding(("a",), "something else"))
    assert len(findings.found) == 1
