"""Lists of texts as callers give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def listed(texts: Sequence[str]) -> tuple[str, ...]:
    """Return a text alone as a list of one: it is a sequence too, of letters, and nobody means those."""
    return (texts,) if isinstance(texts, str) else tuple(texts)
