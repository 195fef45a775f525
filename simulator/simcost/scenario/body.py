"""The sections of a scenario file, each checked and read: what `loading` makes a `Scenario` of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks.registry import BLOCKS, VALUES
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.formulas.resolution import Resolution
from simcost.scenario.meant_values import SIGNS
from simcost.scenario.months import month_named
from simcost.scenario.names import check_distinct, check_name, check_text
from simcost.scenario.problems import Finding, Findings, suggestion
from simcost.scenario.quantities.vocabulary import CURRENCIES
from simcost.scenario.scenario import AS_IT_IS, Sections
from simcost.scenario.schema import OptionTable, SamplingTable, ScenarioTable
from simcost.scenario.sections.approved_parts import with_parts
from simcost.scenario.sections.approved_periods import SumReader
from simcost.scenario.sections.breakdown import read_by_month
from simcost.scenario.sections.budget import read_budget
from simcost.scenario.sections.correlations import read_correlations
from simcost.scenario.sections.costs import read_costs
from simcost.scenario.sections.discounting import read_discounting
from simcost.scenario.sections.drivers import read_drivers
from simcost.scenario.sections.factors import driven, read_factors
from simcost.scenario.sections.fiscal import FiscalCalendar
from simcost.scenario.sections.fx import has_rates, read_fx
from simcost.scenario.sections.inputs import read_input
from simcost.scenario.sections.nameable import Nameable
from simcost.scenario.sections.pools import read_pools
from simcost.scenario.text.limits import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from simcost.scenario.blocks.writing.wanted import Wanted
    from simcost.scenario.overrides.replaced import Replaced
    from simcost.scenario.problems import Place
    from simcost.scenario.scenario import Actuals, Budget, Cost, Discounting, Input
    from simcost.scenario.sections.optimization import Optimization
    from simcost.scenario.sections.stresses import Stress

    Views = tuple[tuple[Cost, ...], tuple[Cost, ...]]


@dataclass(frozen=True, slots=True)
class Body:
    """What a file says, as far as it is sound: its tables ``[scenario]`` and ``[sampling]`` (None if not), and all else."""

    table: ScenarioTable | None
    sampling: SamplingTable | None
    sections: Sections


def read_body(replaced: Replaced, folder: Path, findings: Findings) -> Body:
    """Expand the blocks and read every section; what is not sound is reported and left out, and so is what depends on it."""
    return _Reading(replaced, folder, findings).body()


class _Reading:
    """One file while it is read.

    Attributes
    ----------
    targets
        What is wrong with what [optimize] decides: asked before blocks are expanded.
    wanted, unsound, labels
        Of the blocks: what the values given in them must be, the names that blocks with problems would make, and who made what.
    sections
        Every table of the expanded file, an empty one for what is missing or of another kind.
    table, sampling
        What the file says of the run as a whole; None if that is not sound.
    """

    def __init__(self, replaced: Replaced, folder: Path, findings: Findings) -> None:
        self.data, self.origins, self.folder, self.findings = replaced.data, replaced.origins, folder, findings
        self.targets = _wrong_targets(self.data)
        self.wanted, self.unsound, self.labels = _expanded(replaced, folder, findings)
        self.sections = validation.check_sections(self.data, findings)
        is_table, said = isinstance(self.data.get("scenario"), dict), self.sections["scenario"]
        self.table = validation.checked(ScenarioTable, said, ("scenario",), findings) if is_table else None
        self.sampling = validation.checked(SamplingTable, self.sections["sampling"], ("sampling",), findings)
        if self.table is not None:
            check_text(self.table.name, ("scenario", "name"), findings)
        _check_options(self.sections["options"], findings)

    def body(self) -> Body:
        """Read the sections; where no currency is meant, only the formulas' form."""
        said, months = self._sound("currency"), self._sound("months") or 0
        currency = _currency(said, self.findings) if isinstance(said, str) else ""
        if currency:
            return Body(self.table, self.sampling, self._sections(currency, months))
        self._check_forms()
        return Body(self.table, self.sampling, Sections())

    def _sound(self, key: str) -> Any:
        """Return a value of [scenario] that has no finding of its own, though others of the table may; else None."""
        if self.table is not None:
            return getattr(self.table, key)
        blamed = any(finding.place == ("scenario", key) for finding in self.findings.found)
        return None if blamed else self.sections["scenario"].get(key)

    def _check_forms(self) -> None:
        """Check the formulas' form alone: without a currency no unit can be judged."""
        resolution = Resolution("", self.findings)
        for name, text in self.sections["drivers"].items():
            if isinstance(text, str):
                resolution.parsed(text, ("drivers", name))
        for position, line in enumerate(self.sections["cost"]):
            if isinstance(line.get("amount"), str):
                resolution.parsed(line["amount"], ("cost", position, "amount"))

    def _sections(self, currency: str, months: int) -> Sections:
        sections, table, findings = self.sections, self.table, self.findings
        inputs = self._inputs((currency, *sections["fx"]))
        fixed, factors = self._fixed(inputs), read_factors(sections["factors"], findings)
        inputs = driven(inputs, factors, sections["factors"], fixed, findings)
        self._check_names()
        resolution = self._resolution(currency, inputs)
        drivers = read_drivers(sections["drivers"], resolution)
        resolution.rates = read_fx(sections["fx"], resolution)
        known = self._nameable(inputs, fixed)
        views = read_costs(sections["cost"], months, resolution, view=table.view if table else "cash")
        views, actuals = self._actuals(views)
        by_month = read_by_month(table.by_month, views, table.months, findings) if table else ()
        budget = self._budget(currency, months, views)
        correlations, strict = read_correlations(sections["correlation"], known, findings)
        return Sections(
            inputs=inputs,
            drivers=drivers,
            costs=views[0],
            other_costs=views[1],
            by_month=by_month,
            correlations=correlations,
            strict=strict,
            budget=budget,
            discounting=self._discounting(inputs, resolution),
            pools=read_pools(sections["pool"], resolution),
            factors=factors,
            optimization=self._optimization(resolution),
            stresses=self._stresses(known, resolution),
            actuals=actuals,
        )

    def _inputs(self, currencies: Sequence[str]) -> tuple[Input, ...]:
        """Read the inputs; their units may have these currencies, of which the first is the scenario's."""
        inputs = []
        for name, raw in self.sections["inputs"].items():
            place = ("inputs", name)
            named = check_name(name, place, self.findings)
            item = read_input(name, raw, currencies[0], folder=self.folder, findings=self.findings)
            if item is not None and named and has_rates(item.unit, raw, currencies, place=place, findings=self.findings):
                inputs.append(replace(item, block=self.labels.get(place, "")))
        return tuple(each for each in inputs if self._is_wanted(each))

    def _is_wanted(self, item: Input) -> bool:
        """Tell whether an input is what the block that it is given in asks for."""
        if item.name not in self.wanted:
            return True
        from simcost.scenario.blocks.writing.wanted import is_wanted_input

        return is_wanted_input(item, self.wanted[item.name], self.findings)

    def _fixed(self, inputs: Sequence[Input]) -> frozenset[str]:
        """Return the names of inputs that are certain because a replacement says so."""
        touched = {place[1] for place in self.origins if len(place) > 1 and place[0] == "inputs"}
        return frozenset(each.name for each in inputs if each.name in touched and isinstance(each.distribution, Constant))

    def _check_names(self) -> None:
        """Check the names of drivers, and that no name is given twice; `_inputs` has checked those of inputs."""
        for name in self.sections["drivers"]:
            check_name(name, ("drivers", name), self.findings)
        check_distinct(self.sections["inputs"], self.sections["drivers"], self.findings)

    def _resolution(self, currency: str, inputs: Sequence[Input]) -> Resolution:
        """Return what formulas are resolved with: the inputs' units, None for those that are not sound."""
        lines = self.sections["cost"]
        units = dict.fromkeys((*self.sections["inputs"], *self.unsound)) | {each.name: each.unit for each in inputs}
        of_blocks = {place[1] for place in self.labels if place[0] == "cost" and isinstance(place[1], int)}
        return Resolution(currency, self.findings, units, wanted=self.wanted, lines=lines, of_blocks=of_blocks)

    def _nameable(self, inputs: Sequence[Input], fixed: frozenset[str]) -> Nameable:
        """Return what pairs and stresses may name, and what is known of all other names."""
        sound = {each.name: each for each in inputs}
        broken, drivers = self.sections["inputs"].keys() | set(self.unsound), self.sections["drivers"].keys()
        return Nameable(sound, broken - sound.keys(), drivers - sound.keys(), fixed)

    def _actuals(self, views: Views) -> tuple[Views, Actuals | None]:
        table = self.table
        if not isinstance(self.data.get("actuals"), dict) or table is None:
            return views, None
        from simcost.scenario.sections.actuals import Frame, read_actuals

        frame = Frame(month_named(table.start), table.months, table.currency, table.view)
        return read_actuals(self.data["actuals"], views, frame, self.folder, self.findings)

    def _budget(self, currency: str, months: int, views: Views) -> Budget | None:
        said, table = self.sections["budget"], self.table
        fiscal = FiscalCalendar(month_named(table.start), months, table.fiscal_year_start) if table and months else None
        budget = read_budget(said, currency, months, self.findings, fiscal=fiscal) if "budget" in self.data else None
        return with_parts(budget, said, views, SumReader(currency, fiscal, self.findings))

    def _discounting(self, inputs: Sequence[Input], resolution: Resolution) -> Discounting | None:
        section = self.data.get("discounting")
        return read_discounting(section, inputs, resolution) if isinstance(section, dict) else None

    def _optimization(self, resolution: Resolution) -> Optimization | None:
        if "optimize" not in self.data:
            return None
        from simcost.scenario.sections.optimization import read_optimization

        said, options = self.sections["optimize"], self.sections["options"]
        return read_optimization(said, self.targets, options, resolution, has_budget="budget" in self.data)

    def _stresses(self, known: Nameable, resolution: Resolution) -> tuple[Stress, ...]:
        if not self.sections["stress"]:
            return ()
        from simcost.scenario.sections.stresses import read_stresses

        return read_stresses(self.sections["stress"], known, self.sections["options"], resolution)


def _wrong_targets(data: Mapping[str, Any]) -> Mapping[str, Finding]:
    """Return what is wrong with what [optimize] decides: to be asked before blocks are expanded."""
    if "optimize" not in data:
        return {}
    from simcost.scenario.sections.decisions import wrong_targets

    return wrong_targets(data)


def _expanded(
    replaced: Replaced, folder: Path, findings: Findings
) -> tuple[Mapping[str, Wanted], Collection[str], Mapping[Place, str]]:
    """Put inputs, drivers and cost lines into the place of the blocks.

    Returned are what the values given in blocks must be, the names that blocks with problems would make, and who made what.
    """
    if replaced.data.keys().isdisjoint((*BLOCKS, *VALUES)):
        return {}, (), {}
    from simcost.scenario.blocks.expand import expand_blocks

    expansion = expand_blocks(replaced, folder, findings)
    return expansion.wanted, expansion.unsound, expansion.labels


def _currency(code: str, findings: Findings) -> str:
    """Return the currency; of a code that is none, told, the one that is meant, so that all else is still checked, or nothing."""
    if code in CURRENCIES:
        return code
    meant = SIGNS.get(code, "")
    remedy = f"Write {meant}." if meant else suggestion(code, CURRENCIES, "See the list of ISO 4217.")
    findings.add(Finding(("scenario", "currency"), f'"{code}" is no ISO 4217 code of a currency', remedy))
    return meant


def _check_options(section: Mapping[str, Any], findings: Findings) -> None:
    for name, raw in section.items():
        place = ("options", name)
        if name == AS_IT_IS:
            findings.add(Finding(place, f'"{name}" is the file without any option', "Give the option another name.", at="key"))
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            findings.add(Finding(place, f'"{name[:64]}" is no name for an option', "Use 1 to 64 plain characters.", at="key"))
        if isinstance(raw, dict):
            validation.checked(OptionTable, raw, place, findings)
        else:
            findings.add(
                Finding(place, f"an option is {validation.kind_of(raw)}", f"Write [options.{name[:64]}] with set = {{ ... }}.")
            )
