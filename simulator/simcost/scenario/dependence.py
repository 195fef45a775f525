"""How inputs depend on each other: correlations of pairs and groups, and factors that move several inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CopulaFamily = Literal["gaussian", "t", "clayton", "gumbel", "frank"]


@dataclass(frozen=True, slots=True)
class Correlation:
    """How inputs of equal persistence move together, each pair of them alike.

    Parameters
    ----------
    between
        Two names or more.
    rank
        Spearman's rho of a pair; None if ``kendall`` is given.
    kendall
        Kendall's tau of a pair; None if ``rank`` is given.
    copula
        The family that joins them.
    df
        Degrees of freedom of ``t``; None for others.
    tail
        Which extremes of ``clayton`` or ``gumbel`` come together, ``lower`` or ``upper``; empty for those of the family's own.
    """

    between: tuple[str, ...]
    rank: float | None = None
    kendall: float | None = None
    copula: CopulaFamily = "gaussian"
    df: float | None = None
    tail: str = ""

    @property
    def is_elliptical(self) -> bool:
        """Whether normal scores are correlated, so that several of these may share inputs."""
        return self.copula in ("gaussian", "t")


@dataclass(frozen=True, slots=True)
class Factor:
    """What moves the inputs that name it as their driver; ``df`` are the degrees of freedom of a t copula."""

    name: str
    copula: Literal["gaussian", "t"] = "gaussian"
    df: float | None = None
