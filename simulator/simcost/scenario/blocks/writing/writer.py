"""What a block writes: inputs, drivers and cost lines of the plain language, each remembering the key it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.writing.footing import is_quantity, written_quantity
from simcost.scenario.blocks.writing.table import LONGEST_BLOCK_NAME, Takes
from simcost.scenario.blocks.writing.wanted import Wanted
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.names import check_name, check_text, identifier_of
from simcost.scenario.problems import Finding, Place
from simcost.scenario.quantities.units import parse_unit
from simcost.scenario.tables import example_of, field_of
from simcost.scenario.validation import mistyped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.expansion import Expansion
    from simcost.scenario.bounds import Bounds
    from simcost.scenario.distributions.canonical import Distribution
    from simcost.scenario.quantities.units import Unit
    from simcost.scenario.scenario import Persistence
    from simcost.scenario.tables import Table

LABELS = ("category", "stage", "owner", "index")
"""What a block tells of all its cost lines."""

ONE_DAY = "one_day"
"""The input ``1 day``, shared too."""

ONE_MONTH = "one_month"
"""The input ``1 month`` that all blocks share: it turns what happens in a month into a rate."""


class Writer:
    """Writes one block.

    Parameters
    ----------
    expansion
        Where to.
    place
        The block's place in the file: ``("staff", 0)``.
    raw
        The block's table as the file has it.
    table
        The same, checked; inputs and drivers are called after its name, or after its key if it has none.
    """

    def __init__(self, expansion: Expansion, place: Place, raw: dict[str, Any], table: Table) -> None:
        self.expansion = expansion
        self.place = place
        self.raw = raw
        self.name = str(getattr(table, "name", place[1]))
        self.months = expansion.months
        self.prefix = identifier_of(self.name) if isinstance(place[1], int) else self.name
        self._labels = {key: str(getattr(table, key)) for key in LABELS if getattr(table, key, "")}
        self._table = type(table)
        self._added: list[tuple[str, Any]] = []
        self._label = f'[[{place[0]}]] "{self.name}"' if isinstance(place[1], int) else f"[{place[0]}.{place[1]}]"

    def value(
        self,
        *path: str | int,
        unit: str | Unit | None = None,
        bounds: Bounds | None = None,
        draw: Persistence | None = None,
        called: str = "",
    ) -> str:
        """Make a key of the block an input or a driver.

        Parameters
        ----------
        path
            The key, or keys and positions that lead to it.
        unit, bounds, draw
            Where other keys decide what this one takes; else it is what the table of keys says (`Takes`). A key without unit
            takes any.
        called
            The name after the block's own; by default the key.

        Returns
        -------
        str
            The name in formulas.
        """
        raw: Any = self.raw
        for part in path:
            raw = raw[part]
        name = self.named(called or "_".join(str(part) for part in path))
        place = (*self.place, *path)
        example = example_of(self._table, path).replace("CNY", self.expansion.currency)
        takes = self._takes(path)
        wanted = Wanted(self._unit(unit or takes.unit), bounds or takes.bounds, example)
        if isinstance(raw, str) and not is_quantity(raw):
            self._add("drivers", name, raw, place, wanted)
        elif isinstance(raw, bool) or not isinstance(raw, (str, int, float, dict)):
            self.expansion.findings.add(Finding(place, mistyped(raw, "a quantity"), f"Write for example {example}."))
        else:
            self._add("inputs", name, _with_draw(raw, draw or takes.draw), place, wanted)
            self.expansion.remember(("inputs", name, "value"), place)
        return name

    def value_or(self, otherwise: str, *path: str | int) -> str:
        """Make a key an input or a driver, if the user gave it; else return another formula."""
        return self.value(*path) if self.has(*path) else otherwise

    def constant(self, name: str, quantity: str) -> str:
        """Write an input that several blocks share, once; return its name."""
        inputs = self.expansion.replaced.data["inputs"]
        if name not in inputs or ("inputs", name) not in self.expansion.labels:
            self._add("inputs", name, quantity, self.place)
        self.expansion.labels["inputs", name] = "several blocks"
        return name

    def one_month(self) -> str:
        """Return the name of the input ``1 month``."""
        return self.constant(ONE_MONTH, "1 month")

    def uniform(self, name: str, draw: Persistence, *path: str | int) -> str:
        """Write an input between 0 and 1 that decides what happens by chance; return its name."""
        distribution = {"uniform": {"low": 0, "high": 1}, "unit": "1"}
        self._add("inputs", self.named(name), distribution | ({"draw": draw} if draw != "run" else {}), (*self.place, *path))
        return self.named(name)

    def input(self, name: str, quantity: str | dict[str, Any], *path: str | int) -> str:
        """Write a certain input; return its name."""
        self._add("inputs", self.named(name), quantity, (*self.place, *path))
        self.expansion.remember(("inputs", self.named(name), "unit"), (*self.place, *path))
        return self.named(name)

    def normal(self, name: str, *path: str | int, draw: Persistence = "month") -> str:
        """Write a standard normal input; return its name."""
        distribution = {"normal": {"mean": 0, "sd": 1}, "unit": "1", "draw": draw}
        self._add("inputs", self.named(name), distribution, (*self.place, *path))
        return self.named(name)

    def once(self, name: str, formula: str, *path: str | int) -> str:
        """Write a driver if this block has not written it yet."""
        if ("drivers", self.named(name)) not in self.expansion.labels:
            self._add("drivers", self.named(name), formula, (*self.place, *path))
        return self.named(name)

    def certain(self, *path: str | int, unit: Unit | None = None) -> float | None:
        """Return a value given as a quantity without uncertainty, in its key's unit or another; None for any other value."""
        found, wanted = self._quantity(*path), self._unit(unit or self._takes(path).unit)
        if found is None or wanted is None or found[1].dimension != wanted.dimension or not isinstance(found[0], Constant):
            return None
        return float(found[0].value * found[1].scale / wanted.scale)

    def unit_of(self, *path: str | int) -> Unit | None:
        """Return the unit of a value as far as it can be told: of a formula it cannot."""
        found = self._quantity(*path)
        return found[1] if found else None

    def _quantity(self, *path: str | int) -> tuple[Distribution, Unit] | None:
        """Return what a value is if it is a quantity string, a number, or a table with a unit."""
        raw: Any = self.raw
        for part in path:
            raw = raw[part] if isinstance(part, int) else raw.get(part) if isinstance(raw, dict) else None
        return written_quantity(raw, self.expansion.currency)

    def one_day(self) -> str:
        """Return the name of the input ``1 day``."""
        return self.constant(ONE_DAY, "1 day")

    def driver(self, name: str, formula: str, *path: str | int) -> str:
        """Write a driver called after the block; problems in it are reported at the key that ``path`` leads to."""
        named = self.named(name) if name else self.prefix
        self._add("drivers", named, formula, (*self.place, *path))
        return named

    def cost(self, part: str, amount: str, *path: str | int, **keys: str | int) -> None:
        """Write a cost line ``NAME: part`` with the block's category, stage, owner and index; ``keys`` are every, month, view."""
        lines = self.expansion.replaced.data["cost"]
        name = f"{self.name}: {part}"
        if any(isinstance(line, dict) and line.get("name") == name for line in lines):
            self._clash(f'the cost line "{name}"')
        lines.append({"name": name, **self._labels, "amount": amount, **keys})
        place: Place = ("cost", len(lines) - 1)
        self.expansion.remember(place, (*self.place, *path))
        for key in self._labels:
            self.expansion.remember((*place, key), (*self.place, key))
        self.expansion.labels[place] = self._label
        self._added.append(("cost", place[1]))

    def pool(self, devices: str, *path: str | int) -> None:
        """Write a pool called after the block, of which the result tells the sizing month."""
        pools = self.expansion.replaced.data.setdefault("pool", [])
        if not isinstance(pools, list):
            return  # others say so
        if any(isinstance(each, dict) and each.get("name") == self.name for each in pools):
            self._clash(f'the pool "{self.name}"')
        pools.append({"name": self.name, "devices": devices})
        place: Place = ("pool", len(pools) - 1)
        self.expansion.remember(place, (*self.place, *path))
        self.expansion.labels[place] = self._label
        self._added.append(("pool", place[1]))

    def lagged(self, flow: str, called: str, months: int, *path: str | int) -> str:
        """Return what a driver was so many months ago, by way of a driver for each month between, ``called_1_ago`` and on."""
        for ago in range(1, months + 1):
            flow = self.once(f"{called}_{ago}_ago", f"prev({flow}, 0)", *path)
        return flow

    def has(self, *path: str | int) -> bool:
        """Whether the user gave a key."""
        raw: Any = self.raw
        for part in path:
            if isinstance(part, str) and part not in raw:
                return False
            raw = raw[part]
        return True

    @property
    def problems(self) -> int:
        """How many are known of the file so far."""
        return len(self.expansion.findings.found)

    def tables_of(self, section: str) -> list[dict[str, Any]]:
        """Return the tables of a section, as the file has them."""
        blocks = self.expansion.replaced.data.get(section)
        return [each for each in blocks if isinstance(each, dict)] if isinstance(blocks, list) else []

    def refuse(self, what: str, remedy: str, *path: str | int) -> None:
        """Report something impossible at a key."""
        self.expansion.findings.add(Finding((*self.place, *path), what, remedy))

    def named(self, name: str) -> str:
        """Return a name in formulas: the block's, and what follows."""
        return f"{self.prefix}_{name}"

    def is_sound(self) -> bool:
        """Whether names can be made of the block's name; what cannot be shown of it and its labels is reported."""
        for key, text in {"name": self.name, **self._labels}.items():
            check_text(text, (*self.place, key), self.expansion.findings)
        if isinstance(self.place[1], str) and len(self.name) > LONGEST_BLOCK_NAME:
            self.refuse(f"a name of {len(self.name)} characters", f"A block's name has at most {LONGEST_BLOCK_NAME}.")
        if not self.prefix:
            self.refuse(f'no name for formulas can be made of "{self.name}"', "Give it letters or digits.", "name")
        return bool(self.prefix)

    def withdraw(self) -> None:
        """Take back what has been written, the block having problems."""
        data: dict[str, Any] = self.expansion.replaced.data
        for section, name in reversed(self._added):
            del data[section][name]

    def _takes(self, path: Sequence[str | int]) -> Takes:
        """Return what the table of keys says of a key."""
        field = field_of(self._table, path)
        return next(said for said in (field.metadata if field else ()) if isinstance(said, Takes))

    def _unit(self, unit: str | Unit) -> Unit | None:
        """Return a unit that is written, in the scenario's currency; None if none is."""
        if not isinstance(unit, str):
            return unit
        currency = self.expansion.currency
        return parse_unit(unit.replace("MONEY", currency), currency) if unit else None

    def _add(self, section: str, name: str, value: Any, origin: Place, wanted: Wanted | None = None) -> None:
        data = self.expansion.replaced.data
        if name in data["inputs"] or name in data["drivers"]:
            self._clash(f'"{name}"')
        elif check_name(name, origin, self.expansion.findings):
            data[section][name] = value
            self._added.append((section, name))
            self.expansion.remember((section, name), origin)
            self.expansion.labels[section, name] = self._label
            if wanted is not None:
                self.expansion.wanted[name] = wanted

    def _clash(self, what: str) -> None:
        what = f"this block makes {what}, which is there already"
        place = (*self.place, "name") if isinstance(self.place[1], int) else self.place
        self.expansion.findings.settle(Finding(place, what, "Give the block another name."))


def _with_draw(raw: Any, draw: Persistence) -> Any:
    """Say how long a draw holds where the user did not."""
    if draw == "run" or (isinstance(raw, dict) and "draw" in raw):
        return raw
    if isinstance(raw, dict):
        return {**raw, "draw": draw}
    return {"value": raw, "draw": draw} if isinstance(raw, str) and " to " in raw else raw
