"""What Sobol' points and latin hypercubes gain: width of the 95 % interval beside that of as many random scenarios.

    python bench/sampling.py [--seeds 60]

Prints a table in Markdown: means over the seeds, of 65,536 scenarios and 16 replicates each; the README has a copy.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from simcost.analysis.estimates.intervals import ranks
from simcost.analysis.estimates.quantiles import quantiles
from simcost.compile.compiled import compile_scenario
from simcost.engine.preparation.backend import kernel_for
from simcost.scenario import load
from simcost_kernels.draws.sampling import Method, Sampling
from simcost_kernels.summaries.summary import BLOCK, Summary
from simcost_kernels.system.aligned import aligned_columns

ROOT = Path(__file__).parents[1]
MODELS = {
    ROOT / "tests" / "acceptance" / "lognormal_sum_10.toml": {("total", ""): "sum of ten lognormals"},
    ROOT / "scenarios" / "ecommerce_recommender.toml": {
        ("total", ""): "`ecommerce_recommender.toml`, total",
        ("line", "Operators"): "its operators: two inputs and a raise",
        ("line", "Incidents"): "its incidents: 12 rare events",
    },
}
METHODS: tuple[Method, ...] = ("sobol", "latin-hypercube")
PROBABILITIES = (0.5, 0.95, 0.99)


def ratios(path: Path, method: Method, wanted: dict[tuple[str, str], str], seeds: int) -> np.ndarray:
    """Mean width of each wanted column's intervals over that of the exact ones of random scenarios: (columns, 3)."""
    plan = replace(compile_scenario(load(path)).plan, sampling=Sampling(method))
    kernel, places = kernel_for(plan, "cpu"), [(group, label) for group, label, _ in plan.columns()]
    rows = [places.index(each) for each in wanted]
    out = aligned_columns(plan.n_columns, BLOCK)
    widths, random = np.zeros((2, len(rows), len(PROBABILITIES)))
    for seed in range(seeds):
        kernel.run(seed, 0, BLOCK, out)
        summary = Summary(len(rows), plan.sampling.sections)
        summary.add(0, out[rows])
        for row in range(len(rows)):
            widths[row] += [
                np.diff(np.array([each.low, each.high], dtype=float))[0] for each in quantiles(summary, row, PROBABILITIES)
            ]
            random[row] += [np.diff(summary.at_rank(row, np.array(ranks(BLOCK, p), dtype=np.int64)))[0] for p in PROBABILITIES]
    return widths / random


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=60)
    seeds = parser.parse_args().seeds
    heads = [f"P{100 * p:g}" for p in PROBABILITIES]
    print("| | " + " | ".join(f"{method}: {heads[0]} | {' | '.join(heads[1:])}" for method in METHODS) + " |")
    print("|---" * (1 + len(METHODS) * len(heads)) + "|")
    for path, wanted in MODELS.items():
        found = np.concatenate([ratios(path, method, wanted, seeds) for method in METHODS], axis=1)
        for name, row in zip(wanted.values(), found, strict=True):
            print(f"| {name} | " + " | ".join(f"{ratio:.2f}" for ratio in row) + " |")


if __name__ == "__main__":
    main()
