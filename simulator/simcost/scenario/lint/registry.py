"""The table of rules: code, severity, what it finds, and the function that does.

Codes: SC1 distributions, SC2 time, SC3 structure, SC4 accounting, SC5 precision. An ``error`` cannot be meant, a ``warning`` is
probably a mistake, a ``note`` is worth a thought. A code stays with its rule for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simcost.scenario.lint import accounting, distributions, precision, structure, time, unused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simcost.scenario.lint.model import Model
    from simcost.scenario.problems import Finding

Severity = Literal["error", "warning", "note"]


PREPAID = "SC409"
"""The rule that a comparison asks by itself: by what is paid, what lasts looks dearer than what is rented."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``title`` says what it finds."""

    code: str
    severity: Severity
    title: str
    check: Callable[[Model], Iterator[Finding]]


RULES: tuple[Rule, ...] = (
    Rule("SC101", "warning", "a price or a count that may be negative", distributions.negative),
    Rule("SC102", "warning", "a lognormal over two orders of magnitude", distributions.wide),
    Rule("SC103", "warning", "a distribution that is as good as certain", distributions.certain_in_all_but_name),
    Rule("SC104", "error", "a share or a probability above one", distributions.above_one),
    Rule("SC105", "warning", "machines at full utilization", distributions.full_utilization),
    Rule("SC106", "note", "uncertain inputs without a source", distributions.without_source),
    Rule("SC107", "warning", "nothing is uncertain", distributions.nothing_uncertain),
    Rule("SC108", "warning", "a price or a count below zero", distributions.below_zero),
    Rule("SC109", "warning", "a rate above one without a percent sign", distributions.without_percent),
    Rule("SC201", "warning", "a lasting error that is drawn afresh each month", time.redrawn_each_month),
    Rule("SC202", "warning", "a normal growth rate that compounds for years", time.compounding),
    Rule("SC203", "note", "a year of traffic without a season", time.no_season),
    Rule("SC204", "warning", "a festival outside the run", time.festival_outside),
    Rule("SC205", "note", "discounting without inflation", time.discounted_without_inflation),
    Rule("SC206", "warning", "hours of a month written by hand", time.hours_by_hand),
    Rule("SC207", "warning", "pay that rises by its raise and by inflation too", time.raised_and_inflated),
    Rule("SC301", "warning", "an input that nothing uses", unused.unused_inputs),
    Rule("SC302", "warning", "a driver that nothing uses", unused.unused_drivers),
    Rule("SC303", "warning", "names that differ in case only", structure.alike_names),
    Rule("SC304", "warning", "labels that differ in case only, added up apart", structure.alike_labels),
    Rule("SC305", "warning", "prices of one thing drawn independently", structure.independent_prices),
    Rule("SC306", "warning", "a probability multiplied by its impact", structure.expected_value_as_cost),
    Rule("SC307", "warning", "a formula that is charged twice", structure.same_line_twice),
    Rule("SC308", "warning", "a series, a festival, a factor, a currency or a pool that nothing uses", unused.unused_parts),
    Rule("SC309", "warning", "an option that changes nothing", unused.idle_options),
    Rule("SC401", "note", "a salary without its social cost", accounting.pay_without_social_cost),
    Rule("SC402", "note", "machines that are bought and rented", accounting.bought_and_rented),
    Rule("SC403", "warning", "a peak that is met by mean provisioning", accounting.peak_served_by_mean),
    Rule("SC404", "note", "GPUs without storage, network or people", accounting.incomplete),
    Rule("SC405", "warning", "money without a unit", accounting.money_without_unit),
    Rule("SC406", "note", "a budget without a confidence", accounting.budget_without_confidence),
    Rule("SC407", "warning", "a recurring cost that is paid once", accounting.recurring_once),
    Rule("SC408", "warning", "a festival that a pool is not sized for", accounting.festival_below_peak),
    Rule(PREPAID, "note", "what is paid for in advance and outlasts the run", accounting.paid_beyond_the_run),
    Rule("SC410", "warning", "what is bought at once, in a number that moves", accounting.bought_as_it_moves),
    Rule("SC411", "warning", "a part of a peak that nobody provisions or pays", accounting.elastic_unpaid),
    Rule("SC412", "warning", "a use that two parts pay for", accounting.committed_twice),
    Rule("SC501", "note", "too few scenarios for P99", precision.too_few_scenarios),
    Rule("SC502", "warning", "a tail beyond the reach of the run", precision.tail_beyond_reach),
)
"""In the order of their codes."""
