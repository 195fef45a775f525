"""``simcost expand``: the expansion is a scenario file, and runs to the same results to the last bit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from tests.cli.documents import answered
from tests.places import LIBRARY, ROOT

import simcost

OTHERS = [
    ROOT / "tests" / "acceptance" / "money.toml",
    ROOT / "tests" / "acceptance" / "series_of_all_kinds.toml",
    ROOT / "bench" / "twelve_blocks.toml",
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


STUDIES = """
[inputs]
fee = "9 to 16 CNY/month"
gpus = "12 GPU"
[[cost]]
name = "Fee"
category = "fees"
amount = "fee"
[[commitments]]
name = "Plan"
quantity = "10 GPU"
use = "gpus"
price = "7 CNY/GPU/hour"
list_price = "12 CNY/GPU/hour"
term = 12
[options.plain]
set = { inputs.fee = "20 CNY/month" }
[options.of_a_block]
set = { commitments.Plan.quantity = "0 GPU" }
[stress.first]
option = "plain"
[stress.second]
option = "of_a_block"
[stress.third]
scale = { fee = 2 }
[optimize]
minimise = "mean"
[[optimize.decision]]
"""
HEAD = 'schema = 1\n[scenario]\nname = "Studies"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 12\n'
A_BLOCK_DECIDED = "set = 'commitments.Plan.quantity'\nfrom = '0 GPU'\nto = '20 GPU'\n"
A_NUMBER_DECIDED = "set = 'inputs.gpus'\nfrom = '0 GPU'\nto = '20 GPU'\n"


@pytest.mark.parametrize(
    ("decided", "option", "kept", "stresses"),
    [
        (A_BLOCK_DECIDED, [], False, ["first", "third"]),
        (A_NUMBER_DECIDED, [], True, ["first", "third"]),
        ('set = "option"\nchoices = ["plain", "of_a_block"]\n', [], False, ["first", "third"]),
        ('set = "option"\nchoices = ["as it is", "plain"]\n', [], True, ["first", "third"]),
        ('set = "option"\nchoices = ["as it is", "plain"]\n', ["--option", "plain"], False, ["third"]),
    ],
)
def test_what_asks_about_keys_of_blocks_is_left_out_of_the_expansion_and_told(
    call, tmp_path: Path, decided: str, option: list[str], kept: bool, stresses: list[str]
) -> None:
    path, plain = tmp_path / "studies.toml", tmp_path / "plain.toml"
    path.write_text(HEAD + STUDIES + decided, encoding="utf-8")
    assert call("expand", path, "-o", plain, *option).exit_code == 0
    text = plain.read_text(encoding="utf-8")
    data = tomllib.loads(text)
    assert ("optimize" in data) is kept
    assert ("# [optimize] decides keys of blocks" in text) is not kept
    assert list(data["stress"]) == stresses
    assert '# The stress "second" applies an option that is not here' in text
    assert call("validate", plain).exit_code == 0


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
    cash, amortised = (answered(call, "validate", path, *words) for words in ([], ["--view", "amortised"]))
    lines = [{line["name"].removeprefix("GPU servers: ") for line in each["costs"]} for each in (cash, amortised)]
    assert lines[0] - lines[1] == {"committed", "upfront"}
    assert lines[1] - lines[0] == {"used", "unused"}
    plain = tmp_path / "plain.toml"
    call("expand", path, "--view", "amortised", "-o", plain)
    assert tomllib.loads(plain.read_text(encoding="utf-8"))["scenario"]["view"] == "amortised"
    assert answered(call, "validate", plain)["costs"] == amortised["costs"]


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
