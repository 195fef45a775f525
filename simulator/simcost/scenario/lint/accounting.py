"""Rules on what a deployment costs: what is missing, what is counted twice, what is sized too small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.writing.footing import is_drawn_anew, is_quantity, may_move, names_in
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.lint.model import MACHINES, is_rent, named, place_of, powers, priced_things, words_of
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import Finding
from simcost.scenario.quantities.quantity import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.scenario.lint.model import Model
from simcost.scenario.scenario import Input

SOCIAL = r"social|insurance|pension|benefit|overhead|housing_fund|burden|employer|loaded|on_cost|contribution|社保|公积金|五险"
PAY = ("salary", "salaries", "wage", "wages", "工资", "薪资")
MONEY_NAMES = ("price", "cost", "salary", "wage", "fee", "rent", "premium", "价格", "单价", "工资", "费用")

PARTS = {
    "storage": r"storag|disk|\bssd\b|\bhdd\b|archive|feature_?store|object|存储",
    "network": r"network|traffic|bandwidth|egress|cdn|leased|网络|带宽|流量",
    "people": r"staff|people|person|engineer|salar|wage|team|人员|工程师|工资|人力",
}
"""Beside computing, what both articles on the cost of deployments count, and the words that show it."""

PREPAID = (("hardware", "price", "life", "replaced"), ("commitments", "upfront", "term", "renew"))
"""Blocks that are paid for in advance: what is paid, for how many months, and whether it follows upon itself."""

LEAST_AS_MONEY = 10.0
"""A pure number of that size is no factor on a price."""


def pay_without_social_cost(model: Model) -> Iterator[Finding]:
    """Find salaries without what the employer pays beside them."""
    for place, block in model.blocks("staff"):
        if "social_insurance" not in block:
            yield _unburdened((*place, "salary"), model)
    if model.mentions(SOCIAL):
        return
    for each in model.inputs:
        if named(each, *PAY) and powers(each).get("money") == 1:
            yield _unburdened(place_of(each), model)
            return


def _unburdened(place: tuple[str | int, ...], model: Model) -> Finding:
    what = "a salary without the employer's social cost"
    if model.scenario.currency != "CNY":
        return Finding(place, what, "Give social_insurance in [[staff]] the rate that employers pay, or the salary a factor.")
    what += ", which in China adds a quarter to four tenths"
    return Finding(place, what, "Give social_insurance and housing_fund in [[staff]], or a factor of its own.")


def bought_and_rented(model: Model) -> Iterator[Finding]:
    """Find machines that are bought and rented in one scenario."""
    prices = [(each, thing) for each in model.inputs for thing in priced_things(each) if thing in MACHINES]
    rented = {thing: each.name for each, thing in prices if is_rent(each)}
    for each, thing in prices:
        if thing in rented and not is_rent(each) and set(powers(each)) == {"money", thing}:
            what = f"{thing} are bought here and rented in {rented[thing]}: is one machine paid for twice?"
            yield Finding(place_of(each), what, "Say which are owned and which rented, or make one of them an option.")


def peak_served_by_mean(model: Model) -> Iterator[Finding]:
    """Find pools that are sized for the mean of traffic which has seasons or festivals."""
    peaky = "festivals" in model.data or any(block.get("season") for _, block in model.blocks("series"))
    for place, block in model.blocks("compute"):
        if block.get("provision") == "mean" and peaky:
            what = "the pool is provisioned for the mean of a month, and the traffic has seasons or festivals"
            yield Finding((*place, "provision"), what, 'Write provision = "peak" with its peak, or say in an ignore who waits.')


def festival_below_peak(model: Model) -> Iterator[Finding]:
    """Find pools whose demand has a festival spread over its month, while its days of most traffic size nothing."""
    lifted = {str(place[-1]): block.get("festivals", ()) for place, block in model.blocks("series")}
    for place, block in model.blocks("compute"):
        if block.get("provision", "peak") != "peak":
            continue
        for series in sorted(names_in(str(block.get("demand", "")), model.data.get("drivers", {})) & lifted.keys()):
            missing = [f'"{name}"' for name in lifted[series] if name not in block.get("festivals", ())]
            if missing:
                what = f"the pool is not sized for {' and '.join(missing)}: {series} has the mean of that month only"
                remedy = f"Add it to the pool's festivals, and write {series}_ordinary in demand; or ignore it if peak holds it."
                yield Finding((*place, "demand"), what, remedy)


def elastic_unpaid(model: Model) -> Iterator[Finding]:
    """Find festivals of whose peak a pool provisions a part, while no formula pays for the rest."""
    served = {name for _, block in model.blocks("compute") if "price" in block for name in block.get("festivals", ())}
    used = {name for _, _, names in words_of(model.data) for name in names}
    for place, block in model.blocks("festivals"):
        festival = identifier_of(str(block["name"]))
        if "elastic" in block and block["name"] in served and not used & {f"{festival}_peak", f"{festival}_provisioned"}:
            what = f"no formula names {festival}_peak or {festival}_provisioned: what is elastic of the peak costs nothing"
            remedy = f"Add a cost line for it, by {festival}_peak - {festival}_provisioned, or remove elastic."
            yield Finding((*place, "elastic"), what, remedy)


def paid_beyond_the_run(model: Model) -> Iterator[Finding]:
    """Find what is paid for in advance and lasts longer than the run, where costs count when they are paid."""
    months = model.scenario.months
    for section, price, lasting, again in PREPAID if model.scenario.view == "cash" else ():
        for place, block in model.blocks(section):
            if price not in block or any(NOTHING.match(str(block[key]).strip()) for key in ("quantity", price)):
                continue
            first, lasts = block.get("month", 1), block[lasting]
            paid = first + (months - first) // lasts * lasts if block.get(again) else first
            if paid + lasts - 1 > months:
                what = (
                    f"month {paid} pays for {lasts} months, and the run has {months - paid + 1} of them: all of the price counts"
                )
                remedy = f'Beside what is rented compare it by view = "amortised", or with months = {paid + lasts - 1}.'
                yield Finding((*place, lasting), what, remedy)


def bought_as_it_moves(model: Model) -> Iterator[Finding]:
    """Find what is bought or committed at once in a number that moves: what it is later buys nothing."""
    inputs = {each.name: {"draw": each.draw} for each in model.scenario.inputs}
    resolved = {**model.data, "inputs": inputs, "drivers": {each.name: each.formula for each in model.scenario.drivers}}
    for section, _, lasting, _ in PREPAID:
        for place, block in model.blocks(section):
            quantity = block["quantity"]
            is_formula = isinstance(quantity, str) and not is_quantity(quantity)
            if (is_formula and may_move(quantity, resolved)) or is_drawn_anew(quantity):
                first = block.get("month", 1)
                what = f"the quantity moves from month to month: what it is in month {first} counts for its {lasting}"
                remedy = "Give what is bought then, and a block with its month for what comes later."
                yield Finding((*place, "quantity"), what, remedy)


def committed_twice(model: Model) -> Iterator[Finding]:
    """Find what is used and paid for twice: commitments of one use bill each what lies beyond itself, a pool its devices."""
    priced = {
        f"{identifier_of(str(block['name']))}_devices": block["name"] for _, block in model.blocks("compute") if "price" in block
    }
    seen: dict[str, str] = {}
    for place, block in model.blocks("commitments"):
        use, is_billed = re.sub(r"\s+", "", str(block.get("use", ""))), not NOTHING.match(str(block["list_price"]).strip())
        if use in priced:
            what = f'the pool "{priced[use]}" has a price: it bills its devices, and the commitment bills them too'
            yield Finding((*place, "use"), what, "Remove the price of the pool: list_price is that of what lies beyond.")
        elif is_billed and re.search(r"[^\W\d]", use) and not is_quantity(use):
            other = seen.setdefault(use, str(block["name"]))
            if other != block["name"]:
                what = f'this is the use of "{other}" too, and each of the two bills all that lies beyond itself'
                committed = f"{identifier_of(other)}_committed"
                remedy = (
                    f'Let "{other}" bill nothing beyond, its list_price 0, and write use = "max({use} - {committed}, 0)" here.'
                )
                yield Finding((*place, "use"), what, remedy)


def incomplete(model: Model) -> Iterator[Finding]:
    """Find accelerators that cost without anything around them."""
    if not model.mentions(r"\bgpus?\b|gpu_"):
        return
    lacking = [part for part, pattern in PARTS.items() if part not in model.data and not model.mentions(pattern)]
    if lacking:
        what = f"GPUs, and no cost of {' or '.join(lacking)}: a deployment has them, and they are often half of it"
        yield Finding(("cost", 0) if model.data.get("cost") else (), what, "Add their lines, or say why not in an ignore.")


def money_without_unit(model: Model) -> Iterator[Finding]:
    """Find pure numbers that are called a price."""
    for each in model.inputs:
        pure = not each.unit.dimension and each.unit.scale == 1
        money = named(each, *MONEY_NAMES) and not named(each, "factor", "share", "index")
        if pure and money and abs(_median(each)) >= LEAST_AS_MONEY:
            what = f"{_median(each):g} has no unit, and the name says money"
            yield Finding(place_of(each), what, f'Give it one: "{_median(each):g} {model.scenario.currency}/...".')


def budget_without_confidence(model: Model) -> Iterator[Finding]:
    """Find budgets that leave it to the default how sure one wants to be."""
    budget: Any = model.data.get("budget")
    if isinstance(budget, dict) and "confidence" not in budget:
        yield Finding(("budget",), "no confidence is given, so 0.8 is taken", "Write the one that was agreed: confidence = 0.8.")


def recurring_once(model: Model) -> Iterator[Finding]:
    """Find lines that are named after what recurs and paid once."""
    for position, line in enumerate(model.data.get("cost", ())):
        if line.get("every") == "once" and re.search(
            r"monthly|per month|a month|yearly|annual|每月|每年", str(line.get("name")), re.IGNORECASE
        ):
            what = f'"{line.get("name")}" is paid once'
            yield Finding(("cost", position, "every"), what, 'Write every = "month" or "year", or another name.')


def _median(each: Input) -> float:
    return each.distribution.value if isinstance(each.distribution, Constant) else each.distribution.quantile(0.5)
