"""What turning a distribution into steps needs of whoever collects them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from simcost_kernels.plan import Table


class Steps(Protocol):
    """A plan in the making; see `simcost_kernels.plan` for operands and operations."""

    def number(self, value: float) -> str:
        """Return the operand of a run-time parameter."""

    def table(self, table: Table) -> str:
        """Return the operand of a table."""

    def op(self, name: str, *operands: str) -> str:
        """Return the operand of an operation's result."""
