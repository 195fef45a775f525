"""What commands print with ``--json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def answered(call: Callable[..., Any], *words: object) -> dict[str, Any]:
    """Run a command, which is to end well, and read its document."""
    result = call(*words, "--json", "-q")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found
