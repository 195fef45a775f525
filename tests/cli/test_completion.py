"""The shell completes commands, options, and what stands in the scenario file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(call, shell: str) -> None:
    result = call("completion", shell)
    assert result.exit_code == 0
    assert "_SIMCOST_COMPLETE" in result.stdout


def test_the_script_for_bash_is_bash(call) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run([bash, "-n"], input=call("completion", "bash").stdout, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def completed(process, words: str) -> set[str]:
    """What bash would offer after these words."""
    count = str(len(words.split()) - (not words.endswith(" ")))
    done = process(_SIMCOST_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=count)
    assert done.stderr == ""
    return {line.partition(",")[2] for line in done.stdout.splitlines() if line}


def test_commands_and_options_are_completed(process) -> None:
    assert "validate" in completed(process, "simcost va")
    assert "--percentiles" in completed(process, "simcost run --perc")


def test_options_and_inputs_of_the_file_are_completed(process, scenario: Path) -> None:
    assert completed(process, f"simcost run {scenario.name} --option ") == {"reserved"}
    assert completed(process, f"simcost run {scenario.name} --set inputs.gpu") == {"inputs.gpus=", "inputs.gpu_price="}


def test_an_unreadable_file_completes_to_nothing(process, scenario: Path) -> None:
    scenario.write_text("[broken")
    assert completed(process, f"simcost run {scenario.name} --option ") == set()
    assert completed(process, "simcost run missing.toml --option ") == set()
