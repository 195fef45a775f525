"""Public functions and their commands: one name for one thing, and messages in the words of who reads them."""

from __future__ import annotations

import ast
import re
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.unit.command_options import CLI_ONLY, option_of, options_of

import simcost
from simcost.cli.root import COMMANDS
from simcost.report.parts.wording import OPTIONS, as_options

if TYPE_CHECKING:
    pass

FUNCTIONS = sorted(name for name in simcost.__all__ if name.islower())

COMMAND_OF = {name: name for name in FUNCTIONS if name in COMMANDS} | {"page": "report"}
"""``simcost.report`` is a package within the package."""

PYTHON_ONLY = {"progress": "the bar on standard error", "notice": "a line on standard error"}
"""Parameters without an option, and what the command line has instead."""


@pytest.mark.parametrize("name", COMMAND_OF)
def test_a_function_s_parameters_are_its_command_s_options(name: str) -> None:
    parameters, options = set(signature(getattr(simcost, name)).parameters), options_of(COMMAND_OF[name])
    named = {option_of(each) for each in parameters - PYTHON_ONLY.keys()}
    assert named - options == set()
    assert options - named - CLI_ONLY.keys() == set()


def test_every_function_is_a_command_but_those_that_return_objects() -> None:
    assert set(FUNCTIONS) - COMMAND_OF.keys() == {"load", "open_result"}


def test_messages_name_options_as_commands_have_them() -> None:
    every = {option for name in COMMANDS for option in options_of(name)} | {"-n", "-o"}
    assert set(OPTIONS.values()) - every == set()


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Give `near='p95'`; one of them.", "Give --near p95; one of them."),
        ('Give `approved="6000000 CNY"`, or', 'Give --approved "6000000 CNY", or'),
        ("`bands='gpu_price=\"P90 to P100\"'`", '--band gpu_price="P90 to P100"'),
        ("Give `options=['as it is', 'spot']`.", "Give --option 'as it is' --option spot."),
        ("replace it with `force=True`.", "replace it with --force."),
        ("`minimise`: no figure; `n`, `output`", "--minimise: no figure; -n, -o"),
        ("`simcost run` writes `x` and `y=1`", "`simcost run` writes `x` and `y=1`"),
    ],
)
def test_a_message_is_said_in_the_words_of_who_reads_it(message: str, said: str) -> None:
    assert as_options(message) == said


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_function_returns_can_be_named_in_an_annotation(name: str) -> None:
    returned = set(re.findall(r"[A-Z]\w+", getattr(simcost, name).__annotations__["return"])) - {"None"}
    assert returned == {each.__name__ for each in (getattr(simcost, answer) for answer in returned)}
    assert returned <= set(simcost.__all__)


def test_no_message_of_the_package_names_an_option() -> None:
    """What is told to both is in Python's words, which the command line translates; only help texts of files name options."""
    allowed = {"wording.py", "expand.py", "file_schema.py", "optimization_schema.py", "drivers/sentences.py", "groups.py"}
    package = Path(simcost.__file__).parent
    modules = [path for path in package.rglob("*.py") if not path.is_relative_to(package / "cli")]
    found = {path.as_posix(): named for path in modules if (named := options_in(path.read_text("utf-8")))}
    assert [path for path in found if not path.endswith(tuple(f"/{name}" for name in allowed))] == [], found
    assert options_in('"""Help of --near."""\nx = f"Give --near {y}."') == ["Give --near "]


def options_in(source: str) -> list[str]:
    """Texts of a module that name an option by itself, not within a command; docstrings left out."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    option = re.compile(r"(^|[\s(])(--[a-z]|-[no]\b)")
    return [
        node.value
        for node in texts
        if id(node) not in docstrings and option.search(node.value) and not re.search("pip|simcost ", node.value)
    ]
