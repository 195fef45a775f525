"""What ``simcost validate`` prints, as a page: for ``print`` and for notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.report.model.document import model_document
from simcost.report.model.layout import rich_table
from simcost.report.model.table import heading_of, layouts, notes
from simcost.report.parts.page import Page

if TYPE_CHECKING:
    from simcost.compile.compiled import Compiled


def model_page(compiled: Compiled) -> Page:
    """Arrange a model for a notebook, or for text as wide as a terminal."""
    document = model_document(compiled)
    return Page(heading_of(document), (), (), lambda width: map(rich_table, layouts(document, width)), ("", *notes(document)))
