"""Arguments of public functions: what each may be is read, and none of a wrong type ends in a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from tests.places import SCENARIOS

import simcost
from simcost import api
from simcost.api.arguments import READERS, read
from simcost.results.file.samples import Keep

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS = sorted(name for name in simcost.__all__ if name.islower())

WRONG: dict[str, tuple[Any, ...]] = {
    "path": (None, 5, "", b"x", ["a.toml"]),
    "paths": (None, 5, (), [5], {}),
    "output": (5, "", b"x", ["a.h5"]),
    "data": (None, 5, ""),
    "format": (5, "pdf"),
    "option": (None, 5, ["a"]),
    "backend": (None, 5),
    "minimise": (None, 5),
    **dict.fromkeys(("column", "month", "name", "unit", "family", "bounds", "start", "combine"), (None, 5, ["a"])),
    "target": (None, 5),
    "between": (None, (1, 2)),
    "crossover": (None, 5),
    "view": (5, "gross"),
    "keep": (None, -1, 1.5, "some", True),
    "approved": (True, [1], float("nan")),
    "at_most": (True, [1], float("inf")),
    "confidence": (0, 1, 80, "a", "101 %", float("nan"), True),
    "worst": (None, 0, 1, 0.6, "a"),
    "percentile": (0, 100, "a", [95], float("nan"), True),
    "near": (0, 100, "a", [95], float("nan"), True),
    "percentiles": (None, 0, 100, "a", [True], [None], ["x"], {5: 1}),
    "workers": (0, -1, 1.0, "2", 5000, True),
    "frontier": (None, -1, 21, 1.0, True),
    "trials": (0, -1, 1.0, "5"),
    "scenario": (-1, 1.0, "5"),
    **dict.fromkeys(("overrides", "options", "groups", "stresses", "bands", "grids", "where"), (None, 5, [5], b"x", {"a": 1})),
    **dict.fromkeys(("n", "seed"), (-1, 1e6, "1e6", [1], True)),
    "folder": (None, 5, ""),
    "keep_last": (None, 0, 1.5, "2", True),
    "first": (None, -1, 1e6, "5", [1], True),
    "uncertain": (None, 1, "no"),
    "outer": (None, 1e6, "5", [1], True),
    **dict.fromkeys(
        ("force", "split", "shapley", "learn", "whole", "everything", "budgeted", "dry_run", "variants"), (None, 1, "no")
    ),
    **dict.fromkeys(("progress", "notice"), (True, "bar")),
}
"""Of each argument, what it cannot be."""

RIGHT: dict[str, tuple[tuple[Any, Any], ...]] = {
    "n": ((None, None), (np.int64(5), 5)),
    "percentiles": ((97.5, (97.5,)), (["p2.5", 97.5], (2.5, 97.5)), (np.array([5.0]), (5.0,)), ((), ())),
    "near": (("p95", 95.0), ("P2.5", 2.5), (95, 95.0)),
    "percentile": (("p95", 95.0), (95, 95.0), (None, None)),
    "confidence": (("99.9 %", 0.999), (0.8, 0.8), (np.float32(0.5), 0.5)),
    "worst": (("1 %", 0.01), (0.2, 0.2)),
    "approved": (("6 MCNY", "6 MCNY"), (6e6, 6e6), (5, 5.0)),
    "at_most": (("6 MCNY", "6 MCNY"), (6e6, 6e6), (None, None)),
    "overrides": (("a.b=1", ("a.b=1",)), (["a.b=1"], ("a.b=1",)), ((each for each in ["x"]), ("x",))),
    "force": ((np.True_, True), (False, False)),
    "keep": (("all", "all"), (0, 0)),
}


def test_every_argument_of_every_function_has_a_reader_and_wrong_values_to_try() -> None:
    arguments = {name for function in FUNCTIONS for name in signature(getattr(simcost, function)).parameters}
    assert arguments == READERS.keys() == WRONG.keys()


@pytest.mark.parametrize(("name", "value", "read_as"), [(name, *each) for name, pairs in RIGHT.items() for each in pairs])
def test_what_an_argument_may_be_is_read(name: str, value: Any, read_as: Any) -> None:
    found = read(name, value)
    assert found == read_as
    assert type(found) is type(read_as)


ANNOTATED = {"Iterable": Iterable, "Sequence": Sequence, "Keep": Keep}
"""Names in annotations of arguments that are read."""

PLAIN = [(name, value) for name, pairs in RIGHT.items() for value, _ in pairs if not isinstance(value, (np.generic, Iterator))]
"""NumPy's numbers and iterators are taken too; who has types checked, converts them."""


def allows(annotation: str, value: Any) -> bool:
    """Whether a type checker would take a value for an argument annotated so; to it a text is a sequence of texts."""
    try:
        TypeAdapter(eval(annotation, ANNOTATED)).validate_python(value, strict=True)
    except ValidationError:
        return annotation == "Sequence[str]" and isinstance(value, str)
    return True


@pytest.mark.parametrize(("name", "value"), PLAIN)
def test_what_is_read_is_what_the_annotations_say(name: str, value: Any) -> None:
    functions = [signature(getattr(simcost, each)).parameters for each in FUNCTIONS]
    annotations = {found[name].annotation for found in functions if name in found}
    assert annotations
    assert [each for each in annotations if not allows(each, value)] == []


def test_an_annotation_that_lags_is_found() -> None:
    assert not allows("float | None", "90 %")
    assert not allows("Sequence[float]", 97.5)
    assert not allows("Keep", "some")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Here nothing runs: a wrong argument is refused before a file is opened."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def required(function: Callable[..., Any]) -> dict[str, Any]:
    """A file that does not exist for each path that a function needs, and a text for what else."""
    parameters = signature(function).parameters.values()
    return {each.name: "gone.h5" for each in parameters if each.default is Parameter.empty}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_wrong_argument_is_refused_in_one_line(folder: Path, name: str) -> None:
    function = getattr(simcost, name)
    for argument in signature(function).parameters:
        for value in WRONG[argument]:
            with pytest.raises(simcost.UsageError) as caught:
                function(**{**required(function), argument: value})
            said = str(caught.value)
            assert said.startswith(f"{argument} = "), said
            assert len(said.splitlines()) == 1, said
            assert len(said) < 200, said
    assert list(folder.iterdir()) == []


def test_a_right_argument_is_not_refused(folder: Path) -> None:
    """The negative control: with nothing wrong but the file, the file is told of."""
    for name in FUNCTIONS:
        function = getattr(simcost, name)
        with pytest.raises(simcost.SimcostError, match="gone"):
            function(
                **required(function),
                **({"replay": {"near": "p95"}, "prune": {"folder": "gone"}, "page": {"format": "md"}}.get(name, {})),
            )
    assert list(folder.iterdir()) == []


def test_a_percentage_without_its_sign_is_answered_with_what_is_meant() -> None:
    with pytest.raises(
        simcost.UsageError, match=r"^confidence = 90 is no share between 0 and 1\. Give it like 0\.9, or \"90 %\"\.$"
    ):
        read("confidence", 90)
    with pytest.raises(simcost.UsageError, match=r"of at most 0\.5\. Give it like 0\.01, or \"1 %\"\.$"):
        read("worst", 1)


def test_what_is_no_text_is_answered_with_one() -> None:
    with pytest.raises(simcost.UsageError, match=r'^between = \(5, 20\) is no text\. Give it like "9,16"\.$'):
        read("between", (5, 20))


@pytest.mark.parametrize(
    ("given", "said"),
    [({"schema": 1}, "is a dict, not the path of a file."), ("schema = 1\n[scenario]\n", "is a scenario, not the path of one.")],
)
def test_a_scenario_that_is_no_file_is_answered_with_how_to_write_one(given: Any, said: str) -> None:
    with pytest.raises(simcost.errors.UsageError, match=re.escape(said)) as caught:
        simcost.run(given)
    assert "\n" not in str(caught.value)
    assert 'pathlib.Path("scenario.toml").write_text(text)' in str(caught.value)


def test_arguments_without_their_names_are_told_what_to_do() -> None:
    with pytest.raises(simcost.UsageError, match=r"^compare\(\): too many .* Give files as one list, and all else by name\.$"):
        simcost.compare("ours.toml", "theirs.toml")
    with pytest.raises(simcost.UsageError, match=r"^run\(\): too many .* Give what follows by name, like n=1_000\.$"):
        simcost.run("ours.toml", 1000)


def test_a_long_value_is_cut() -> None:
    with pytest.raises(simcost.UsageError, match=r"^option = \['x{58}\.\.\. is no text"):
        read("option", ["x" * 1000])
    assert api.load is simcost.load


def test_an_unknown_or_a_missing_argument_is_told_with_the_known_ones() -> None:
    with pytest.raises(simcost.UsageError, match=r"^optimize\(\): .*'trails'\. Did you mean \"trials\"\?$"):
        simcost.optimize("a.toml", trails=3)
    with pytest.raises(simcost.UsageError, match=r"^sweep\(\): missing a required argument: 'grids'\.$"):
        simcost.sweep("a.toml")


@pytest.mark.parametrize(
    ("argument", "remedy"),
    [
        ("scenarios", "Give n=100_000."),
        ("set", "Give overrides=['inputs.gpus=12']."),
        ("view", "Give overrides='scenario.view=\"amortised\"'."),
    ],
)
def test_an_option_s_name_is_answered_with_the_parameter(argument: str, remedy: str) -> None:
    with pytest.raises(simcost.UsageError, match=rf"unexpected keyword argument '{argument}'\. {re.escape(remedy)}$"):
        simcost.run("a.toml", **{argument: "amortised"})
    with pytest.raises(simcost.UsageError, match="Known: force, format, output, path"):
        simcost.export("a.h5", "a.csv", **{argument: "amortised"})


def test_the_view_is_an_override() -> None:
    scenario = SCENARIOS / "small_shop.toml"
    assert simcost.load(scenario, overrides='scenario.view="amortised"').view == "amortised"
    assert simcost.load(scenario).view == "cash"


def test_what_is_no_list_of_texts_is_told_with_an_example() -> None:
    with pytest.raises(simcost.UsageError, match=r"Give for example \[\"inputs.gpus=12\"\]\.$"):
        read("overrides", {"inputs.gpus": 12})
