"""How an answer shows itself to Python: its tables in a notebook and by ``print``, a line where it is looked at in passing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from simcost.errors import visible

if TYPE_CHECKING:
    from simcost.report.parts.page import Page


class Answer(ABC):
    """What every answer has, whatever it says.

    An answer is equal to itself alone (``eq=False`` of each): it holds arrays, of which Python cannot say whether two are equal,
    and seconds, which two of them never share.
    """

    __slots__ = ()

    @abstractmethod
    def page(self) -> Page:
        """Arrange it as its command prints it."""

    @abstractmethod
    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""

    def _repr_html_(self) -> str:
        """Return its tables for a notebook."""
        from simcost.report.parts.page import page_html

        return page_html(self.page())

    def __str__(self) -> str:
        """Return its tables as text: what ``print`` shows."""
        from simcost.report.parts.page import page_text

        return page_text(self.page())

    def __repr__(self) -> str:
        """Name it in one line; all of its fields would fill the screen."""
        return f"<{type(self).__name__}: {visible(self.page().heading)}>"
