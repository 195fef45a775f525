"""The document that ``simcost fit --json`` prints: schema ``simcost/fit/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.analysis.estimates.intervals import Estimate
from simcost.analysis.fitting.series_fit import growth_a_year
from simcost.report.fit.sentences import fit_notes
from simcost.report.fit.toml import NORMAL_P95
from simcost.report.parts.estimate_document import figure_document
from simcost.scenario.months import month_name, months_from

if TYPE_CHECKING:
    from simcost.analysis.fitting.distribution_fit import Candidate, DistributionFit
    from simcost.analysis.fitting.series_fit import Form, SeriesFit
    from simcost.report.fit.answer import FitReport

FIT_SCHEMA = "simcost/fit/1"


def fit_document(report: FitReport) -> dict[str, Any]:
    """Arrange the report for `json.dumps`.

    Returns
    -------
    dict
        ``toml``, the lines for the file; ``data``, what was read; ``distribution`` or ``series``, the evidence, the other None.
    """
    data = report.data
    return {
        "schema": FIT_SCHEMA,
        "data": {
            "file": data.file,
            "column": data.column,
            "rows": data.rows,
            "where": dict(data.choice.where),
            "combine": data.choice.combine or None,
            "taken": data.taken,
            "remarks": list(data.remarks),
        },
        "name": report.name,
        "unit": report.unit,
        "toml": report.toml,
        "distribution": None if report.distribution is None else _distribution(report.distribution),
        "series": None if report.series is None else _series(report.series),
        "warnings": list(report.warnings),
        "notes": list(fit_notes(report)),
    }


def _distribution(found: DistributionFit) -> dict[str, Any]:
    serial = found.serial
    return {
        "chosen": found.chosen,
        **{name: figure_document(each) for name, each in zip(("p5", "p50", "p95"), found.percentiles, strict=True)},
        "distinct": found.distinct,
        "serial": None
        if serial is None
        else {"next": serial.next, "bound": serial.bound, "lags": serial.lags, "p_value": serial.p_value},
        "outliers": [{"value_of_row": each.value, "p95_without": each.p95_without} for each in found.outliers],
        "candidates": [_candidate(each) for each in found.candidates],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "family": candidate.family,
        "parameters": dict(candidate.parameters),
        "errors": list(candidate.errors),
        "aicc": candidate.aicc,
        "p_value": candidate.p_value,
        "p5": figure_document(Estimate(candidate.p5, None, None)),
        "p50": figure_document(Estimate(candidate.p50, None, None)),
        "p95": figure_document(candidate.p95),
        "below_zero": candidate.below_zero,
    }


def _series(found: SeriesFit) -> dict[str, Any]:
    return {
        "chosen": "volatility" if found.wanders else "noise",
        "first": month_name(found.first),
        "last": month_name(found.last),
        "start": month_name(months_from(found.last, found.ahead + 1)[-1]),
        "walk_p_value": found.walk_p_value,
        "season_p_value": found.season_p_value,
        "seasonal": found.seasonal,
        "held_out": found.held_out,
        "forms": [_form(form) for form in (found.noise, found.walk)],
    }


def _form(form: Form) -> dict[str, Any]:
    fitted = form.fitted
    mean, sd = growth_a_year(fitted)
    return {
        "name": "volatility" if fitted.wanders else "noise",
        "growth_band": figure_document(Estimate(mean, mean - NORMAL_P95 * sd, mean + NORMAL_P95 * sd)),
        "sd": fitted.sd,
        "persistence": None if fitted.wanders else fitted.persistence,
        "year_on": figure_document(form.year_on),
        "inside": form.inside,
        "residual_p_value": form.residual_p_value,
    }
