"""A column of data as the lines of a scenario file that say what it says, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.results.answer import Answer

if TYPE_CHECKING:
    from simcost.analysis.fitting.distribution_fit import DistributionFit
    from simcost.analysis.fitting.series_fit import SeriesFit
    from simcost.report.parts.page import Page
    from simcost.scenario.distributions.observations import Observations


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FitReport(Answer):
    """What ``simcost fit`` prints.

    Parameters
    ----------
    data
        The values, and what became of the others.
    name, unit
        Of the input or the series in the file.
    uncertain
        Whether parameters are written with their own uncertainty.
    bounds
        Where values can lie at all; None if nobody said.
    distribution, series
        One of the two.
    """

    data: Observations
    name: str
    unit: str
    uncertain: bool
    bounds: tuple[float, float] | None
    distribution: DistributionFit | None
    series: SeriesFit | None

    @property
    def toml(self) -> str:
        """The lines for the scenario file; what speaks against them stands there as comments."""
        from simcost.report.fit.toml import fit_toml

        return fit_toml(self)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against it."""
        from simcost.report.fit.sentences import fit_warnings

        return tuple(fit_warnings(self))

    def page(self) -> Page:
        """Arrange the evidence as its command prints it."""
        from simcost.report.fit.text import fit_page

        return fit_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it."""
        from simcost.report.fit.document import fit_document

        return fit_document(self)
