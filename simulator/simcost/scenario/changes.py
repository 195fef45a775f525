"""What one scenario file says and another does not: key by key, named as ``--set`` names them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.scenario.overrides.replaced import replaced_copy
from simcost.scenario.overrides.replacing import replace_all
from simcost.scenario.problems import Findings
from simcost.scenario.text.document import restored
from simcost.scenario.text.toml_value import in_toml, in_toml_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simcost.scenario.scenario import Scenario

VARIANTS = ("options", "stress", "optimize")
"""Sections that no figure of a file as it is rests on; an option that is applied shows in what it replaces."""

WITH_VALUE = ("inputs", "fx")
"""Sections in which ``x = "9 CNY"`` says the same as ``x = { value = "9 CNY" }``."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key whose value differs.

    Parameters
    ----------
    key
        As ``--set`` names it: ``inputs.gpu_price``, ``cost.Serving.amount``.
    before, after
        As TOML; None where the file has no such key.
    """

    key: str
    before: str | None
    after: str | None


def changes_between(first: Scenario, other: Scenario) -> tuple[Change, ...]:
    """Return what differs in two files, their options and what was replaced applied; comments and order are no difference."""
    before, after = map(_settled, (first, other))
    return tuple(_of_tables(before, after, ()))


def _settled(scenario: Scenario) -> dict[str, Any]:
    """Return a file's data as it was run: with its option, and with values replaced."""
    document = restored(scenario.path, scenario.text, scenario.sha256)
    replaced = replaced_copy(document.data)
    replace_all(replaced, scenario.option, scenario.overrides, Findings())
    return {name: _tabled(name, section) for name, section in replaced.data.items() if name not in VARIANTS}


def _tabled(name: str, section: Any) -> Any:
    if name not in WITH_VALUE or not isinstance(section, dict):
        return section
    return {key: value if isinstance(value, dict) else {"value": value} for key, value in section.items()}


def _of_tables(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Change]:
    for key in dict.fromkeys((*before, *after)):
        yield from _of_values(before.get(key), after.get(key), (*path, key))


def _of_values(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[Change]:
    if before == after:
        return
    old, new = _named(before), _named(after)
    section_of_one = (old or new) and None in (before, after) and len(path) == 1  # each of its entries by itself
    if (old and new) or section_of_one:
        yield from _of_tables(old, new, path)
        return
    if _are_tables(before) and _are_tables(after):  # of many tiers of which one differs the others tell nothing
        left = [[each for each in mine if each not in its] for mine, its in ((before, after), (after, before))]
        before, after = left if any(left) else (before, after)
    yield Change(_dotted(path), *(None if each is None else in_toml(_bare(each)) for each in (before, after)))


def _named(value: Any) -> dict[str, Any]:
    """Return a table, or a list of tables by their names or by what they are between; nothing where it is neither."""
    if isinstance(value, dict):
        return value
    if _are_tables(value):
        found = {name: each for each in value if (name := _name_of(each))}
        return found if len(found) == len(value) else {}
    return {}


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _name_of(table: dict[str, Any]) -> str:
    between = table.get("between")
    return " and ".join(map(str, between)) if isinstance(between, list) else str(table.get("name", ""))


def _bare(value: Any) -> Any:
    """Return ``{ value = x }`` as x."""
    return value["value"] if isinstance(value, dict) and set(value) == {"value"} else value


def _dotted(path: tuple[str, ...]) -> str:
    section, *rest = path
    kept = rest[:-1] if section in WITH_VALUE and len(rest) > 1 and rest[-1] == "value" else rest
    return ".".join(map(in_toml_key, (section, *kept)))
