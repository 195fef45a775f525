"""The probability of a draw as operands of a plan: below, above, or as a normal score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simcost.compile.steps import Steps


@dataclass(frozen=True, slots=True)
class Probability:
    """The probability at which an inverse distribution function is taken.

    Parameters
    ----------
    steps
        The plan in the making.
    near
        Operand of the probability below, or above if ``from_above``: the one that is known to all its digits.
    score
        Operand of the normal score, if that is what is known.
    """

    steps: Steps
    near: str
    from_above: bool = False
    score: str | None = None

    @property
    def below(self) -> str:
        """Operand of the probability below."""
        return self._rest() if self.from_above else self.near

    @property
    def above(self) -> str:
        """Operand of the probability above."""
        return self.near if self.from_above else self._rest()

    @property
    def normal(self) -> str:
        """Operand of the standard normal's quantile."""
        if self.score is not None:
            return self.score
        score = self.steps.op("normal_quantile", self.near)
        return self.steps.op("neg", score) if self.from_above else score

    def _rest(self) -> str:
        return self.steps.op("sub", self.steps.number(1.0), self.near)
