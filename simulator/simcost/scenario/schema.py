"""The tables of a scenario file as pydantic models: the one description for checks, for editors and for the documentation.

What a table says is checked here key by key. What its strings and distributions mean is checked by those who read them
(`quantity`, `marginals`, `formulas`), so these are typed loosely here and described in full for editors.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, create_model

from simcost.scenario.distributions.schema import DISTRIBUTIONS, distribution_schema
from simcost.scenario.quantities.share import plain_share, share_schema
from simcost.scenario.scenario import Breakdown, Every, Payments, Persistence, View
from simcost.scenario.sections.breakdown import BY_MONTH_SCHEMA, in_a_list
from simcost.scenario.tables import Table
from simcost.scenario.text.limits import LONGEST_NAME
from simcost_kernels.draws.sampling import Method

MOST_MONTHS = 600
"""Fifty years: every month of every cost line is a column of the result."""

LARGEST_SEED = 2**63 - 1
"""TOML's own largest integer; the seed is a 64-bit key."""

MOST_SCENARIOS = 10**12

Text = Annotated[str, Field(max_length=1_000)]
Label = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Formula = Annotated[str, Field(min_length=1, max_length=10_000)]

QUANTITY = {
    "type": "string",
    "description": "A quantity: NUMBER UNIT, LOW to HIGH UNIT (lognormal, P5 and P95), or LOW to MODE to HIGH UNIT (PERT).",
    "examples": ["100 GPU", "9 to 16 CNY/GPU/hour", "8 to 10 to 14 person"],
}
NUMBER = {"type": "number", "description": "A pure number without a unit.", "examples": [1.15]}
_ByMonth = Annotated[list[Breakdown], Field(examples=[["category"]]), BeforeValidator(in_a_list), WithJsonSchema(BY_MONTH_SCHEMA)]


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
    by_month: _ByMonth = Field(default_factory=list)


class StopTable(Table):
    """When a run has drawn enough. The interval is looked at after 65,536 scenarios and whenever they have doubled."""

    percentile: Annotated[float, Field(gt=0, lt=100, description="Percentile of the total.", examples=[95])]
    relative: Annotated[
        float,
        Field(gt=0, lt=1, examples=[0.002]),
        BeforeValidator(plain_share),
        WithJsonSchema(
            share_schema("Half of its 95 % interval, as a part of its value.", 0.002, exclusiveMinimum=0, exclusiveMaximum=1)
        ),
    ]


class SamplingTable(Table):
    """How the future is drawn; the command line can change each."""

    scenarios: Annotated[
        int, Field(ge=1, le=MOST_SCENARIOS, description="Number of draws of the whole future.", examples=[1_000_000])
    ] = 100_000
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED, description="Same seed, same result.", examples=[20270101])] = 1
    method: Annotated[
        Method,
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
        Persistence,
        Field(description="How long one draw holds: the whole run, a year, or a month.", examples=["month"]),
    ] = "run"
    driver: Annotated[
        str, Field(max_length=LONGEST_NAME, description="The factor of [factors] that moves it.", examples=["market"])
    ] = ""
    loading: Annotated[
        float | None,
        Field(ge=-1, le=1, description="Correlation of its normal score with the factor: 0 is none.", examples=[0.6]),
    ] = None
    source: Annotated[
        Text, Field(description="Where the number comes from; echoed in the result.", examples=["2026 dashboards"])
    ] = ""
    note: Annotated[Text, Field(description="Anything to remember; echoed in the result.", examples=["to be renegotiated"])] = ""
    value: Annotated[
        Any,
        WithJsonSchema(
            {"anyOf": [QUANTITY, NUMBER], "description": "A certain number in `unit`, or a quantity string with its own."}
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
    every: Annotated[Every, Field(description="When it is paid.", examples=["once"])] = "month"
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
    index: Annotated[
        Formula | None,
        Field(
            description="Pure number that multiplies the amount; without it that of [inflation], but for lines of one view "
            'alone, whose prices are agreed. "1" for a price that stays.',
            examples=["1"],
        ),
    ] = None


class PoolTable(Table):
    """Devices of which the result tells the greatest number in a month, and which month it is."""

    name: Annotated[
        Label, Field(description='Unique name; a cost line "NAME: headroom" is told beside it.', examples=["Ranking"])
    ]
    devices: Annotated[Formula, Field(description="Formula: devices of a month.", examples=["ranking_gpus"])]


YearlyRate = Annotated[Any, WithJsonSchema({"anyOf": [QUANTITY, NUMBER, {"$comment": INPUT_TABLE}]})]
"""A pure number for a year, certain or drawn, or a formula."""


class DiscountingTable(Table):
    """What later payments are worth at the beginning of the run: adds the present value of the total."""

    rate: Annotated[YearlyRate, Field(description="Rate of a year, drawn for the run.", examples=["6 to 8 to 11 %"])]
    payments: Annotated[Payments, Field(description="When in its month a cost is paid.", examples=["mid"])] = "end"


class InflationTable(Table):
    """Prices that rise: cost lines are multiplied by an index that is 1 in the base month."""

    rate: Annotated[
        YearlyRate, Field(description="Rise in a year of all lines that have no rate of their own.", examples=["1 to 2 to 4 %"])
    ] = None
    categories: Annotated[
        dict[str, YearlyRate],
        Field(description="Rise in a year of the lines of a category.", examples=[{"people": "4 to 6 to 9 %"}]),
    ] = Field(default_factory=dict)
    base: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$",
            description="Month of the file's prices, YYYY-MM; the first of the run by default.",
            examples=["2026-07"],
        ),
    ] = None


class OptionTable(Table):
    """A variant of the scenario: the same with some values replaced."""

    set: Annotated[
        dict[str, Any],
        Field(
            description='What is replaced: inputs.NAME, drivers.NAME, cost."NAME".KEY, budget.KEY, '
            "actuals.KEY, discounting.KEY, inflation.KEY, sampling.KEY, "
            "scenario.months, .start, .view, fx.CODE, and keys of blocks.",
            examples=[{"inputs": {"gpu_price": "7 to 11 CNY/GPU/hour"}}],
        ),
    ]
    note: Annotated[Text, Field(description="What the option means.", examples=["three-year commitment"])] = ""
