"""``[[network]]``: bandwidth that is fixed, billed at the 95th percentile of a month, or by what passes, and a CDN beside it.

At the 95th percentile the highest 5 % of a month's five-minute samples are dropped, and the highest that is left is billed: of a
day with 24 hourly means that is the second highest (the 23rd of 24, since 0.95 x 24 = 22.8).
"""

from __future__ import annotations

from math import ceil, fsum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.blocks.sizing.autoscaling import Profile
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import SHARE

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

BILLED = 0.95
PER_BANDWIDTH = "MONEY/Mbps/month"

NEEDS = {
    "fixed": ("committed",),
    "percentile_95": ("rate", "profile"),
    "bytes": ("rate",),
}
"""Keys that a way of billing cannot do without."""


class NetworkTable(BlockTable):
    """Traffic: fixed bandwidth, the 95th percentile, or bytes; and a share of it by a CDN."""

    category: Category = "network"
    billing: Annotated[
        Literal["fixed", "percentile_95", "bytes"], Field(description="What is billed.", examples=["percentile_95"])
    ]
    rate: Annotated[Value, number("Mean rate of a month.", "2_000 to 3_500 Mbps", unit="Mbps")] = None
    profile: Profile = Field(default_factory=list)
    committed: Annotated[Value, number("Bandwidth that is paid for in any case.", "2_000 Mbps", unit="Mbps")] = None
    price: Annotated[Value, number("Price of bandwidth, or of bytes.", "25 to 40 CNY/Mbps/month")]
    cdn: Annotated[Value, number("Share of the traffic that a CDN delivers instead.", "60 to 75 %", unit="1", bounds=SHARE)] = (
        None
    )
    cdn_price: Annotated[Value, number("Price of what it delivers.", "0.12 to 0.20 CNY/GB", unit="MONEY/GB")] = None


def expand(block: NetworkTable, network: Writer) -> None:
    """The rate without what the CDN delivers, then the lines."""
    if not _is_possible(block, network):
        return
    rate = network.value_or("", "rate")
    own = rate
    if network.has("cdn"):
        share = network.value("cdn")
        network.cost("CDN", f"{rate} * {share} * {network.value('cdn_price')}", "cdn")
        own = network.driver("own_rate", f"{rate} * (1 - {share})", "cdn")
    if block.billing == "bytes":
        network.cost("traffic", f"{own} * {network.value('price', unit='MONEY/GB')}", "price")
        return
    billed = []
    if block.billing == "percentile_95":
        highest = sorted(block.profile)[ceil(BILLED * len(block.profile)) - 1]
        billed.append(
            network.driver("billed_rate", f"{own} * {highest!r} / {fsum(block.profile) / len(block.profile)!r}", "profile")
        )
    if network.has("committed"):
        billed.append(network.value("committed"))
    bandwidth = f"max({', '.join(billed)})" if len(billed) > 1 else billed[0]
    network.cost("bandwidth", f"{bandwidth} * {network.value('price', unit=PER_BANDWIDTH)}", "price")


def _is_possible(block: NetworkTable, network: Writer) -> bool:
    """Whether the way of billing has what it needs; findings if not."""
    known = network.problems
    missing = [key for key in NEEDS[block.billing] if not network.has(key)]
    if missing:
        what = f'billing = "{block.billing}" without {" and ".join(missing)}'
        network.refuse(what, f"Give {' and '.join(NEEDS[block.billing])}.", "billing")
    if block.profile and (min(block.profile) < 0 or max(block.profile) == 0):
        network.refuse("a profile with negative hours, or of none above 0", "Give 24 hourly means.", "profile")
    if block.profile and block.billing != "percentile_95":
        network.refuse("a profile that is not billed", 'Write billing = "percentile_95", or remove it.', "profile")
    if network.has("cdn") and not (network.has("cdn_price") and network.has("rate")):
        network.refuse("a CDN without its price or without a rate", "Give rate and cdn_price.", "cdn")
    return network.problems == known
