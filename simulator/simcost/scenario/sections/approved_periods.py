"""From a table of sums by fiscal year or quarter to what is approved in each: of the whole, or of a part of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.scenario.problems import Finding
from simcost.scenario.sections.certain_money import certain_money
from simcost.scenario.text.toml_value import in_toml_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simcost.scenario.problems import Findings, Place
    from simcost.scenario.sections.fiscal import FiscalCalendar, Period

QUARTER = re.compile("Q[1-4]", re.IGNORECASE)
"""What a key has that is meant for a quarter, however it is written."""

NO_CALENDAR = "sums for fiscal years, and nothing tells when these begin"
START = "Write fiscal_year_start = 4 under [scenario], with the month of the calendar."


@dataclass(frozen=True, slots=True)
class SumReader:
    """Reads approved sums.

    Parameters
    ----------
    currency
        Of the scenario.
    fiscal
        Its fiscal years; None if they are not known, and sums by period are not read.
    findings
        Takes what is wrong with the sums.
    """

    currency: str
    fiscal: FiscalCalendar | None
    findings: Findings

    def one(self, raw: object, place: Place, key: str = "approved") -> float | None:
        """Read one sum; a finding and None if it is none."""
        return certain_money(raw, self.currency, place, self.findings, key=key)

    def by_period(self, raw: Mapping[str, object], place: Place) -> tuple[tuple[Period, float], ...] | None:
        """Read the sum of every fiscal year, or of every quarter, of the run; None if there are findings."""
        if self.fiscal is None:
            return None
        if not self.fiscal.years:
            if all(each.what != NO_CALENDAR for each in self.findings.found):
                self.findings.add(Finding(place, NO_CALENDAR, START))
            return None
        known = len(self.findings.found)
        periods = self.fiscal.quarters if is_by_quarter(raw) else self.fiscal.years
        self._check_names(raw, place, [period.name for period in periods])
        given = [period for period in periods if period.name in raw]
        sums = [self.one(raw[each.name], (*place, each.name), in_toml_key(each.name)) for each in given]
        if len(self.findings.found) > known:
            return None
        return tuple((each, approved or 0.0) for each, approved in zip(given, sums, strict=True))

    def _check_names(self, raw: Mapping[str, object], place: Place, names: Sequence[str]) -> None:
        """Report keys that are no period of the run, or else periods without a sum."""
        strange = [key for key in raw if key not in names]
        missing = [name for name in names if name not in raw]
        for key in strange:
            remedy = f"The run has {', '.join(names)}." if len(names) < 9 else f"The run has {names[0]} to {names[-1]}."
            what = f'the run has no fiscal year or quarter "{key[:64]}"'
            self.findings.add(Finding((*place, key), what, remedy, at="key"))
        if missing and not strange:
            remedy = f'Add {in_toml_key(missing[0])} = "6_500_000 {self.currency}".'
            self.findings.add(Finding(place, f"no sum for {', '.join(missing[:5])}", remedy))


def is_by_quarter(raw: Mapping[str, object]) -> bool:
    """Whether the sums of a table are meant for quarters."""
    return any(QUARTER.search(key) for key in raw)
