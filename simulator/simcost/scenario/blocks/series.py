"""``[series.NAME]``: a value that goes from month to month: a level that grows, wanders or reverts, times what befalls it.

The level is ``start`` and what changes it, an expert's percentiles by month, or a history drawn again in blocks.
The driver NAME is the level of the month times season, noise, steps, ramps and festivals; NAME_ordinary is it without festivals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from simcost.scenario.blocks.levels import regimes
from simcost.scenario.blocks.levels.block_bootstrap import HistoryTable, level_by_history
from simcost.scenario.blocks.levels.percentiles import ExpertTable, level_by_percentiles
from simcost.scenario.blocks.levels.price_processes import growing, reverting
from simcost.scenario.blocks.levels.regimes import RegimeTable
from simcost.scenario.blocks.windows.coinciding import known_festivals, mean_factors
from simcost.scenario.blocks.writing.table import Value, number
from simcost.scenario.bounds import ABOVE_LOSS, ANY, POSITIVE, Bounds
from simcost.scenario.months import MONTHS_A_YEAR
from simcost.scenario.problems import Finding
from simcost.scenario.schema import MOST_MONTHS, InputTable
from simcost.scenario.tables import Table, example_of, known_keys

if TYPE_CHECKING:
    from simcost.scenario.blocks.writing.writer import Writer

PERSISTENCE = Bounds(above=-1, below=1)

MonthOfRun = Annotated[int, Field(ge=1, le=MOST_MONTHS)]


class ReversionTable(Table):
    """A level to which the value returns."""

    to: Annotated[Value, number("Mean in the long run.", "6 CNY/GPU/hour", bounds=POSITIVE)]
    half_life: Annotated[
        Value, number("Time in which half of a deviation of the logarithm is gone.", "6 month", unit="month", bounds=POSITIVE)
    ]


class JumpsTable(Table):
    """Sudden changes of the level, at most one a month."""

    a_year: Annotated[
        Value, number("How many a year on average, 12 at most.", 0.5, unit="1", bounds=Bounds(least=0, most=MONTHS_A_YEAR))
    ]
    factor: Annotated[
        Value, number("What a jump multiplies by; drawn for each.", "1.2 to 1.5 to 2.5", unit="1", bounds=POSITIVE, draw="month")
    ]


class NoiseTable(Table):
    """Deviation from month to month of mean 1: exp of an AR(1), begun in its stationary distribution."""

    sd: Annotated[Value, number("Standard deviation of the logarithm.", "6 %", unit="1")]
    persistence: Annotated[Value, number("Correlation of a month with the next, -1 to 1.", 0.7, unit="1", bounds=PERSISTENCE)] = 0


class StepTable(Table):
    """A change that lasts."""

    month: Annotated[MonthOfRun, Field(description="First month of the run that has it.", examples=[7])]
    factor: Annotated[Value, number("What all later months are multiplied by.", "1.1 to 1.2 to 1.5", unit="1")]


class RampTable(Table):
    """A change that comes in equal parts."""

    start: Annotated[MonthOfRun, Field(description="Last month of the run before it.", examples=[3])]
    end: Annotated[MonthOfRun, Field(description="First month that has all of it.", examples=[9])]
    factor: Annotated[Value, number("What all months from the end on are multiplied by.", 1.5, unit="1")]


class SeriesTable(Table):
    """A value that goes from month to month: growth, price process, regimes, season, noise, steps, ramps and festivals."""

    start: Annotated[Value, number("Level in the first month.", "19e6 to 25e6 user", bounds=ANY)] = None
    expert: Annotated[ExpertTable | None, Field(description="Percentiles by month, in place of start.")] = None
    history: Annotated[
        HistoryTable | None, Field(description="Months of the past drawn in blocks: the level itself, or the growth from start.")
    ] = None
    growth: Annotated[
        Value,
        number(
            "Growth over a year, compounded monthly; drawn for each year.",
            "5 to 12 to 20 %",
            unit="1",
            bounds=ABOVE_LOSS,
            draw="year",
        ),
    ] = None
    volatility: Annotated[
        Value, number("Yearly standard deviation of the logarithm; growth stays the mean.", "30 %", unit="1")
    ] = None
    reversion: Annotated[ReversionTable | None, Field(description="A mean to which the level reverts.")] = None
    jumps: Annotated[JumpsTable | None, Field(description="Sudden changes of the level.")] = None
    regimes: Annotated[
        list[RegimeTable],
        Field(
            min_length=2,
            max_length=8,
            description="States that follow each other by chance, a Markov chain by month.",
            examples=[[{"name": "calm", "lasts": "14 month"}, {"name": "shortage", "lasts": "4 month", "level": 1.5}]],
        ),
    ] = Field(default_factory=list)
    first_regime: Annotated[
        str, Field(max_length=20, description="That of the first month; drawn from the long run without.", examples=["calm"])
    ] = ""
    season: Annotated[
        list[Any],
        number("Twelve factors, January's first.", [1.0] * 12, unit="1"),
        Field(min_length=12, max_length=12),
    ] = Field(default_factory=list)
    noise: Annotated[NoiseTable | None, Field(description="Noise from month to month.")] = None
    note: Annotated[str, Field(max_length=1_000, description="Anything to remember.")] = ""
    steps: Annotated[list[StepTable], Field(description="Changes that last.")] = Field(default_factory=list)
    festivals: Annotated[
        list[str], Field(description="Names of [[festivals]] that lift it.", examples=[["618", "Double 11"]])
    ] = Field(default_factory=list)
    ramps: Annotated[list[RampTable], Field(description="Changes that come in equal parts.")] = Field(default_factory=list)


def is_process(raw: object) -> bool:
    """Whether a table has a key that a series has and the table of an input has not."""
    of_series = set(known_keys(SeriesTable)) - set(known_keys(InputTable))
    return isinstance(raw, dict) and not of_series.isdisjoint(raw)


def expand(block: SeriesTable, series: Writer) -> None:
    """The level, then each factor, then their product."""
    if not _is_possible(block, series):
        return
    if block.regimes:
        regimes.write_regimes(block.regimes, block.first_regime, series)
    factors = [_level(block, series)]
    if any(regime.level is not None for regime in block.regimes):
        factors.append(regimes.by_regime("level", block.regimes, "1", series))
    if block.season:
        factors.append(_season(block, series))
    if block.noise is not None:
        factors.append(_noise(series))
    for position, step in enumerate(block.steps):
        factor = series.value("steps", position, "factor", called=f"step_{step.month}")
        factors.append(f"where(month >= {step.month}, {factor}, 1)")
    for position, ramp in enumerate(block.ramps):
        factor = series.value("ramps", position, "factor", called=f"ramp_{ramp.start}")
        done = f"clip((month - {ramp.start}) / {ramp.end - ramp.start}, 0, 1)"
        factors.append(f"(1 + ({factor} - 1) * {done})")
    if block.festivals:
        ordinary = series.driver("ordinary", " * ".join(factors))
        factors = [ordinary, *mean_factors(known_festivals(block.festivals, series), series)]
    series.driver("", " * ".join(factors))


def _is_possible(block: SeriesTable, series: Writer) -> bool:
    """Whether the parts of a series go together; findings if not."""
    known = series.problems
    _check_level(block, series)
    if block.regimes or block.first_regime:
        regimes.are_possible(block.regimes, block.first_regime, series)
    for position, ramp in enumerate(block.ramps):
        if ramp.end <= ramp.start:
            what = f"the ramp ends in month {ramp.end} and starts in month {ramp.start}"
            series.refuse(what, "Give start < end.", "ramps", position, "end")
    for key, rows in (("steps", [step.month for step in block.steps]), ("ramps", [ramp.start for ramp in block.ramps])):
        for position, month in enumerate(rows):
            if month in rows[:position]:
                series.refuse(f"a second one in month {month}", "Give one with both factors multiplied.", key, position)
    return series.problems == known


def _check_level(block: SeriesTable, series: Writer) -> None:
    """Refuse a level that rests on nothing, or on two things at once."""
    told_by = "expert" if block.expert is not None else "history" if block.history is not None else ""
    changing = [key for key in ("growth", "volatility", "reversion", "jumps") if getattr(block, key) is not None]
    if told_by and changing:
        series.refuse(f"{changing[0]} beside {told_by}", "Keep one of the two.", changing[0])
    elif "growth" in changing and "reversion" in changing:
        series.refuse("growth beside reversion", "Keep one of the two.", "growth")
    if block.expert is not None and block.history is not None:
        series.refuse("history beside expert", "Keep one of the two.", "history")
    else:
        _check_start(block, series, told_by)
    _check_regimes(block, series, told_by or ("reversion" if block.reversion is not None else ""))


def _check_start(block: SeriesTable, series: Writer, told_by: str) -> None:
    """Refuse a level that begins nowhere, or one that begins where every month is told."""
    every_month = block.expert is not None or (block.history is not None and block.history.as_ == "level")
    if block.start is None and not every_month:
        missing = Finding(series.place, "start is missing", f"Write {example_of(SeriesTable, ('start',))}.", at="key")
        series.expansion.findings.add(missing)
    elif block.start is not None and every_month:
        series.refuse(f"start beside {told_by}, which tells the level of every month", "Keep one of the two.", "start")


def _check_regimes(block: SeriesTable, series: Writer, instead: str) -> None:
    """Refuse what changes the level within a regime where something else, ``instead``, tells the level."""
    for i, regime in enumerate(block.regimes):
        for key in ("growth", "volatility"):
            if instead and getattr(regime, key) is not None:
                series.refuse(f"{key} of a regime beside {instead}", "Give it a level.", "regimes", i, key)


def _level(block: SeriesTable, series: Writer) -> str:
    """Write the level by what it rests on: an expert's percentiles, a history, or ``start`` and what changes it."""
    if block.expert is not None:
        return level_by_percentiles(block.expert, series)
    if block.history is not None and block.history.as_ == "level":
        return level_by_history(block.history, series)
    wanders = block.volatility is not None or block.reversion is not None or block.jumps is not None
    wanders = wanders or any(regime.volatility is not None for regime in block.regimes)
    start = series.value("start", bounds=POSITIVE if wanders else None)
    return growing(block, series, start) if block.reversion is None else reverting(block, series, start)


def _season(block: SeriesTable, series: Writer) -> str:
    """Write the factor of the calendar month: numbers as they are, anything else as an input."""
    factors = []
    for position, raw in enumerate(block.season):
        if isinstance(raw, (int, float)) and not isinstance(raw, bool) and raw >= 0:
            factors.append(repr(raw))
        else:
            called = f"season_{position + 1}"
            factors.append(series.value("season", position, called=called))
    return series.driver("season", f"choose(calendar_month, {', '.join(factors)})", "season")


def _noise(series: Writer) -> str:
    """Write exp(x - sd^2 / 2) with x' = persistence x + sd sqrt(1 - persistence^2) z, of standard deviation sd in each month."""
    sd = series.value("noise", "sd")
    shock = series.normal("noise_shock", "noise")
    if not series.has("noise", "persistence"):
        return series.driver("noise", f"exp({sd} * {shock} - {sd} ** 2 / 2)", "noise")
    kept = series.value("noise", "persistence")
    before = f"prev({series.named('noise_log')}, 0)"
    log = f"where(month > 1, {kept} * {before} + {sd} * sqrt(1 - {kept} ** 2) * {shock}, {sd} * {shock})"
    return series.driver("noise", f"exp({series.driver('noise_log', log, 'noise')} - {sd} ** 2 / 2)", "noise")
