"""Which sections of a file are blocks. Loads none of them: a file without blocks pays nothing for them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from simcost.scenario.blocks.writing.writer import Writer
    from simcost.scenario.tables import Table


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of block.

    Parameters
    ----------
    form
        ``list`` is written ``[[staff]]``, each with its ``name``; ``table`` is written ``[series.NAME]``.
    has_costs
        Whether it makes cost lines: a file with one needs no ``[[cost]]``.
    """

    section: str
    form: Literal["list", "table"]
    has_costs: bool = True

    @property
    def header(self) -> str:
        """How the section is written."""
        return f"[[{self.section}]]" if self.form == "list" else f"[{self.section}.NAME]"

    @property
    def table(self) -> type[Table]:
        """The keys of the block: ``StaffTable`` of the module ``staff``."""
        return cast("type[Table]", getattr(self._module(), f"{self.section.capitalize()}Table"))

    @property
    def expand(self) -> Callable[[Table, Writer], None]:
        """Write what a block means in the plain language: the function ``expand`` of its module."""
        return cast("Callable[[Table, Writer], None]", self._module().expand)

    def _module(self) -> ModuleType:
        return import_module(f"simcost.scenario.blocks.{self.section}")


BLOCKS: dict[str, Block] = {
    block.section: block
    for block in (
        Block("series", "table", has_costs=False),
        Block("festivals", "list", has_costs=False),
        Block("risks", "list"),
        Block("compute", "list"),
        Block("tokens", "list"),
        Block("spot", "list"),
        Block("training", "list"),
        Block("storage", "list"),
        Block("hardware", "list"),
        Block("network", "list"),
        Block("data", "list"),
        Block("operations", "list"),
        Block("commitments", "list"),
        Block("tariffs", "list"),
        Block("contracts", "list"),
        Block("staff", "list"),
    )
}
"""Blocks by their section, in the order in which they are expanded; the code is in the module of that name."""

VALUES = ("fx", "discounting", "inflation")
"""Sections that are no blocks and whose values are expanded too. The first two stay, with the names of what they became."""
