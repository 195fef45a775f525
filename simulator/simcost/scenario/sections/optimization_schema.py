"""The tables of ``[optimize]``: what may be decided, what is to be small, and what must hold.

[optimize]
minimise = "p95"

[[optimize.decision]]
set  = "inputs.reserved"
from = "0 GPU"
to   = "400 GPU"
step = "10 GPU"

[[optimize.limit]]
name        = "shortage"
event       = "gpus_needed > reserved"
probability = 0.01
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from simcost.scenario.quantities.share import plain_share, share_schema
from simcost.scenario.schema import Label, Text
from simcost.scenario.tables import Table

MOST_DECISIONS = 20
MOST_CHOICES = 100


class DecisionTable(Table):
    """One thing that may be decided: a number between two, or one of several values."""

    set: Annotated[
        str,
        Field(
            min_length=1, max_length=400, description="What is replaced, as --set names it.", examples=["inputs.reserved_gpus"]
        ),
    ]
    from_: Annotated[Any, Field(alias="from", description="Smallest value.", examples=["0 GPU"])] = None
    to: Annotated[Any, Field(description="Largest value.", examples=["400 GPU"])] = None
    step: Annotated[Any, Field(description="Distance of two values; any value between without it.", examples=["10 GPU"])] = None
    choices: Annotated[
        list[Any] | None,
        Field(min_length=2, max_length=MOST_CHOICES, description="Values to choose from.", examples=[["spot", "on demand"]]),
    ] = None
    note: Annotated[Text, Field(description="What is decided.", examples=["GPUs reserved for three years"])] = ""


class LimitTable(Table):
    """What must hold of a decision: that an event is rare, or a figure of the total small."""

    name: Annotated[Label, Field(description="Name of the limit.", examples=["shortage"])]
    event: Annotated[
        str,
        Field(max_length=10_000, description="A formula that is true in a bad month.", examples=["gpus_needed > gpus_reserved"]),
    ] = ""
    probability: Annotated[
        float | None,
        Field(ge=0, lt=1, examples=[0.01]),
        BeforeValidator(plain_share),
        WithJsonSchema(
            share_schema("The most with which the event may happen in any month of the run.", 0.01, minimum=0, exclusiveMaximum=1)
        ),
    ] = None
    figure: Annotated[str, Field(max_length=12, description="mean, a percentile, or cvar95.", examples=["cvar95"])] = ""
    at_most: Annotated[Any, Field(description="The most that the figure may be.", examples=["6_500_000 CNY"])] = None


class OptimizeTable(Table):
    """What `simcost optimize` decides, what it makes small, and what must hold."""

    minimise: Annotated[
        str, Field(max_length=12, description="Figure of the total: mean, a percentile, or cvar95.", examples=["p95"])
    ] = "mean"
    within_budget: Annotated[bool, Field(description="Whether the budget's confidence must be met.", examples=[True])] = False
    decision: Annotated[list[DecisionTable], Field(min_length=1, max_length=MOST_DECISIONS, description="What may be decided.")]
    limit: Annotated[list[LimitTable], Field(description="What must hold.")] = Field(default_factory=list)
