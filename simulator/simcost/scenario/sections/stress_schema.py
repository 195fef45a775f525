"""The table of a scenario file that says what the cost is to withstand."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from simcost.scenario.tables import Table
from simcost.scenario.text.limits import LONGEST_NAME

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]

Written = Annotated[Any, WithJsonSchema({"type": "string"})]
Factor = Annotated[Any, WithJsonSchema({"type": "number"})]
"""Checked by `simcost.scenario.sections.stresses`, which knows the input that is meant."""


class StressTable(Table):
    """Conditions under which the cost is simulated again by simcost stress, singly and together."""

    band: Annotated[
        dict[Name, Written],
        Field(
            description="Percentiles between which an uncertain input is drawn, or the one at which it is fixed.",
            examples=[{"traffic": "P90 to P100", "gpu_price": "P95"}],
        ),
    ] = Field(default_factory=dict)
    scale: Annotated[
        dict[Name, Factor], Field(description="Factor of every value of an input.", examples=[{"gpu_price": 1.3}])
    ] = Field(default_factory=dict)
    shift: Annotated[
        dict[Name, Written],
        Field(description="What is added to every value of an input.", examples=[{"gpu_price": "2 CNY/GPU/hour"}]),
    ] = Field(default_factory=dict)
    option: Annotated[
        str, Field(max_length=LONGEST_NAME, description="An option of the file that replaces values.", examples=["reserved"])
    ] = ""
    note: Annotated[str, Field(max_length=1_000, description="What is stressed, and why.")] = ""
