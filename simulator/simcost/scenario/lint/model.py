"""What a rule looks at: the scenario as it was resolved, and its tables as they were written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from simcost.scenario.distributions import canonical as d
from simcost.scenario.quantities.vocabulary import CALENDAR, CLOCK, MONEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simcost.scenario.problems import Place
    from simcost.scenario.scenario import Input, Scenario

WORD = re.compile(r"[^\W\d]\w*")
"""An identifier of a formula."""

TIMES = (CLOCK, CALENDAR)
MACHINES = ("GPU", "CPU", "TPU", "NPU", "server", "core", "node", "rack", "device", "machine", "instance", "VM", "disk")


@dataclass(frozen=True, slots=True)
class Model:
    """A scenario under review.

    Parameters
    ----------
    scenario
        Resolved, blocks expanded.
    data
        The file's tables with options and assignments applied, blocks as they were written.
    written
        The file's tables as they are.
    """

    scenario: Scenario
    data: Mapping[str, Any]
    written: Mapping[str, Any]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs that the file itself names; those that blocks make are left out."""
        own = self.data.get("inputs", {})
        return tuple(each for each in self.scenario.inputs if each.name in own)

    @property
    def uncertain(self) -> tuple[Input, ...]:
        """Those of them that are drawn."""
        return tuple(each for each in self.inputs if not isinstance(each.distribution, d.Constant))

    def blocks(self, section: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        """Yield place and table of every block of a section."""
        written = self.data.get(section, ())
        items = written.items() if isinstance(written, dict) else enumerate(written)
        yield from (((section, key), table) for key, table in items if isinstance(table, dict))

    def formulas(self) -> Iterator[tuple[Place, str]]:
        """Yield place and text of every driver and of every cost line's amount."""
        yield from ((("drivers", name), text) for name, text in self.data.get("drivers", {}).items() if isinstance(text, str))
        for position, line in enumerate(self.data.get("cost", ())):
            if isinstance(line.get("amount"), str):
                yield ("cost", position, "amount"), line["amount"]

    def mentions(self, pattern: str) -> bool:
        """Whether any key or text of the file, notes apart, has a match, whatever the case."""
        wanted = re.compile(pattern, re.IGNORECASE)
        return any(wanted.search(text) for _, text in _texts(self.data, keys=True))


def words_of(data: Mapping[str, Any]) -> Iterator[tuple[Place, str, list[str]]]:
    """Yield place, text and identifiers of every string that uses what it names.

    What is correlated, decided, or befallen by a risk is changed there and not used: these texts have no identifiers.
    """
    for place, text in _texts(data):
        changed = place[0] == "correlation" or (place[0], place[-1]) == ("optimize", "set") or "affects" in place
        yield place, text, [] if changed else WORD.findall(text)


def _texts(value: Any, place: Place = (), *, keys: bool = False) -> Iterator[tuple[Place, str]]:
    """Yield place and text of every string within a value; of keys too if wanted. Notes and sources say nothing to a formula."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in ("note", "source"):
                yield from ([(place, key)] if keys else ())
                yield from _texts(item, (*place, key), keys=keys)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _texts(item, (*place, position), keys=keys)


def powers(each: Input) -> dict[str, int]:
    """Return the exponent of every base of an input's unit; money of any currency is ``money``."""
    return {"money" if base.startswith(MONEY) else base: int(power) for base, power in each.unit.dimension}


def is_price(each: Input) -> bool:
    """Whether an input is money for something, or money a time."""
    found = powers(each)
    return found.get("money") == 1 and len(found) > 1


def priced_things(each: Input) -> tuple[str, ...]:
    """Return the counted things that an input is a price of."""
    return tuple(base for base, power in powers(each).items() if power < 0 and base not in TIMES) if is_price(each) else ()


def is_rent(each: Input) -> bool:
    """Whether an input is money a time."""
    return is_price(each) and any(powers(each).get(base, 0) < 0 for base in TIMES)


def named(each: Input, *words: str) -> bool:
    """Whether a name has one of these words, between underscores or at its ends; in Chinese anywhere."""
    return _pattern(words).search(each.name) is not None


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:^|_){word}(?:_|\d|$)" if word.isascii() else word for word in words), re.IGNORECASE)


def place_of(each: Input) -> Place:
    """Return where an input is written."""
    return ("inputs", each.name)
