"""A comparison with what it rests on: the models, and how the futures were drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.report.compare.changes import changes_document
from simcost.report.compare.sentences import sentences
from simcost.report.parts.estimate_document import figure_document, figures_document, finite, run_document, statistics_document
from simcost.report.parts.kept_sums import kept_dataset, kept_document, kept_together
from simcost.results.answer import Answer
from simcost.results.axes import Axes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.analysis.comparisons.comparison import Comparison, Contrast, Model
    from simcost.analysis.comparisons.crossover import Crossover
    from simcost.report.parts.page import Page
    from simcost.results.run_info import RunInfo, ScenarioInfo
    from simcost.scenario.changes import Change


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CompareReport(Answer):
    """What ``simcost compare`` prints.

    Parameters
    ----------
    comparison
        The figures.
    scenarios
        Of each model, the base first.
    run
        How it was computed; ``run.result`` is empty: no file is left.
    crossovers
        Of each model but the base, at which value of an input the choice flips; empty if that was not asked.
    warnings
        What the user should know.
    changes
        Of each file but the first, what it says differently; empty where one file is compared with its options.
    """

    comparison: Comparison
    scenarios: tuple[ScenarioInfo, ...]
    run: RunInfo
    crossovers: tuple[Crossover, ...]
    warnings: tuple[str, ...]
    changes: tuple[tuple[Change, ...], ...]

    def page(self) -> Page:
        """Arrange it as its command prints it."""
        from simcost.report.compare.text import compare_page

        return compare_page(self)

    def document(self) -> dict[str, Any]:
        """Arrange it as ``--json`` prints it.

        Returns
        -------
        dict
            ``models`` with their totals as in ``simcost/summary/1``, and how likely their approved sums are kept (see
            `simcost.report.parts.kept_sums.kept_document`); ``differences``, model less base, with the ``figures`` of
            the total that ``drivers`` and ``stress`` have too, ``futures``, the distribution of the difference, and ``changes``,
            what the file says differently; ``crossovers``; the sentences that the table ends in.
        """
        first = self.scenarios[0]
        return {
            "schema": "simcost/compare/1",
            "scenario": {key: getattr(first, key) for key in ("currency", "start", "months")},
            "run": run_document(self.run),
            "models": [_model(*each) for each in zip(self.comparison.models, self.scenarios, strict=True)],
            "differences": [_contrast(*each) for each in zip(self.comparison.contrasts, self.changes, strict=True)],
            "crossovers": [_crossover(each) for each in self.crossovers],
            "non_finite": self.comparison.non_finite,
            "sentences": sentences(self),
            "warnings": list(self.warnings),
        }

    def to_xarray(self) -> Any:
        """Return every model, and its differences from the base, as an `xarray.Dataset`, which needs it.

        Returns
        -------
        Dataset
            ``total_mean``, ``total_sd``, ``total_min``, ``total_max``, ``probability_within``,
            ``probability_within_every_period``, ``cheapest``, ``regret_mean`` and ``regret_p95`` (model); ``total_percentile``
            (model, percentile); where there are such sums ``probability_within_by_owner`` (model, approved_owner),
            ``probability_within_every_owner`` (model) and so on. Model less base, NaN for the base: ``difference`` (model,
            figure), ``cheaper`` and ``equal`` (model), ``futures_mean`` to ``futures_percentile`` of the differences future by
            future; with a crossover ``cheaper_at`` (model, value of the input). Figures have ``_low`` and ``_high``.

        Raises
        ------
        ResultError
            If xarray is not installed.
        """
        models = self.comparison.models
        axes = Axes({"model": [each.name for each in models]}, self.scenarios[0].currency)
        variables = {
            **axes.statistics("total", [each.total for each in models]),
            **axes.estimates("probability_within", [each.probability_within for each in models]),
            **kept_together(axes, [each.kept for each in models]),
            **axes.estimates("cheapest", [each.cheapest for each in models]),
            **axes.numbers("regret_mean", [each.regret for each in models], unit=axes.currency),
            **axes.estimates("regret_p95", [each.regret_p95 for each in models], unit=axes.currency),
        }
        found = axes.dataset(variables, [each.p for each in models[0].total.percentiles])
        kept = kept_dataset(axes, [each.kept for each in models])
        for part in (kept, self._differences(axes.currency), self._flips(axes.currency)):
            found = found.merge(part, join="left")  # the base has no difference from itself: NaN
        return found

    def _differences(self, currency: str) -> Any:
        contrasts = self.comparison.contrasts
        axes = Axes({"model": [each.name for each in contrasts]}, currency)
        variables = {
            **axes.figures("difference", [each.figures for each in contrasts]),
            **axes.estimates("cheaper", [each.cheaper for each in contrasts]),
            **axes.numbers("equal", [each.equal for each in contrasts], unit="1"),
            **axes.statistics("futures", [each.futures for each in contrasts]),
        }
        return axes.dataset(variables, [each.p for each in contrasts[0].futures.percentiles])

    def _flips(self, currency: str) -> Any:
        if not self.crossovers:
            return {}
        first = self.crossovers[0]
        labels = {"model": [each.name for each in self.crossovers], first.target: first.values}
        axes = Axes(labels, currency, {first.target: first.unit})
        return axes.dataset(axes.estimates("cheaper_at", [share for each in self.crossovers for share in each.cheaper_at]))


def _model(model: Model, scenario: ScenarioInfo) -> dict[str, Any]:
    return {
        "name": model.name,
        "scenario": scenario.name,
        "sha256": scenario.sha256,
        "option": scenario.option,
        "overrides": list(scenario.overrides),
        "total": statistics_document(model.total),
        "probability_within": figure_document(model.probability_within),
        **kept_document(model.kept),
        "cheapest": figure_document(model.cheapest),
        "regret": {"mean": finite(model.regret), "p95": figure_document(model.regret_p95)},
    }


def _contrast(contrast: Contrast, changes: Sequence[Change]) -> dict[str, Any]:
    return {
        "name": contrast.name,
        "against": contrast.against,
        "figures": figures_document(contrast.figures),
        "cheaper": figure_document(contrast.cheaper),
        "equal": contrast.equal,
        "futures": statistics_document(contrast.futures),
        "dominance": {
            "order": contrast.dominance.order,
            "by": {"model": contrast.name, "base": contrast.against, "": None}[contrast.dominance.by],
            "lower": contrast.dominance.lower,
        },
        "changes": changes_document(changes),
    }


def _crossover(each: Crossover) -> dict[str, Any]:
    return {
        "name": each.name,
        "against": each.against,
        "target": each.target,
        "unit": each.unit,
        "values": list(each.values),
        "flips": figure_document(each.flips),
        "several": each.several,
        "always_cheaper": each.always_cheaper,
        "never_cheaper": each.never_cheaper,
        "cheaper_at": [figure_document(share) for share in each.cheaper_at],
        "at": statistics_document(each.at) if each.at else None,
    }
