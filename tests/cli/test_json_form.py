"""Every document that a command prints speaks one language: one form of a figure, one form for each name."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from click import Context
from click.testing import CliRunner

import simcost
from simcost.cli.root import COMMANDS as ALL
from simcost.cli.root import root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCENARIO = """
schema = 1

[scenario]
name     = "Everything"
currency = "CNY"
start    = "2027-01"
months   = 2

[sampling]
scenarios = 1000
seed      = 7

[inputs]
traffic = "900 to 2_400 request/s"
each    = "40 request/s/GPU"
price   = { normal = { mean = "9 to 12", sd = 1 }, unit = "CNY/GPU/hour" }
gpus    = "20 GPU"

[[cost]]
name     = "Rent"
category = "compute"
owner    = "search"
amount   = "gpus * price"

[[cost]]
name     = "On demand"
category = "overflow"
stage    = "deployment"
amount   = "max(traffic / each - gpus, 0) * 2 * price"

[[pool]]
name    = "serving"
devices = "ceil(traffic / each)"

[options.cheap]
set = { inputs.price = "6 to 9 CNY/GPU/hour" }

[stress.surge]
band = { traffic = "P90 to P100" }

[budget]
approved   = "900_000 CNY"
confidence = 0.8

[optimize]
minimise = "mean"

[[optimize.decision]]
set  = "inputs.gpus"
from = "0 GPU"
to   = "60 GPU"
step = "20 GPU"

[[optimize.limit]]
name    = "tail"
figure  = "cvar95"
at_most = "9_000_000 CNY"
"""

QUICK = ("--backend", "reference", "-q", "--json")

COMMANDS = {
    "run": ("run", "all.toml", "-o", "all.h5", "--force", *QUICK),
    "run of few scenarios": ("run", "all.toml", "-n", "10", "-o", "few.h5", *QUICK),
    "show": ("show", "all.h5", "--percentiles", "2.5", "--json"),
    "budget": ("budget", "all.toml", *QUICK),
    "budget of a result": ("budget", "all.h5", "--approved", "1_000_000 CNY", "-q", "--json"),
    "variance": ("variance", "billed.toml", *QUICK),
    "variance that learns": ("variance", "billed.toml", "--learn", *QUICK),
    "compare": ("compare", "all.toml", "--crossover", "inputs.gpus=10,20,30", *QUICK),
    "drivers": ("drivers", "all.toml", "--shapley", *QUICK),
    "stress": ("stress", "all.toml", *QUICK),
    "sweep": ("sweep", "all.toml", "inputs.gpus=10,20", *QUICK),
    "seek": ("seek", "all.toml", "inputs.each", "--between", "20,80", *QUICK),
    "optimize": ("optimize", "all.toml", "--trials", "5", *QUICK),
    "uncertainty": ("uncertainty", "all.toml", "--outer", "20", "-n", "200", *QUICK),
    "replay": ("replay", "all.h5", "--near", "p95", "-q", "--json"),
    "verify": ("verify", "all.h5", "-q", "--json"),
    "validate": ("validate", "all.toml", "--json"),
    "lint": ("lint", "all.toml", "--json"),
    "compile": ("compile", "all.toml", "--json"),
    "prune": ("prune", "results", "--json"),
    "fit": ("fit", "data.csv", "--column", "price", "--json"),
    "fit of a series": ("fit", "data.csv", "--column", "price", "--month", "month", "--json"),
    "doctor": ("doctor", "--json"),
}

FIGURE = {"value", "low", "high"}

TOLD_AS_NUMBERS_TOO = {
    "mean": "of a distribution, beside sd, min and max",
    **dict.fromkeys(("p5", "p10", "p50", "p80", "p90", "p95", "p99", "probability_within"), "of one draw in uncertainty's lists"),
}
"""Names of figures that are plain numbers somewhere, and where."""

SUPERSEDED = {"cvar", "spearman", "excluded", "within"}
"""What was called cvar95 or cvar_for_confidence, rank_correlation, non_finite, probability_within in other documents."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (folder := tmp_path_factory.mktemp("documents")).joinpath("all.toml").write_text(SCENARIO, encoding="utf-8")
    folder.joinpath("billed.toml").write_text(f'{SCENARIO}[actuals]\nfile = "bills.csv"\n', encoding="utf-8")
    folder.joinpath("bills.csv").write_text("month,line,amount\n2027-01,Rent,160000\n", encoding="utf-8")
    folder.joinpath("results").mkdir()
    rows = (f"2026-{month:02d},{price}\n" for month, price in enumerate((9, 12, 11, 14, 10, 13, 12, 15, 11, 13, 16, 12), start=1))
    folder.joinpath("data.csv").write_text("month,price\n" + "".join(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def documents(folder: Path) -> dict[str, Any]:
    """What every command prints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return {name: printed(*words) for name, words in COMMANDS.items()}


def printed(*words: str) -> Any:
    done = CliRunner().invoke(root, words, prog_name="simcost")
    assert done.exit_code == 0, (words, done.stderr)
    return json.loads(done.stdout)


def timeless(document: Any) -> Any:
    """Return a document without the seconds that its run took."""
    if isinstance(document, dict):
        return {name: timeless(each) for name, each in document.items() if name != "seconds"}
    return [timeless(each) for each in document] if isinstance(document, list) else document


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value of a document at any depth with its path; elements of a list have the path of the list."""
    yield path, value
    if isinstance(value, dict):
        for name, each in value.items():
            yield from walk(each, f"{path}/{name}")
    elif isinstance(value, list):
        for each in value:
            yield from walk(each, path)


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


def strange_figures(document: Any) -> list[str]:
    """Paths of what has an end of an interval and is no figure, and of ends that stand beside their figure under other names."""
    return [
        path
        for path, value in walk(document)
        if name_of(path).endswith(("_low", "_high"))
        or (isinstance(value, dict) and value.keys() & {"low", "high"} and (value.keys() != FIGURE or value["value"] is None))
    ]


def forms(documents: dict[str, Any]) -> dict[str, dict[bool, list[str]]]:
    """Of each name, where it is a figure and where it is something else; null is either, and lists are what they hold."""
    found: dict[str, dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for command, document in documents.items():
        for path, value in walk(document, command):
            if value is not None and not isinstance(value, list):
                found[name_of(path)][isinstance(value, dict) and value.keys() == FIGURE].append(path)
    return found


def test_every_command_that_has_json_is_walked() -> None:
    walked = {words[0] for words in COMMANDS.values()}
    have = {name for name in ALL if any("--json" in each.opts for each in root.get_command(Context(root), name).params)}
    assert walked == have


def test_the_document_of_an_answer_in_python_is_what_its_command_prints(
    documents: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    answers = {
        "show": simcost.show("all.h5", percentiles=(2.5,)),
        "sweep": simcost.sweep("all.toml", "inputs.gpus=10,20", backend="reference"),
        "stress": simcost.stress("all.toml", backend="reference"),
        "budget": simcost.budget("all.toml", backend="reference"),
        "verify": simcost.verify("all.h5"),
        "fit": simcost.fit("data.csv", column="price"),
    }
    printed = {name: timeless(documents[name]) for name in answers}
    assert {name: timeless(answer.document()) for name, answer in answers.items()} == printed


def test_a_figure_with_an_interval_is_an_object_of_value_low_and_high(documents: dict[str, Any]) -> None:
    assert {command: strange_figures(document) for command, document in documents.items() if strange_figures(document)} == {}


def test_a_name_that_is_a_figure_somewhere_is_one_everywhere(documents: dict[str, Any]) -> None:
    both = {name: where for name, where in forms(documents).items() if where[True] and where[False]}
    assert {name: where[False] for name, where in both.items() if name not in TOLD_AS_NUMBERS_TOO} == {}
    assert both.keys() == TOLD_AS_NUMBERS_TOO.keys()


def test_no_document_has_a_superseded_name(documents: dict[str, Any]) -> None:
    assert {name_of(path) for document in documents.values() for path, _ in walk(document)} & SUPERSEDED == set()


def test_ends_without_a_figure_or_beside_it_are_noticed() -> None:
    flat = {"total": {"p95": 1.0, "p95_low": 0.5, "p95_high": 2.0}, "share": {"low": 0.0, "high": 1.0}}
    assert strange_figures(flat) == ["/total/p95_low", "/total/p95_high", "/share"]
    assert strange_figures({"p95": {"value": 1.0, "low": None, "high": 2.0}, "p99": None}) == []
    assert forms({"a": {"p95": 1.0}, "b": {"p95": [{"value": 1.0, "low": None, "high": 2.0}]}})["p95"] == {
        True: ["b/p95"],
        False: ["a/p95"],
    }
