"""``[[festivals]]``: days of every year on which traffic is a multiple of itself; whatever it lifts names its drivers.

A window of days begins in a month of the calendar and may run into the next ones: a livestream season lasts for weeks.
One that began before the run has its last days within it. A window has one uplift, also where a year of the run ends within it.
NAME_uplift_of_month is the factor of a month's mean, NAME_peak that of its busiest days, NAME_provisioned the same without what
is bought by the hour.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.windows.coinciding import LAST_DAY, LONGEST, coincides, days_of_month
from simcost.scenario.blocks.windows.festival_days import are_lifted_by_the_hour
from simcost.scenario.blocks.writing.table import Month, NamedTable, Value, number
from simcost.scenario.bounds import SHARE, Bounds

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

DAY_OF_MONTH = Bounds(least=1, most=LAST_DAY)
WINDOW = Bounds(above=0, most=LONGEST)  # so that it ends before the next year's begins


class FestivalsTable(NamedTable):
    """A festival of every year: a window of days with an uplift."""

    month: Annotated[Month, Field(description="Calendar month in which it begins.", examples=[11])]
    starts: Annotated[
        Value,
        number(
            "Day of the month on which it begins; drawn for each year.", "1 to 5 to 9", unit="1", bounds=DAY_OF_MONTH, draw="year"
        ),
    ] = 1
    days: Annotated[
        Value,
        number("How long it lasts, 180 days at most; drawn for each year.", "11 day", unit="day", bounds=WINDOW, draw="year"),
    ]
    uplift: Annotated[
        Value, number("Factor of the traffic on its days; drawn for each year.", "1.3 to 1.6 to 2.6", unit="1", draw="year")
    ]
    elastic: Annotated[
        Value,
        number(
            "Share of the extra peak that no pool provisions: a cost line of your own buys it by the hour.",
            "40 %",
            unit="1",
            bounds=SHARE,
        ),
    ] = None


def expand(block: FestivalsTable, festival: Writer) -> None:
    """Days of the window in each month, then the factors."""
    days = _days(block, festival)
    uplift = _uplift(block, festival)
    festival.driver("uplift_of_month", f"1 + ({uplift} - 1) * {days} / {days_of_month(festival)}", "uplift")
    peak = festival.driver("peak", _peak(block, festival, days, uplift), "uplift")
    if festival.has("elastic"):
        elastic = festival.value("elastic")
        festival.driver("provisioned", f"1 + ({peak} - 1) * (1 - {elastic})", "elastic")
    by_the_hour, shared = are_lifted_by_the_hour(block.name, festival), coincides(block.name, festival)
    if by_the_hour or shared:
        _factor(uplift, festival, by_the_hour=by_the_hour)
    if shared:
        starts = festival.named("starts") if festival.has("starts") else "1"
        festival.driver("first_day", f"where(calendar_month == {block.month}, {starts}, 1)", "starts")


def _factor(uplift: str, festival: Writer, *, by_the_hour: bool) -> None:
    """Write the factor of the days of the window, for pools by the hour without what is elastic: of a lull nothing is."""
    factor = festival.driver("factor", uplift, "uplift")
    if by_the_hour and festival.has("elastic"):
        fixed = f"1 + ({factor} - 1) * (1 - {festival.named('elastic')})"
        festival.driver("fixed_factor", f"min({factor}, {fixed})", "elastic")


def _peak(block: FestivalsTable, festival: Writer, days: str, uplift: str) -> str:
    """Write the factor of a month's busiest days: of a lull they are those without it, unless it fills the month."""
    if festival.expansion.range_of(uplift, block.uplift, "1")[0] >= 1:
        return f"where({days} > 0, {uplift}, 1)"
    return f"where({days} >= {days_of_month(festival)}, {uplift}, where({days} > 0, max({uplift}, 1), 1))"


def _uplift(block: FestivalsTable, festival: Writer) -> str:
    """Write the factor on the days of the window: the draw of the year in which it began, though another begins within it."""
    uplift = festival.value("uplift")
    written = festival.expansion.replaced.data["inputs"].get(uplift)
    is_drawn = isinstance(written, dict) and written.get("draw") == "year"
    if not is_drawn or not _may_pass_into_another_year(block, festival):
        return uplift
    last = f"prev({festival.named('uplift_held')}, {uplift})"
    return festival.driver("uplift_held", f"where(calendar_month == {block.month}, {uplift}, {last})", "uplift")


def _may_pass_into_another_year(block: FestivalsTable, festival: Writer) -> bool:
    """Whether a window that began in one year of the run, twelve months from its first, may have days in the next."""
    starts = festival.expansion.range_of(festival.named("starts"), block.starts, "1")[1]
    days = festival.expansion.range_of(festival.named("window"), block.days, "day")[1]
    leap_day = 1
    return min(starts, LAST_DAY) - 1 + min(days, LONGEST) > days_before(festival.expansion.start, block.month) - leap_day


def _days(block: FestivalsTable, festival: Writer) -> str:
    """Write how many days of the window lie in a month: to the month's end at first, the rest in those that follow."""
    starts = festival.value_or("1", "starts")
    window = f"{festival.value('days', called='window')} / {festival.one_day()}"
    month = days_of_month(festival)
    room = f"max({month} - {starts} + 1, 0)"
    left = f"prev({festival.named('rest')}, {_left_at_the_start(block, festival, window=window, starts=starts)})"
    begins = f"calendar_month == {block.month}"
    festival.driver("rest", f"where({begins}, max({window} - {room}, 0), max({left} - {month}, 0))", "days")
    return festival.driver("days", f"where({begins}, min({window}, {room}), min({left}, {month}))", "days")


def _left_at_the_start(block: FestivalsTable, festival: Writer, *, window: str, starts: str) -> str:
    """Write how many days are left, when the run begins, of the window that began in an earlier month: in year 1's draws."""
    passed = days_before(festival.expansion.start, block.month)
    return f"max({window} - {passed} + {starts} - 1, 0)" if passed < LONGEST + 31 else "0"


def days_before(start: tuple[int, int], month: int) -> int:
    """Return the days from the first of a calendar month, the last before a (year, month), to the first of that."""
    year, first = start
    return (date(year, first, 1) - date(year - (month >= first), month, 1)).days
