"""Distributions given by lists, by other distributions, or by scipy.stats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from simcost.scenario.bounds import ANY, NOT_NEGATIVE, POSITIVE
from simcost.scenario.distributions.canonical import Constant, Discrete, Distribution, Mixture, Scipy
from simcost.scenario.distributions.parameters import Reading, echo
from simcost.scenario.distributions.samples import MAX_VALUES, weighted
from simcost.scenario.refusal import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_COMPONENTS = 100
"""Of a mixture."""

_SCIPY_REMEDY = 'Give for example name = "gumbel_r".'


def read_discrete(value: object, reading: Reading) -> Discrete | Constant | None:
    """Return the distribution of ``{ values = [...], weights = [...] }``."""
    path = ("discrete",)
    table = reading.table(path, value, "{ values = [...], weights = [...] }")
    if table is None or reading.unknown(path, table, ("values", "weights"), "parameter of discrete:"):
        return None
    if missing := [name for name in ("values", "weights") if name not in table]:
        remedy = "Give { values, weights }; equally likely values are empirical = { values = [...] }."
        reading.add(path, f"discrete lacks {' and '.join(missing)}", remedy)
        return None
    values = reading.numbers((*path, "values"), table["values"])
    weights = reading.numbers((*path, "weights"), table["weights"], NOT_NEGATIVE)
    if values is None or weights is None:
        return None
    if not len(values) == len(weights) <= MAX_VALUES:
        what = f"discrete has {len(values):,} values and {len(weights):,} weights"
        reading.add(path, what, f"Give one weight for each value, at most {MAX_VALUES:,}.")
        return None
    if _sum_is_zero((*path, "weights"), weights, reading):
        return None
    return weighted(values, weights)


def _sum_is_zero(path: tuple[str, ...], weights: list[float], reading: Reading) -> bool:
    if math.fsum(weights) > 0:
        return False
    reading.add(path, "all weights are 0", "Give at least one above 0.")
    return True


def read_mixture(
    value: object, reading: Reading, read_component: Callable[[Mapping[str, object], Reading], Distribution | None]
) -> Distribution | None:
    """Return the distribution of ``{ components = [{ weight = 0.3, value = 0 }, { weight = 0.7, normal = ... }] }``."""
    path = ("mixture",)
    example = "{ components = [{ weight = 0.3, value = 0 }, { weight = 0.7, normal = { ... } }] }"
    table = reading.table(path, value, example)
    if table is None or reading.unknown(path, table, ("components",), "parameter of mixture:"):
        return None
    listed = table.get("components")
    if not isinstance(listed, list | tuple) or not 1 <= len(listed) <= MAX_COMPONENTS:
        reading.add(path, f"a mixture needs a list of 1 to {MAX_COMPONENTS} components", f"Write mixture = {example}.")
        return None
    parts = [_component(index, item, reading, read_component) for index, item in enumerate(listed)]
    sound = [part for part in parts if part is not None]
    if len(sound) < len(parts) or _sum_is_zero((*path, "components"), [weight for weight, _ in sound], reading):
        return None
    return _mixed([part for part in sound if part[0] > 0])


def _mixed(parts: list[tuple[float, Distribution]]) -> Distribution:
    if len(parts) == 1:
        return parts[0][1]
    total = math.fsum(weight for weight, _ in parts)
    return Mixture(tuple(distribution for _, distribution in parts), tuple(weight / total for weight, _ in parts))


def _component(
    index: int,
    item: object,
    reading: Reading,
    read_component: Callable[[Mapping[str, object], Reading], Distribution | None],
) -> tuple[float, Distribution] | None:
    path = ("mixture", "components", str(index))
    table = reading.table(path, item, "{ weight = ..., normal = { ... } }")
    if table is None:
        return None
    if "weight" not in table:
        reading.add(path, f"component {index + 1} of the mixture lacks weight", "Give weight = ... beside its distribution.")
    weight = reading.number((*path, "weight"), table.get("weight", 1), NOT_NEGATIVE)
    inner = Reading()
    distribution = read_component({key: part for key, part in table.items() if key != "weight"}, inner)
    for subpath, what, remedy in inner.problems:
        reading.add((*path, *subpath), what, remedy)
    return None if weight is None or distribution is None else (weight, distribution)


def read_scipy(value: object, reading: Reading) -> Scipy | None:
    """Return any continuous distribution of scipy.stats: ``{ name = "gumbel_r", loc = 10, scale = 2 }``."""
    path = ("scipy",)
    table = reading.table(path, value, '{ name = "gumbel_r", loc = 10, scale = 2 }')
    if table is None:
        return None
    family = _scipy_family(table, reading)
    if family is None:
        return None
    shapes = [shape.strip() for shape in (family.shapes or "").split(",") if shape.strip()]
    numbers = {key: item for key, item in table.items() if key != "name"}
    if reading.unknown(path, numbers, [*shapes, "loc", "scale"], f"parameter of {family.name}:"):
        return None
    if missing := [shape for shape in shapes if shape not in numbers]:
        reading.add(path, f"{family.name} lacks {' and '.join(missing)}", f"Give its shape parameters: {', '.join(shapes)}.")
        return None
    read = [(key, reading.number((*path, key), item, POSITIVE if key == "scale" else ANY)) for key, item in numbers.items()]
    sound = tuple((key, number) for key, number in read if number is not None)
    if len(sound) < len(read) or not _scipy_works(family, dict(sound), reading):
        return None
    return Scipy(family.name, tuple(sorted(sound)))


def _scipy_family(table: Mapping[str, object], reading: Reading) -> Any:
    """Return the distribution of scipy.stats that a table names; a problem and None if it names none."""
    from scipy import stats

    if "name" not in table:
        reading.add(("scipy",), "scipy lacks name", _SCIPY_REMEDY)
        return None
    name = table["name"]
    family = getattr(stats, name, None) if isinstance(name, str) and name.isidentifier() else None
    if isinstance(family, stats.rv_continuous):
        return family
    remedy = did_you_mean(name[:64], _scipy_names()) if isinstance(name, str) else ""
    reading.add(("scipy", "name"), f"scipy.stats has no continuous distribution {echo(name)}", remedy or _SCIPY_REMEDY)
    return None


def _scipy_names() -> list[str]:
    from scipy import stats

    return [name for name in dir(stats) if isinstance(getattr(stats, name), stats.rv_continuous)]


def _scipy_works(family: Any, numbers: Mapping[str, float], reading: Reading) -> bool:
    """Whether scipy takes the parameters: outside their domain its quantiles are NaN."""
    import numpy as np

    with np.errstate(all="ignore"):
        try:
            median = float(family.ppf(0.5, **numbers))
        except (ValueError, TypeError, ArithmeticError):
            median = math.nan
    if math.isfinite(median):
        return True
    given = ", ".join(f"{key} = {number:g}" for key, number in numbers.items())
    reading.add(("scipy",), f"scipy.stats.{family.name} has no distribution with {given}", "Give parameters of its domain.")
    return False
