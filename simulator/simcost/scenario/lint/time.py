"""Rules on time: how long draws hold, growth, seasons, festivals, hours."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from simcost.scenario.blocks.festivals import days_before
from simcost.scenario.blocks.inflation import index_of
from simcost.scenario.blocks.writing.writer import ONE_DAY
from simcost.scenario.distributions.canonical import Constant, Normal, StudentT
from simcost.scenario.lint.model import TIMES, named, place_of, powers, priced_things
from simcost.scenario.months import MONTHS_A_YEAR
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from simcost.scenario.lint.model import Model
    from simcost.scenario.scenario import Input

GROWTH = ("growth", "inflation", "raise", "increase", "增长", "增长率", "通胀")

MONTHLY_SPREAD = 0.3
"""P95 - P5 over the median from which independent draws of each month are told: twelve of them leave 0.09 of the sum."""

COMPOUNDED = 3.0
"""Ratio of what growth at its P95 and at its P5 comes to at the end."""

LATE = 0.999
"""Probability of a date or length that is late or long enough to count with."""

LONG_MONTHS = 36

TRAFFIC = ("request", "query", "visit", "user", "session", "page", "order", "click", "impression", "call", "message", "hit")

HOURS_A_YEAR = 8760.0

HOURS = re.compile(r"(?<![\w.])(720|730|744|8_?760|24 *\* *30|30 *\* *24|365 *\* *24|24 *\* *365)(?![\w.])")


def redrawn_each_month(model: Model) -> Iterator[Finding]:
    """Find wide prices and growth rates that are drawn afresh each month: errors that last do not cancel out."""
    tied = {name for pair in model.scenario.correlations for name in pair.between}
    for each in model.uncertain:
        lasting = (priced_things(each) and not named(each, "spot")) or named(each, *GROWTH)
        if each.draw != "month" or not lasting or each.name in tied or model.scenario.months < 6:
            continue
        low, middle, high = (each.distribution.quantile(p) for p in (0.05, 0.5, 0.95))
        if high - low > MONTHLY_SPREAD * abs(middle):
            what = f"each month draws its own, so {model.scenario.months} months cancel out and the band is far too narrow"
            yield Finding(
                (*place_of(each), "draw"), what, 'Hold one draw: draw = "run" or "year"; or make it a [series] that wanders.'
            )


def compounding(model: Model) -> Iterator[Finding]:
    """Find normal growth rates, drawn once, that over years become anything."""
    years = model.scenario.months / MONTHS_A_YEAR
    for each in model.uncertain:
        rate = named(each, *GROWTH) and all(base in TIMES for base in powers(each))
        if model.scenario.months < LONG_MONTHS or not rate or not isinstance(each.distribution, Normal | StudentT):
            continue
        scale = _a_year(each)
        low, high = (1.0 + each.distribution.quantile(p) * scale for p in (0.05, 0.95))
        if each.draw == "run" and low > 0 and years * math.log(high / low) > math.log(COMPOUNDED):
            ratio = math.exp(min(years * math.log(high / low), 700.0))
            what = f"over {years:.3g} years P95 comes to {ratio:.2g} times P5: wide for a rate that holds"
            yield Finding(place_of(each), what, 'Draw it each year: draw = "year"; or let a [series] revert to its mean.')


def _a_year(each: Input) -> float:
    """Return the factor that makes a rate one of a year; a pure number is one already."""
    found = powers(each)
    return float(each.unit.scale) * (1.0 if not found else HOURS_A_YEAR if TIMES[0] in found else float(MONTHS_A_YEAR))


def no_season(model: Model) -> Iterator[Finding]:
    """Find a year of traffic in which every month is alike."""
    seasonal = any(block.get("season") or block.get("history") or block.get("expert") for _, block in model.blocks("series"))
    if model.scenario.months < MONTHS_A_YEAR or seasonal or "festivals" in model.data or model.mentions(r"\bcalendar_month\b"):
        return
    if model.mentions(r"season|festival|\bmonth\s*==|节|季"):
        return
    thing = rf"({'|'.join(TRAFFIC)})s?(/user)?/(s|second|minute|hour|day|month)\b"
    for place, block in model.blocks("series"):
        if re.search(thing, str(block.get("start", ""))):
            yield _alike(model, (*place, "start"))
            return
    for each in model.inputs:
        if re.search(thing, each.unit.text):
            yield _alike(model, place_of(each))
            return


def _alike(model: Model, place: tuple[str | int, ...]) -> Finding:
    what = f"{model.scenario.months} months of traffic without a season: peaks decide how many machines are needed"
    return Finding(place, what, "Give a [series] twelve factors of season, or [[festivals]].")


def festival_outside(model: Model) -> Iterator[Finding]:
    """Find festivals in months that the run does not have."""
    scenario = model.scenario
    covered = {(scenario.start[1] - 1 + place) % MONTHS_A_YEAR + 1 for place in range(scenario.months)}
    for place, block in model.blocks("festivals"):
        if block.get("month") not in covered and not _runs_into(model, block):
            months = f"from month {scenario.start[1]} on" if scenario.months > 1 else f"month {scenario.start[1]}"
            what = f"it begins in calendar month {block.get('month')}, and the run has {scenario.months} {months}"
            yield Finding((*place, "month"), what, "Remove it, or run the months that it falls in.")


def _runs_into(model: Model, block: Mapping[str, Any]) -> bool:
    """Whether a festival that begins before the run may last into it; of days that are a formula nothing is known."""
    name = identifier_of(str(block["name"]))
    its = [each for each in model.scenario.inputs if each.name in (f"{name}_window", f"{name}_starts", ONE_DAY)]
    days = {each.name: each.distribution.quantile(LATE) * float(each.unit.scale) for each in its}
    window = days.get(f"{name}_window", math.inf) / days[ONE_DAY]
    return window + days.get(f"{name}_starts", 1.0) - 1 > days_before(model.scenario.start, block["month"])


def discounted_without_inflation(model: Model) -> Iterator[Finding]:
    """Find present values of prices that never rise: a nominal rate beside real prices."""
    rising = "inflation" in model.data or model.mentions(r"inflation|raise|通胀") or any(model.blocks("series"))
    if "discounting" in model.data and model.scenario.months > MONTHS_A_YEAR and not rising:
        what = "later payments are discounted, and no price rises: a nominal rate beside prices of today"
        yield Finding(("discounting",), what, "Add [inflation], or give the real rate.")


def raised_and_inflated(model: Model) -> Iterator[Finding]:
    """Find pay that rises by a raise of its own, and by the index of prices as well."""
    for place, block in model.blocks("staff"):
        if "raise" in block and "index" not in block and index_of(block.get("category", "staff"), model.data.get("inflation")):
            what = "pay rises by this, and by [inflation] once more"
            remedy = 'Give what it rises beyond the index; or write index = "1" in the block, so that [inflation] leaves it out.'
            yield Finding((*place, "raise"), what, remedy)


def hours_by_hand(model: Model) -> Iterator[Finding]:
    """Find hours of a month or a year that are written as a number."""
    charges = {cost.name: cost.charge for cost in (*model.scenario.costs, *model.scenario.other_costs)}
    lines = enumerate(model.data.get("cost", ()))
    by_the_hour = {("cost", position, "amount") for position, line in lines if charges.get(str(line.get("name"))) == "hours"}
    for place, text in model.formulas():
        found = HOURS.search(text)
        if found and place in by_the_hour and not text[: found.start()].rstrip().endswith("/"):
            what = f"the amount is charged for the hours of each month already, and {found[0]} multiplies it once more"
            yield Finding(place, what, f"Leave out {found[0]}.", offset=found.start())
        elif found:
            what = f"{found[0]} hours stand for a month or a year, and months have 672 to 744"
            remedy = "Write hours: those of each month; or charge a rate per hour, every = month."
            yield Finding(place, what, remedy, offset=found.start())
    for each in model.inputs:
        if isinstance(each.distribution, Constant) and each.distribution.value in (720.0, 730.0, 8760.0) and named(each, "hours"):
            what = f"{each.distribution.value:g} stands for the hours of a month or a year"
            yield Finding(place_of(each), what, "Write hours in the formula: those of each month.")
