"""Levels that wander: geometric Brownian motion, the exponential of an Ornstein-Uhlenbeck process, jumps; and plain growth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.blocks.levels.block_bootstrap import growth_by_history
from simcost.scenario.blocks.levels.regimes import by_regime
from simcost.scenario.months import MONTHS_A_YEAR

if TYPE_CHECKING:
    from simcost.scenario.blocks.series import SeriesTable
    from simcost.scenario.blocks.writing.writer import Writer


def growing(block: SeriesTable, series: Writer, start: str) -> str:
    """Write a level that is ``start`` in the first month and then changes by factors; ``start`` itself if nothing does."""
    change = [f"(1 + {growth}) ** (1 / {MONTHS_A_YEAR})" for growth in _of_month("growth", block, series)]
    change += [_shock(volatility, series) for volatility in _of_month("volatility", block, series)]
    change += [_jump(series)] if block.jumps is not None else []
    change += [growth_by_history(block.history, series)] if block.history is not None else []
    if not change:
        return start
    level = series.named("level")
    return series.driver("level", f"prev({level}, {start}) * where(month > 1, {' * '.join(change)}, 1)", "start")


def _of_month(key: str, block: SeriesTable, series: Writer) -> list[str]:
    """Return growth or volatility of the month, which may be that of its regime; nothing if the series has none."""
    own = []
    if getattr(block, key) is not None:
        own = [series.value(key)]
    if any(getattr(regime, key) is not None for regime in block.regimes):
        return [by_regime(key, block.regimes, own[0] if own else "0", series)]
    return own


def _shock(volatility: str, series: Writer) -> str:
    """Return a month's factor of geometric Brownian motion without drift: mean 1, log-variance volatility^2 / 12."""
    shock = series.normal("shock", "volatility" if series.has("volatility") else "regimes")
    return f"exp({volatility} / sqrt({MONTHS_A_YEAR}) * {shock} - {volatility} ** 2 / {2 * MONTHS_A_YEAR})"


def _jump(series: Writer) -> str:
    """Return a month's factor of jumps: with probability a_year / 12 the drawn one, else 1."""
    a_year = series.value("jumps", "a_year")
    factor = series.value("jumps", "factor")
    happens = series.uniform("jump", "month", "jumps")
    return f"where({happens} < {a_year} / {MONTHS_A_YEAR}, {factor}, 1)"


def reverting(block: SeriesTable, series: Writer, start: str) -> str:
    """Write the exponential of an Ornstein-Uhlenbeck process, exact from month to month.

    x' = m + (x - m) a + s z + jump with a = 2^(-1 / half-life), s^2 = v^2 (1 - a^2) / (2 k), k = ln 2 / half-life, v^2 the
    monthly variance; m = ln(to) - v^2 / (4 k), so that without jumps the mean in the long run is ``to``: Schwartz 1997, "The
    stochastic behavior of commodity prices", Journal of Finance 52, model 1.
    """
    to = series.value("reversion", "to")
    units = series.unit_of("start"), series.unit_of("reversion", "to")
    if units[0] is not None and units[1] is not None and units[0].dimension != units[1].dimension:
        series.refuse(f"this is in {units[1].text} and start in {units[0].text}", "Give both in one unit.", "reversion", "to")
    half_life = series.value("reversion", "half_life")
    rate = series.driver("rate", f"log(2) * {series.one_month()} / {half_life}", "reversion", "half_life")
    mean, noise = "0", ""
    if block.volatility is not None:
        volatility = series.value("volatility")
        mean = f"-({volatility} ** 2) / {4 * MONTHS_A_YEAR} / {rate}"
        sd = f"{volatility} * sqrt((1 - exp(-2 * {rate})) / ({2 * MONTHS_A_YEAR} * {rate}))"
        noise = f" + {series.driver('sd', sd, 'volatility')} * {series.normal('shock', 'volatility')}"
    jump = f" + log({_jump(series)})" if block.jumps is not None else ""
    mean = series.driver("mean_log", mean, "reversion") if noise else mean
    step = f"{mean} + (prev({series.named('log')}, 0) - {mean}) * exp(-{rate}){noise}{jump}"
    log = series.driver("log", f"where(month > 1, {step}, log({start} / {to}))", "reversion")
    return f"{to} * exp({log})"
