"""Rules on how parts hang together: alike, or apart where they belong together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simcost.scenario.distributions.canonical import Binomial, Discrete
from simcost.scenario.lint.model import MACHINES, WORD, is_rent, named, place_of, priced_things
from simcost.scenario.problems import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.scenario.lint.model import Model
    from simcost.scenario.scenario import Input

PRICES = ("price", "rent", "rate", "cost", "fee", "hourly", "价格", "单价", "租金", "费率")

PROBABLE = ("probability", "chance", "likelihood", "prob", "概率")


def alike_names(model: Model) -> Iterator[Finding]:
    """Find names of values that only case and underscores tell apart."""
    seen: dict[str, str] = {}
    for section in ("inputs", "drivers"):
        for name in model.data.get(section, {}):
            other = seen.setdefault(name.casefold().replace("_", ""), name)
            if other != name:
                yield Finding(
                    (section, name), f'"{name}" and "{other}" differ in case or underscores only', "Rename one.", at="key"
                )


def alike_labels(model: Model) -> Iterator[Finding]:
    """Find categories, stages and owners that only case and blanks tell apart: their sums are apart too."""
    for key in ("category", "stage", "owner"):
        seen: dict[str, str] = {}
        for position, line in enumerate(model.data.get("cost", ())):
            label = line.get(key)
            if isinstance(label, str):
                other = seen.setdefault("".join(label.casefold().split()).replace("-", "").replace("_", ""), label)
                if other != label:
                    what = f'{key} "{label}" and "{other}" are added up apart'
                    yield Finding(("cost", position, key), what, "Write both alike.")


def independent_prices(model: Model) -> Iterator[Finding]:
    """Find prices of one thing that move apart: independent errors cancel out, and the band is too narrow."""
    driven = {name for name, raw in model.data.get("inputs", {}).items() if isinstance(raw, dict) and "driver" in raw}
    joined = {name for pair in model.data.get("correlation", ()) for name in pair.get("between", ())}
    firsts: dict[tuple[object, ...], Input] = {}
    for each in model.uncertain:
        things = priced_things(each)
        if each.name in driven or not named(each, *PRICES) or not any(thing in MACHINES for thing in things):
            continue
        first = firsts.setdefault((things, is_rent(each), each.draw), each)
        if first is not each and not {first.name, each.name} <= joined:
            what = f"{first.name} and {each.name} are prices of one thing ({'/'.join(things)}) and are drawn independently"
            yield Finding(place_of(each), what, f'Add [[correlation]] between = ["{first.name}", "{each.name}"], or one factor.')


def expected_value_as_cost(model: Model) -> Iterator[Finding]:
    """Find a probability multiplied by its impact: the mean is right, and the bad case is missing."""
    inputs = model.inputs
    likely = {each.name for each in inputs if not each.unit.dimension and named(each, *PROBABLE) and not _is_outcome(each)}
    for place, text in model.formulas():
        for name in sorted(likely.intersection(WORD.findall(text))):
            found = re.search(rf"(?:^|[(+\-,])\s*\b(?={name}\s*\*(?!\*))|(?<!\*)\*\s*(?={name}\b(?!\s*(?:[<>=]|\*\*)))", text)
            if found:
                what = f"{name} times an impact is its expected value: no scenario has the whole impact, and P95 misses it"
                remedy = "Write a [[risks]] block, or an input bernoulli = { p = ... } in its place."
                yield Finding(place, what, remedy, offset=found.end())


def same_line_twice(model: Model) -> Iterator[Finding]:
    """Find cost lines with the same formula in the same months."""
    seen: dict[tuple[object, ...], str] = {}
    for position, line in enumerate(model.data.get("cost", ())):
        amount = re.sub(r"\s+", "", str(line.get("amount")))
        key = (amount, line.get("every", "month"), line.get("month"), line.get("view"))
        other = seen.setdefault(key, str(line.get("name")))
        if other != line.get("name") and re.search(r"[^\W\d]", amount):
            what = f'this is the formula of "{other}" too: is it counted twice?'
            yield Finding(("cost", position, "amount"), what, "Remove one, or name the part that each pays.")


def _is_outcome(each: Input) -> bool:
    return isinstance(each.distribution, Discrete | Binomial)
