"""Replicates whose points depend on each other by design, and how many intervals of theirs must hold the truth."""

import numpy as np

from simcost_kernels.summaries.sections import section_numbers

SECTIONS = 16
N = SECTIONS * 512
NUMBERS = section_numbers(0, N, SECTIONS)
SEEDS = 400
LEAST = 0.95 * SEEDS - 4.5 * (SEEDS * 0.95 * 0.05) ** 0.5
"""Intervals of 95 % that hold the truth at least, by 4.5 standard errors of their number."""


def hypercubes(rng: np.random.Generator, dimensions: int = 1) -> np.ndarray:
    """Uniforms, float64 (dimensions, N): each replicate has one in each of its strata, in every dimension."""
    size = N // SECTIONS
    u = np.empty((dimensions, N))
    for row in u:
        for section in range(SECTIONS):
            row[section == NUMBERS] = (rng.permutation(size) + rng.random(size)) / size
    return u
