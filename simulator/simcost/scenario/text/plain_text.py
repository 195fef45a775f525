"""A scenario's data -> TOML text, for `simcost expand`: blocks have become inputs, drivers and cost lines, each told whence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from simcost.scenario.blocks.registry import BLOCKS, VALUES
from simcost.scenario.scenario import AS_IT_IS
from simcost.scenario.text.toml_value import in_toml, in_toml_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from simcost.scenario.problems import Place


ORDER = (
    "scenario",
    "sampling",
    "inputs",
    "drivers",
    "fx",
    "discounting",
    "cost",
    "pool",
    "factors",
    "correlation",
    "budget",
    "actuals",
    "optimize",
    "stress",
    "options",
)
"""Of the sections: what the file has between them is not kept."""


def plain_text(data: Mapping[str, Any], labels: Mapping[Place, str], head: Iterable[str]) -> str:
    """Print a scenario.

    Parameters
    ----------
    data
        As `expand_blocks` leaves it.
    labels
        Which block a place comes from; others come from the file itself.
    head
        Lines of comment that stand first.
    """
    lines = [f"# {line}" for line in head]
    lines += [f"{key} = {in_toml(value)}" for key, value in data.items() if not isinstance(value, (dict, list))]
    for section in ORDER:
        value = data.get(section)
        if section in ("inputs", "drivers"):
            lines += ["", f"[{section}]", *_named(section, value, labels)] if value else []
        elif isinstance(value, list):
            lines += [line for place, table in enumerate(value) for line in _listed(section, place, table, labels)]
        elif isinstance(value, dict):
            lines += _printed(section, value, _kept(data.get("options", {})))
    return "\n".join(lines) + "\n"


def _named(section: str, values: Mapping[str, Any], labels: Mapping[Place, str]) -> Iterator[str]:
    for label, names in groupby(values, lambda name: labels.get((section, name), "")):
        yield from [f"# {_one_line(label)}"] if label else []
        yield from (f"{in_toml_key(name)} = {in_toml(values[name])}" for name in names)


def _listed(section: str, position: int, table: Mapping[str, Any], labels: Mapping[Place, str]) -> Iterator[str]:
    label = labels.get((section, position))
    yield from ["", *([f"# {_one_line(label)}"] if label else []), f"[[{section}]]", *_pairs(table)]


def _kept(options: Mapping[str, Any]) -> set[str]:
    """Return the options that replace plain values."""
    return {name for name, option in options.items() if option["set"].keys().isdisjoint((*BLOCKS, *VALUES))}


def _printed(section: str, value: Mapping[str, Any], kept: Collection[str]) -> Iterator[str]:
    """Print a section of tables, without what rests on options or keys of blocks that the plain language has not."""
    if section == "options":
        yield from _options(value, kept)
    elif section == "optimize" and any(_decides_what_is_not_there(each, kept) for each in value.get("decision", ())):
        yield from ["", "# [optimize] decides keys of blocks, or options that replace them: it is left out."]
    elif section == "stress":
        left = {name: table for name, table in value.items() if (table.get("option") or AS_IT_IS) in {*kept, AS_IT_IS}}
        lost = [name for name in value if name not in left]
        yield from (
            line
            for name in lost
            for line in ("", f"# The stress {in_toml(name)} applies an option that is not here: it is left out.")
        )
        yield from _tables(section, left) if left else ()
    else:
        yield from _tables(section, value)


def _decides_what_is_not_there(decision: Mapping[str, Any], kept: Collection[str]) -> bool:
    named = decision["set"]
    if named == "option":
        return not {*decision.get("choices", ())} <= {*kept, AS_IT_IS}
    return named.partition(".")[0] in {*BLOCKS, *VALUES}


def _options(options: Mapping[str, Any], kept: Collection[str]) -> Iterator[str]:
    """Print the options that replace plain values; what replaces a key of a block has no place in the plain language."""
    for name, option in options.items():
        if name in kept:
            yield from ["", f"[options.{in_toml_key(name)}]", *_pairs(option)]
        else:
            yield from [
                "",
                f"# The option {in_toml(name)} replaces keys of blocks: simcost expand --option NAME prints it applied.",
            ]


def _tables(section: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Print a section: ``[budget]``, or ``[stress.NAME]`` for each of its tables where it has nothing else."""
    if not value or not all(isinstance(item, dict) for item in value.values()):
        yield from ["", f"[{section}]", *_pairs(value)]
        return
    for name, table in value.items():
        yield from ["", f"[{section}.{in_toml_key(name)}]", *_pairs(table)]


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{in_toml_key(key)} = {in_toml(value)}" for key, value in table.items())


def _one_line(label: str) -> str:
    return label if label.isprintable() else in_toml(label)
