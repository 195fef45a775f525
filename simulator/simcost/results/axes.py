"""Figures that an answer has for each model, stress, input or value, as variables on labelled axes of an xarray dataset.

Names are those of the documents and of the result file: a figure is ``NAME``, ``NAME_low`` and ``NAME_high``, NaN for what is
undefined or was not asked for; the statistics of a total are ``total_mean`` to ``total_percentile_high``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from simcost.analysis.total_figures import FIGURES
from simcost.results.file.estimate_arrays import part_names, part_of
from simcost.results.file.figure_arrays import MOMENTS
from simcost.results.xarrays import xarray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from simcost.analysis.estimates.intervals import Estimate
    from simcost.analysis.statistics import Statistics
    from simcost.analysis.total_figures import TotalFigures

Variables = dict[str, tuple[tuple[str, ...], Any, dict[str, str]]]
"""By name: axes, numbers and attributes."""


@dataclass(frozen=True, slots=True)
class Axes:
    """The axes over which an answer says the same things; what it says comes in a list, the last axis fastest.

    Parameters
    ----------
    labels
        Of each axis by its name.
    currency
        Of all sums.
    units
        Of the labels of an axis, where they are numbers with a unit.
    """

    labels: Mapping[str, Sequence[Any]]
    currency: str
    units: Mapping[str, str] = field(default_factory=dict)

    def numbers(self, name: str, values: Iterable[Any], *, unit: str, more: tuple[str, ...] = ()) -> Variables:
        """Return numbers, each a list if there are ``more`` axes."""
        data = np.array(list(values), dtype=np.float64)
        shape = tuple(len(each) for each in self.labels.values()) + data.shape[1:]
        return {name: ((*self.labels, *more), data.reshape(shape), {"units": unit})}

    def estimates(self, name: str, values: Sequence[Estimate | None], *, unit: str = "1") -> Variables:
        """Return figures with the ends of their intervals; probabilities if no unit is given."""
        return self._parts(name, lambda part: [part_of(each, part) for each in values], unit=unit)

    def figures(self, name: str, values: Sequence[TotalFigures | None]) -> Variables:
        """Return the figures of a total, or their changes, on an axis ``figure`` more; NaN where there are none."""

        def row(each: TotalFigures | None, part: str) -> list[float]:
            return [np.nan if each is None else part_of(getattr(each, figure), part) for figure in FIGURES]

        return self._parts(name, lambda part: [row(each, part) for each in values], unit=self.currency, more=("figure",))

    def statistics(self, name: str, values: Sequence[Statistics]) -> Variables:
        """Return moments, and percentiles on an axis ``percentile`` more."""
        moments: Variables = {}
        for moment in MOMENTS:
            moments |= self.numbers(f"{name}_{moment}", (getattr(each, moment) for each in values), unit=self.currency)

        def rows(part: str) -> list[list[float]]:
            return [[part_of(p, part) for p in each.percentiles] for each in values]

        return moments | self._parts(f"{name}_percentile", rows, unit=self.currency, more=("percentile",))

    def _parts(self, name: str, of: Callable[[str], list[Any]], *, unit: str, more: tuple[str, ...] = ()) -> Variables:
        found: Variables = {}
        for part, array in part_names(name).items():
            found |= self.numbers(array, of(part), unit=unit, more=more)
        return found

    def dataset(self, variables: Variables, percents: Sequence[float] = ()) -> Any:
        """Return the dataset, an `xarray.Dataset`.

        Parameters
        ----------
        variables
            What was found on these axes.
        percents
            Labels of ``percentile``, where something has it.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        used = {axis for axes, _, _ in variables.values() for axis in axes}
        coords: dict[str, Any] = {
            axis: (axis, list(labels), {"units": self.units[axis]} if self.units.get(axis) else {})
            for axis, labels in self.labels.items()
        }
        coords |= {"figure": list(FIGURES)} if "figure" in used else {}
        coords |= {"percentile": ("percentile", list(percents), {"units": "percent"})} if "percentile" in used else {}
        return xarray().Dataset(variables, coords=coords)
