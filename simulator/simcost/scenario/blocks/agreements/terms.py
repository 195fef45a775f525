"""Terms: stretches of months that begin in a month of the run, once or one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

LONGEST_TERM = 120
"""Ten years, in months."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Of a contract or of a machine's life.

    Parameters
    ----------
    first
        Month of the run in which the first begins (1...).
    length
        Months of each.
    renewed
        Whether one follows the other; None if the user did not say.
    months
        Of the run.
    """

    first: int
    length: int
    renewed: bool | None
    months: int

    @property
    def starts(self) -> list[int]:
        """Months of the run in which one begins."""
        return list(range(self.first, self.months + 1, self.length)) if self.renewed else [self.first]

    @property
    def ends(self) -> list[int]:
        """Last months of those that end within the run."""
        last = (start + self.length - 1 for start in self.starts)
        return [month for month in last if month <= self.months]

    @property
    def cut(self) -> int:
        """Months within the run of a term that ends after it; 0 if none does."""
        within = self.months - self.starts[-1] + 1
        return within if within < self.length else 0

    def while_one_runs(self, value: str) -> str:
        """Return a value in the months of a term, and 0 in all others, as a formula."""
        conditions = [f"month >= {self.first}"] if self.first > 1 else []
        end = self.first + self.length
        if not self.renewed and end <= self.months:
            conditions.append(f"month < {end}")
        return f"where({' and '.join(conditions)}, {value}, 0)" if conditions else value

    def at_each(self, value: str, *, end: bool = False, otherwise: str = "0") -> str:
        """Return a value in the first month of each term, or in the last, and 0 or another in all others, as a formula."""
        due = self.ends if end else self.starts
        return f"where({' or '.join(f'month == {month}' for month in due)}, {value}, {otherwise})"

    def are_possible(self, writer: Writer, *, length: str, renewed: str) -> bool:
        """Whether they begin within the run and it is told what follows; findings if not, at keys of these names."""
        last = self.first + self.length - 1
        if self.first > self.months:
            writer.refuse(f"month {self.first} is after the last of {self.months} months", f"Give 1 to {self.months}.", "month")
        elif last < self.months and self.renewed is None:
            what = f"the {length} ends in month {last} of {self.months}"
            writer.refuse(what, f"Write {renewed} = true or {renewed} = false.", length)
        else:
            return True
        return False
