"""Autoscaling: a pool that follows the hours of the day, and what a commitment covers of it hour by hour.

The day is the average one of its month, or of its days with a festival. Hours with the same share of it have the same devices and
are one level, called after the first of them. What is paid is the mean over all hours: of devices, and of what lies beyond a
commitment. That is not what lies beyond it at the mean hour, since max(devices - committed, 0) is convex.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, isfinite
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from simcost.scenario.blocks.windows.coinciding import days_of_month
from simcost.scenario.blocks.windows.festival_days import Days, kinds_of_days
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simcost.scenario.blocks.writing.writer import Writer

HOURS = 24

Profile = Annotated[
    list[float],
    Field(
        min_length=HOURS,
        max_length=HOURS,
        description="A day's 24 hourly means, in any unit.",
        examples=[[2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 7, 7, 7, 8, 9, 10, 12, 13, 11, 7, 4]],
    ),
]

IMPOSSIBLE = {
    "peak": "the profile has the busiest hour, and spare what is kept beyond",
    "idle": "hours without work are zeros of the profile",
    "shrinks": "devices go with the hours",
}
"""Keys that a pool by the hour cannot have, and why."""


@dataclass(frozen=True, slots=True)
class Level:
    """Hours of the day that have the same share of it.

    Parameters
    ----------
    hour
        The first of them, 0 to 23.
    hours
        How many they are.
    factor
        Demand in them over the day's mean.
    """

    hour: int
    hours: int
    factor: float


Hours = dict[Days, dict[Level, str]]
"""Drivers of the devices of a pool: those of each level of each kind of days."""


def levels_of(profile: Sequence[float]) -> tuple[Level, ...]:
    """Return the levels of a day, in the order of their first hours."""
    mean = fsum(profile) / HOURS
    return tuple(Level(profile.index(each), profile.count(each), each / mean) for each in dict.fromkeys(profile))


def is_profile(profile: Any) -> bool:
    """Whether something is a day: 24 numbers from 0 on, not all of them 0."""
    plain = isinstance(profile, list) and all(isinstance(each, int | float) and not isinstance(each, bool) for each in profile)
    return plain and len(profile) == HOURS and min(profile) >= 0 and max(profile) > 0 and isfinite(max(profile))


def hour_name(level: Level, days: Days) -> str:
    """Return what the devices of a level are called after the block's name."""
    return f"devices_at_{level.hour}{days.suffix}"


def check_by_the_hour(pool: Writer) -> bool:
    """Whether a pool that is provisioned by the hour has a profile and nothing that contradicts it; findings if not."""
    if not is_profile(pool.raw.get("profile")):
        what = (
            "a profile with negative hours, or of none above 0" if pool.has("profile") else 'provision = "hour" without profile'
        )
        pool.refuse(
            what,
            "Give the mean of each hour of a day: profile = [24 numbers].",
            "profile" if pool.has("profile") else "provision",
        )
        return False
    wrong = [key for key in IMPOSSIBLE if pool.has(key)]
    for key in wrong:
        pool.refuse(f"{key} of a pool that is provisioned by the hour", f"Remove it: {IMPOSSIBLE[key]}.", key)
    return not wrong


def write_mean(name: str, devices: Hours, of: Callable[[str], str], key: str, writer: Writer) -> str:
    """Write the mean over the hours of a month of what a formula says of the devices in each; return the driver."""
    if len(devices) == 1:
        return writer.driver(name, *(_mean_over_the_day(levels, of) for levels in devices.values()), key)
    means = {days: writer.driver(f"{name}{days.called}", _mean_over_the_day(levels, of), key) for days, levels in devices.items()}
    total = " + ".join(f"{days.count} * {mean}" for days, mean in means.items())
    return writer.driver(name, f"({total}) / {days_of_month(writer)}", key)


def _mean_over_the_day(devices: Mapping[Level, str], of: Callable[[str], str]) -> str:
    """Write the mean over the hours of what a formula says of the devices of each level."""
    terms = [of(each) if level.hours == 1 else f"{level.hours} * {of(each)}" for level, each in devices.items()]
    return f"({' + '.join(terms)}) / {HOURS}"


def check_not_the_mean_hour(use: Any, writer: Writer) -> None:
    """Refuse the devices of a pool by the hour as one number: what lies beyond a commitment in the mean hour is too little."""
    for pool in writer.tables_of("compute"):
        called = identifier_of(str(pool.get("name")))
        if pool.get("provision") == "hour" and use in (f"{called}_running", f"{called}_devices"):
            what = f'{use} is one number, and the pool "{pool["name"]}" has other devices in every hour'
            writer.refuse(what, f'Write pool = "{pool["name"]}" in the place of use.', "use")


def devices_by_the_hour(name: str, writer: Writer) -> Hours:
    """Return the devices of each hour of a pool, which another block names as its `pool`; findings and none if it has no such."""
    pools = {str(each.get("name")): each for each in writer.tables_of("compute")}
    if name not in pools:
        writer.refuse(f'no pool is named "{name[:64]}"', suggestion(name, pools, "Add [[compute]]."), "pool")
        return {}
    pool, called = pools[name], identifier_of(name)
    if pool.get("provision") != "hour":
        what = f'the pool "{name}" is not provisioned by the hour'
        writer.refuse(what, f'Write use = "{called}_devices" instead, or provision = "hour" and a profile there.', "pool")
        return {}
    profile = pool.get("profile")
    levels = levels_of(profile) if isinstance(profile, list) and is_profile(profile) else ()  # else it is said at the pool
    kinds = kinds_of_days(called, pool.get("festivals"), writer) if levels else ()
    return {days: {level: f"{called}_{hour_name(level, days)}" for level in levels} for days in kinds}
