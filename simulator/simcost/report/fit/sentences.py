"""What speaks against a fit, and how to read it, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.analysis.fitting.distribution_fit import CONTRADICTED, EMPIRICAL
from simcost.report.parts.money import percent
from simcost.report.parts.number import number
from simcost.scenario.months import month_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.fitting.distribution_fit import DistributionFit
    from simcost.analysis.fitting.serial_dependence import SerialDependence
    from simcost.analysis.fitting.series_fit import SeriesFit
    from simcost.report.fit.answer import FitReport
    from simcost.scenario.distributions.observations import Observations

ENOUGH_FOR_P95 = 72
"""Values from which on an order statistic bounds their P95 from above: 1 - 0.95^n is 0.975."""

SEEN_BELOW_ZERO = 0.001
"""Probability below zero that is told where no value is."""

STRONG = 0.3
"""Correlation of two estimates that is told."""

INDEPENDENT = 0.05
"""p-value of the Ljung-Box test below which values, or what is left of months, follow each other."""


def fit_warnings(report: FitReport) -> Iterator[str]:
    """What speaks against the lines that are printed."""
    yield from report.data.warnings
    if report.distribution is not None:
        yield from _of_distribution(report, report.distribution)
    if report.series is not None:
        yield from _of_series(report.data, report.series)


def _of_distribution(report: FitReport, found: DistributionFit) -> Iterator[str]:
    if found.serial is None:
        yield "The rows are sorted by value: whether they followed each other in time cannot be told."
    elif depends(found.serial):
        yield (
            f"The values follow each other: the correlation of each with the next is {found.serial.next:.2f}, and beyond "
            f"±{found.serial.bound:.2f} for one column of independent values in twenty. If the rows are in the order of time, a "
            f"distribution drawn anew is the wrong model: give `month`, and take the series."
        )
    yield from _of_the_family(found)
    for each in found.outliers:
        line = report.data.lines[each.place]
        yield (
            f"One value decides: {number(each.value)} in line {line} is no draw of the {found.chosen} fitted to the others, "
            f"whose P95 is {number(each.p95_without)}."
        )
    if found.percentiles[2].high is None:
        yield _of_the_tail(found)
    if found.distinct < found.n / 2:
        yield f"Only {found.distinct:,} of {found.n:,} values differ: they are rounded or counts, and the p-values are too small."


def depends(serial: SerialDependence) -> bool:
    """Whether values are taken to follow each other: both tests say so."""
    return abs(serial.next) > serial.bound and serial.p_value < INDEPENDENT


def _of_the_family(found: DistributionFit) -> Iterator[str]:
    taken = found.taken
    if taken is None:
        if not any(each.fits for each in found.candidates):
            yield f"No family fits, each has p < {CONTRADICTED:g}: the values themselves are taken, and nothing beyond them."
        return
    if not taken.fits:
        yield f"The values contradict the {taken.family}: {probability(taken.p_value)}."
    if taken.below_zero > SEEN_BELOW_ZERO and found.lowest > 0.0:
        yield f"{percent(taken.below_zero)} of the {taken.family} lies below zero, where no value is."


def _of_the_tail(found: DistributionFit) -> str:
    few = f"{found.n} values do not bound their own P95 from above, which takes {ENOUGH_FOR_P95}"
    if found.taken is None:
        return f"{few}: costs above {number(found.percentiles[2].value)} are hardly drawn."
    return f"{few}: it rests on the {found.chosen}, of which it is {number(found.taken.p95.value)}, {interval(found.taken.p95)}."


def _of_series(data: Observations, found: SeriesFit) -> Iterator[str]:
    if found.taken.residual_p_value < INDEPENDENT:
        yield (
            f"What is left of the months is not chance alone (Ljung-Box {probability(found.taken.residual_p_value)}): a step, a "
            f"festival or a change of growth is in them, which `simcost fit` does not look for."
        )
    for place in found.outlying:
        which = f"{month_name(data.months[place])} ({number(data.values[place])}, line {data.lines[place]})"
        yield f"{which} goes with no other month: is it right, and complete?"
    if 2 * found.taken.inside < found.held_out:
        yield f"The back-test failed: {back_test(found)}."


def fit_notes(report: FitReport) -> Iterator[str]:
    """How to read the evidence."""
    if report.unit == "1":
        yield 'No unit was given: it is a pure number. Give it like `unit="CNY/GPU/hour"`.'
    if report.distribution is not None:
        yield from _notes_of_distribution(report, report.distribution)
    if report.series is not None:
        yield from _notes_of_series(report.series)


def _notes_of_distribution(report: FitReport, found: DistributionFit) -> Iterator[str]:
    yield (
        "AICc: the less the better, and within 2 as good; p: how often values of that family lie as far from their fit; P95 has "
        "its 95 % interval, of a family if it is the right one."
    )
    if found.alike:
        others = ", ".join(f"{each.family} (P95 {number(each.p95.value)})" for each in found.alike)
        yield f"As good as the {found.chosen}: {others}."
    if found.serial is not None:
        next_one = f"{found.serial.next:+.2f}, bound ±{found.serial.bound:.2f}"
        test = f"Ljung-Box {probability(found.serial.p_value)} to lag {found.serial.lags}"
        yield f"Correlation of each value with the next, by ranks: {next_one}; {test}."
    if found.chosen == EMPIRICAL and report.data.plain:
        yield f"{report.data.file} has to be in the scenario's folder."
    if report.uncertain and found.taken is not None and abs(found.taken.correlation) > STRONG:
        pair = " and ".join(name for name, _ in found.taken.parameters[-2:])
        rho = f"{found.taken.correlation:+.2f}"
        yield f"The estimates of {pair} are correlated by {rho}; `simcost uncertainty` draws them independently."


def _notes_of_series(found: SeriesFit) -> Iterator[str]:
    chance = probability(found.walk_p_value)
    if found.wanders:
        yield f"Volatility is taken: months that wander look as much like noise about a line ({chance}), whose band is narrower."
    else:
        yield f"Noise about growth is taken: months that wander would hardly look like it ({chance})."
    if found.season_p_value is None:
        yield "Seasons need each month of the calendar twice, in two full years: none are told."
    else:
        told = "are" if found.seasonal else "are not"
        yield f"Seasons {told} told apart from chance (F test, {probability(found.season_p_value)})."
    yield (
        f"Back-test: each form was fitted to all but the last {found.held_out} months; 90 % of these should lie within its P5 to "
        "P95, but neighbours err together."
    )


def back_test(found: SeriesFit) -> str:
    """How many of the months held out were forecast."""
    held_out = f"{found.taken.inside} of the last {found.held_out} months"
    return f"{held_out} are within P5 to P95 of what the months before them say"


def probability(p_value: float) -> str:
    """``p = 0.031``, or ``p < 0.001``."""
    return f"p = {p_value:.3f}" if p_value >= 0.001 else "p < 0.001"


def interval(estimate: Estimate) -> str:
    """``14.2 to 17.1`` in 95 %."""
    low, high = (number(each) if each is not None else "?" for each in (estimate.low, estimate.high))
    return f"{low} to {high} (95 % interval)"
