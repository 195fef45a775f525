"""What bills of closed months tell of the open ones: the forecast, its categories and the inputs, given the bills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.statistics import Statistics

MOST = 1 << 17
"""Scenarios that are learned from, at most."""

UNLIKELY = 0.01
"""Share of the plan's scenarios with bills as unusual below which the model is doubted."""

SLACK = 0.02
"""Share of a cost by which a bill may lie beyond all scenarios: twice the standard deviation of its error."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A number by the model alone and given the bills.

    Parameters
    ----------
    group, name
        ``total``, ``rest`` (of the open months), ``category``, ``stage``, ``owner`` or ``input``; the first two have no name.
    unit
        Of an input; else the currency.
    before, after
        Without what the bills tell, and with it.
    explained
        Share of its variance, in normal scores, that the bills predict.
    effective
        How many independent scenarios tell as much as the weighted ones.
    probability_within
        Given the bills, that it is at most the sum approved for it; None where none is.
    sum_for_confidence
        Given the bills, the sum that keeps it within with the wanted probability of the budget; None where none is approved.
    """

    group: str
    name: str
    unit: str
    before: Statistics
    after: Statistics
    explained: float
    effective: float
    probability_within: Estimate | None = None
    sum_for_confidence: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A part whose bills no scenario of the plan has, or hardly any.

    Parameters
    ----------
    group, name
        ``line``, ``category`` or ``total``.
    actual
        What was billed to date.
    low, high
        The least and the most that it was to cost to date; what was billed may lie between them, and move otherwise.
    surprise
        Share of the scenarios in which its months are at least as unusual.
    """

    group: str
    name: str
    actual: float
    low: float
    high: float
    surprise: Estimate

    @property
    def is_learned_from(self) -> bool:
        """Whether it was billed what it costs in some scenarios, if in other months."""
        slack = SLACK * max(abs(self.low), abs(self.high))
        return self.low - slack <= self.actual <= self.high + slack


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learned from bills.

    Parameters
    ----------
    total, rest
        The whole run, and its open months; the bills themselves are in both forms of the total.
    parts
        Every category, the stages and owners where some have approved sums of their own, and what has sums by period.
    inputs
        Those that bills tell something of, the one whose median has moved most first.
    scenarios
        Learned from; those with an infinite or undefined number are left out.
    non_finite
        How many these are.
    surprise
        Share of the plan's scenarios whose bills would be at least as unusual, all parts and months together; None where nothing
        that was billed varies.
    unexplained
        Parts that the model does not explain.
    """

    total: Learned
    rest: Learned
    parts: tuple[Learned, ...]
    inputs: tuple[Learned, ...]
    scenarios: int
    non_finite: int
    surprise: Estimate | None
    unexplained: tuple[Unexplained, ...]

    @property
    def is_unlikely(self) -> bool:
        """Whether the model hardly explains the bills."""
        return self.surprise is not None and self.surprise.value < UNLIKELY
