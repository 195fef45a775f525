"""Regimes of a series: a Markov chain of states by month, each with its level, growth and volatility.

NAME_regime is the number of the month's state, from 1 in the order of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, WithJsonSchema

from simcost.scenario.blocks.writing.table import Value, number
from simcost.scenario.bounds import ABOVE_LOSS, AT_LEAST_ONE
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import suggestion
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer


class RegimeTable(Table):
    """A state: how long it lasts, what follows, and what it does to the series."""

    name: Annotated[str, Field(min_length=1, max_length=20, description="Unique name within the series.", examples=["calm"])]
    lasts: Annotated[
        Value, number("How long it lasts on average, a month or more.", "10 month", unit="month", bounds=AT_LEAST_ONE)
    ]
    next: Annotated[
        dict[str, Annotated[float, WithJsonSchema({"type": "number", "exclusiveMinimum": 0})]],
        Field(
            description="What follows, by weights in any scale; needed of three states and more.",
            examples=[{"calm": 0.7, "glut": 0.3}],
        ),
    ] = Field(default_factory=dict)
    level: Annotated[Value, number("Factor of the level while it lasts.", "1.3 to 1.5 to 2.2", unit="1")] = None
    growth: Annotated[
        Value,
        number(
            "Growth over a year while it lasts, in place of the series' own.", "-10 %", unit="1", bounds=ABOVE_LOSS, draw="year"
        ),
    ] = None
    volatility: Annotated[Value, number("Volatility while it lasts, in place of the series' own.", "60 %", unit="1")] = None


def are_possible(rows: Sequence[RegimeTable], first: str, series: Writer) -> bool:
    """Whether each state has a name of its own and is followed by others that exist; findings if not."""
    known = series.problems
    names = [row.name for row in rows]
    for i, row in enumerate(rows):
        if identifier_of(row.name) in [identifier_of(name) for name in names[:i]] or not identifier_of(row.name):
            series.refuse(f'a second regime "{row.name}"', "Give each its own name.", "regimes", i, "name")
        _check_followers(i, row, [name for name in names if name != row.name], series)
        if len(rows) > 2 and not row.next:
            series.refuse("nothing is said of what follows", "Write next = { NAME = WEIGHT, ... }.", "regimes", i)
    if first and first not in names:
        series.refuse(f'no regime is named "{first[:64]}"', suggestion(first, names, "Add regimes."), "first_regime")
    elif not first and series.problems == known and not stationary(_followers(rows)):
        what = "some regimes are never reached from others, so the first month has no long-run distribution"
        series.refuse(what, "Give first_regime, or a way back in next.", "regimes")
    return series.problems == known


def _check_followers(i: int, row: RegimeTable, others: Sequence[str], series: Writer) -> None:
    """Refuse a weight that is none, and a follower that is no other state."""
    for name, weight in row.next.items():
        if weight <= 0:
            series.refuse(f"a weight of {weight:g}", "Give one above 0, or leave it out.", "regimes", i, "next", name)
        if name not in others:
            what = f'"{name[:64]}" is no other regime of the series'
            series.refuse(what, suggestion(name, others), "regimes", i, "next", name)


def write_regimes(rows: Sequence[RegimeTable], first: str, series: Writer) -> None:
    """Write the chain: which regime the month has."""
    lasts = [series.value("regimes", i, "lasts", called=f"{identifier_of(row.name)}_lasts") for i, row in enumerate(rows)]
    change = series.uniform("regime_change", "month", "regimes")
    followers, names = _followers(rows), [row.name for row in rows]
    before = series.driver("regime_before", f"prev({series.named('regime')}, 1)", "regimes")
    then = [_following(i + 1, f"{change} * {each} / {series.one_month()}", followers[i]) for i, each in enumerate(lasts)]
    begin = str(names.index(first) + 1) if first else _beginning(followers, lasts, change, series)
    series.driver("regime", f"where(month > 1, choose({before}, {', '.join(then)}), {begin})", "regimes")


def by_regime(key: str, rows: Sequence[RegimeTable], otherwise: str, series: Writer) -> str:
    """Write what a key is in the regime of the month; ``otherwise`` where a regime does not say."""
    values = [
        series.value("regimes", i, key, called=f"{identifier_of(row.name)}_{key}") if getattr(row, key) is not None else otherwise
        for i, row in enumerate(rows)
    ]
    return series.driver(f"regime_{key}", f"choose({series.named('regime')}, {', '.join(values)})", "regimes")


def _followers(rows: Sequence[RegimeTable]) -> list[list[float]]:
    """Return the probability of each state after each, given that it changes."""
    names = [row.name for row in rows]
    weights = [[row.next.get(name, 0.0 if row.next else float(name != row.name)) for name in names] for row in rows]
    return [[weight / sum(row) for weight in row] for row in weights]


def _following(own: int, scaled: str, followers: Sequence[float]) -> str:
    """Return the next state: while the scaled uniform is below 1 it changes, to each other one by its probability."""
    reached = [i for i, probability in enumerate(followers, 1) if probability]
    formula, below = str(own), 1.0
    for i in reversed(reached):
        formula = f"where({scaled} < {below!r}, {i}, {formula})"
        below = max(below - followers[i - 1], 0.0)
    return formula


def _beginning(followers: Sequence[Sequence[float]], lasts: Sequence[str], change: str, series: Writer) -> str:
    """Return the first month's state, drawn from the stationary distribution of the chain.

    It is in proportion to visits times mean duration, where the visits are the stationary distribution of the chain of changes:
    Ross 2014, "Introduction to Probability Models", 11th edition, section 7.6 (semi-Markov processes).
    """
    visits = stationary(followers)
    sums = [
        " + ".join(f"{visit!r} * {each}" for visit, each in zip(visits[: i + 1], lasts, strict=False)) for i in range(len(lasts))
    ]
    total, formula = series.driver("regime_cycle", sums[-1], "regimes"), str(len(lasts))
    for i in reversed(range(len(lasts) - 1)):
        formula = f"where({change} * {total} < {sums[i]}, {i + 1}, {formula})"
    return formula


def stationary(probabilities: Sequence[Sequence[float]]) -> list[float]:
    """Return the stationary distribution of a chain; empty if not all of its states are reached from each other.

    Elimination without subtraction: Grassmann, Taksar and Heyman 1985, "Regenerative analysis and steady state distributions
    for Markov chains", Operations Research 33.
    """
    rows = [list(row) for row in probabilities]
    for last in range(len(rows) - 1, 0, -1):
        leaving = sum(rows[last][:last])
        if leaving == 0 or not any(row[last] for row in rows[:last]):
            return []
        for row in rows[:last]:
            row[last] /= leaving
            row[:last] = [own + row[last] * other for own, other in zip(row, rows[last], strict=False)][:last]
    visits = [1.0]
    for state in range(1, len(rows)):
        visits.append(sum(visit * row[state] for visit, row in zip(visits, rows, strict=False)))
    return [visit / sum(visits) for visit in visits]
