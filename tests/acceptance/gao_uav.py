"""The additive, independent model of GAO's cost guide: sums of triangular costs, exact by convolution."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).parent
FILE = HERE / "gao_uav.toml"
CASES = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
TRIANGLES = CASES["gao_uav"]["inputs"]["triangular kUSD (low, mode, high)"]
STEP = 2.0  # kUSD; a cell adds a third of a kUSD squared to a variance of 2e7
CELLS = 1 << 16


def total_of(marginals: Iterable[tuple[Callable[[np.ndarray], np.ndarray], float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle of each cell of the sum, kUSD, and its probability.

    Parameters
    ----------
    marginals
        Of each addend its distribution function and the ends of what it can be.
    """
    start, spectrum = 0.0, np.ones(CELLS // 2 + 1, dtype=complex)
    for cdf, low, high in marginals:
        start += low + STEP / 2
        spectrum = spectrum * np.fft.rfft(np.diff(cdf(np.arange(low, high + STEP, STEP))), CELLS)
    return start + STEP * np.arange(CELLS), np.fft.irfft(spectrum, CELLS)
