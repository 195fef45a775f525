"""Blocks -> the plain language: each block of a file becomes inputs, drivers and cost lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simcost.scenario import validation
from simcost.scenario.blocks.registry import BLOCKS, Block
from simcost.scenario.blocks.writer import Expansion, Writer
from simcost.scenario.problems import Finding
from simcost.scenario.schema import MOST_MONTHS
from simcost.scenario.vocabulary import CURRENCIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.scenario.overrides import Replaced
    from simcost.scenario.problems import Findings, Place


def expand_blocks(replaced: Replaced, findings: Findings) -> Expansion:
    """Take the blocks out of a scenario's data and add what they mean; a block with problems adds nothing more."""
    data = replaced.data
    expansion = Expansion(replaced, findings, *_frame(data))
    for section, empty in (("inputs", {}), ("drivers", {}), ("cost", [])):
        data.setdefault(section, empty)
    known = len(findings.found)
    for block in BLOCKS.values():
        for place, raw in _tables(block, data, findings):
            _expand(block, place, raw, expansion)
    if len(findings.found) > known or not expansion.currency:
        findings.settled.add(("cost",))  # lines may be missing, but the block is to blame
    for section in BLOCKS:
        data.pop(section, None)
    return expansion


def _frame(data: dict[str, Any]) -> tuple[str, tuple[int, int], int]:
    """Return currency, first month and number of months; an empty currency if any of them is unsound: others report it."""
    table = data.get("scenario")
    said = table if isinstance(table, dict) else {}
    currency, start, months = said.get("currency"), str(said.get("start")), said.get("months")
    sound = currency in CURRENCIES if isinstance(currency, str) else False
    if not sound or not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", start) or type(months) is not int:
        return "", (0, 1), 0
    return str(currency), (int(start[:4]), int(start[5:])), months if 1 <= months <= MOST_MONTHS else 0


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


def _expand(block: Block, place: Place, raw: dict[str, Any], expansion: Expansion) -> None:
    named = raw if block.form == "list" else {**raw, "name": place[1]}
    table = validation.checked(block.table, named, place, expansion.findings)
    if table is None or not expansion.currency or not expansion.months:
        return
    writer = Writer(expansion, place, raw, table)
    known = len(expansion.findings.found)
    if writer.is_sound():
        block.expand(table, writer)
    if len(expansion.findings.found) > known:
        writer.withdraw()
