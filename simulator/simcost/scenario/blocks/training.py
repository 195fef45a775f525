"""``[[training]]``: hours of GPUs from runs, their size and what goes wrong; tuning and evaluation beside them.

A run takes the hours that were measured, or those of a model: 6 operations for each parameter and token, forward and backward
(Kaplan et al. 2020, "Scaling laws for neural language models", arXiv 2001.08361, table 1), over the achieved share of the peak.
What failures cost is a measured share, or follows from how often they come: each loses half of the time between two checkpoints
and that of starting again, and every checkpoint takes its own (Young 1974, "A first order approximation to the optimum checkpoint
interval", Communications of the ACM 17 (9)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from simcost.scenario.blocks.writing.table import BlockTable, Category, Month, Value, number
from simcost.scenario.bounds import POSITIVE, SOME_SHARE
from simcost.scenario.quantities.units import parse_unit
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

OPERATIONS = "6 FLOP/parameter/token"


class ModelTable(Table):
    """A dense model, from whose size the hours of a run follow."""

    parameters: Annotated[Value, number("Parameters that a token passes.", "7e9 parameter", unit="parameter", bounds=POSITIVE)]
    tokens: Annotated[Value, number("Training data of a run.", "0.8e12 to 1.2e12 token/run", unit="token/run")]
    peak: Annotated[
        Value, number("Peak operations of a GPU, in the precision used.", "989e12 FLOP/s/GPU", unit="FLOP/s/GPU", bounds=POSITIVE)
    ]
    achieved: Annotated[Value, number("Achieved share of it.", "30 to 40 to 48 %", unit="1", bounds=SOME_SHARE)]
    error: Annotated[
        Value, number("Measured hours over those of the formula.", "0.9 to 1.0 to 1.3", unit="1", bounds=POSITIVE)
    ] = None


class FailuresTable(Table):
    """Failures of a job and its checkpoints, from which the lost hours follow."""

    gpus: Annotated[Value, number("GPUs of a run, which all wait.", "512 GPU", unit="GPU")]
    between: Annotated[
        Value,
        number(
            "Hours of a GPU from failure to failure.", "30_000 to 50_000 to 80_000 GPU*hour", unit="GPU*hour", bounds=POSITIVE
        ),
    ]
    interval: Annotated[Value, number("Time from checkpoint to checkpoint.", "1 hour", unit="hour", bounds=POSITIVE)]
    saving: Annotated[Value, number("Time in which a checkpoint stops the run.", "1 to 3 minute", unit="hour")] = None
    restart: Annotated[Value, number("Time from a failure until the run goes on.", "20 to 60 minute", unit="hour")]


class TrainingTable(BlockTable):
    """Training runs: their hours, what fails, and the tuning and evaluation beside them."""

    category: Category = "compute"
    stage: Annotated[str, Field(max_length=64, description="Stage of the life cycle of its cost lines.")] = "training"
    runs: Annotated[Value, number("Full runs over a month, or by clock time: 1 run/day.", "4 to 6 run/month")]
    months: Annotated[
        list[Month],
        Field(max_length=12, description="Calendar months that have runs; every one without.", examples=[[3, 6, 9, 12]]),
    ] = Field(default_factory=list)
    hours: Annotated[Value, number("Measured hours of a run.", "3_000 to 5_500 GPU*hour/run", unit="GPU*hour/run")] = None
    model: Annotated[ModelTable | None, Field(description="The model, where nothing was measured.")] = None
    price: Annotated[Value, number("Price of a GPU.", "7 to 11 CNY/GPU/hour", unit="MONEY/GPU/hour")]
    restarts: Annotated[Value, number("Hours lost to failures, over those of the runs.", "8 to 14 to 25 %", unit="1")] = None
    failures: Annotated[FailuresTable | None, Field(description="How often runs fail, where no share was measured.")] = None
    tuning: Annotated[Value, number("Hours of tuning and trials, over those of the runs.", "20 to 40 to 80 %", unit="1")] = None
    evaluation: Annotated[Value, number("Hours of evaluation, over those of the runs.", "5 %", unit="1")] = None


def expand(block: TrainingTable, training: Writer) -> None:
    """Hours of a month's runs, and a line for them and for each of the others."""
    if (block.hours is None) == (block.model is None):
        training.refuse(
            "hours and model" if block.hours is not None else "neither hours nor model", "Give one of the two.", "name"
        )
        return
    runs = _runs(block, training)
    each = training.value("hours") if block.model is None else _hours(block.model, training)
    price = training.value("price")
    hours = training.driver("gpu_hours", f"{runs} * {each}", "runs")
    training.cost("runs", f"{hours} * {price}", "runs")
    if block.failures is not None:
        _failures(block, training, f"{hours} * {price}")
    for key in ("restarts", "tuning", "evaluation"):
        if training.has(key):
            training.cost(key, f"{hours} * {training.value(key)} * {price}", key)


def _runs(block: TrainingTable, training: Writer) -> str:
    """Return the runs of a month."""
    unit, by_the_hour = training.unit_of("runs"), parse_unit("run/hour", training.expansion.currency)
    by_clock = unit is not None and unit.dimension == by_the_hour.dimension
    runs = training.value("runs", unit="run/hour" if by_clock else "run/month")
    if by_clock:
        runs = training.driver("runs_by_the_clock", f"{runs} * hours", "runs")
    if not block.months:
        return runs
    for i, month in enumerate(block.months):
        if month in block.months[:i]:
            training.refuse(f"month {month} for a second time", "Name each month once.", "months", i)
    due = " or ".join(f"calendar_month == {month}" for month in block.months)
    return training.driver("runs_of_month", f"where({due}, {runs}, 0)", "months")


def _failures(block: TrainingTable, training: Writer, paid: str) -> None:
    """Write what failures and checkpoints add to what the runs cost."""
    if block.restarts is not None:
        training.refuse("failures beside restarts: both tell the hours that are lost", "Keep one of the two.", "failures")
        return
    gpus = training.value("failures", "gpus")
    between = training.value("failures", "between")
    interval = training.value("failures", "interval")
    restart = training.value("failures", "restart")
    lost = f"({interval} / 2 + {restart}) * {gpus} / {between}"
    if training.has("failures", "saving"):
        lost += f" + {training.value('failures', 'saving')} / {interval}"
    training.cost("restarts", f"{paid} * {training.driver('lost', lost, 'failures')}", "failures")


def _hours(model: ModelTable, training: Writer) -> str:
    """Write the hours of a run: 6 N D over the achieved operations, times the error of this formula."""
    parameters = training.value("model", "parameters")
    tokens = training.value("model", "tokens")
    peak = training.value("model", "peak")
    achieved = training.value("model", "achieved")
    operations = training.constant("operations_of_training", OPERATIONS)
    hours = f"{operations} * {parameters} * {tokens} / ({peak} * {achieved})"
    if model.error is not None:
        hours += f" * {training.value('model', 'error')}"
    return training.driver("hours_of_a_run", hours, "model")
