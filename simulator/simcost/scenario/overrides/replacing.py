"""Options of the file and ``--set`` assignments: the same scenario with some values replaced.

Both are a table of targets: ``inputs.NAME``, ``inputs.NAME.KEY``, ``drivers.NAME``, ``cost."NAME".KEY``, ``factors.NAME.KEY``,
``fx.CODE``, a KEY of ``budget`` and of the other `SETTINGS`, some of ``scenario``, and a key of a block: ``staff."NAME".KEY``.
An option is applied first, then each assignment in its order; blocks are expanded after that.

A replaced input keeps its ``draw`` and its ``driver``: an option says what a number is, not how long one draw of it holds. It
keeps its unit too where the new value has none, as a number of a block and a rate of exchange do; a pure number in the place of a
quantity is ``{ value = 2, unit = "1" }``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.blocks.series import is_process
from simcost.scenario.overrides.input_override import (
    PERCENT,
    in_own_unit,
    is_share_of,
    lacks_unit,
    merged,
    own_unit,
    replaced_input,
    replaced_rate,
)
from simcost.scenario.overrides.replaceable import FIXED, KEYS, NAMED, SCENARIO_KEYS, SECTIONS, SETTINGS
from simcost.scenario.overrides.replaced import Origin, Replaced
from simcost.scenario.problems import Finding, Findings, Place, place_text, show, suggestion
from simcost.scenario.scenario import AS_IT_IS
from simcost.scenario.schema import InputTable, ScenarioTable
from simcost.scenario.tables import known_keys
from simcost.scenario.text.assignment import GIVEN, parsed_assignment
from simcost.scenario.validation import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def replace_all(replaced: Replaced, option: str, assignments: Sequence[str], findings: Findings) -> None:
    """Apply an option, if one is named, and then each assignment in its order."""
    if option and option != AS_IT_IS:
        apply_option(replaced, option, findings)
    for assignment in assignments:
        apply_assignment(replaced, assignment, findings)


def apply_option(replaced: Replaced, name: str, findings: Findings) -> None:
    """Apply one of the file's options; an unknown one is a finding."""
    options = replaced.data.get("options")
    option = options.get(name) if isinstance(options, dict) else None
    if option is None:
        known = list(options) if isinstance(options, dict) else []
        remedy = suggestion(name, known, "" if known else "The file has no [options.NAME] tables.")
        findings.add(Finding((), f'no option is named "{name[:64]}"', remedy))
    elif isinstance(option, dict) and isinstance(option.get("set"), dict):
        _Replacing(replaced, findings).apply(option["set"], Origin(("options", name, "set")))


def apply_assignment(replaced: Replaced, assignment: str, findings: Findings) -> None:
    """Apply one ``KEY=VALUE`` of the command line; a value that is no TOML is taken as a string."""
    origin = Origin((), assignment)
    table = parsed_assignment(assignment)
    if isinstance(table, Finding):
        replaced.origins[table.place] = origin
        findings.add(table)
    else:
        _Replacing(replaced, findings).apply(table, origin)


@dataclass(frozen=True, slots=True)
class _Replacing:
    """Replaces values of a file's data, and notes what cannot be replaced."""

    replaced: Replaced
    findings: Findings

    def apply(self, table: Mapping[str, Any], origin: Origin) -> None:
        """Replace what a table of targets names."""
        for section, inner in table.items():
            where = origin.inside(section)
            if section not in SECTIONS:
                what = f'"{section[:64]}" cannot be replaced'
                self._refuse(where, what, _homes(self.replaced, section) or suggestion(section, SECTIONS))
            elif not isinstance(inner, dict):
                what, key = f"{show(inner)} is {kind_of(inner)}, not what to replace in {section}", KEYS.get(section, "NAME")
                self._refuse(where, what, f"Name it: {section}.{key}=...")
            else:
                for name, value in inner.items():
                    self._replace(section, name, value, where.inside(name))

    def _replace(self, section: str, name: str, value: Any, origin: Origin) -> None:
        if section in NAMED or section in BLOCKS:
            self._in_named(section, name, value, origin)
            return
        known = _replaceable(section, self.replaced.data.get(section))
        if section in SETTINGS and name in known:
            self.replaced.data.setdefault(section, {})
        table = self.replaced.data.get(section)
        if not isinstance(table, dict) or name not in known:
            remedy = _in_the_file(name, self.replaced.data) if section in ("inputs", "drivers") else ""
            self._refuse(origin, _unknown(section, name), remedy or suggestion(name, known))
        elif section == "inputs":
            self._input(name, value, origin)
        elif section in ("fx", "inflation") or _are_some_of(value, table.get(name)):
            self._key(table, (section, name), value, origin)
        else:
            table[name] = value
            self.replaced.origins[section, name] = origin

    def _in_named(self, section: str, name: str, table: Any, origin: Origin) -> None:
        """Replace keys of a table that has a name: a cost line or a block."""
        what = {"cost": "cost line", "factors": "factor"}.get(section, f"block of {section}")
        places = _named_tables(self.replaced.data.get(section), section)
        if name not in places:
            remedy = suggestion(name, places, "" if places else f"The file has no [{section}].")
            self._refuse(origin, f'no {what} is named "{name[:64]}"', remedy)
        elif not isinstance(table, dict):
            example = f'{section}."{name[:64]}".{"amount" if section == "cost" else "KEY"} = "..."'
            self._refuse(origin, f"a {what} is replaced key by key", f"Write {example}.")
        else:
            place, old = places[name]
            known = [key for key in known_keys(NAMED[section] if section in NAMED else BLOCKS[section].table) if key != "name"]
            for key, value in table.items():
                where = origin.inside(key)
                if key not in known:
                    self._refuse(where, f"a {what} has no {key[:64]} to replace", suggestion(key, known))
                else:
                    self._key(old, (*place, key), value, where)

    def _key(self, table: dict[str, Any], place: Place, value: Any, origin: Origin) -> None:
        """Replace a key of a block or of a cost line; of a table in it only the keys that are given."""
        key = str(place[-1])
        old = table.get(key)
        is_another = place[0] == "fx" and isinstance(value, dict) and _is_input(value) and not is_process(value)
        if isinstance(old, dict) and isinstance(value, dict) and not _is_input(old) and not is_another:
            for inner, item in value.items():
                self._key(old, (*place, inner), item, origin.inside(inner))
            return
        if place[0] == "fx":
            value = replaced_rate(old, value)
        elif place[0] in BLOCKS:
            value = in_own_unit(old, value)
        if isinstance(old, dict) and isinstance(value, dict) and not is_process(value) and not is_process(old):
            value = merged(old, value)
        table[key] = value
        self.replaced.origins[place] = origin

    def _input(self, name: str, value: Any, origin: Origin) -> None:
        inputs = self.replaced.data["inputs"]
        old = inputs[name]
        if own_unit(old) == PERCENT and lacks_unit(value) and not isinstance(value, dict):
            what = f"inputs.{name} is in %, and {show(value)} has no unit"
            self._refuse(origin, what, 'Write for example "30 %".')
            return
        if origin.assignment and is_share_of(old, value):
            what = f"inputs.{name} is in {own_unit(old)}, and {show(value)} is a share"
            scaled = f"[stress.NAME] with scale = {{ {name} = 1.1 }} multiplies it"
            remedy = f"An assignment replaces the value: write what it shall be, in {own_unit(old)}; {scaled}."
            self._refuse(origin, what, remedy)
            return
        for place in [place for place in self.replaced.origins if place[:2] == ("inputs", name)]:
            del self.replaced.origins[place]  # a later replacement answers for the whole
        new = inputs[name] = replaced_input(old, value)
        in_a_table = isinstance(new, dict) and not isinstance(value, dict)
        self.replaced.origins[("inputs", name, "value") if in_a_table else ("inputs", name)] = origin
        if isinstance(old, dict) and isinstance(value, dict):
            for key in value:
                self.replaced.origins["inputs", name, key] = origin.inside(key)

    def _refuse(self, origin: Origin, what: str, remedy: str) -> None:
        place = (GIVEN, origin.assignment) if origin.assignment else origin.place
        self.replaced.origins[place] = origin
        self.findings.add(Finding(place, what, remedy, at="key"))


def _homes(replaced: Replaced, name: str) -> str:
    """Suggest the section that has a value of that name: who writes ``--set gpus=...`` left it out; or a path without quotes."""
    if name in ("option", "options"):
        return "An option is applied as a whole: give `option='NAME'`."
    if name in FIXED:
        return f"[{name}] is changed in the file, or in a copy of it: compare takes several files."
    if name.partition(".")[0] in SECTIONS and "." in name:
        return f"Write it without quotes: {name[:80]} = ..."
    tables = ((section, replaced.data.get(section)) for section in SECTIONS)
    return next(
        (f'Did you mean "{section}.{name}"?' for section, table in tables if isinstance(table, dict) and name in table), ""
    )


def _replaceable(section: str, table: Any) -> Collection[str]:
    """Return the keys of a section that may be replaced, whether it has them or not; of inputs and drivers those that it has."""
    if section == "scenario":
        return SCENARIO_KEYS
    if section in SETTINGS:
        return known_keys(SETTINGS[section])
    return table.keys() if isinstance(table, dict) else ()


def _unknown(section: str, name: str) -> str:
    """Say that a section has nothing of a name to replace, or that it is not for replacing."""
    said = place_text((section, name))[:80]
    fixed = section == "scenario" and name in known_keys(ScenarioTable)
    return f"{said} cannot be replaced" if fixed else f"there is no {said} to replace"


def _in_the_file(name: str, data: Mapping[str, Any]) -> str:
    """Say what to replace instead of an input or a driver that a block or a value of the file makes."""
    from simcost.scenario.blocks.made_names import target_of

    target = target_of(name, data)
    return f"The file has it as {target[:160]}." if target else ""


def _are_some_of(value: Any, old: Any) -> bool:
    """Whether a table gives some keys of another anew, such as the sum of one fiscal year; an empty one takes its place."""
    return bool(value) and isinstance(value, dict) and isinstance(old, dict) and value.keys() <= old.keys()


def _named_tables(section: Any, name: str) -> dict[str, tuple[Place, dict[str, Any]]]:
    """Return the tables of a section by their names, each with its place."""
    if isinstance(section, dict):
        return {key: ((name, key), table) for key, table in section.items() if isinstance(table, dict)}
    tables = [(i, table) for i, table in enumerate(section if isinstance(section, list) else []) if isinstance(table, dict)]
    return {str(table["name"]): ((name, i), table) for i, table in reversed(tables) if isinstance(table.get("name"), str)}


def _is_input(table: Mapping[str, Any]) -> bool:
    """Whether a table in a block describes a number, as a table of [inputs] does; a note says nothing about that."""
    return any(key in known_keys(InputTable) for key in table.keys() - {"note"})
