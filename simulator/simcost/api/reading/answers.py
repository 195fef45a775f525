"""Answers read back from what ``--json`` has printed, to be set as a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simcost.api.reading.comparisons import compare_of
from simcost.api.reading.influences import drivers_of
from simcost.api.reading.searches import seek_of, sweep_of
from simcost.api.reading.variances import variance_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simcost.results.answer import Answer

READERS: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
    "simcost/compare/1": compare_of,
    "simcost/drivers/1": drivers_of,
    "simcost/seek/1": seek_of,
    "simcost/sweep/1": sweep_of,
    "simcost/variance/1": variance_of,
}
"""By the schema of a document."""


class UnknownDocumentError(Exception):
    """A JSON document that no page is made of; it says which it is."""


def answer_of(content: bytes) -> Answer:
    """Return the answer that a document tells.

    Raises
    ------
    UnknownDocumentError
        If it is of another kind.
    Exception
        One of `simcost.api.reading.parts.UNREADABLE`, if it is not as it was written.
    """
    document = json.loads(content)
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(schema, str) or schema not in READERS:
        raise UnknownDocumentError(f"{schema:.60}" if isinstance(schema, str) else "no schema")
    return READERS[schema](document)
