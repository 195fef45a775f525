"""What a number of the file may be."""

from __future__ import annotations

from dataclasses import dataclass
from operator import ge, gt, le, lt


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a parameter may be; ``None`` is no bound. ``instead`` says where else a value at an open end is told."""

    above: float | None = None
    least: float | None = None
    most: float | None = None
    below: float | None = None
    whole: bool = False
    instead: str = ""

    def violated(self, value: float) -> str:
        """Return the first bound that a value breaks, in words; empty if none."""
        if self.whole and value != int(value):
            return "a whole number"
        bounds = (("above", self.above, gt), ("at least", self.least, ge), ("at most", self.most, le), ("below", self.below, lt))
        broken = (f"{word} {end:,.10g}" for word, end, holds in bounds if end is not None and not holds(value, end))
        return next(broken, "")


ANY = Bounds()
POSITIVE = Bounds(above=0)
NOT_NEGATIVE = Bounds(least=0)
AT_LEAST_ONE = Bounds(least=1)
SHARE = Bounds(least=0, most=1)
PROBABILITY = SHARE
SOME_SHARE = Bounds(above=0, most=1)
"""Of a peak that is reached, say: what is divided by it."""
ABOVE_LOSS = Bounds(above=-1)
"""Of a rate of change: at -1 nothing is left."""
