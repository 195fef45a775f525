"""A share of one, which may be written in percent: ``0.8`` or ``"80 %"``."""

from __future__ import annotations

import re
import unicodedata

_PERCENT = r"^\s*([0-9]+\.?[0-9]*|\.[0-9]+)\s*%\s*$"


def plain_share(value: object) -> object:
    """Return the number that a percentage is, rounded once (``"99.9 %"`` is 0.999); else the value itself."""
    match = re.match(_PERCENT, unicodedata.normalize("NFKC", value)) if isinstance(value, str) else None
    return float(f"{match[1]}e-2") if match else value


def share_schema(what: str, example: float, **bounds: float) -> dict[str, object]:
    """Describe a share for editors; ``bounds`` in the words of JSON Schema."""
    return {
        "anyOf": [{"type": "number", **bounds}, {"type": "string", "pattern": _PERCENT}],
        "description": f'{what} Also in percent: "{100 * example:g} %".',
        "examples": [example],
    }
