"""The distributions that are given by a few named numbers: their parameter forms, the numbers' bounds, and how they are made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from simcost.scenario.bounds import ANY, POSITIVE, PROBABILITY, Bounds
from simcost.scenario.distributions import fitting
from simcost.scenario.distributions.canonical import (
    Beta,
    Binomial,
    Constant,
    Discrete,
    Distribution,
    Exponential,
    Gamma,
    Normal,
    Pareto,
    Poisson,
    Triangular,
    Uniform,
    Weibull,
)
from simcost.scenario.distributions.fitting import FitError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simcost.scenario.distributions.parameters import Reading

MAX_COUNT = 1e6
"""Largest mean of a poisson and largest n of a binomial: beyond, use normal."""

_PERCENTILE = re.compile(r"p([0-9]{1,2}(?:\.[0-9]{1,4})?)")


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution by named numbers.

    Parameters
    ----------
    make
        From the numbers to the canonical distribution; raises `FitError`.
    forms
        The sets of names that may be given, in the order in which messages list them.
    optional
        Names that may stand beside any form.
    bounds
        What each name may be; a name without bounds may be any number.
    percentiles
        None if percentiles are no form of it, otherwise the bounds of their values.
    """

    make: Callable[[Mapping[str, float]], Distribution]
    forms: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...] = ()
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    percentiles: Bounds | None = None

    @property
    def shown(self) -> str:
        """The forms as a message lists them."""
        forms = ["{ " + ", ".join(form) + " }" for form in self.forms]
        return " or ".join([*forms, *(["two percentiles such as { p5, p95 }"] if self.percentiles else [])])


def probability_of(name: str) -> float | None:
    """Return 0.05 for ``p5`` and 0.025 for ``p2.5``; None if the name is no percentile between 0 and 100."""
    match = _PERCENTILE.fullmatch(name)
    percent = float(match[1]) if match else 0.0
    return percent / 100 if percent else None


def read_family(name: str, family: Family, value: object, reading: Reading) -> Distribution | None:
    """Return the distribution of a table such as ``{ mean = 3, sd = 1 }``, or note all that is wrong with it."""
    table = reading.table((name,), value, _example(family))
    if table is None or not _is_form(name, family, table, reading):
        return None
    numbers = {key: reading.parameter((name, key), item, _bounds(family, key)) for key, item in table.items()}
    sound = {key: number for key, number in numbers.items() if number is not None}
    if len(sound) < len(numbers):
        return None
    try:
        return family.make(sound)
    except FitError as error:
        reading.add((name,), error.what, error.remedy)
        return None


def _bounds(family: Family, key: str) -> Bounds:
    if family.percentiles is not None and _is_percentile(key):
        return family.percentiles
    return family.bounds.get(key, ANY)


def _example(family: Family) -> str:
    return "{ " + ", ".join(f"{name} = ..." for name in family.forms[0]) + " }"


def _is_form(name: str, family: Family, table: Mapping[str, object], reading: Reading) -> bool:
    """Whether the table's names are one of the family's forms; notes what is unknown, missing or contradictory."""
    points = [key for key in table if family.percentiles is not None and _is_percentile(key)]
    allowed = dict.fromkeys((*chain(*family.forms), *family.optional))
    others = [key for key in table if key not in points]
    if reading.unknown((name,), others, allowed, f"parameter of {name}:", otherwise=f"Give {family.shown}."):
        return False
    given = table.keys() - family.optional
    if any(given == set(form) for form in family.forms) or (len(points) == 2 and given == set(points)):
        return True
    missing = [[key for key in form if key not in given] for form in family.forms if given <= set(form)]
    if missing and not points:
        _, fewest = min((len(names), names) for names in missing)
        reading.add((name,), f"{name} lacks {' and '.join(fewest)}", f"Give {family.shown}.")
    else:
        what = f"{name} with {', '.join(sorted(given)) or 'nothing'}"
        reading.add((name,), what, f"Give exactly {family.shown}.")
    return False


def _is_percentile(key: str) -> bool:
    return key == "median" or probability_of(key) is not None


def _ascending(numbers: Mapping[str, float], *names: str) -> None:
    """Refuse numbers that descend, or that all are equal."""
    for first, second in pairwise(names):
        if numbers[first] > numbers[second]:
            what = f"{second} = {numbers[second]:g} is below {first} = {numbers[first]:g}"
            raise FitError(what, f"Give {' <= '.join(names)}.")
    if numbers[names[0]] == numbers[names[-1]]:
        what = f"{names[0]} and {names[-1]} are both {numbers[names[0]]:g}"
        raise FitError(what, f"Give {names[0]} < {names[-1]}; a certain number is value = {numbers[names[0]]:g}.")


def _strictly_ascending(numbers: Mapping[str, float], names: tuple[str, ...]) -> None:
    for first, second in pairwise(names):
        if not numbers[first] < numbers[second]:
            what = f"{first} = {numbers[first]:g} is not below {second} = {numbers[second]:g}"
            raise FitError(what, f"Give {' < '.join(names)}.")


def _points(numbers: Mapping[str, float]) -> dict[float, float]:
    """Return two ascending percentiles as ``{probability: value}``."""
    probabilities = {name: 0.5 if name == "median" else probability_of(name) or 0.0 for name in numbers}
    first, second = sorted(numbers, key=lambda name: probabilities[name])
    if probabilities[first] == probabilities[second]:
        what = f"{first} and {second} are the same percentile"
        raise FitError(what, "Give two different ones.")
    _strictly_ascending(numbers, (first, second))
    return {probabilities[name]: numbers[name] for name in (first, second)}


def _uniform(n: Mapping[str, float]) -> Distribution:
    _ascending(n, "low", "high")
    return Uniform(n["low"], n["high"])


def _normal(n: Mapping[str, float]) -> Distribution:
    return Normal(n["mean"], n["sd"]) if "mean" in n else fitting.normal_from_percentiles(_points(n))


def _lognormal(n: Mapping[str, float]) -> Distribution:
    if "mean" in n:
        return fitting.lognormal_from_moments(n["mean"], n["sd"])
    if "sd_log" in n:
        return fitting.lognormal_from_median(n["median"], n["sd_log"])
    return fitting.lognormal_from_percentiles(_points(n))


def _triangular(n: Mapping[str, float]) -> Distribution:
    _ascending(n, "low", "mode", "high")
    return Triangular(n["low"], n["mode"], n["high"])


def _pert(n: Mapping[str, float]) -> Distribution:
    _ascending(n, "low", "mode", "high")
    return fitting.pert(n["low"], n["mode"], n["high"])


def _beta(n: Mapping[str, float]) -> Distribution:
    ends = {"low": n.get("low", 0.0), "high": n.get("high", 1.0)}
    _ascending(ends, "low", "high")
    if "alpha" in n:
        return fitting.checked_beta(Beta(n["alpha"], n["beta"], ends["low"], ends["high"]))
    return fitting.beta_from_moments(n["mean"], n["sd"], ends["low"], ends["high"])


def _gamma(n: Mapping[str, float]) -> Distribution:
    if "mean" in n:
        return fitting.gamma_from_moments(n["mean"], n["sd"])
    return fitting.checked_gamma(Gamma(n["shape"], n["scale"]))


def _pareto(n: Mapping[str, float]) -> Distribution:
    return fitting.finite_pareto(Pareto(n["minimum"], n["shape"]))


def _binomial(n: Mapping[str, float]) -> Distribution:
    trials = int(n["n"])
    return Constant(trials * n["p"]) if n["p"] in (0, 1) else Binomial(trials, n["p"])


def _bernoulli(n: Mapping[str, float]) -> Distribution:
    return Constant(n["p"]) if n["p"] in (0, 1) else Discrete((0.0, 1.0), (1 - n["p"], n["p"]))


def _metalog(n: Mapping[str, float]) -> Distribution:
    _strictly_ascending(n, ("p10", "p50", "p90"))
    return fitting.metalog((n["p10"], n["p50"], n["p90"]), n.get("low"), n.get("high"))


_MOMENTS = {"sd": POSITIVE}
_POSITIVE_MOMENTS = {"mean": POSITIVE, "sd": POSITIVE}

FAMILIES: dict[str, Family] = {
    "uniform": Family(_uniform, (("low", "high"),)),
    "normal": Family(_normal, (("mean", "sd"),), bounds=_MOMENTS, percentiles=ANY),
    "lognormal": Family(
        _lognormal,
        (("mean", "sd"), ("median", "sd_log")),
        bounds={**_POSITIVE_MOMENTS, "median": POSITIVE, "sd_log": POSITIVE},
        percentiles=POSITIVE,
    ),
    "triangular": Family(_triangular, (("low", "mode", "high"),)),
    "pert": Family(_pert, (("low", "mode", "high"),)),
    "beta": Family(
        _beta,
        (("mean", "sd"), ("alpha", "beta")),
        optional=("low", "high"),
        bounds={"sd": POSITIVE, "alpha": POSITIVE, "beta": POSITIVE},
    ),
    "gamma": Family(
        _gamma, (("mean", "sd"), ("shape", "scale")), bounds={**_POSITIVE_MOMENTS, "shape": POSITIVE, "scale": POSITIVE}
    ),
    "weibull": Family(
        lambda n: Weibull(n["shape"], n["scale"]),
        (("shape", "scale"),),
        bounds={"shape": Bounds(least=0.02, most=1e6), "scale": POSITIVE},  # 0.02: the largest draw is 1e78 scales
    ),
    "exponential": Family(lambda n: Exponential(n["mean"]), (("mean",),), bounds={"mean": POSITIVE}),
    "student_t": Family(
        lambda n: fitting.student_t(n["df"], n["mean"], n["sd"]),
        (("df", "mean", "sd"),),
        bounds={"df": Bounds(above=2, most=1e6), "sd": POSITIVE},
    ),
    "pareto": Family(_pareto, (("minimum", "shape"),), bounds={"minimum": POSITIVE, "shape": Bounds(least=0.1, most=1e6)}),
    "poisson": Family(lambda n: Poisson(n["mean"]), (("mean",),), bounds={"mean": Bounds(above=0, most=MAX_COUNT)}),
    "binomial": Family(_binomial, (("n", "p"),), bounds={"n": Bounds(least=1, most=MAX_COUNT, whole=True), "p": PROBABILITY}),
    "bernoulli": Family(_bernoulli, (("p",),), bounds={"p": PROBABILITY}),
    "metalog": Family(_metalog, (("p10", "p50", "p90"),), optional=("low", "high")),
}
"""Distributions by the name of their key."""
