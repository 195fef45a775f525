"""From an input's table, as the user writes it, to a canonical distribution; every problem of the table at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simcost.scenario.distributions.canonical import Constant, Discrete, Distribution, Truncated, Uniform
from simcost.scenario.distributions.compounds import read_discrete, read_mixture, read_scipy
from simcost.scenario.distributions.parameter_forms import FAMILIES, read_family
from simcost.scenario.distributions.parameters import ParameterProblem, Reading
from simcost.scenario.distributions.samples import read_empirical, weighted
from simcost.scenario.quantities.quantity import QuantityError, parse_quantity
from simcost.scenario.quantities.vocabulary import NO_CURRENCY
from simcost.scenario.text.toml_value import in_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simcost.scenario.distributions.unknown import Unknown

DISTRIBUTION_KEYS = (*FAMILIES, "discrete", "empirical", "mixture", "scipy")
"""The keys of an input's table that say its distribution."""

SMALLEST_SHARE = 1e-6
"""Least probability that ``min`` and ``max`` may leave of a distribution; less is a mistake, and costs digits of the draws."""


class MarginalError(ValueError):
    """A distribution that cannot be taken.

    Parameters
    ----------
    problems
        All of them: (path within the table, what is wrong, what to write instead).
    """

    def __init__(self, problems: tuple[ParameterProblem, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(path)}: {what}. {remedy}" for path, what, remedy in problems))
        self.problems = problems


def from_table(table: Mapping[str, object], *, folder: Path) -> Distribution:
    """Read the keys of an input's table that say its distribution.

    Parameters
    ----------
    table
        One of `DISTRIBUTION_KEYS` with its parameters, or ``value`` for a certain number; ``min`` and ``max`` truncate.
    folder
        The scenario's folder: files of observations must lie within it.

    Raises
    ------
    MarginalError
        With every problem of the table.
    """
    reading = Reading()
    distribution = _read(table, reading, folder)
    if distribution is None or reading.problems:
        raise MarginalError(tuple(reading.problems))
    return distribution


def with_unknowns(table: Mapping[str, object], *, folder: Path) -> tuple[Distribution, tuple[Unknown, ...]]:
    """Read a table whose distribution may have parameters that are themselves uncertain; these are at their medians.

    See `from_table` for the parameters and what is raised.
    """
    reading = Reading(lambda value: _uncertain(value, folder))
    distribution = _read(table, reading, folder)
    if distribution is None or reading.problems:
        raise MarginalError(tuple(reading.problems))
    return distribution, tuple(reading.unknowns)


def _uncertain(value: object, folder: Path) -> tuple[Distribution, str]:
    """Read a parameter that is uncertain: a range in quotes, without unit, or a table with a distribution."""
    if not isinstance(value, dict):
        return _range_of_numbers(str(value)), str(value)
    if strange := [key for key in value if key in DISTRIBUTION_KEYS and key not in FAMILIES]:
        what = f"a parameter that is uncertain has no distribution {strange[0]}"
        raise QuantityError(what, 'Give a range in quotes, "8 to 12", or a table such as { normal = { mean = 10, sd = 1 } }.')
    try:
        return from_table(value, folder=folder), in_toml(value)
    except MarginalError as error:
        path, what, remedy = error.problems[0]
        message = ": ".join((*path, what))
        raise QuantityError(message, remedy) from error


def _range_of_numbers(text: str) -> Distribution:
    distribution, unit = parse_quantity(text, NO_CURRENCY)
    if unit.text not in ("", "1"):
        what = f'"{text}" has a unit'
        raise QuantityError(what, "Give the numbers of the range alone: they are in the input's unit.")
    return distribution


def _read(table: Mapping[str, object], reading: Reading, folder: Path) -> Distribution | None:
    reading.unknown((), table, (*DISTRIBUTION_KEYS, "value", "min", "max"), "distribution")
    given = [key for key in table if key in DISTRIBUTION_KEYS or key == "value"]
    if len(given) != 1:
        if given or not reading.problems:
            what = f"{' and '.join(given)} beside each other" if given else "no distribution"
            reading.add((), what, "Give exactly one, such as normal = { mean = ..., sd = ... }, or value = ...")
        return None
    base = _read_base(given[0], table[given[0]], reading, folder)
    ends = [reading.number((key,), table[key]) if key in table else end for key, end in (("min", -math.inf), ("max", math.inf))]
    if base is None or None in ends or not table.keys() & {"min", "max"}:
        return base
    return _truncated(base, *(end for end in ends if end is not None), reading=reading)


def _read_base(key: str, value: object, reading: Reading, folder: Path) -> Distribution | None:
    if key == "value":
        number = reading.number((key,), value)
        return None if number is None else Constant(number)
    if key == "discrete":
        return read_discrete(value, reading)
    if key == "empirical":
        return read_empirical(value, reading, folder)
    if key == "mixture":
        return read_mixture(value, reading, lambda table, inner: _read(table, inner, folder))
    if key == "scipy":
        return read_scipy(value, reading)
    return read_family(key, FAMILIES[key], value, reading)


def _truncated(base: Distribution, low: float, high: float, *, reading: Reading) -> Distribution | None:
    """Return the distribution given that it lies between two ends, in its simplest form."""
    if isinstance(base, Constant):
        reading.add(("min",) if low > -math.inf else ("max",), "min or max beside a certain number", "Remove it.")
        return None
    if not low < high:
        reading.add(("min",), f"min = {low:g} is not below max = {high:g}", "Give min < max.")
        return None
    share = base.probability_of_range(low, high)
    if share < SMALLEST_SHARE:
        what = f"only {share:.2g} of {base.in_words()} lies {_range(low, high)}"
        reading.add(("min",) if low > -math.inf else ("max",), what, "Widen min and max, or give another distribution.")
        return None
    if isinstance(base, Uniform):
        return Uniform(max(base.low, low), min(base.high, high))
    if isinstance(base, Discrete):
        kept = [(x, p) for x, p in zip(base.values, base.probabilities, strict=True) if low <= x <= high]
        return weighted([x for x, _ in kept], [p for _, p in kept])
    return Truncated(base, low, high)


def _range(low: float, high: float) -> str:
    if math.isinf(low) or math.isinf(high):
        return f"above {low:g}" if math.isinf(high) else f"below {high:g}"
    return f"between {low:g} and {high:g}"
