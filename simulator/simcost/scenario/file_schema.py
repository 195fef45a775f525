"""The whole scenario file as a pydantic model, and its JSON Schema."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema, create_model

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.schema import (
    INPUT_TABLE,
    NUMBER,
    QUANTITY,
    CostTable,
    DiscountingTable,
    Formula,
    InflationTable,
    InputTable,
    Label,
    OptionTable,
    PoolTable,
    SamplingTable,
    ScenarioTable,
)
from simcost.scenario.sections.actuals_schema import ActualsTable
from simcost.scenario.sections.budget_schema import BudgetTable
from simcost.scenario.sections.dependence_schema import CorrelationTable, FactorTable
from simcost.scenario.sections.stress_schema import StressTable
from simcost.scenario.tables import Table

InputValue = Annotated[
    Annotated[str, WithJsonSchema(QUANTITY)] | Annotated[float, WithJsonSchema(NUMBER)] | InputTable,  # type: ignore[valid-type]
    Field(union_mode="left_to_right"),
]


class ScenarioFile(Table):
    """What a deployment costs, with every uncertain number written as a distribution."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True, title="simcost scenario")

    schema_: Annotated[Literal[1], Field(alias="schema", description="Version of the language: 1.", examples=[1])]
    scenario: Annotated[ScenarioTable, Field(description="What is simulated.")]
    sampling: Annotated[SamplingTable, Field(description="How the future is drawn.")] = SamplingTable()
    inputs: Annotated[
        dict[str, InputValue],
        Field(
            description="Named numbers, certain or uncertain: a quantity string, a pure number, or a table with a distribution."
        ),
    ] = Field(default_factory=dict)
    drivers: Annotated[
        dict[str, Formula],
        Field(
            description="Named formulas over inputs and other drivers; their units are inferred.",
            examples=[{"gpus": "ceil(peak_qps / qps_per_gpu)"}],
        ),
    ] = Field(default_factory=dict)
    fx: Annotated[
        dict[str, Any],
        Field(
            description="Rates of other currencies, in the scenario's currency for one: a cost line in another currency is "
            "multiplied by its rate of the month.",
            examples=[{"USD": "6.8 to 7.1 to 7.5 CNY/USD"}],
        ),
    ] = Field(default_factory=dict)
    cost: Annotated[list[CostTable], Field(min_length=1, description="The cost lines: one [[cost]] each.")] = Field(
        default_factory=list
    )
    pool: Annotated[list[PoolTable], Field(description="Pools of devices whose sizing month is told.")] = Field(
        default_factory=list
    )
    factors: Annotated[dict[Label, FactorTable], Field(description="What moves many inputs at once.")] = Field(
        default_factory=dict
    )
    correlation: Annotated[list[CorrelationTable], Field(description="Inputs that move together.")] = Field(default_factory=list)
    budget: Annotated[BudgetTable | None, Field(description="The approved money.")] = None
    actuals: Annotated[ActualsTable | None, Field(description="Bills to date, in the place of the forecast.")] = None
    discounting: Annotated[DiscountingTable | None, Field(description="How later payments count less.")] = None
    inflation: Annotated[InflationTable | None, Field(description="How prices rise.")] = None
    options: Annotated[dict[Label, OptionTable], Field(description="Variants, each run by --option NAME.")] = Field(
        default_factory=dict
    )
    stress: Annotated[dict[Label, StressTable], Field(description="What the cost is to withstand: see simcost stress.")] = Field(
        default_factory=dict
    )
    optimize: Annotated[dict[str, Any], Field(description="What simcost optimize decides.")] = Field(default_factory=dict)


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of the scenario file, for editors and linters."""
    schema = _with_blocks().model_json_schema(by_alias=True)
    costs = ["cost", *(block.section for block in BLOCKS.values() if block.has_costs)]
    schema["anyOf"] = [{"required": [section]} for section in costs]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_noise(schema)}


def _with_blocks() -> type[ScenarioFile]:
    """Add the sections of the blocks, whose own modules hold their tables."""
    from simcost.scenario.blocks.writing.table import Value
    from simcost.scenario.sections.optimization_schema import OptimizeTable

    fields: dict[str, Any] = {}
    for block in BLOCKS.values():
        kind = list[block.table] if block.form == "list" else dict[str, block.table]  # type: ignore[name-defined]
        fields[block.section] = (Annotated[kind, Field(description=inspect.getdoc(block.table))], Field(default_factory=list))
    rate = Value | BLOCKS["series"].table
    description = ScenarioFile.model_fields["fx"].description
    fields["fx"] = (dict[str, rate], Field(default_factory=dict, description=description))  # type: ignore[valid-type]
    fields["optimize"] = (OptimizeTable | None, Field(default=None, description=inspect.getdoc(OptimizeTable)))
    return create_model("ScenarioFile", __base__=ScenarioFile, __doc__=ScenarioFile.__doc__, **fields)


def _without_noise(node: Any) -> Any:
    """Drop what pydantic adds and a reader has no use for: generated titles and defaults of null."""
    if isinstance(node, list):
        return [_without_noise(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node == {"$comment": INPUT_TABLE}:
        return {"$ref": f"#/$defs/{InputTable.__name__}"}
    kept = {key: value for key, value in node.items() if not (key == "default" and value is None)}
    if isinstance(kept.get("title"), str) and kept["title"] != "simcost scenario":
        del kept["title"]
    if kept.get("anyOf") and {"type": "null"} in kept["anyOf"]:  # TOML knows no null
        kept["anyOf"] = [choice for choice in kept["anyOf"] if choice != {"type": "null"}]
        if len(kept["anyOf"]) == 1:
            kept = {**kept.pop("anyOf")[0], **kept}
    return {key: _without_noise(value) for key, value in kept.items()}
