"""What the tables of all blocks share, and how a key of a block takes a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, WithJsonSchema

from simcost.scenario.bounds import NOT_NEGATIVE, Bounds
from simcost.scenario.schema import INPUT_TABLE, Formula
from simcost.scenario.tables import Table
from simcost.scenario.text.limits import LONGEST_NAME

if TYPE_CHECKING:
    from simcost.scenario.scenario import Persistence

LONGEST_BLOCK_NAME = 40
"""Characters: a cost line is called after its block and its part, and has `LONGEST_NAME` in all."""

Value = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "string",
                    "minLength": 1,
                    "description": "A quantity as in [inputs], or a formula over inputs and drivers that begins with a name.",
                },
                {"type": "number", "description": "A pure number without a unit."},
                {"$comment": INPUT_TABLE},
            ]
        }
    ),
]
"""A number in a block: whatever ``[inputs]`` takes, or a formula that begins with a name. `number` says which."""


@dataclass(frozen=True, slots=True)
class Takes:
    """Which numbers a key takes: their unit, their bounds in it, and how long one draw holds if the user says nothing of it.

    ``MONEY`` stands for the scenario's currency. The unit is empty where other keys decide it, which `Writer.value` is told.
    """

    unit: str
    bounds: Bounds
    draw: Persistence


def number(description: str, example: object, *, unit: str = "", bounds: Bounds = NOT_NEGATIVE, draw: Persistence = "run") -> Any:
    """Say of a key what it is, how it is written, and which numbers it takes (`Takes`).

    It stands in the annotation: ``share: Annotated[Value, number("Part of the data.", "25 %", unit="1", bounds=SHARE)]``.
    """
    field = Field(description=description, examples=[example])
    field.metadata.append(Takes(unit, bounds, draw))
    return field


Month = Annotated[int, Field(ge=1, le=12)]
"""A month of the calendar: January is 1."""


Category = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, description="Category of its cost lines.")]


class NamedTable(Table):
    """What every block has that is written ``[[...]]``."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_BLOCK_NAME,
            description="Unique name; its cost lines, inputs and drivers are called after it.",
            examples=["Recommendation engineers"],
        ),
    ]
    note: Annotated[str, Field(max_length=1_000, description="Anything to remember.")] = ""


class BlockTable(NamedTable):
    """What every block of costs has."""

    category: Category
    stage: Annotated[str, Field(max_length=LONGEST_NAME, description="Stage of the life cycle of its cost lines.")] = ""
    owner: Annotated[str, Field(max_length=LONGEST_NAME, description="The department that pays.")] = ""
    index: Annotated[
        Formula | None, Field(description='Multiplies its cost lines instead of [inflation]; "1" for prices that stay.')
    ] = None
