"""Rules on single distributions: what they allow, how far they reach, where they come from."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from simcost.scenario.distributions import canonical as d
from simcost.scenario.lint.model import TIMES, is_price, named, place_of, powers
from simcost.scenario.problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from simcost.scenario.lint.model import Model
    from simcost.scenario.problems import Place
    from simcost.scenario.scenario import Input

NEGATIVE = 1e-3
"""Probability below zero from which it is told: one scenario in a thousand."""

ABOVE_ONE = 0.01
"""Probability above one from which it is told."""

DECADES = 2.0
"""Orders of magnitude from P5 to P95 of a lognormal."""

Z95 = 1.6448536269514722
"""95 % quantile of the standard normal distribution."""

NARROWEST = 1e-3
"""Width over the value: what is narrower is certain in all but name."""

MOST_NAMED = 5
"""Inputs that one remark names."""

FULL = 0.98

SHARES = ("share", "probability", "chance", "likelihood", "utilization", "utilisation", "fraction", "hit_rate", "利用率", "概率")

RATES = {
    "discounting": ("rate",),
    "inflation": ("rate",),
    "series": ("growth", "volatility"),
    "storage": ("growth",),
    "staff": ("raise",),
    "compute": ("spare",),
}
"""Keys of what is hardly ever more than the whole of itself, and what people have in percent."""

NUMBER = r"[+-]?\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?"
BARE = re.compile(rf"{NUMBER}(?:\s+to\s+{NUMBER})*")
"""Numbers without a unit: of a rate, pure ones."""


def negative(model: Model) -> Iterator[Finding]:
    """Find prices and counts that may be below zero."""
    for each in model.uncertain:
        counted = any(base not in TIMES for base in powers(each))
        possible = counted and each.distribution.known_support()[0] < 0
        below = each.distribution.probability_up_to(-math.ulp(0.0)) if possible else 0.0
        if below > NEGATIVE and each.distribution.quantile(0.5) > 0:
            kind = "price" if is_price(each) else "quantity"
            what = f"{100 * below:.2g} % of the draws are below zero, and this is a {kind} ({each.unit.text})"
            yield Finding(place_of(each), what, "Take a lognormal or a PERT, or cut it off: min = 0.")


def below_zero(model: Model) -> Iterator[Finding]:
    """Find prices and counts that are below zero, certain or in most draws: a minus sign too many, or a credit."""
    for each in model.inputs:
        possible = any(base not in TIMES for base in powers(each)) and each.distribution.known_support()[0] < 0
        if possible and (middle := each.distribution.quantile(0.5)) < 0:
            certain = isinstance(each.distribution, d.Constant)
            what = f"{middle:g} {each.unit.text} {'' if certain else 'at the median '}is below zero"
            yield Finding(place_of(each), what, "Take the minus away; what is a credit, subtract in a cost line of its own.")


def wide(model: Model) -> Iterator[Finding]:
    """Find lognormals of which a few draws decide everything."""
    for each in model.uncertain:
        if isinstance(each.distribution, d.Lognormal):
            decades = 2.0 * Z95 * each.distribution.sigma / math.log(10.0)
            if decades > DECADES:
                what = f"P95 is {10.0 ** min(decades, 300.0):.3g} times P5: a few scenarios decide the mean"
                yield Finding(place_of(each), what, "Check the digits and the unit, or cut it off with max.")


def certain_in_all_but_name(model: Model) -> Iterator[Finding]:
    """Find distributions that always give the same."""
    for each in model.inputs:
        raw = model.data["inputs"][each.name]
        written = isinstance(raw, dict) and "value" not in raw
        if written and isinstance(each.distribution, d.Constant):
            yield Finding(
                place_of(each), f"this distribution always gives {each.distribution.value:g}", "Write value = ... instead."
            )
        elif _is_narrow(each):
            yield Finding(
                place_of(each), "it is less than a thousandth of itself wide", "Give it its true width, or a certain value."
            )


def above_one(model: Model) -> Iterator[Finding]:
    """Find shares and probabilities that exceed one."""
    for each in model.inputs:
        one = float(1 / each.unit.scale)
        if each.unit.dimension or not named(each, *SHARES) or each.distribution.known_support()[1] <= one:
            continue
        beyond = 1.0 - each.distribution.probability_up_to(one)
        if beyond > ABOVE_ONE:
            what = f"{100 * beyond:.2g} % of what it can be is above 1, and the name says a share or a probability"
            yield Finding(place_of(each), what, 'Is a "%" missing? Or cut it off: max = 1.')


def without_percent(model: Model) -> Iterator[Finding]:
    """Find rates above one that are written without a percent sign: 8 is 800 %."""
    for place, said in _rates(model):
        text = str(said.get("value", "") if isinstance(said, dict) and "unit" not in said else said).strip()
        if isinstance(said, bool) or not BARE.fullmatch(text):
            continue
        numbers = [float(number) for number in text.replace("_", "").split("to")]
        if min(numbers) > 1.0:
            percent = " to ".join(f"{100.0 * number:g}" for number in numbers)
            what = f"without a unit {text} is {percent} %"
            yield Finding(place, what, f'Write "{text} %", or "{percent} %" if that is meant.')


def _rates(model: Model) -> Iterator[tuple[Place, Any]]:
    """Yield place and value of everything that is a rate, as it was written."""
    for section, keys in RATES.items():
        written = model.data.get(section, {})
        tables = [((section,), written)] if section in ("discounting", "inflation") else model.blocks(section)
        for place, table in tables:
            yield from (((*place, key), table[key]) for key in keys if key in table)
    for category, rate in model.data.get("inflation", {}).get("categories", {}).items():
        yield ("inflation", "categories", category), rate


def full_utilization(model: Model) -> Iterator[Finding]:
    """Find machines that are planned to run at their limit."""
    utilizations = [each for each in model.inputs if named(each, "utilization", "utilisation", "利用率")]
    values = [(place_of(each), each.distribution.known_support()[0] * float(each.unit.scale)) for each in utilizations]
    for place, block in model.blocks("compute"):
        said = block.get("utilization")
        if isinstance(said, str | int | float) and str(said).replace(" ", "") in ("1", "1.0", "100%"):
            values.append(((*place, "utilization"), 1.0))
    for place, value in values:
        if FULL <= value <= 1.0:
            what = f"a utilization of {100 * value:.3g} % leaves nothing for peaks and failures"
            yield Finding(place, what, "Plan with what is measured: 40 to 60 % of tested throughput is common.")


def without_source(model: Model) -> Iterator[Finding]:
    """Find uncertain inputs that do not say where they come from.

    Numbers of blocks are left out: a block says it in its ``note``, for all of them, and most inputs that it makes (chances,
    shocks, months of a start) stand for nothing that the user wrote.
    """
    lacking = [each for each in model.uncertain if not each.source]
    if lacking:
        names = ", ".join(each.name for each in lacking[:MOST_NAMED]) + (", ..." if len(lacking) > MOST_NAMED else "")
        what = f"{len(lacking)} of {len(model.uncertain)} uncertain numbers in [inputs] have no source: {names}"
        yield Finding(place_of(lacking[0]), what, 'Say where the numbers come from: source = "three quotations, March".')


def nothing_uncertain(model: Model) -> Iterator[Finding]:
    """Find scenarios without any uncertainty."""
    if all(isinstance(each.distribution, d.Constant) for each in model.scenario.inputs):
        what = "no input is uncertain, so every percentile is the same sum"
        yield Finding(("inputs",), what, 'Give ranges where you are not sure: "9 to 16 CNY/GPU/hour".')


def _is_narrow(each: Input) -> bool:
    """Whether the width, or the standard deviation where there are no ends, is next to nothing beside the value."""
    match each.distribution:
        case d.Uniform(low, high) | d.Triangular(low, _, high) | d.Beta(_, _, low, high):
            return high - low < NARROWEST * max(abs(low), abs(high))
        case d.Normal(mean, sd):
            return sd < NARROWEST * abs(mean)
        case d.Lognormal(_, sigma):
            return sigma < NARROWEST
        case _:
            return False
