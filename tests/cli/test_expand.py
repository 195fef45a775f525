"""``simcost expand``: the expansion is a scenario file, and runs to the same results to the last bit."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

import simcost

LIBRARY = sorted((Path(__file__).parents[2] / "scenarios").glob("*.toml"))
OTHERS = [
    Path(__file__).parents[1] / "acceptance" / "money.toml",
    Path(__file__).parents[1] / "acceptance" / "series_of_all_kinds.toml",
    Path(__file__).parents[2] / "bench" / "twelve_blocks.toml",
]
"""With blocks that no scenario of the library has."""

N = 3_000


def columns(path: Path, folder: Path) -> tuple[tuple[tuple[str, str, int], ...], np.ndarray]:
    """Every column of a run, and its samples as bits."""
    result = simcost.run(path, n=N, keep="all", output=folder / f"{path.stem}.h5", force=True, backend="reference")
    return result.columns, np.asarray(result.samples()).view(np.int64)


@pytest.mark.parametrize("path", [*LIBRARY, *OTHERS], ids=lambda path: path.stem)
def test_the_expansion_of_every_library_scenario_runs_to_the_same_bits(call, tmp_path: Path, path: Path) -> None:
    plain = tmp_path / "plain.toml"
    result = call("expand", path, "-o", plain)
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    original, expanded = columns(path, tmp_path), columns(plain, tmp_path)
    assert original[0] == expanded[0]
    assert np.array_equal(original[1], expanded[1])
    assert call("validate", plain).exit_code == 0


def test_the_expansion_of_the_expansion_is_itself(call, tmp_path: Path) -> None:
    once = tmp_path / "once.toml"
    call("expand", LIBRARY[-1], "-o", once)
    again = call("expand", once).stdout
    assert tomllib.loads(again) == tomllib.loads(once.read_text(encoding="utf-8"))
    assert set(again.splitlines()) <= set(once.read_text(encoding="utf-8").splitlines())


def test_an_option_is_expanded_applied(call) -> None:
    path = next(path for path in LIBRARY if path.stem == "recommendation_team")
    text = call("expand", path, "--option", "no_contractors").stdout
    assert tomllib.loads(text)["inputs"]["engineers_contractors_needed"] == "0 person"
    assert text.startswith("# The expansion of a scenario file by simcost expand, with --option no_contractors.\n")


@pytest.mark.parametrize("options", ["", '[options.dear]\nset = { inputs.gpu_price = "20 CNY/GPU/hour" }\n'])
def test_the_file_as_it_is_is_no_option(call, tmp_path: Path, options: str) -> None:
    path = tmp_path / "scenario.toml"
    assert call("init", path).exit_code == 0
    path.write_text(path.read_text(encoding="utf-8").partition("[options")[0] + options, encoding="utf-8")
    asked, plain = call("expand", path, "--option", "as it is"), call("expand", path)
    assert (asked.exit_code, asked.stdout) == (0, plain.stdout), asked.output


def test_a_file_with_problems_is_refused_as_by_validate(call, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(LIBRARY[-1].read_text(encoding="utf-8").replace("CNY/person", "CNY/persons per"), encoding="utf-8")
    expanded, checked = call("expand", path), call("validate", path)
    assert (expanded.exit_code, expanded.stdout) == (2, "")
    assert expanded.stderr == checked.stderr


def test_a_view_is_chosen_on_the_command_line_and_kept_by_the_expansion(call, tmp_path: Path) -> None:
    path = next(path for path in LIBRARY if path.stem == "small_shop")
    cash, amortised = (json.loads(call("validate", path, "--json", *words).stdout) for words in ([], ["--view", "amortised"]))
    lines = [{line["name"].removeprefix("GPU servers: ") for line in each["costs"]} for each in (cash, amortised)]
    assert lines[0] - lines[1] == {"committed", "upfront"}
    assert lines[1] - lines[0] == {"used", "unused"}
    plain = tmp_path / "plain.toml"
    call("expand", path, "--view", "amortised", "-o", plain)
    assert tomllib.loads(plain.read_text(encoding="utf-8"))["scenario"]["view"] == "amortised"
    assert json.loads(call("validate", plain, "--json").stdout)["costs"] == amortised["costs"]


def test_what_moved_with_an_input_that_is_made_certain_is_left_out_of_the_expansion(call, tmp_path: Path) -> None:
    path = LIBRARY[0].parents[1] / "tests" / "acceptance" / "copulas.toml"
    plain = tmp_path / "plain.toml"
    sets = ['inputs.gpu="20 CNY/month"', 'inputs.steel="30 CNY/month"', 'inputs.wages="99 CNY/month"']
    call("expand", path, *(word for each in sets for word in ("--set", each)), "-o", plain)
    data = tomllib.loads(plain.read_text(encoding="utf-8"))
    assert ["cpu", "disk"] in [each["between"] for each in data["correlation"]]
    assert not any("wages" in each["between"] for each in data["correlation"])
    assert "driver" not in str(data["inputs"]["steel"])
    first, second = (
        simcost.run(each, n=N, keep="all", output=tmp_path / f"{i}.h5", backend="reference", **words)
        for i, (each, words) in enumerate([(path, {"overrides": sets}), (plain, {})])
    )
    assert np.array_equal(first.samples("total"), second.samples("total"))
