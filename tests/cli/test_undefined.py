"""Costs that are infinite or undefined: told first and by name; a run without any total fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.cli.documents import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

NEVER = 'cost."Serving".amount="rate / (staff / staff - 1)"'
SELDOM = 'cost."Serving".amount="rate * log(staff / one_person - 3.2)"'


def with_a_person(scenario: Path) -> Path:
    scenario.write_text(scenario.read_text("utf-8") + '\n[inputs.one_person]\nvalue = 1\nunit = "person"\n', encoding="utf-8")
    return scenario


def test_a_run_without_any_finite_total_fails_in_one_line_and_writes_nothing(call: Callable[..., Result], scenario: Path) -> None:
    done = call("run", scenario, "--set", NEVER, "-o", "result.h5", "--first", "40", "-q")
    assert (done.exit_code, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith('Error: no scenario has a finite total: cost line "Serving" is infinite or undefined')
    assert "first in scenario 40." in line
    assert list(Path().glob("*.h5")) == []


def test_what_is_not_finite_is_told_before_the_figures_and_on_standard_error(call: Callable[..., Result], scenario: Path) -> None:
    ran = call("run", with_a_person(scenario), "--set", SELDOM, "-o", "result.h5")
    assert ran.exit_code == 0, ran.output
    third, fourth = ran.stdout.splitlines()[2:4]
    assert third.startswith("warning: ")
    assert fourth == ""
    document = answered(call, "run", scenario, "--set", SELDOM, "-o", "again.h5")
    warning = document["warnings"][0]
    count = document["non_finite"]
    assert 0 < count < 1000
    assert warning.startswith(f'{count} of 1,000 scenarios have an infinite or undefined cost: cost line "Serving" in {count} (')
    assert "Each figure is over the scenarios in which it is finite." in warning
    assert third == f"warning: {warning}"
    assert third in ran.stderr.splitlines()
    assert f"warning: {warning}" in call("show", "result.h5").stdout


def test_a_run_in_which_all_is_finite_warns_of_nothing(call: Callable[..., Result], scenario: Path) -> None:
    """Negative control."""
    ran = call("run", scenario, "-o", "result.h5")
    assert ran.exit_code == 0
    assert "warning" not in ran.output
