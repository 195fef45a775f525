"""The distributions as an editor sees them: JSON Schema of each distribution's table with its parameter forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_PERCENTILES = "^p[0-9]{1,2}(\\.[0-9]+)?$"


@dataclass(frozen=True, slots=True)
class Described:
    """How an editor describes one distribution.

    Parameters
    ----------
    what
        One sentence.
    forms
        The sets of parameters that may be given together.
    optional
        Parameters that may be added to any form.
    percentiles
        Whether two percentiles (``p5``, ``p95``, ...) are a form too.
    example
        A table that is right.
    """

    what: str
    forms: tuple[tuple[str, ...], ...]
    example: dict[str, Any]
    optional: tuple[str, ...] = ()
    percentiles: bool = False


DISTRIBUTIONS: dict[str, Described] = {
    "uniform": Described("Equally likely between low and high.", (("low", "high"),), {"low": 2, "high": 5}),
    "normal": Described(
        "Normal, by mean and standard deviation or two percentiles.", (("mean", "sd"),), {"mean": 10, "sd": 2}, percentiles=True
    ),
    "lognormal": Described(
        "Lognormal, by mean and standard deviation, median and standard deviation of the logarithm, or two percentiles.",
        (("mean", "sd"), ("median", "sd_log")),
        {"p5": 40_000, "p95": 90_000},
        percentiles=True,
    ),
    "triangular": Described("Triangle between low and high.", (("low", "mode", "high"),), {"low": 500, "mode": 650, "high": 900}),
    "pert": Described(
        "PERT: a smooth triangle, a beta over low to high.", (("low", "mode", "high"),), {"low": 8, "mode": 10, "high": 14}
    ),
    "beta": Described(
        "Beta over low to high (0 to 1 by default).",
        (("mean", "sd"), ("alpha", "beta")),
        {"mean": 0.45, "sd": 0.12},
        optional=("low", "high"),
    ),
    "gamma": Described(
        "Gamma, by mean and standard deviation or shape and scale.",
        (("mean", "sd"), ("shape", "scale")),
        {"mean": 4200, "sd": 1500},
    ),
    "weibull": Described("Weibull: lifetimes.", (("shape", "scale"),), {"shape": 1.5, "scale": 36}),
    "exponential": Described("Exponential: waiting times.", (("mean",),), {"mean": 3}),
    "student_t": Described(
        "Student's t with df > 2; sd is the standard deviation.", (("df", "mean", "sd"),), {"df": 4, "mean": 10, "sd": 2}
    ),
    "pareto": Described("Pareto: heavy upper tail from a minimum.", (("minimum", "shape"),), {"minimum": 1000, "shape": 2.5}),
    "poisson": Described("Poisson: number of independent events.", (("mean",),), {"mean": 3}),
    "binomial": Described("Binomial: successes in n trials.", (("n", "p"),), {"n": 20, "p": 0.1}),
    "bernoulli": Described("Bernoulli: 1 with probability p, else 0.", (("p",),), {"p": 0.06}),
    "discrete": Described(
        "Discrete: one of the values by its weight.", (("values", "weights"),), {"values": [4, 6], "weights": [0.7, 0.3]}
    ),
    "metalog": Described(
        "Metalog through P10, P50 and P90, with or without bounds.",
        (("p10", "p50", "p90"),),
        {"p10": 20, "p50": 30, "p90": 60, "low": 0},
        optional=("low", "high"),
    ),
    "empirical": Described(
        "Empirical: one of the values, each as likely, from the file or a CSV beside it.",
        (("values",), ("file", "column")),
        {"values": [3.1, 2.9, 4.0]},
    ),
    "mixture": Described(
        "Mixture: one of the components by its weight.",
        (("components",),),
        {"components": [{"weight": 0.3, "value": 0}, {"weight": 0.7, "normal": {"mean": 10, "sd": 2}}]},
    ),
    "scipy": Described(
        "Any continuous distribution of scipy.stats, with its shape parameters, loc and scale.",
        (("name",),),
        {"name": "gumbel_r", "loc": 10, "scale": 2},
    ),
}
"""Every distribution of the language."""

_PARAMETER_SCHEMAS: dict[str, dict[str, Any]] = {
    "values": {"type": "array", "items": {"type": "number"}, "minItems": 1},
    "weights": {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 1},
    "components": {"type": "array", "items": {"type": "object"}, "minItems": 1},
    "file": {"type": "string", "description": "CSV file, relative to the scenario file."},
    "column": {"type": "string", "description": "Its column."},
    "name": {"type": "string", "description": "Name in scipy.stats."},
    "n": {"type": "integer", "minimum": 1},
    "p": {"type": "number", "minimum": 0, "maximum": 1},
    "sd": {"type": "number", "exclusiveMinimum": 0, "description": "Standard deviation."},
    "sd_log": {"type": "number", "exclusiveMinimum": 0, "description": "Standard deviation of the logarithm."},
}


_NUMBER: dict[str, Any] = {"type": "number"}

_UNCERTAIN: list[dict[str, Any]] = [
    {"type": "string", "pattern": " to ", "description": "Not known: LOW to HIGH, or LOW to MODE to HIGH, without unit."},
    {"type": "object", "description": "Not known: a table with a distribution."},
]
"""What a parameter that is itself uncertain may be beside a number (see `simcost.scenario.distributions.unknown`)."""

_PARAMETER: dict[str, Any] = {"anyOf": [_NUMBER, *_UNCERTAIN]}

_NEVER_UNCERTAIN = ("values", "weights", "components", "file", "column", "name")


def _parameter_schema(parameter: str, plain: dict[str, Any]) -> dict[str, Any]:
    known = _PARAMETER_SCHEMAS.get(parameter)
    if known is None or parameter in _NEVER_UNCERTAIN:
        return known or plain
    described = {"description": known["description"]} if "description" in known else {}
    return {"anyOf": [{key: value for key, value in known.items() if key != "description"}, *_UNCERTAIN], **described}


def distribution_schema(name: str) -> dict[str, Any]:
    """JSON Schema of the table behind one distribution's key."""
    described = DISTRIBUTIONS[name]
    plain = _NUMBER if name == "scipy" else _PARAMETER
    parameters = dict.fromkeys([*(parameter for form in described.forms for parameter in form), *described.optional])
    schema: dict[str, Any] = {
        "type": "object",
        "description": described.what,
        "properties": {parameter: _parameter_schema(parameter, plain) for parameter in parameters},
        "additionalProperties": _NUMBER if name == "scipy" else False,
        "examples": [described.example],
    }
    if described.percentiles:
        schema["patternProperties"] = {_PERCENTILES: plain}
    elif len(described.forms) == 1:
        schema["required"] = list(described.forms[0])
    else:
        schema["anyOf"] = [{"required": list(form)} for form in described.forms]
    return schema
