"""``[series.NAME]``: a value that goes from month to month: a level that grows, wanders or reverts, times what befalls it.

The driver NAME is the level of the month times season, noise, steps, ramps and festivals; NAME_ordinary is it without festivals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from simcost.scenario.blocks.table import Value
from simcost.scenario.blocks.writer import identifier_of
from simcost.scenario.parameters import ANY, Bounds
from simcost.scenario.problems import suggestion
from simcost.scenario.schema import MOST_MONTHS, Table

if TYPE_CHECKING:
    from simcost.scenario.blocks.writer import Writer

POSITIVE = Bounds(above=0)
NOT_NEGATIVE = Bounds(least=0)
ABOVE_LOSS = Bounds(above=-1)
PERSISTENCE = Bounds(above=-1, below=1)
MONTHS_A_YEAR = 12

MonthOfRun = Annotated[int, Field(ge=1, le=MOST_MONTHS)]


class ReversionTable(Table):
    """A level to which the value returns."""

    to: Annotated[Value, Field(description="Mean in the long run.", examples=["6 CNY/GPU/hour"])]
    half_life: Annotated[Value, Field(description="Time in which half of a deviation is gone.", examples=["6 month"])]


class JumpsTable(Table):
    """Sudden changes of the level, at most one a month."""

    a_year: Annotated[Value, Field(description="How many a year on average, 12 at most.", examples=[0.5])]
    factor: Annotated[Value, Field(description="What a jump multiplies by; drawn for each.", examples=["1.2 to 1.5 to 2.5"])]


class NoiseTable(Table):
    """Deviation from month to month of mean 1: exp of an AR(1), begun in its stationary distribution."""

    sd: Annotated[Value, Field(description="Standard deviation of the logarithm.", examples=["6 %"])]
    persistence: Annotated[Value, Field(description="Correlation of a month with the next, -1 to 1.", examples=[0.7])] = 0


class StepTable(Table):
    """A change that lasts."""

    month: Annotated[MonthOfRun, Field(description="First month of the run that has it.", examples=[7])]
    factor: Annotated[Value, Field(description="What all later months are multiplied by.", examples=["1.1 to 1.2 to 1.5"])]


class RampTable(Table):
    """A change that comes in equal parts."""

    start: Annotated[MonthOfRun, Field(description="Last month of the run before it.", examples=[3])]
    end: Annotated[MonthOfRun, Field(description="First month that has all of it.", examples=[9])]
    factor: Annotated[Value, Field(description="What all months from the end on are multiplied by.", examples=[1.5])]


class SeriesTable(Table):
    """A value that goes from month to month: growth, price process, season, noise, steps, ramps and festivals."""

    start: Annotated[Value, Field(description="Level in the first month.", examples=["19e6 to 25e6 user"])]
    growth: Annotated[
        Value, Field(description="Growth over a year, compounded monthly; drawn for each year.", examples=["5 to 12 to 20 %"])
    ] = None
    volatility: Annotated[
        Value, Field(description="Yearly standard deviation of the logarithm; growth stays the mean.", examples=["30 %"])
    ] = None
    reversion: Annotated[ReversionTable | None, Field(description="A mean to which the level reverts.")] = None
    jumps: Annotated[JumpsTable | None, Field(description="Sudden changes of the level.")] = None
    season: Annotated[
        list[Any],
        Field(min_length=12, max_length=12, description="Twelve factors, January's first.", examples=[[1.0] * 12]),
    ] = Field(default_factory=list)
    noise: Annotated[NoiseTable | None, Field(description="Noise from month to month.")] = None
    note: Annotated[str, Field(max_length=1_000, description="Anything to remember.")] = ""
    steps: Annotated[list[StepTable], Field(description="Changes that last.")] = Field(default_factory=list)
    festivals: Annotated[
        list[str], Field(description="Names of [[festivals]] that lift it.", examples=[["618", "Double 11"]])
    ] = Field(default_factory=list)
    ramps: Annotated[list[RampTable], Field(description="Changes that come in equal parts.")] = Field(default_factory=list)


def expand(block: SeriesTable, series: Writer) -> None:
    """The level, then each factor, then their product."""
    if not _is_possible(block, series):
        return
    factors = [_level(block, series)]
    if block.season:
        factors.append(_season(block, series))
    if block.noise is not None:
        factors.append(_noise(series))
    for position, step in enumerate(block.steps):
        factor = series.value("steps", position, "factor", unit="1", bounds=NOT_NEGATIVE, called=f"step_{step.month}")
        factors.append(f"where(month >= {step.month}, {factor}, 1)")
    for position, ramp in enumerate(block.ramps):
        factor = series.value("ramps", position, "factor", unit="1", bounds=NOT_NEGATIVE, called=f"ramp_{ramp.start}")
        done = f"clip((month - {ramp.start}) / {ramp.end - ramp.start}, 0, 1)"
        factors.append(f"(1 + ({factor} - 1) * {done})")
    if block.festivals:
        ordinary = series.driver("ordinary", " * ".join(factors))
        factors = [ordinary, *(f"{identifier_of(name)}_uplift_of_month" for name in _known_festivals(block, series))]
    series.driver("", " * ".join(factors))


def _known_festivals(block: SeriesTable, series: Writer) -> list[str]:
    """Return the festivals that lift the series; one that the file has not is reported."""
    known = [str(festival.get("name")) for festival in series.tables_of("festivals")]
    for position, name in enumerate(block.festivals):
        if name not in known:
            series.refuse(
                f'no festival is named "{name[:64]}"', suggestion(name, known, "Add [[festivals]]."), "festivals", position
            )
    return block.festivals


def _is_possible(block: SeriesTable, series: Writer) -> bool:
    """Whether the parts of a series go together; findings if not."""
    known = len(series.expansion.findings.found)
    if block.reversion is not None and block.growth is not None:
        series.refuse("growth beside reversion", "Keep one of the two.", "growth")
    for position, ramp in enumerate(block.ramps):
        if ramp.end <= ramp.start:
            what = f"the ramp ends in month {ramp.end} and starts in month {ramp.start}"
            series.refuse(what, "Give start < end.", "ramps", position, "end")
    for key, rows in (("steps", [step.month for step in block.steps]), ("ramps", [ramp.start for ramp in block.ramps])):
        for position, month in enumerate(rows):
            if month in rows[:position]:
                series.refuse(f"a second one in month {month}", "Give one with both factors multiplied.", key, position)
    return len(series.expansion.findings.found) == known


def _level(block: SeriesTable, series: Writer) -> str:
    """Write the level, which is ``start`` in the first month: by its logarithm if that wanders."""
    wanders = block.volatility is not None or block.reversion is not None or block.jumps is not None
    start = series.value("start", unit=None, bounds=POSITIVE if wanders else ANY)
    if block.reversion is not None:
        return _reverting(block, series, start)
    if not wanders and block.growth is None:
        return start
    change = [_growth(block, series)] if block.growth is not None else []
    change += [_shock(series)] if block.volatility is not None else []
    change += [_jump(series)] if block.jumps is not None else []
    level = series.named("level")
    return series.driver("level", f"prev({level}, {start}) * where(month > 1, {' * '.join(change)}, 1)", "start")


def _growth(block: SeriesTable, series: Writer) -> str:  # noqa: ARG001 - all kinds are called alike
    return f"(1 + {series.value('growth', unit='1', bounds=ABOVE_LOSS, draw='year')}) ** (1 / {MONTHS_A_YEAR})"


def _shock(series: Writer) -> str:
    """Return a month's factor of geometric Brownian motion without drift: mean 1, log-variance volatility^2 / 12."""
    volatility = series.value("volatility", unit="1", bounds=NOT_NEGATIVE)
    shock = series.normal("shock", "volatility")
    return f"exp({volatility} / sqrt({MONTHS_A_YEAR}) * {shock} - {volatility} ** 2 / {2 * MONTHS_A_YEAR})"


def _jump(series: Writer) -> str:
    """Return a month's factor of jumps: with probability a_year / 12 the drawn one, else 1."""
    a_year = series.value("jumps", "a_year", unit="1", bounds=Bounds(least=0, most=MONTHS_A_YEAR))
    factor = series.value("jumps", "factor", unit="1", bounds=POSITIVE, draw="month")
    happens = series.uniform("jump", "month", "jumps")
    return f"where({happens} < {a_year} / {MONTHS_A_YEAR}, {factor}, 1)"


def _reverting(block: SeriesTable, series: Writer, start: str) -> str:
    """Write the exponential of an Ornstein-Uhlenbeck process, exact from month to month.

    x' = m + (x - m) a + s z + jump with a = 2^(-1 / half-life), s^2 = v^2 (1 - a^2) / (2 k), k = ln 2 / half-life, v^2 the
    monthly variance; m = ln(to) - v^2 / (4 k), so that without jumps the mean in the long run is ``to``: Schwartz 1997, "The
    stochastic behavior of commodity prices", Journal of Finance 52, model 1.
    """
    to = series.value("reversion", "to", unit=None, bounds=POSITIVE)
    units = series.unit_of("start"), series.unit_of("reversion", "to")
    if units[0] is not None and units[1] is not None and units[0].dimension != units[1].dimension:
        series.refuse(f"this is in {units[1].text} and start in {units[0].text}", "Give both in one unit.", "reversion", "to")
    half_life = series.value("reversion", "half_life", unit="month", bounds=POSITIVE)
    rate = series.driver("rate", f"log(2) * {series.one_month()} / {half_life}", "reversion", "half_life")
    mean, noise = "0", ""
    if block.volatility is not None:
        volatility = series.value("volatility", unit="1", bounds=NOT_NEGATIVE)
        mean = f"-({volatility} ** 2) / {4 * MONTHS_A_YEAR} / {rate}"
        sd = f"{volatility} * sqrt((1 - exp(-2 * {rate})) / ({2 * MONTHS_A_YEAR} * {rate}))"
        noise = f" + {series.driver('sd', sd, 'volatility')} * {series.normal('shock', 'volatility')}"
    jump = f" + log({_jump(series)})" if block.jumps is not None else ""
    mean = series.driver("mean_log", mean, "reversion") if noise else mean
    step = f"{mean} + (prev({series.named('log')}, 0) - {mean}) * exp(-{rate}){noise}{jump}"
    log = series.driver("log", f"where(month > 1, {step}, log({start} / {to}))", "reversion")
    return f"{to} * exp({log})"


def _season(block: SeriesTable, series: Writer) -> str:
    """Write the factor of the calendar month: numbers as they are, anything else as an input."""
    factors = []
    for position, raw in enumerate(block.season):
        if isinstance(raw, (int, float)) and not isinstance(raw, bool) and raw >= 0:
            factors.append(repr(raw))
        else:
            called = f"season_{position + 1}"
            factors.append(series.value("season", position, unit="1", bounds=NOT_NEGATIVE, called=called))
    return series.driver("season", f"choose(calendar_month, {', '.join(factors)})", "season")


def _noise(series: Writer) -> str:
    """Write exp(x - sd^2 / 2) with x' = persistence x + sd sqrt(1 - persistence^2) z, of standard deviation sd in each month."""
    sd = series.value("noise", "sd", unit="1", bounds=NOT_NEGATIVE)
    shock = series.normal("noise_shock", "noise")
    if not series.has("noise", "persistence"):
        return series.driver("noise", f"exp({sd} * {shock} - {sd} ** 2 / 2)", "noise")
    kept = series.value("noise", "persistence", unit="1", bounds=PERSISTENCE)
    before = f"prev({series.named('noise_log')}, 0)"
    log = f"where(month > 1, {kept} * {before} + {sd} * sqrt(1 - {kept} ** 2) * {shock}, {sd} * {shock})"
    return series.driver("noise", f"exp({series.driver('noise_log', log, 'noise')} - {sd} ** 2 / 2)", "noise")
