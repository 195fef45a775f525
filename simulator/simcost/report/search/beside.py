"""Sweeps of several options over the same number, beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.report.parts.columns_table import columns_table
from simcost.report.parts.heading import horizon, provenance
from simcost.report.parts.money import decimals_for, half_width, money, quantity
from simcost.report.parts.page import Page
from simcost.scenario.scenario import AS_IT_IS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from simcost.report.search.answers import SweepReport

READING = "P50 and P95 with half of their 95 % confidence intervals."


@dataclass(frozen=True, slots=True)
class SweepsBeside:
    """Sweeps over the same values of one number, in one currency and over the same months.

    Parameters
    ----------
    names
        Of each: its option and assignments; the scenario's where these are the same.
    sweeps
        Two or more.
    """

    names: tuple[str, ...]
    sweeps: tuple[SweepReport, ...]

    @property
    def values(self) -> tuple[float, ...]:
        """The values, ascending."""
        return tuple(sorted(self.sweeps[0].grids[0].values))

    def along(self, place: int, p: float) -> list[float]:
        """Return a percentile of the total of one sweep at each value."""
        points = sorted(self.sweeps[place].points, key=lambda point: point.values)
        return [point.total.percentile(p).value for point in points]

    def page(self) -> Page:
        """Arrange a table of the values, and where the medians cross."""
        first = self.sweeps[0]
        about = horizon(first.scenario.months, first.scenario.start, first.scenario.currency)
        return Page(
            f"{first.scenario.name}: {len(self.names)} sweeps of {first.grids[0].target}, {about}",
            tuple(f"{name}: {provenance(each.run)}" for name, each in zip(self.names, self.sweeps, strict=True)),
            tuple(dict.fromkeys(warning for each in self.sweeps for warning in each.warnings)),
            lambda _: [self._table()],
            (*self.crossings(), READING),
        )

    def crossings(self) -> Iterator[str]:
        """Say between which values the medians of two options change places."""
        target, unit = self.sweeps[0].grids[0].target, self.sweeps[0].grids[0].unit
        for other in range(1, len(self.sweeps)):
            gaps = [b - a for a, b in zip(self.along(0, 50.0), self.along(other, 50.0), strict=True)]
            pair = f"{self.names[other]} and {self.names[0]}"
            found = [
                f"between {quantity(low)} and {quantity(high, unit)}"
                for low, high, before, after in zip(self.values, self.values[1:], gaps, gaps[1:], strict=False)
                if before * after < 0.0
            ]
            lower = self.names[0] if gaps[0] > 0 else self.names[other]
            yield (
                f"The medians of {pair} cross {', '.join(found)} of {target}."
                if found
                else f"The medians of {pair} do not cross: that of {lower} is the lower one at the first value."
            )

    def _table(self) -> Table:
        grid = self.sweeps[0].grids[0]
        title = grid.target if grid.unit in ("", "1") else f"{grid.target}, {grid.unit}"
        table = columns_table(title, *(text for name in self.names for text in (f"{name}: P50", "±", "P95", "±")))
        ordered = [sorted(each.points, key=lambda point: point.values) for each in self.sweeps]
        decimals = decimals_for([point.total.max for points in ordered for point in points])
        for value, *points in zip(self.values, *ordered, strict=True):
            figures = (point.total.percentile(p) for point in points for p in (50.0, 95.0))
            table.add_row(
                quantity(value), *(text for each in figures for text in (money(each.value, decimals), half_width(each, decimals)))
            )
        return table


def beside(sweeps: Sequence[SweepReport]) -> SweepsBeside | None:
    """Put sweeps beside each other; None if they are not over the same values of one number, in one currency and time."""
    facts = {(each.scenario.currency, each.scenario.start, each.scenario.months, _swept(each)) for each in sweeps}
    if len(facts) > 1 or any(len(each.grids) != 1 for each in sweeps):
        return None
    own = [_variant(each) for each in sweeps]
    if len(set(own)) < len(own):
        own = [each.scenario.name for each in sweeps]
    names = [name if own.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(own, 1)]
    return SweepsBeside(tuple(names), tuple(sweeps))


def _variant(sweep: SweepReport) -> str:
    """Return the option and the assignments of a sweep."""
    return ", ".join((*filter(None, [sweep.scenario.option]), *sweep.scenario.overrides)) or AS_IT_IS


def _swept(sweep: SweepReport) -> tuple[tuple[str, str, tuple[float, ...]], ...]:
    """Return what numbers are swept, whatever the order of their values."""
    return tuple((grid.target, grid.unit, tuple(sorted(grid.values))) for grid in sweep.grids)
