"""The tables of a scenario file as pydantic models: the one description for checks, for editors and for the documentation.

What a table says is checked here key by key. What its strings and distributions mean is checked by those who read them
(`quantity`, `marginals`, `formulas`), so these are typed loosely here and described in full for editors.
"""

from __future__ import annotations

import inspect
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, WithJsonSchema, create_model

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.dependence_schema import CorrelationTable
from simcost.scenario.distribution_schema import DISTRIBUTIONS, distribution_schema
from simcost.scenario.limits import LONGEST_NAME
from simcost.scenario.strict_table import Table as Table  # noqa: PLC0414 (blocks know it by this module)

MOST_MONTHS = 600
"""Fifty years: every month of every cost line is a column of the result."""

LARGEST_SEED = 2**63 - 1
"""TOML's own largest integer; the seed is a 64-bit key."""

MOST_SCENARIOS = 10**12

Text = Annotated[str, Field(max_length=1_000)]
Label = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Formula = Annotated[str, Field(min_length=1, max_length=10_000)]

_QUANTITY = {
    "type": "string",
    "description": "A quantity: NUMBER UNIT, LOW to HIGH UNIT (lognormal, P5 and P95), or LOW to MODE to HIGH UNIT (PERT).",
    "examples": ["100 GPU", "9 to 16 CNY/GPU/hour", "8 to 10 to 14 person"],
}
_NUMBER = {"type": "number", "description": "A pure number without a unit.", "examples": [1.15]}
_MONEY = {"type": "string", "description": "One certain sum of money.", "examples": ["6_500_000 CNY"]}


View = Literal["cash", "amortised"]
"""What a cost is: money in the month in which it is paid, or in the months to which it belongs."""


class ScenarioTable(Table):
    """What is simulated, in which currency and over which months."""

    name: Annotated[
        str, Field(min_length=1, max_length=200, description="Title of the scenario.", examples=["Recommender, 2027"])
    ]
    currency: Annotated[
        str,
        Field(
            pattern=r"^[A-Z]{3}$",
            description="ISO 4217 code of every result, and of all prices but those in currencies of [fx].",
            examples=["CNY"],
        ),
    ]
    start: Annotated[
        str,
        Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="First month, YYYY-MM.", examples=["2027-01"]),
    ]
    months: Annotated[int, Field(ge=1, le=MOST_MONTHS, description="Number of calendar months.", examples=[12])]
    view: Annotated[
        View, Field(description="Costs when they are paid, or spread over the time that they pay for.", examples=["amortised"])
    ] = "cash"
    fiscal_year_start: Annotated[
        int | None,
        Field(
            ge=1,
            le=12,
            description="Calendar month in which fiscal years begin: adds figures of each fiscal year and quarter. A year is "
            "called after the calendar year in which it ends.",
            examples=[4],
        ),
    ] = None


class StopTable(Table):
    """When a run has drawn enough. The interval is looked at after 65,536 scenarios and whenever they have doubled."""

    percentile: Annotated[float, Field(gt=0, lt=100, description="Percentile of the total.", examples=[95])]
    relative: Annotated[
        float, Field(gt=0, lt=1, description="Half of its 95 % interval, as a part of its value.", examples=[0.002])
    ]


class SamplingTable(Table):
    """How the future is drawn; the command line can change each."""

    scenarios: Annotated[
        int, Field(ge=1, le=MOST_SCENARIOS, description="Number of draws of the whole future.", examples=[1_000_000])
    ] = 100_000
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED, description="Same seed, same result.", examples=[20270101])] = 1
    method: Annotated[
        Literal["random", "sobol", "latin-hypercube"],
        Field(description="Pseudo-random, scrambled Sobol' points, or latin hypercube.", examples=["random"]),
    ] = "random"
    replicates: Annotated[
        Literal[16, 32],
        Field(
            description="Independent replicates of Sobol' points or latin hypercubes; their spread gives the intervals.",
            examples=[16],
        ),
    ] = 16
    stop: Annotated[
        StopTable | None,
        Field(
            description="End the run when an interval is narrow enough; `scenarios` is then the most that are drawn.",
            examples=[{"percentile": 95, "relative": 0.002}],
        ),
    ] = None


INPUT_TABLE = "a table as in [inputs]"
"""Stands in the JSON Schema of a block for a reference to that of an input's table, which pydantic would copy."""


class PlainInputTable(Table):
    """The keys of an input's table beside its distribution."""

    unit: Annotated[
        str, Field(max_length=200, description='Unit of the value; "1" for a pure number.', examples=["CNY/GPU/hour"])
    ] = ""
    draw: Annotated[
        Literal["run", "year", "month"],
        Field(description="How long one draw holds: the whole run, a year, or a month.", examples=["month"]),
    ] = "run"
    source: Annotated[
        Text, Field(description="Where the number comes from; echoed in the result.", examples=["2026 dashboards"])
    ] = ""
    note: Annotated[Text, Field(description="Anything to remember; echoed in the result.", examples=["to be renegotiated"])] = ""
    value: Annotated[
        Any,
        WithJsonSchema(
            {"anyOf": [_QUANTITY, _NUMBER], "description": "A certain number in `unit`, or a quantity string with its own."}
        ),
        Field(examples=["9 to 16 CNY/GPU/hour"]),
    ] = None
    min: Annotated[Any, WithJsonSchema({"type": "number", "description": "Truncate below: no value under this."})] = None
    max: Annotated[Any, WithJsonSchema({"type": "number", "description": "Truncate above: no value over this."})] = None


def _distribution_fields() -> dict[str, Any]:
    return {name: (Annotated[Any, WithJsonSchema(distribution_schema(name))], None) for name in DISTRIBUTIONS}


InputTable: type[PlainInputTable] = create_model(
    "InputTable",
    __base__=PlainInputTable,
    __doc__="One input: a distribution (or a certain value), its unit, and how long a draw holds.",
    **_distribution_fields(),
)
"""`PlainInputTable` with a key for each distribution."""


class CostTable(Table):
    """One cost line."""

    name: Annotated[Label, Field(description="Unique name of the line.", examples=["GPU serving"])]
    category: Annotated[Label, Field(description="Kind of cost; lines of one category are added up.", examples=["compute"])]
    stage: Annotated[
        str,
        Field(
            max_length=LONGEST_NAME,
            description="Stage of the life cycle: data, training, evaluation, deployment, maintenance, or your own.",
            examples=["deployment"],
        ),
    ] = ""
    owner: Annotated[
        str, Field(max_length=LONGEST_NAME, description="The department that pays.", examples=["search platform"])
    ] = ""
    amount: Annotated[
        Formula,
        Field(
            description="Formula: money per time if `every` is month, money if once, money or money per year if year.",
            examples=["gpus * gpu_price"],
        ),
    ]
    every: Annotated[Literal["month", "year", "once"], Field(description="When it is paid.", examples=["once"])] = "month"
    month: Annotated[
        int | None,
        Field(
            ge=1,
            le=MOST_MONTHS,
            description="Month of the payment: of the run if `every` is once, of each year if it is year; the first by default.",
            examples=[1],
        ),
    ] = None
    view: Annotated[View | None, Field(description="The view that counts this line; both without.", examples=["amortised"])] = (
        None
    )


class PoolTable(Table):
    """Devices of which the result tells the greatest number in a month, and which month it is."""

    name: Annotated[
        Label, Field(description='Unique name; a cost line "NAME: headroom" is told beside it.', examples=["Ranking"])
    ]
    devices: Annotated[Formula, Field(description="Formula: devices of a month.", examples=["ranking_gpus"])]


class BudgetTable(Table):
    """The money that is approved, and how surely the cost shall stay within."""

    approved: Annotated[
        Any,
        WithJsonSchema(
            {
                "anyOf": [_MONEY, {"type": "number"}, {"type": "array", "items": {"anyOf": [_MONEY, {"type": "number"}]}}],
                "description": "A sum for the whole run, or a list of one a month; a bare number is in the scenario's currency.",
                "examples": ["6_500_000 CNY"],
            }
        ),
        Field(examples=["6_500_000 CNY"]),
    ]
    confidence: Annotated[float, Field(gt=0, lt=1, description="Wanted probability of staying within.", examples=[0.8])] = 0.8


class DiscountingTable(Table):
    """What later payments are worth at the beginning of the run: adds the present value of the total."""

    rate: Annotated[
        Any,
        WithJsonSchema(
            {
                "anyOf": [_QUANTITY, {"type": "number"}, {"$comment": INPUT_TABLE}],
                "description": "Rate of a year: a pure number, certain or drawn for the run, or a formula.",
            }
        ),
        Field(examples=["6 to 8 to 11 %"]),
    ]
    payments: Annotated[
        Literal["end", "mid", "start"], Field(description="When in its month a cost is paid.", examples=["mid"])
    ] = "end"


class OptionTable(Table):
    """A variant of the scenario: the same with some values replaced."""

    set: Annotated[
        dict[str, Any],
        Field(
            description='What is replaced: inputs.NAME, drivers.NAME, cost."NAME".KEY, budget.KEY, '
            "discounting.KEY, sampling.KEY, "
            "scenario.months, .start, .view, fx.CODE, and keys of blocks.",
            examples=[{"inputs": {"gpu_price": "7 to 11 CNY/GPU/hour"}}],
        ),
    ]
    note: Annotated[Text, Field(description="What the option means.", examples=["three-year commitment"])] = ""


InputValue = Annotated[
    Annotated[str, WithJsonSchema(_QUANTITY)] | Annotated[float, WithJsonSchema(_NUMBER)] | InputTable,  # type: ignore[valid-type]
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
    correlation: Annotated[list[CorrelationTable], Field(description="Inputs that move together.")] = Field(default_factory=list)
    budget: Annotated[BudgetTable | None, Field(description="The approved money.")] = None
    discounting: Annotated[DiscountingTable | None, Field(description="How later payments count less.")] = None
    options: Annotated[dict[Label, OptionTable], Field(description="Variants, each run by --option NAME.")] = Field(
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
    from simcost.scenario.blocks.table import Value
    from simcost.scenario.optimization import OptimizeTable

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
