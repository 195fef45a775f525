"""``[[compute]]``: a pool of devices, sized for a demand by what one of them can do.

Devices of a month: demand at its peak, less what the cache answers, over throughput and gains at the target utilization, with
spare capacity, whole replicas of a model that one device cannot hold, whole nodes and a minimum. Throughput is measured, or
follows from the size of the model. The bill has two lines: what the mean demand keeps busy, and the headroom above it. Demand is
that of an ordinary month: the festivals that the pool names lift its mean and its peak. A pool that is provisioned by the hour
has devices of its own in each hour of the day, and on the days of a festival others, and is paid for their mean.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from simcost.scenario.blocks.sizing.autoscaling import Hours, Profile, check_by_the_hour, hour_name, levels_of, write_mean
from simcost.scenario.blocks.sizing.serving import ServingTable, model_throughput
from simcost.scenario.blocks.windows.coinciding import known_festivals, mean_factors, peak_factors
from simcost.scenario.blocks.windows.festival_days import kinds_of_days, write_days
from simcost.scenario.blocks.writing.rows import has_own_name
from simcost.scenario.blocks.writing.table import BlockTable, Category, Value, number
from simcost.scenario.bounds import AT_LEAST_ONE, POSITIVE, SHARE, Bounds
from simcost.scenario.names import identifier_of
from simcost.scenario.quantities.units import money, parse_unit, word
from simcost.scenario.refusal import Refusal
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.quantities.units import Unit

UTILIZATION = Bounds(above=0, most=1, instead='Hours without any work are told by idle = "60 %".')
IDLE = Bounds(least=0, below=1)


class GainTable(Table):
    """A lever: quantisation, distillation, compression or batches let a device do more, a cache or shorter prompts ask less."""

    name: Annotated[str, Field(min_length=1, max_length=20, description="Unique name within the block.", examples=["int8"])]
    factor: Annotated[
        Value, number("Throughput with it over throughput without.", "1.4 to 1.7 to 1.9", unit="1", bounds=POSITIVE)
    ] = None
    demand: Annotated[Value, number("Demand with it over demand without.", "0.6 to 0.7 to 0.9", unit="1")] = None


class MemoryTable(Table):
    """What a replica of the model holds in memory, spread over as many devices as that takes."""

    holds: Annotated[Value, number("Memory of one replica: embeddings, weights.", "5 to 7 TB", unit="GB")]
    each: Annotated[Value, number("Memory of a device that it may take.", "1.6 TB/server", bounds=POSITIVE)]
    replicas: Annotated[Value, number("Least number of replicas in a month with any demand.", 2, unit="1")] = 1


class ComputeTable(BlockTable):
    """A pool of devices, sized for the demand of each month."""

    category: Category = "compute"
    device: Annotated[str, Field(min_length=1, max_length=40, description="Unit of the devices.", examples=["GPU"])] = "GPU"
    demand: Annotated[Value, number("Mean demand of a month, without the festivals named here.", "users * requests_per_user")]
    peak: Annotated[Value, number("Busiest hour over the mean.", "1.8 to 2.2 to 3.0", unit="1", bounds=AT_LEAST_ONE)] = None
    festivals: Annotated[
        list[str], Field(description="Names of [[festivals]] whose peaks it must serve.", examples=[["618", "Double 11"]])
    ] = Field(default_factory=list)
    provision: Annotated[
        Literal["peak", "mean", "hour"],
        Field(
            description="Which demand of a month is provisioned for; by the hour devices follow the profile.", examples=["peak"]
        ),
    ] = "peak"
    profile: Profile = Field(default_factory=list)
    cache: Annotated[Value, number("Share of the demand that never reaches a device.", "35 %", unit="1", bounds=SHARE)] = None
    throughput: Annotated[
        Value, number("What one device does at full load, measured.", "420 to 600 to 850 request/s/GPU", bounds=POSITIVE)
    ] = None
    model: Annotated[ServingTable | None, Field(description="The model, where no throughput was measured.")] = None
    gains: Annotated[
        list[GainTable], Field(max_length=20, description="Named levers, on what a device does or on what is asked of it.")
    ] = Field(default_factory=list)
    utilization: Annotated[
        Value, number("Share of its throughput at which a device may run.", "40 to 50 to 60 %", unit="1", bounds=UTILIZATION)
    ]
    idle: Annotated[
        Value,
        number(
            "Share of the hours without any work; the demand comes in the others, and peak is over their mean.",
            "60 %",
            unit="1",
            bounds=IDLE,
        ),
    ] = None
    spare: Annotated[Value, number("Capacity beyond, for failures.", "10 to 20 to 25 %", unit="1")] = None
    memory: Annotated[MemoryTable | None, Field(description="What the devices of a replica hold between them.")] = None
    node: Annotated[int, Field(ge=1, le=1024, description="Devices that come together.", examples=[8])] = 1
    minimum: Annotated[Value, number("Devices that are always there, in whole nodes.", "4 GPU")] = None
    shrinks: Annotated[
        bool, Field(description="Whether a month may have fewer devices than the one before.", examples=[False])
    ] = True
    price: Annotated[
        Value,
        number(
            "Price of a device; without one another block or line pays NAME_devices, by the hour NAME_running.",
            "9 to 14 CNY/GPU/hour",
        ),
    ] = None


def expand(block: ComputeTable, pool: Writer) -> None:
    """Demand, what one device serves of it, devices, and the two lines of the bill."""
    device = _device(block, pool)
    throughput = None if device is None else _throughput(block, pool)
    if device is None or throughput is None:
        return
    served, reaches = _levers(block, pool, throughput, _demand(block, pool, device))
    ordinary = pool.driver("ordinary", f"{reaches} / {served}", "demand")
    lifts = mean_factors(block.festivals, pool)
    busy = pool.driver("busy", " * ".join([ordinary, *lifts]), "festivals") if lifts else ordinary
    one = pool.constant(f"one_{block.device}", f"1 {block.device}")
    if block.provision == "hour":
        devices = _by_the_hour(block, pool, ordinary, one)
    else:
        devices = _devices(block, pool, _needed(block, pool, ordinary), one)
        pool.pool(devices, "demand")
    if block.price is None or not devices:
        return
    price = pool.value("price", unit=money(pool.expansion.currency) / device / word("hour"))
    pool.cost("busy", f"min({busy}, {devices}) * {price}", "price")
    pool.cost("headroom", f"max({devices} - {busy}, 0) * {price}", "price")


def _device(block: ComputeTable, pool: Writer) -> Unit | None:
    """Return the unit of the devices; findings and None if it is none."""
    try:
        unit = parse_unit(block.device, pool.expansion.currency)
    except Refusal as error:
        pool.refuse(error.what, error.remedy, "device")
        return None
    if not block.device.isidentifier() or unit.text != block.device:
        pool.refuse(f'"{block.device}" is no single countable word', f'Write device = "{unit.text}", or GPU, server.', "device")
        return None
    return unit


def _throughput(block: ComputeTable, pool: Writer) -> str | None:
    """Return what one device does at full load; findings and None if it is not told, or told twice."""
    if (block.throughput is None) == (block.model is None):
        what = "neither throughput nor model" if block.model is None else "throughput and model"
        pool.refuse(what, "Give one of the two.", "name" if block.model is None else "throughput")
        return None
    if block.model is not None:
        return model_throughput(block.model, block.device, pool)
    return pool.value("throughput")


def _demand(block: ComputeTable, pool: Writer, device: Unit) -> str:
    """Return the demand, in what a device serves: requests of a model, whatever was measured otherwise."""
    if block.model is not None:
        return pool.value("demand", unit="request/s")
    each = pool.unit_of("throughput")
    return pool.value("demand", unit=None if each is None else each * device)


def _levers(block: ComputeTable, pool: Writer, throughput: str, demand: str) -> tuple[str, str]:
    """Write what one device serves at its target utilization, and what of the demand reaches the devices."""
    serving, asking = [throughput], [demand]
    if pool.has("cache"):
        asking.append(f"(1 - {pool.value('cache')})")
    for i, gain in enumerate(block.gains):
        if not has_own_name("gains", i, "gain", pool):
            continue
        if gain.factor is None and gain.demand is None:
            pool.refuse(f'the gain "{gain.name}" changes nothing', "Give factor, demand or both.", "gains", i, "name")
        else:
            called = f"gain_{identifier_of(gain.name)}"
            if gain.factor is not None:
                serving.append(pool.value("gains", i, "factor", called=called))
            if gain.demand is not None:
                asking.append(pool.value("gains", i, "demand", called=f"{called}_demand"))
    serving.append(pool.value("utilization"))
    key = "model" if block.throughput is None else "throughput"
    return pool.driver("served", " * ".join(serving), key), " * ".join(asking)


def _needed(block: ComputeTable, pool: Writer, ordinary: str) -> str:
    """Write the devices that the demand wants, before they are rounded: at the peak, with what is spare."""
    factors = [ordinary]
    if block.provision == "peak":
        if pool.has("peak"):
            factors.append(pool.value("peak"))
        factors += peak_factors(_festivals(block, pool), pool)
        if pool.has("profile"):
            pool.refuse("a profile of a pool for the peak", 'Write provision = "hour", or remove it.', "profile")
    elif pool.has("peak") or block.festivals or pool.has("profile"):
        key = next(key for key in ("peak", "festivals", "profile") if pool.has(key))
        instead = "hour" if key == "profile" else "peak"
        pool.refuse(f"{key} of a pool that is provisioned for the mean", f'Write provision = "{instead}", or remove it.', key)
    if pool.has("spare"):
        factors.append(f"(1 + {pool.value('spare')})")
    if pool.has("idle"):
        factors.append(f"1 / (1 - {pool.value('idle')})")
    return " * ".join(factors)


def _festivals(block: ComputeTable, pool: Writer) -> list[str]:
    """Return the festivals that lift the pool; what is wrong with one is reported."""
    for i, name in enumerate(block.festivals):
        _check_not_lifted_twice(name, i, pool)
    return known_festivals(block.festivals, pool)


def _check_not_lifted_twice(name: str, i: int, pool: Writer) -> None:
    """Refuse a demand that holds the festival already: a series that it lifts."""
    series = pool.expansion.replaced.data.get("series")
    words = set(re.findall(r"\w+", pool.raw["demand"])) if isinstance(pool.raw["demand"], str) else set()
    for known, table in series.items() if isinstance(series, dict) else ():
        if known in words and isinstance(table, dict) and name in table.get("festivals", []):
            what = f'"{name[:64]}" lifts the series "{known}" that demand names'
            pool.refuse(what, f"Name {known}_ordinary in demand.", "festivals", i)


def _devices(block: ComputeTable, pool: Writer, needed: str, one: str) -> str:
    """Write whole nodes of devices, no fewer than the minimum, nor than last month's if the pool never shrinks."""
    replica = _replica(block, pool, one, needed)
    least = [f"{_whole(block, pool, needed, one, replica)} * {one}", *_minimum(block, pool, one)]
    if not block.shrinks:
        least.append(f"prev({pool.named('devices')}, 0)")
    return pool.driver("devices", _most_of(least), "demand")


def _by_the_hour(block: ComputeTable, pool: Writer, ordinary: str, one: str) -> str:
    """Write the devices of each hour of each kind of days, whose most are the pool's; return those of the mean hour."""
    names = _festivals(block, pool)
    if not check_by_the_hour(pool) or not write_days(names, pool):
        return ""
    spare = f" * (1 + {pool.value('spare')})" if pool.has("spare") else ""
    replica, minimum = _replica(block, pool, one, ordinary), _minimum(block, pool, one)
    devices: Hours = {}
    for days in kinds_of_days(pool.prefix, names, pool):
        mean = f"{ordinary} * {days.factor}" if days.factor else ordinary
        devices[days] = {}
        for level in levels_of(block.profile):
            whole = _whole(block, pool, f"{mean}{spare} * {level.factor!r}", one, replica, f"_at_{level.hour}{days.suffix}")
            most = _most_of([f"{whole} * {one}", *minimum])
            devices[days][level] = pool.driver(hour_name(level, days), most, "profile")
    pool.pool(_busiest(devices, one, pool), "demand")
    return write_mean("running", devices, lambda each: each, "profile", pool)


def _busiest(devices: Hours, one: str, pool: Writer) -> str:
    """Return the devices of the busiest hour, of the days that the month has."""
    most = {days: levels[max(levels, key=lambda level: level.factor)] for days, levels in devices.items()}
    if len(most) == 1:
        return next(iter(most.values()))
    there = (f"where({days.count} > 0, {each}, 0 * {one})" for days, each in most.items())
    return pool.driver("busiest_hour", f"max({', '.join(there)})", "festivals")


def _most_of(formulas: list[str]) -> str:
    return f"max({', '.join(formulas)})" if len(formulas) > 1 else formulas[0]


def _minimum(block: ComputeTable, pool: Writer, one: str) -> list[str]:
    """Return the whole nodes of devices that are there in any case, if the block says so."""
    if not pool.has("minimum"):
        return []
    least = pool.value("minimum", unit=block.device)
    return [least if block.node == 1 else f"{block.node} * ceil({least} / ({block.node} * {one})) * {one}"]


def _replica(block: ComputeTable, pool: Writer, one: str, needed: str) -> tuple[str, str]:
    """Write how many devices a replica takes, and the least number of replicas; return both, empty without memory.

    In a month without any demand there are none: the model is not there yet, or no longer.
    """
    if block.memory is None:
        return "", ""
    holds = pool.value("memory", "holds")
    each = pool.value("memory", "each", unit=f"GB/{block.device}")
    replica = pool.driver("replica", f"max(ceil({holds} / {each} / {one}), 1)", "memory")
    least = f"where({needed} > 0, {pool.value_or('1', 'memory', 'replicas')}, 0)"
    return replica, pool.driver("least_replicas", least, "memory")


def _whole(block: ComputeTable, pool: Writer, needed: str, one: str, memory: tuple[str, str], at: str = "") -> str:
    """Return the whole nodes that are needed, or those of the replicas that are; ``at`` is the hour, in their name."""
    replica, least = memory
    if not replica:
        return f"ceil({needed} / {one})" if block.node == 1 else f"{block.node} * ceil({needed} / ({block.node} * {one}))"
    replicas = pool.driver(f"replicas{at}", f"ceil(max({needed} / {one} / {replica}, {least}))", "memory")
    return f"{replica} * {replicas}" if block.node == 1 else f"{block.node} * ceil({replica} * {replicas} / {block.node})"
