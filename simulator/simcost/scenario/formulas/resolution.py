"""Formulas of a file on their way to expressions: what is known so far, and what is not to be reported twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from simcost.scenario.formulas import FormulaError, Syntax, infer_unit, parse, resolve
from simcost.scenario.formulas.sums import mentioned_as, mentioned_line, sums_by_name
from simcost.scenario.problems import MOST_CANDIDATES, Finding, Findings, Place
from simcost.scenario.text.limits import MOST_FORMULA_NODES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from simcost.scenario.blocks.writing.wanted import Wanted
    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.quantities.units import Unit
    from simcost.scenario.sections.fx import Rate


@dataclass(slots=True)
class Resolution:
    """What formulas may name.

    Parameters
    ----------
    units
        Unit of every input and of every driver resolved so far; None, which fits any, for a name that exists but is not
        sound, so that nobody reads of it twice.
    nodes
        Numbers, names and operations of all formulas read so far.
    wanted
        What the drivers that come from a block's keys must be.
    rates
        Those of other currencies, by their codes; None for one that is not sound.
    lines, of_blocks
        The cost lines as written, whose names a formula may mention by mistake, and which of them blocks have made.
    """

    currency: str
    findings: Findings
    units: dict[str, Unit | None] = field(default_factory=dict)
    nodes: int = 0
    wanted: Mapping[str, Wanted] = field(default_factory=dict)
    rates: Mapping[str, Rate | None] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] = ()
    of_blocks: Collection[int] = ()
    _sums: Mapping[str, tuple[str, str]] | None = None

    def parsed(self, text: str, place: Place) -> Syntax | None:
        """Parse a formula; findings and None if it has no sound form, or is one too many."""
        try:
            syntax = parse(text)
        except FormulaError as error:
            self.report(self._naming_a_line(text) or error, place)
            return None
        self.nodes += syntax.nodes
        if self.nodes <= MOST_FORMULA_NODES:
            return syntax
        if self.nodes - syntax.nodes <= MOST_FORMULA_NODES:
            what = f"the formulas of the file up to this one have {self.nodes:,} parts, more than {MOST_FORMULA_NODES:,}"
            self.findings.add(Finding(place, what, "Simplify the formulas."))
        return None

    def resolved(
        self, syntax: Syntax, place: Place, *, self_name: str = "", own: Unit | None = None
    ) -> tuple[Expression, Unit] | None:
        """Check names and units of a formula, which must yield ``own`` if given; None if it or a name in it has findings."""
        try:
            found = resolve(
                syntax, self._units_for(syntax, self_name), self_name, own, sums=self._sums_for(syntax, self_name, place)
            )
        except FormulaError as error:
            self.report(error, place)
            return None
        unsound = any(self.units.get(name) is None for name in syntax.names if name != self_name)
        return None if unsound else found

    def read(self, text: str, place: Place) -> tuple[Expression, Unit] | None:
        """Parse and resolve a formula that no other one names, as of a cost line; None if it or a name in it has findings."""
        syntax = self.parsed(text, place)
        return None if syntax is None else self.resolved(syntax, place)

    def learn(self, name: str, syntax: Syntax, place: Place) -> bool:
        """Note the unit of a driver as far as it can be told; False if its formula has findings."""
        try:
            self.units[name] = infer_unit(syntax, self._units_for(syntax, name), name, sums=self._sums_for(syntax, name, place))
        except FormulaError as error:
            self.report(error, place)
            return False
        return True

    def _units_for(self, syntax: Syntax, self_name: str) -> Mapping[str, Unit]:
        """Return the units of the names that a formula needs; some others too if one is unknown, to suggest them."""
        names = set(syntax.names & self.units.keys())
        if not syntax.names <= names | {self_name}:
            names.update(islice(self.units, MOST_CANDIDATES))
        return cast("Mapping[str, Unit]", {name: self.units[name] for name in names})  # resolve takes None for "fits any"

    def _sums_for(self, syntax: Syntax, self_name: str, place: Place) -> Mapping[str, tuple[str, str]]:
        """Return what sums of costs are called, if a name is unknown; a cost line does not mean itself."""
        if syntax.names <= self.units.keys() | {self_name}:
            return {}
        own = mentioned_as(self.lines[int(place[1])]) if place[0] == "cost" and self.lines else ""
        return {name: said for name, said in self._named_sums().items() if name != own}

    def _named_sums(self) -> Mapping[str, tuple[str, str]]:
        if self._sums is None:
            self._sums = sums_by_name(self.lines, self.of_blocks)
        return self._sums

    def _naming_a_line(self, text: str) -> FormulaError | None:
        """Return what is wrong with a formula that cannot be read since it has the name of a cost line, of several words."""
        name = mentioned_line(text, self.lines)
        if not name:
            return None
        what, remedy = self._named_sums()[mentioned_as({"name": name})]
        return FormulaError(f"{what} in a formula, which names inputs and drivers", remedy, text.index(name))

    def report(self, error: FormulaError, place: Place) -> None:
        """Turn what a formula's reader refuses into findings."""
        for offset, what, remedy in error.problems:
            self.findings.add(Finding(place, what, remedy, offset=offset))
