"""Blocks -> the plain language: each block of a file becomes inputs, drivers and cost lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks.expansion import Expansion
from simcost.scenario.blocks.impacts import apply_impacts
from simcost.scenario.blocks.registry import BLOCKS, Block
from simcost.scenario.blocks.writing.writer import Writer
from simcost.scenario.months import month_named
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import Finding
from simcost.scenario.quantities.vocabulary import CURRENCIES
from simcost.scenario.schema import MOST_MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simcost.scenario.overrides.replaced import Replaced
    from simcost.scenario.problems import Findings, Place


def expand_blocks(replaced: Replaced, folder: Path, findings: Findings) -> Expansion:
    """Take the blocks out of a scenario's data and add what they mean; a block with problems adds nothing more."""
    data = replaced.data
    has_costs = "cost" in data
    for section, empty in (("inputs", {}), ("drivers", {}), ("cost", [])):
        data.setdefault(section, empty)
    expansion = Expansion(replaced, folder, findings, *_frame(data))
    known = len(findings.found)
    (_expand_values if expansion.months else _withhold_values)(expansion)
    broken = {_expand(block, place, raw, expansion) for block in BLOCKS.values() for place, raw in _tables(block, data, findings)}
    expansion.unsound.update(_names_of(broken - {""}, data))
    if expansion.impacts:
        apply_impacts(expansion)
    if not data["cost"] and (len(findings.found) > known or not expansion.months):
        findings.settled.add(("cost",))  # lines are missing, but the block is to blame
    elif not has_costs and not data["cost"]:
        del data["cost"]
    if expansion.months and isinstance(data.get("cost"), list) and "inflation" in data:
        from simcost.scenario.blocks.inflation import expand_inflation

        expand_inflation(expansion, complete=not broken - {""})
    for section in (*BLOCKS, "inflation"):
        data.pop(section, None)
    return expansion


def _frame(data: dict[str, Any]) -> tuple[str, tuple[int, int], int]:
    """Return currency, first month and number of months; no months if anything is unsound that blocks need: others report it."""
    table = data.get("scenario")
    said = table if isinstance(table, dict) else {}
    currency, start, months = said.get("currency"), str(said.get("start")), said.get("months")
    sound = currency in CURRENCIES if isinstance(currency, str) else False
    sections = isinstance(data["inputs"], dict) and isinstance(data["drivers"], dict) and isinstance(data["cost"], list)
    if not sound or not sections or not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", start) or type(months) is not int:
        return "", (0, 1), 0
    return str(currency), month_named(start), months if 1 <= months <= MOST_MONTHS else 0


def _tables(block: Block, data: dict[str, Any], findings: Findings) -> Iterator[tuple[Place, dict[str, Any]]]:
    section = validation.sound_section(data, block.section, block.form, findings)
    if block.form == "list":
        yield from (((block.section, position), raw) for position, raw in enumerate(section))
        return
    for name, raw in section.items():
        if isinstance(raw, dict):
            yield (block.section, name), raw
        else:
            remedy = f"Write it as a table: [{block.section}.{name[:64]}]."
            findings.add(Finding((block.section, name), f"this is {validation.kind_of(raw)}", remedy))


def _expand(block: Block, place: Place, raw: dict[str, Any], expansion: Expansion) -> str:
    """Expand a block; return what its names begin with if it has problems, otherwise nothing."""
    prefix = place[1] if isinstance(place[1], str) else identifier_of(str(raw.get("name", "")))
    known = len(expansion.findings.found)
    table = validation.checked(block.table, raw, place, expansion.findings)
    if table is None or not expansion.months:
        return prefix
    writer = Writer(expansion, place, raw, table)
    if writer.is_sound():
        block.expand(table, writer)
    if len(expansion.findings.found) == known:
        return ""
    writer.withdraw()
    return prefix


def _expand_values(expansion: Expansion) -> None:
    """Make inputs and drivers of the values of sections that are no blocks."""
    data = expansion.replaced.data
    if "fx" in data:
        from simcost.scenario.blocks.fx import expand_fx

        expand_fx(expansion)
    if "discounting" in data:
        from simcost.scenario.blocks.discounting import expand_discounting

        expand_discounting(expansion)


def _withhold_values(expansion: Expansion) -> None:
    """Leave the names of values in their place: none is read for what is wrong elsewhere, and nobody is to miss them."""
    data = expansion.replaced.data
    rates, discounting = data.get("fx"), data.get("discounting")
    if isinstance(rates, dict):
        rates.update({code: f"fx_{code}" for code in rates})
        expansion.unsound.update(name + shock for name in rates.values() for shock in ("", "_shock"))
    if isinstance(discounting, dict) and "rate" in discounting:
        discounting["rate"] = "discount_rate"
        expansion.unsound.add("discount_rate")


def _names_of(prefixes: set[str], data: dict[str, Any]) -> Iterator[str]:
    """Yield the names in formulas that blocks with problems would make: nobody is told that they are missing."""
    if not prefixes or not isinstance(data["drivers"], dict) or not isinstance(data["cost"], list):
        return
    wanted = re.compile(rf"\b(?:{'|'.join(map(re.escape, prefixes))})(?:_\w+)?\b")
    lines = [line.get("amount") for line in data["cost"] if isinstance(line, dict)]
    pools = data.get("pool")
    lines += [pool.get("devices") for pool in pools if isinstance(pool, dict)] if isinstance(pools, list) else []
    for text in (*data["drivers"].values(), *lines):
        if isinstance(text, str):
            yield from wanted.findall(text)
