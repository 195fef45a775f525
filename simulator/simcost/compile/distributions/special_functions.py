"""scipy.special, imported when it is called for, since that takes longer than most of what asks for it."""

from __future__ import annotations

from typing import Any


def special() -> Any:
    """Return the module; its functions know no types."""
    import scipy.special

    return scipy.special
