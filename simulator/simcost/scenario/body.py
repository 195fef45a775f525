"""The sections of a scenario file, each checked and read: what `loading` makes a `Scenario` of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks.registry import BLOCKS, VALUES
from simcost.scenario.distributions.canonical import Constant
from simcost.scenario.formulas.resolution import Resolution
from simcost.scenario.months import month_named
from simcost.scenario.names import check_distinct, check_name, check_text
from simcost.scenario.problems import Finding, Findings, suggestion
from simcost.scenario.scenario import AS_IT_IS, Actuals, Cost, Discounting, Input, Sections
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

    from simcost.scenario.blocks.writing.wanted import Wanted
    from simcost.scenario.overrides.replaced import Replaced
    from simcost.scenario.problems import Place
    from simcost.scenario.sections.optimization import Optimization
    from simcost.scenario.sections.stresses import Stress


@dataclass(frozen=True, slots=True)
class Body:
    """What a file says, as far as it is sound: its tables ``[scenario]`` and ``[sampling]`` (None if not), and all else."""

    table: ScenarioTable | None
    sampling: SamplingTable | None
    sections: Sections


def read_body(replaced: Replaced, folder: Path, findings: Findings) -> Body:
    """Expand the blocks and read every section; what is not sound is reported and left out, and so is what depends on it."""
    data = replaced.data
    targets = _wrong_targets(data)
    wanted, unsound, labels = _expanded(replaced, folder, findings)
    sections = validation.check_sections(data, findings)
    table, sampling = _settings(data, sections, findings)
    currency = _sound(sections["scenario"], "currency", table, findings)
    months = _sound(sections["scenario"], "months", table, findings) or 0
    if not isinstance(currency, str) or not _is_currency(currency, findings):
        _check_forms(sections, findings)
        return Body(table, sampling, Sections())
    read = _inputs(sections["inputs"], (currency, *sections["fx"]), folder, findings)
    inputs = tuple(each for each in read if each.name not in wanted or _is_wanted(each, wanted[each.name], findings))
    inputs = tuple(replace(each, block=labels.get(("inputs", each.name), "")) for each in inputs)
    fixed, factors = _fixed(replaced, inputs), read_factors(sections["factors"], findings)
    inputs = driven(inputs, factors, sections["factors"], fixed, findings)
    _check_names(sections, findings)
    units = dict.fromkeys((*sections["inputs"], *unsound)) | {each.name: each.unit for each in inputs}
    of_blocks = {place[1] for place in labels if place[0] == "cost" and isinstance(place[1], int)}
    resolution = Resolution(currency, findings, units, wanted=wanted, lines=sections["cost"], of_blocks=of_blocks)
    drivers = read_drivers(sections["drivers"], resolution)
    resolution.rates = read_fx(sections["fx"], resolution)
    known = _nameable(sections, inputs, unsound, fixed)
    costs, other_costs = read_costs(sections["cost"], months, resolution, view=table.view if table else "cash")
    costs, other_costs, actuals = _actuals(data, (costs, other_costs), table, folder, findings)
    by_month = read_by_month(table.by_month, (costs, other_costs), table.months, findings) if table else ()
    fiscal = _fiscal(table) if months else None
    budget = read_budget(sections["budget"], currency, months, findings, fiscal=fiscal) if "budget" in data else None
    budget = with_parts(budget, sections["budget"], (costs, other_costs), SumReader(currency, fiscal, findings))
    correlations, strict = read_correlations(sections["correlation"], known, findings)
    said = Sections(
        inputs=inputs,
        drivers=drivers,
        costs=costs,
        other_costs=other_costs,
        by_month=by_month,
        correlations=correlations,
        strict=strict,
        budget=budget,
        discounting=_discounting(data, inputs, resolution),
        pools=read_pools(sections["pool"], resolution),
        factors=factors,
        optimization=_optimization(data, sections, targets, resolution),
        stresses=_stresses(sections, known, resolution),
        actuals=actuals,
    )
    return Body(table, sampling, said)


def _settings(
    data: Mapping[str, Any], sections: Mapping[str, Any], findings: Findings
) -> tuple[ScenarioTable | None, SamplingTable | None]:
    """Check what the file says of the run as a whole, and its options."""
    is_table = isinstance(data.get("scenario"), dict)
    table = validation.checked(ScenarioTable, sections["scenario"], ("scenario",), findings) if is_table else None
    sampling = validation.checked(SamplingTable, sections["sampling"], ("sampling",), findings)
    if table is not None:
        check_text(table.name, ("scenario", "name"), findings)
    _check_options(sections["options"], findings)
    return table, sampling


def _check_names(sections: Mapping[str, Any], findings: Findings) -> None:
    """Check the names of drivers, and that no name is given twice; `_inputs` has checked those of inputs."""
    for name in sections["drivers"]:
        check_name(name, ("drivers", name), findings)
    check_distinct(sections["inputs"], sections["drivers"], findings)


def _nameable(sections: Mapping[str, Any], inputs: Sequence[Input], unsound: Collection[str], fixed: frozenset[str]) -> Nameable:
    """Return what pairs and stresses may name, and what is known of all other names."""
    sound = {each.name: each for each in inputs}
    broken, drivers = sections["inputs"].keys() | set(unsound), sections["drivers"].keys()
    return Nameable(sound, broken - sound.keys(), drivers - sound.keys(), fixed)


def _wrong_targets(data: Mapping[str, Any]) -> Mapping[str, Finding]:
    """Return what is wrong with what [optimize] decides: to be asked before blocks are expanded."""
    if "optimize" not in data:
        return {}
    from simcost.scenario.sections.decisions import wrong_targets

    return wrong_targets(data)


def _discounting(data: Mapping[str, Any], inputs: Sequence[Input], resolution: Resolution) -> Discounting | None:
    section = data.get("discounting")
    return read_discounting(section, inputs, resolution) if isinstance(section, dict) else None


def _optimization(
    data: Mapping[str, Any], sections: Mapping[str, Any], targets: Mapping[str, Finding], resolution: Resolution
) -> Optimization | None:
    if "optimize" not in data:
        return None
    from simcost.scenario.sections.optimization import read_optimization

    return read_optimization(sections["optimize"], targets, sections["options"], resolution, has_budget="budget" in data)


def _actuals(
    data: Mapping[str, Any],
    views: tuple[tuple[Cost, ...], tuple[Cost, ...]],
    table: ScenarioTable | None,
    folder: Path,
    findings: Findings,
) -> tuple[tuple[Cost, ...], tuple[Cost, ...], Actuals | None]:
    if not isinstance(data.get("actuals"), dict) or table is None:
        return (*views, None)
    from simcost.scenario.sections.actuals import Frame, read_actuals

    frame = Frame(month_named(table.start), table.months, table.currency, table.view)
    views, actuals = read_actuals(data["actuals"], views, frame, folder, findings)
    return (*views, actuals)


def _stresses(sections: Mapping[str, Any], known: Nameable, resolution: Resolution) -> tuple[Stress, ...]:
    if not sections["stress"]:
        return ()
    from simcost.scenario.sections.stresses import read_stresses

    return read_stresses(sections["stress"], known, sections["options"], resolution)


def _fixed(replaced: Replaced, inputs: Sequence[Input]) -> frozenset[str]:
    """Return the names of inputs that are certain because a replacement says so."""
    touched = {place[1] for place in replaced.origins if len(place) > 1 and place[0] == "inputs"}
    return frozenset(each.name for each in inputs if each.name in touched and isinstance(each.distribution, Constant))


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


def _is_wanted(item: Input, wanted: Wanted, findings: Findings) -> bool:
    from simcost.scenario.blocks.writing.wanted import is_wanted_input

    return is_wanted_input(item, wanted, findings)


def _fiscal(table: ScenarioTable | None) -> FiscalCalendar | None:
    if table is None:
        return None
    return FiscalCalendar(month_named(table.start), table.months, table.fiscal_year_start)


def _sound(raw: Mapping[str, Any], key: str, table: ScenarioTable | None, findings: Findings) -> Any:
    """Return a value of [scenario] that has no finding of its own, though others of the table may; else None."""
    if table is not None:
        return getattr(table, key)
    blamed = any(finding.place == ("scenario", key) for finding in findings.found)
    return None if blamed else raw.get(key)


def _is_currency(code: str, findings: Findings) -> bool:
    from simcost.scenario.quantities.vocabulary import CURRENCIES

    if code in CURRENCIES:
        return True
    remedy = "Write CNY." if code == "RMB" else suggestion(code, CURRENCIES, "See the list of ISO 4217.")
    findings.add(Finding(("scenario", "currency"), f'"{code}" is no ISO 4217 code of a currency', remedy))
    return False


def _check_forms(sections: Mapping[str, Any], findings: Findings) -> None:
    """Check the formulas' form alone: without a currency no unit can be judged."""
    resolution = Resolution("", findings)
    for name, text in sections["drivers"].items():
        if isinstance(text, str):
            resolution.parsed(text, ("drivers", name))
    for position, line in enumerate(sections["cost"]):
        if isinstance(line.get("amount"), str):
            resolution.parsed(line["amount"], ("cost", position, "amount"))


def _inputs(section: Mapping[str, Any], currencies: Sequence[str], folder: Path, findings: Findings) -> tuple[Input, ...]:
    """Read the inputs; their units may have these currencies, of which the first is the scenario's."""
    inputs = []
    for name, raw in section.items():
        named = check_name(name, ("inputs", name), findings)
        item = read_input(name, raw, currencies[0], folder=folder, findings=findings)
        if item is not None and named and has_rates(item.unit, raw, currencies, place=("inputs", name), findings=findings):
            inputs.append(item)
    return tuple(inputs)


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
