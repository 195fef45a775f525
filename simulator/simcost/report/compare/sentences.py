"""What a comparison means, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.parts.money import percent, quantity, span_in_words
from simcost.scenario.scenario import AS_IT_IS

if TYPE_CHECKING:
    from simcost.analysis.comparisons.comparison import Contrast
    from simcost.analysis.comparisons.crossover import Crossover
    from simcost.report.compare.answer import CompareReport


def sentences(report: CompareReport) -> list[str]:
    """Return a sentence for each model against the base, and one for each crossover."""
    currency = report.scenarios[0].currency
    told = [f"{contrast_sentence(each, currency)} {dominance_sentence(each)}".rstrip() for each in report.comparison.contrasts]
    return [*told, *map(crossover_sentence, report.crossovers)]


def contrast_sentence(contrast: Contrast, currency: str) -> str:
    """Say how often the model is cheaper, and by how much: reserved is cheaper in 87 % of futures, by 0.9 to 2.1 million."""
    name, base = contrast.name, _base(contrast.against)
    if contrast.equal == 1.0:
        return f"{name} costs the same as {base} in every future."
    ties = f" and costs the same in {percent(contrast.equal)}" if contrast.equal else ""
    share = f"{name} is cheaper than {base} in {percent(contrast.cheaper.value)} of futures{ties}"
    at = contrast.figures.p95
    if at.low is None or at.high is None:
        return f"{share}; the scenarios are too few to tell P95 apart."
    if at.high < 0:
        return f"{share}, by {span_in_words(-at.high, -at.low, currency)} at P95."
    if at.low > 0:
        return f"{share}; at P95 it is dearer by {span_in_words(at.low, at.high, currency)}."
    if at.low == at.high:
        return f"{share}; both have the same P95."
    ends = span_in_words(at.low, at.high, currency)
    return f"{share}; which is cheaper at P95 this run cannot tell: the difference is {ends}."


def dominance_sentence(contrast: Contrast) -> str:
    """Say whether one is to be preferred by everybody."""
    found = contrast.dominance
    if found.order == 0:
        alike = f"Neither dominates: {contrast.name} has the lower sum at {percent(found.lower)} of the percentiles."
        return "" if contrast.equal == 1.0 else alike
    winner = contrast.name if found.by == "model" else _base(contrast.against)
    if found.order == 1:
        return f"By percentiles {winner} is never the dearer one (first-order stochastic dominance)."
    return f"Whoever dislikes risk prefers {winner} (second-order stochastic dominance)."


def crossover_sentence(each: Crossover) -> str:
    """Say where the choice flips, and on which side the model is the cheaper one."""
    name, base = each.name, _base(each.against)
    if each.at is None:
        which = f"{name} is the cheaper one" if each.always_cheaper == 1.0 else f"{name} is never cheaper"
        if each.always_cheaper not in (0.0, 1.0):
            which = f"{name} is the cheaper one in {percent(each.always_cheaper)} of futures"
        ends = f"{quantity(each.values[0])} to {quantity(each.values[-1], each.unit)}"
        return f"Between {name} and {base} the choice never flips for {each.target} from {ends}: {which}."
    middle, low, high = (each.at.percentile(p).value for p in (50.0, 5.0, 95.0))
    side = "above" if each.cheaper_at[-1].value > each.cheaper_at[0].value else "below"
    where = f"{each.target} = {quantity(middle, each.unit)} (P5 to P95: {quantity(low)} to {quantity(high)})"
    several = f" More than once in {percent(each.several)}." if each.several else ""
    return (
        f"The choice flips in {percent(each.flips.value)} of futures, at the median of them at {where}: "
        f"{name} is cheaper than {base} {side} it.{several}"
    )


def _base(name: str) -> str:
    return "the file as it is" if name == AS_IT_IS else name
