"""What each answer takes, from the shell: budget, compare, drivers, stress, optimize and the rest on the benchmark model.

    python bench/answers.py [-n 1_000_000] [--repeats 3] [--record]

Whole processes that take turns; the unmeasured first round of each compiles its kernels. A command that this version lacks
is left out.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from measure import SCENARIO, in_a_line, machine, parser, whole_number, write_record
from whole_process import PACKAGES, interleaved, simcost, table

from simcost.cli.root import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

DECISIONS = """
[optimize]
minimise = "p95"

[[optimize.decision]]
set  = "inputs.committed_gpus"
from = "0 GPU"
to   = "400 GPU"
step = "10 GPU"
"""
"""What is decided of the benchmark model, which itself decides nothing."""

BANDS = ("--band", "gpu_price=P90 to P100", "--band", "opening_users=P90 to P100")
"""Its stresses."""


def commands(n: int, folder: Path) -> dict[str, list[str]]:
    """Return the commands by what the table calls them."""
    deciding, result = folder / "deciding.toml", folder / "result.h5"
    deciding.write_text(SCENARIO.read_text("utf-8") + DECISIONS, "utf-8")
    count = ("-n", str(n), "-q")
    scenario = str(SCENARIO)
    wanted = {
        "run": ("run", scenario, *count, "-o", str(result), "--force"),
        "budget": ("budget", scenario, *count),
        "compare, two options": ("compare", scenario, *count),
        "drivers, 45 inputs": ("drivers", scenario, *count),
        "stress, two bands": ("stress", scenario, *BANDS, *count),
        "sweep, five values": ("sweep", scenario, "inputs.committed_gpus=100,150,200,250,300 GPU", *count),
        "optimize, one decision": ("optimize", str(deciding), *count),
        "replay": ("replay", str(result), "--near", "p95"),
        "verify": ("verify", str(result)),
    }
    return {name: simcost(*arguments) for name, arguments in wanted.items() if arguments[0] in COMMANDS}


def measured(n: int, repeats: int) -> Mapping[str, object]:
    """Run everything; return what a record holds."""
    with tempfile.TemporaryDirectory() as name:
        costs = interleaved(commands(n, Path(name)), repeats)
    table(costs)
    return {"machine": machine(PACKAGES), "scenarios": n, "costs": {name: asdict(cost) for name, cost in costs.items()}}


def main() -> None:
    options = parser(__doc__, repeats=3)
    options.add_argument("-n", "--scenarios", type=whole_number, default=1_000_000)
    chosen = options.parse_args()
    print(in_a_line(machine(PACKAGES)))
    found = measured(chosen.scenarios, chosen.repeats)
    if chosen.record:
        write_record("answers", dict(found))


if __name__ == "__main__":
    main()
