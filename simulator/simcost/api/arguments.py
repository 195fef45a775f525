"""What an argument of a public function may be: one name means one thing in all of them, and is read in one place.

The command line's options are read by `simcost.cli.option_types`; what comes from Python may be of any type.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from math import isfinite
from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any

from simcost.errors import UsageError
from simcost.scenario.meant_values import meant_count

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_SHOWN = 60
"""Characters of a value in a message."""


AS_A_FILE = 'Write it to a file: pathlib.Path("scenario.toml").write_text(text), of a dict text = tomli_w.dumps(scenario).'
"""A scenario is a file, which a result holds verbatim and others can read; TOML is what every language writes."""


class _WrongError(Exception):
    """What a value should be instead."""


def read(name: str, value: Any) -> Any:
    """Return an argument as the functions take it: lists as tuples, percentiles as numbers.

    Raises
    ------
    UsageError
        With the value and what to give instead.
    """
    try:
        return READERS[name](value)
    except _WrongError as error:
        shown = repr(value)
        shown = shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}..."
        message = f"{name} = {shown} {error}"
        raise UsageError(message) from None


def _path(value: Any) -> Any:
    if isinstance(value, str) and "\n" in value.strip() and "=" in value:
        message = f"is a scenario, not the path of one. {AS_A_FILE}"
        raise _WrongError(message)
    if isinstance(value, (str, os.PathLike)) and isinstance(os.fspath(value), str) and os.fspath(value):
        return value
    if isinstance(value, dict):
        message = f"is a dict, not the path of a file. {AS_A_FILE}"
        raise _WrongError(message)
    message = 'is no path of a file. Give a text or a pathlib.Path, like "scenario.toml".'
    raise _WrongError(message)


def _paths(value: Any) -> Any:
    if isinstance(value, (str, os.PathLike)):
        return _path(value)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, dict)) and (paths := tuple(map(_path, value))):
        return paths
    message = 'is neither a path nor a list of paths. Give for example ["ours.toml", "theirs.toml"].'
    raise _WrongError(message)


def _text(example: str) -> Callable[[Any], str]:
    def reader(value: Any) -> str:
        if isinstance(value, str):
            return value
        message = f"is no text. Give it like {example}."
        raise _WrongError(message)

    return reader


def _texts(example: str) -> Callable[[Any], tuple[str, ...]]:
    """Read texts; one alone is a list of one: it is a sequence too, of letters, and nobody means those."""

    def reader(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        if isinstance(value, Iterable) and not isinstance(value, (bytes, dict)):
            texts = tuple(value)
            if all(isinstance(each, str) for each in texts):
                return texts
        message = f"is neither a text nor a list of texts. Give for example {example}."
        raise _WrongError(message)

    return reader


def _whole(smallest: int | None = None, largest: int | None = None) -> Callable[[Any], int]:
    """Read a whole number; what Python's callers write for one and is none: 1e6."""

    def reader(value: Any) -> int:
        try:
            number = index(None if isinstance(value, bool) else value)  # type: ignore[arg-type]  # None is refused as any other
        except TypeError:
            message = f"is no whole number. Write it like {meant_count(value) or '1_000_000'}."
            raise _WrongError(message) from None
        if (smallest is not None and number < smallest) or (largest is not None and number > largest):
            wanted = f"between {smallest:,} and {largest:,}" if largest is not None else f"{smallest} or more"
            message = f"is not {wanted}."
            raise _WrongError(message)
        return number

    return reader


def _truth(value: Any) -> bool:
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):  # NumPy's too
        return bool(value)
    message = "is neither True nor False."
    raise _WrongError(message)


def _number(value: Any) -> float:
    if type(value) is bool or not isinstance(value, Real) or not isfinite(value):
        message = "is no finite number."
        raise _WrongError(message)
    return float(value)


def _percentile(value: Any) -> float:
    """Read 95, or ``p95`` as the command line and the figures have it."""
    try:
        number = float(value.strip().lower().removeprefix("p")) if isinstance(value, str) else _number(value)
    except (ValueError, _WrongError):
        number = float("nan")
    if 0.0 < number < 100.0:
        return number
    message = 'is no percentile between 0 and 100. Give it like 97.5, or "p97.5".'
    raise _WrongError(message)


def _percentiles(value: Any) -> tuple[float, ...]:
    if isinstance(value, (str, Real)):
        return (_percentile(value),)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, dict)):
        return tuple(map(_percentile, value))
    message = "are no percentiles between 0 and 100. Give them like (2.5, 97.5)."
    raise _WrongError(message)


def _share(example: str, largest: float = 1.0) -> Callable[[Any], float]:
    """Read a share strictly between 0 and 1: 0.9, or ``90 %``."""

    def reader(value: Any) -> float:
        from simcost.scenario.quantities.share import plain_share

        try:
            share = _number(plain_share(value))
        except _WrongError:
            share = float("nan")
        if 0.0 < share < 1.0 and share <= largest:
            return share
        message = f"is no share {f'of at most {largest:g}' if largest < 1.0 else 'between 0 and 1'}. Give it like {example}."
        raise _WrongError(message)

    return reader


def _sum(value: Any) -> str | float:
    if isinstance(value, str):
        return value
    try:
        return _number(value)
    except _WrongError:
        message = 'is no sum of money. Give a text like "6000000 CNY", or a number in the scenario\'s currency.'
        raise _WrongError(message) from None


def _keep(value: Any) -> str | int:
    if isinstance(value, str) and value in ("all", "none", "auto"):
        return value
    try:
        return _whole(0)(value)
    except _WrongError:
        message = 'is neither "all", "none", "auto" nor a number of scenarios.'
        raise _WrongError(message) from None


def _one_of(*words: str) -> Callable[[Any], str]:
    def reader(value: Any) -> str:
        if isinstance(value, str) and value in words:
            return value
        message = f"is none of {', '.join(words)}."
        raise _WrongError(message)

    return reader


def _called(value: Any) -> Any:
    if callable(value):
        return value
    message = "cannot be called. Give a function, or None."
    raise _WrongError(message)


def _or_none(reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else reader(value)


READERS: dict[str, Callable[[Any], Any]] = {
    "path": _path,
    "folder": _path,
    "paths": _paths,
    "output": _or_none(_path),
    "data": _path,
    "format": _or_none(_one_of("csv", "parquet", "xlsx", "html", "md")),
    "force": _truth,
    "option": _text('"reserved"'),
    "options": _texts('["reserved", "spot"]'),
    "overrides": _texts('["inputs.gpus=12"]'),
    "view": _or_none(_one_of("cash", "amortised")),
    "n": _or_none(_whole(1)),
    "seed": _or_none(_whole(0, 2**64 - 1)),
    "first": _whole(0),
    "scenario": _or_none(_whole(0)),
    "backend": _text('"auto"'),
    "workers": _or_none(_whole(1, 1024)),
    "percentiles": _percentiles,
    "keep": _keep,
    "budgeted": _truth,
    "progress": _or_none(_called),
    "notice": _or_none(_called),
    "approved": _or_none(_sum),
    "confidence": _or_none(_share('0.9, or "90 %"')),
    "split": _truth,
    "crossover": _text('"inputs.gpu_price=9,12,16"'),
    "groups": _texts('["prices=gpu_price,cpu_price"]'),
    "shapley": _truth,
    "learn": _truth,
    "stresses": _texts('["surge"]'),
    "bands": _texts('["traffic=P90 to P100"]'),
    "worst": _share('0.01, or "1 %"', 0.5),
    "grids": _texts('["inputs.gpus=8,12,16"]'),
    "target": _text('"inputs.gpu_price"'),
    "percentile": _or_none(_percentile),
    "at_most": _or_none(_sum),
    "between": _text('"9,16"'),
    "whole": _truth,
    "minimise": _text('"p95"'),
    "trials": _or_none(_whole(1, 100_000)),
    "frontier": _whole(0, 20),
    "outer": _whole(),
    "near": _or_none(_percentile),
    "everything": _truth,
    "dry_run": _truth,
    "keep_last": _whole(1),
    "variants": _truth,
    "column": _text('"price"'),
    "month": _text('"month"'),
    "name": _text('"gpu_price"'),
    "unit": _text('"CNY/GPU/hour"'),
    "family": _text('"lognormal"'),
    "bounds": _text('"0,1"'),
    "start": _text('"2027-01"'),
    "uncertain": _truth,
    "where": _texts('["product=H100"]'),
    "combine": _text('"mean"'),
}
"""How each argument of each public function is read."""
