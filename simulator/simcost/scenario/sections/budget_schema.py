"""The table [budget] of a scenario file: what is approved, in all and for its parts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from simcost.scenario.quantities.share import plain_share, share_schema
from simcost.scenario.tables import Table

_MONEY = {"type": "string", "description": "One certain sum of money.", "examples": ["6_500_000 CNY"]}
_SUM: dict[str, Any] = {"anyOf": [_MONEY, {"type": "number"}]}

_BY_PERIOD = {"type": "object", "additionalProperties": _SUM}

_NAMED = "What is approved for each {} that is named, of the whole, or a table of that by fiscal year or quarter; each is judged."


def _sums_by(group: str, example: dict[str, str]) -> WithJsonSchema:
    """Return the schema of a table of approved sums by the names of categories, ..."""
    described = {"description": _NAMED.format(group), "examples": [example]}
    return WithJsonSchema({"type": "object", "additionalProperties": {"anyOf": [*_SUM["anyOf"], _BY_PERIOD]}, **described})


class BudgetTable(Table):
    """The money that is approved, and how surely the cost shall stay within."""

    approved: Annotated[
        Any,
        WithJsonSchema(
            {
                "anyOf": [
                    _MONEY,
                    {"type": "number"},
                    {"type": "array", "items": _SUM},
                    _BY_PERIOD,
                ],
                "description": "A sum for the whole run, a list of one a month, or a table of one for each fiscal year or each "
                "quarter; a bare number is in the scenario's currency.",
                "examples": ["6_500_000 CNY"],
            }
        ),
        Field(examples=["6_500_000 CNY"]),
    ]
    confidence: Annotated[
        float,
        Field(gt=0, lt=1, examples=[0.8]),
        BeforeValidator(plain_share),
        WithJsonSchema(
            share_schema("Wanted probability of staying within.", 0.8, exclusiveMinimum=0, exclusiveMaximum=1),
        ),
    ] = 0.8
    category: Annotated[
        dict[str, Any],
        _sums_by("category", {"compute": "3_200_000 CNY"}),
        Field(default_factory=dict, examples=[{"compute": "3_200_000 CNY"}]),
    ]
    stage: Annotated[
        dict[str, Any],
        _sums_by("stage", {"training": "1_500_000 CNY"}),
        Field(default_factory=dict, examples=[{"training": "1_500_000 CNY"}]),
    ]
    owner: Annotated[
        dict[str, Any],
        _sums_by("owner", {"search": "1_200_000 CNY"}),
        Field(default_factory=dict, examples=[{"search": "1_200_000 CNY"}]),
    ]
