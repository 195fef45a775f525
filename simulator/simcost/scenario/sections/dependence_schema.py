"""The tables of a scenario file that say which inputs move together."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simcost.scenario.dependence import CopulaFamily
from simcost.scenario.tables import Table


class CorrelationTable(Table):
    """Inputs that move together, each pair of them alike; pairs of a Gaussian or of one t copula may share inputs."""

    between: Annotated[
        list[str],
        Field(
            min_length=2,
            max_length=100,
            description="Two uncertain inputs of equal `draw`, or up to 100.",
            examples=[["gpu_price", "cpu_price"]],
        ),
    ]
    rank: Annotated[
        float | None,
        Field(ge=-1, le=1, description="Spearman's rank correlation, for the copulas gaussian and frank.", examples=[0.3]),
    ] = None
    kendall: Annotated[
        float | None, Field(ge=-1, le=1, description="Kendall's tau, for any copula; instead of rank.", examples=[0.4])
    ] = None
    copula: Annotated[
        CopulaFamily,
        Field(description="What joins them: whether extremes come together, and which.", examples=["t"]),
    ] = "gaussian"
    df: Annotated[
        float | None,
        Field(ge=1, le=1000, description="Degrees of freedom of the t copula: the fewer, the more extremes.", examples=[4]),
    ] = None
    tail: Annotated[
        Literal["lower", "upper"] | None,
        Field(description="Which extremes come together: clayton's lower ones and gumbel's upper ones by default."),
    ] = None
    strict: Annotated[
        bool,
        Field(
            description="Refuse the file if no joint distribution has all of its correlations; by default they are repaired "
            "to the nearest possible ones, with a warning. One strict pair makes all strict.",
            examples=[True],
        ),
    ] = False


class FactorTable(Table):
    """What moves many inputs at once: each names it as its `driver`, with its `loading`."""

    copula: Annotated[
        Literal["gaussian", "t"],
        Field(description="What joins its inputs: with t, extremes come together too.", examples=["t"]),
    ] = "gaussian"
    df: Annotated[float | None, Field(ge=1, le=1000, description="Degrees of freedom of the t copula.", examples=[4])] = None
    note: Annotated[
        str, Field(max_length=1_000, description="Anything to remember.", examples=["the market for accelerators"])
    ] = ""
