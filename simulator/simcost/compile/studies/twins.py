"""Draws with an independent twin each, one of which a run-time parameter picks: what estimates of Sobol' indices freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.compile.builder import Builder
from simcost_kernels.draws.sampling import RANDOM, Sampling
from simcost_kernels.draws.stream import stream_id

if TYPE_CHECKING:
    from collections.abc import Container

    from simcost.scenario.scenario import Persistence


class TwinBuilder(Builder):
    """A builder whose draws are, while a parameter is not 0.0, those of another stream.

    Both are drawn, so that Sobol' points have a dimension of their own for each: two scrambles of one dimension would not do,
    since they fall into the same elementary intervals.

    Parameters
    ----------
    horizon, sampling
        See `Builder`.
    taken
        Streams that no twin may have.

    Attributes
    ----------
    picks
        Operand of the parameter of each stream.
    """

    def __init__(self, horizon: int, sampling: Sampling = RANDOM, *, taken: Container[int] = ()) -> None:
        super().__init__(horizon, sampling)
        self._taken = taken
        self.picks: dict[int, str] = {}

    def draw(self, stream: int, persistence: Persistence) -> str:
        """Return the uniform of a stream, or of its twin."""
        own, twin = super().draw(stream, persistence), super().draw(self._twin(stream), persistence)
        self.picks[stream] = pick = self.number(0.0)
        return self.op("where", pick, twin, own)

    def _twin(self, stream: int) -> int:
        others = {*self._draft.streams}
        candidates = (stream_id(f"twin {k} of stream {stream}") for k in range(64))
        return next(each for each in candidates if each not in others and each not in self._taken)
