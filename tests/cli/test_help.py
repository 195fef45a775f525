"""Every command explains itself, and every wrong call is told what would be right."""

from importlib import import_module
from pathlib import Path

import click
import pytest

import simcost.cli.commands
from simcost.cli.root import COMMANDS


def loaded(name: str) -> click.Command:
    command = import_module(f"simcost.cli.commands.{name}").command
    assert isinstance(command, click.Command)
    return command


def test_every_command_that_there_is_is_listed() -> None:
    modules = {path.stem for path in Path(simcost.cli.commands.__file__).parent.glob("*.py")}
    assert modules - {"__init__"} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says(name: str) -> None:
    assert (loaded(name).help or "").splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text_that_ends_in_a_full_stop(name: str) -> None:
    options = [parameter for parameter in loaded(name).params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not (option.help or "").endswith(".")] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_quiet(name: str) -> None:
    assert {"-q", "--quiet"} <= {flag for parameter in loaded(name).params for flag in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_a_result_on_standard_output(call, name: str, flag: str) -> None:
    result = call(name, flag)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: simcost {name} ")
    assert result.stderr == ""


def test_the_group_lists_every_command(call) -> None:
    result = call("--help")
    assert result.exit_code == 0
    for name, text in COMMANDS.items():
        assert f"  {name} " in result.stdout
        assert text in result.stdout


def test_a_group_without_arguments_is_wrong_usage_and_shows_help(call) -> None:
    result = call()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


def test_the_version_is_printed(call) -> None:
    result = call("--version")
    assert result.exit_code == 0
    assert result.stdout.startswith("simcost ")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rum"], "No such command 'rum'. Did you mean 'run'?"),
        (["valid"], "Did you mean 'validate'?"),
        (["zzz"], "There are: run, budget, "),
        (["plan.toml"], "Did you mean 'simcost run plan.toml'?"),
        (["--wrong"], "No such option"),
        (["run"], "Missing argument 'SCENARIO'"),
        (["run", "a.toml", "b.toml"], "unexpected extra argument"),
        (["run", "a.toml", "-n", "many"], "'many' is no whole number. Write it like 1000000, 1_000_000 or 1e6."),
        (["run", "a.toml", "-n", "0"], "0 is not between 1 and 9007199254740992."),
        (["run", "a.toml", "--seed", "-1"], "'-1' is no whole number"),
        (["run", "a.toml", "--seed", "18446744073709551616"], "is not between 0 and 18446744073709551615"),
        (
            ["run", "a.toml", "--by-month", "line, owner"],
            "'line, owner' are several. Repeat the option: --by-month line --by-month owner.",
        ),
        (["run", "a.toml", "--by-month", "lines"], "'lines' is not one of 'category', 'line', 'stage', 'owner'."),
        (["run", "a.toml", "--backend", "gpu"], "'gpu' is not one of"),
        (["run", "a.toml", "--workers", "0"], "0 is not between 1 and 1024"),
        (["run", "a.toml", "--percentiles", "50,100"], "'100' is no percentile between 0 and 100"),
        (["run", "a.toml", "--percentiles", "Q95"], "'Q95' is no percentile"),
        (["run", "a.toml", "--keep", "some"], "'some' is neither all, none nor a number of scenarios."),
        (["export", "a.h5"], "Missing option '-o'"),
        (["export", "a.h5", "-o", "a.txt"], "Name the format with --format csv."),
        (["export", "a.h5", "-o", "a.csv", "--format", "ods"], "'ods' is not one of"),
        (["completion", "powershell"], "'powershell' is not one of"),
        (["compile", "a.toml", "--show", "--json"], "give it without --json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_told_on_standard_error_and_exits_with_2(call, words: list[str], expected: str) -> None:
    result = call(*words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert expected in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
