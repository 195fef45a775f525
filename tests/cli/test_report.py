"""``simcost report``: a page of a result, written whole or not at all."""

from __future__ import annotations

import sys
from inspect import signature
from typing import TYPE_CHECKING

import matplotlib as mpl
import pytest
from tests.unit.command_options import CLI_ONLY, option_of, options_of

from simcost import api
from simcost.results import output_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "begins"),
    [("board.html", "<!DOCTYPE html>"), ("BOARD.HTM", "<!DOCTYPE html>"), ("board.md", "# Small 小: 3 months")],
)
def test_the_ending_of_the_name_chooses_the_format(call, result_file: Path, name: str, begins: str) -> None:
    made = call("report", result_file, "-o", name)
    assert (made.exit_code, made.stdout, made.stderr) == (0, "", f"Written to {name}.\n")
    assert result_file.with_name(name).read_text(encoding="utf-8").startswith(begins)


def test_without_a_file_it_goes_to_standard_output(call, result_file: Path) -> None:
    for kind in ("html", "md"):
        written, printed = call("report", result_file, "-o", f"a.{kind}", "-q"), call("report", result_file, "--format", kind)
        assert (written.stderr, printed.stderr) == ("", "")
        assert printed.stdout_bytes == result_file.with_name(f"a.{kind}").read_bytes()
    refused = call("report", result_file)
    assert refused.exit_code == 2
    assert refused.stderr == (
        "Error: neither a file nor a format is told. Name a file with -o board.html, or the format with --format md.\n"
    )


def test_a_file_is_replaced_by_force_only_and_never_half(call, result_file: Path, monkeypatch) -> None:
    target = result_file.with_name("board.html")
    target.write_text("mine")
    refused = call("report", result_file, "-o", target)
    assert refused.exit_code == 2
    assert "exists already. Name another file, or replace it with --force." in refused.stderr
    assert target.read_text() == "mine"
    with monkeypatch.context() as patch:
        patch.setattr(output_file.os, "fsync", _full)
        failed = call("report", result_file, "-o", target, "--force")
    assert (failed.exit_code, failed.stderr.count("\n")) == (1, 1)
    assert "cannot be written: No space left on device" in failed.stderr
    assert target.read_text() == "mine"
    assert call("report", result_file, "-o", target, "--force").exit_code == 0
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def _full(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("name", ["missing.h5", "small.toml", "."])
def test_what_is_no_result_is_told_in_one_line(call, scenario: Path, name: str) -> None:
    refused = call("report", name, "-o", "board.html")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: ")
    assert refused.stderr.count("\n") == 1
    assert not scenario.with_name("board.html").exists()


def test_without_matplotlib_there_is_a_remedy_and_markdown(call, result_file: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    refused = call("report", result_file, "-o", "board.html")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        'Error: matplotlib is not installed, which draws the charts. Install it with: pip install "simcost[report]", '
        "or leave the charts out: --format md.\n"
    )
    assert not result_file.with_name("board.html").exists()
    assert call("report", result_file, "-o", "board.md").exit_code == 0


def test_settings_of_the_user_s_own_charts_change_nothing_and_are_kept(call, result_file: Path) -> None:
    plain = call("report", result_file, "--format", "html").stdout_bytes
    with mpl.rc_context({"font.size": 30.0, "lines.linewidth": 9.0, "svg.fonttype": "path", "axes.facecolor": "red"}):
        assert call("report", result_file, "--format", "html").stdout_bytes == plain
        assert mpl.rcParams["font.size"] == 30.0


def test_the_function_has_the_options_of_the_command() -> None:
    named = {option_of(each) for each in signature(api.page).parameters}
    assert options_of("report") - named - (CLI_ONLY.keys() - {"--view", "--output", "--force"}) == set()
    assert named <= options_of("report")


def test_a_view_and_percentiles_are_passed_on(call, result_file: Path) -> None:
    shown = call("report", result_file, "--format", "md", "--percentiles", "97.5", "--view", "amortised")
    assert shown.exit_code == 0, shown.stderr
    assert "| P97.5 |" in shown.stdout
