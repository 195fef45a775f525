"""Reading named numbers from a table of the file, noting every problem instead of stopping at the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.bounds import ANY, Bounds
from simcost.scenario.distributions.unknown import Unknown, median_of
from simcost.scenario.refusal import Refusal, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simcost.scenario.distributions.canonical import Distribution

MAGNITUDE = 1e100
"""Largest number taken from a file, and one over the smallest: products of a few of them stay finite and above 0."""

MAX_ECHO = 60
"""Characters of a value that a message repeats."""

ParameterProblem = tuple[tuple[str, ...], str, str]
"""Path within the input's table, what is wrong, what to write instead."""


class Reading:
    """Problems found so far, at paths within one input's table.

    Parameters
    ----------
    uncertain
        Reads a parameter that is itself uncertain, and says how the file has it; None where there may be none. What it finds is
        in ``unknowns``.
    """

    def __init__(self, uncertain: Callable[[object], tuple[Distribution, str]] | None = None) -> None:
        self.problems: list[ParameterProblem] = []
        self.unknowns: list[Unknown] = []
        self._uncertain = uncertain

    def add(self, path: tuple[str, ...], what: str, remedy: str) -> None:
        """Note a problem."""
        self.problems.append((path, what, remedy))

    def number(self, path: tuple[str, ...], value: object, bounds: Bounds = ANY) -> float | None:
        """Return a value of the file as a float, or note why it is none."""
        name = f"item {int(path[-1]) + 1} of {path[-2]}" if path[-1].isdigit() else path[-1]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(path, f"{name} = {echo(value)} is no number", _number_remedy(value))
            return None
        if not is_moderate(value):
            what = f"{name} is too large, too small or no number"
            self.add(path, what, f"Numbers are 0 or from {1 / MAGNITUDE:g} to {MAGNITUDE:g}.")
            return None
        if broken := bounds.violated(value):
            self.add(
                path,
                f"{name} = {echo(value)} is not {broken}",
                f"Give {broken}." if broken.startswith("a ") else f"Give {name} {broken}.",
            )
            return None
        return float(value)

    def parameter(self, path: tuple[str, ...], value: object, bounds: Bounds = ANY) -> float | None:
        """Return a parameter of a distribution: a number, or the median of one that is uncertain itself."""
        if self._uncertain is None or not (isinstance(value, dict) or (isinstance(value, str) and " to " in value)):
            return self.number(path, value, bounds)
        try:
            distribution, text = self._uncertain(value)
        except Refusal as error:
            self.add(path, error.what, error.remedy)
            return None
        median = median_of(distribution)
        if not is_moderate(median):
            self.add(path, f"the median of {path[-1]} is too large or too small", f"Give {path[-1]} a narrower range.")
            return None
        self.unknowns.append(Unknown(path, distribution, text))
        if broken := bounds.violated(median):
            said = echo(value) if isinstance(value, str) else text[:MAX_ECHO]
            self.add(path, f"{path[-1]} = {said} has the median {median:g}, not {broken}", f"Give {path[-1]} {broken}.")
            return None
        return median

    def numbers(self, path: tuple[str, ...], value: object, bounds: Bounds = ANY) -> list[float] | None:
        """Return a list of the file as floats, or note what is wrong with it."""
        if not isinstance(value, list | tuple):
            self.add(path, f"{path[-1]} = {echo(value)} is no list", "Give a list of numbers: [1, 2, 3].")
            return None
        if not value:
            self.add(path, f"{path[-1]} is empty", "Give at least one number.")
            return None
        read = [self.number((*path, str(index)), item, bounds) for index, item in enumerate(value)]
        found = [item for item in read if item is not None]
        return found if len(found) == len(read) else None

    def table(self, path: tuple[str, ...], value: object, example: str) -> Mapping[str, object] | None:
        """Return a table of the file, or note that the value is none."""
        if isinstance(value, dict):
            return value
        kind = "a list: parameters have names" if isinstance(value, list | tuple) else f"{echo(value)}, not a table"
        self.add(path, f"{path[-1]} is {kind}", f"Write {path[-1]} = {example}.")
        return None

    def unknown(
        self, path: tuple[str, ...], names: Iterable[str], known: Iterable[str], noun: str, *, otherwise: str = ""
    ) -> bool:
        """Note names that are not known, with the remedy ``otherwise`` if none is near; return whether there were any."""
        choice = list(known)
        strange = [name for name in names if name not in choice]
        for name in strange:
            remedy = did_you_mean(name[:64], choice) or otherwise or f"Known: {', '.join(choice)}."
            self.add((*path, name), f'unknown {noun} "{name[:64]}"', remedy)
        return bool(strange)


def is_moderate(value: float) -> bool:
    """Whether a number is finite, at most `MAGNITUDE`, and 0 or at least one over it."""
    return value == 0 or 1 / MAGNITUDE <= abs(value) <= MAGNITUDE


def echo(value: object) -> str:
    """Return a value as the file might have it, shortened."""
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= MAX_ECHO else f"{text[:MAX_ECHO]}..."


def _number_remedy(value: object) -> str:
    if isinstance(value, str):
        return 'Give a number without quotes; the unit stands apart, as unit = "...".'
    return "Give a number."
