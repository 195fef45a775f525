"""How the future of a scenario is drawn: how many scenarios, by which method, and when they are enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost_kernels.draws.sampling import Method


@dataclass(frozen=True, slots=True)
class Stop:
    """When a run has drawn enough: as soon as half the 95 % interval of the total's ``percentile`` is ``relative`` of it."""

    percentile: float
    relative: float


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the future is drawn.

    Parameters
    ----------
    scenarios
        How many; at most so many where there is a ``stop``.
    replicates
        Independent replicates that the scenarios of a method other than ``random`` are dealt out to.
    """

    scenarios: int = 100_000
    seed: int = 1
    method: Method = "random"
    replicates: int = 16
    stop: Stop | None = None
