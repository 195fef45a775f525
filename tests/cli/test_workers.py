"""However many threads work on an answer, and whichever had which block: what they collect is merged to the same bits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simcost_kernels.summaries.summary import BLOCK

N = 2 * BLOCK + 8_192  # a block for each of three workers
COMMANDS = [
    ("run", "random"),
    ("compare --crossover inputs.gpus=5,10,20", "random"),
    ("compare --crossover inputs.gpus=5,10,20", "sobol"),
    ("drivers --shapley", "random"),
    ("stress --band gpu_price=P90", "random"),
    ("budget", "sobol"),
]


@pytest.mark.parametrize(("command", "method"), COMMANDS)
def test_three_workers_find_the_bits_that_one_finds(call, scenario: Path, command: str, method: str) -> None:
    text = scenario.read_text("utf-8")  # the option is dearer to enter, and is cheaper from some number of GPUs on
    option = '{ inputs.gpu_price = "7 to 8 CNY/GPU/hour", inputs.one = { value = 20, unit = "CNY" } }'
    scenario.write_text(text.replace('{ inputs.gpu_price = "7 to 11 CNY/GPU/hour" }', option), "utf-8")
    words = ("--set", f"sampling.method={method}", "-n", N, "--backend", "reference", "--json", "-q")

    def figures(*more: str) -> dict:
        said = call(*command.split(), scenario, *words, *more)
        assert said.exit_code in (0, 3), said.stderr  # 3: the gate of `budget`
        return {key: each for key, each in json.loads(said.stdout).items() if key != "run"}  # has seconds, seed and path

    alone = figures("--workers", "1")
    assert figures("--workers", "3") == alone
    assert figures("--workers", "1", "--seed", "8") != alone  # negative control
