"""Pools -> outputs: the greatest number of devices in a month, and the first month that has it: the one that sizes the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.compile.builder import Builder
    from simcost.compile.lower import Lowering
    from simcost.scenario.scenario import Scenario


def pool_outputs(scenario: Scenario, lowering: Lowering) -> None:
    """Add two columns for each pool: ``pool`` in devices and ``sizing`` as the month of the run (1...)."""
    builder = lowering.builder
    found = [(pool.name, *_largest(builder, lowering.value(pool.expression))) for pool in scenario.pools]
    for name, devices, _ in found:
        builder.output("pool", name, devices)
    for name, _, month in found:
        builder.output("sizing", name, month)


def _largest(builder: Builder, devices: str) -> tuple[str, str]:
    """Return the largest value of all months, NaN if one is, and the first month in which it is reached."""
    certain = builder.by_month(devices)
    if certain is not None:
        return builder.number(max(certain)), builder.number(1.0 + certain.index(max(certain)))
    largest, month = builder.state(builder.number(-1.0)), builder.state(builder.number(1.0))
    this = builder.series(range(1, builder.horizon + 1))
    more = builder.op("max", largest, devices)
    at = builder.op("where", builder.op("lt", largest, devices), this, month)
    builder.carry(largest, more)
    builder.carry(month, at)
    return largest, month
