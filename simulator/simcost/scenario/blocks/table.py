"""What the tables of all blocks share, and how a key of a block takes a number."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, WithJsonSchema

from simcost.scenario.schema import INPUT_TABLE, Formula, Table
from simcost.scenario.text.limits import LONGEST_NAME

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
"""A number in a block: whatever ``[inputs]`` takes, or a formula that begins with a name."""

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
