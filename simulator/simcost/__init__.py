"""Monte Carlo cost simulator for AI deployments.

Every command is a function, which returns what the command prints: a frozen object with every figure.

>>> result = simcost.run("scenario.toml")  # writes an HDF5 file too
>>> result.figures.total.percentile(95).value
>>> print(simcost.budget(result.path))

An answer shows its tables in a notebook and by ``print``; arrays are xarray datasets, by ``to_xarray()``. What is wrong with a
file or an argument is a `SimcostError` whose text says where, what, and what to write instead. ``docs/notebook.md`` has examples.

``import simcost`` costs nothing; functions, and the classes of their answers, are fetched when they are first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.errors import BackendError, Problem, ResultError, ScenarioError, SimcostError, UndefinedCostError, UsageError

if TYPE_CHECKING:
    from simcost.api import (
        budget,
        compare,
        drivers,
        expand,
        export,
        fit,
        lint,
        load,
        open_result,
        optimize,
        page,
        prune,
        replay,
        run,
        seek,
        show,
        stress,
        sweep,
        uncertainty,
        validate,
        variance,
        verify,
    )
    from simcost.compile.compiled import Compiled
    from simcost.report.budget_report import BudgetReport
    from simcost.report.compare_report import CompareReport
    from simcost.report.drivers_report import DriversReport
    from simcost.report.fit_report import FitReport
    from simcost.report.optimize_report import OptimizeReport
    from simcost.report.prune_report import PruneReport
    from simcost.report.replay_report import Replay
    from simcost.report.search_reports import SeekReport, SweepReport
    from simcost.report.stress_report import StressReport
    from simcost.report.uncertainty_report import UncertaintyReport
    from simcost.report.variance_report import VarianceReport
    from simcost.results.result import Result
    from simcost.results.verification import Verification
    from simcost.scenario.lint.remarks import Remark
    from simcost.scenario.scenario import Scenario

    __version__: str

__all__ = [
    "BackendError",
    "BudgetReport",
    "CompareReport",
    "Compiled",
    "DriversReport",
    "FitReport",
    "OptimizeReport",
    "Problem",
    "PruneReport",
    "Remark",
    "Replay",
    "Result",
    "ResultError",
    "Scenario",
    "ScenarioError",
    "SeekReport",
    "SimcostError",
    "StressReport",
    "SweepReport",
    "UncertaintyReport",
    "UndefinedCostError",
    "UsageError",
    "VarianceReport",
    "Verification",
    "budget",
    "compare",
    "drivers",
    "expand",
    "export",
    "fit",
    "lint",
    "load",
    "open_result",
    "optimize",
    "page",
    "prune",
    "replay",
    "run",
    "seek",
    "show",
    "stress",
    "sweep",
    "uncertainty",
    "validate",
    "variance",
    "verify",
]

_ANSWERS = {
    "BudgetReport": "simcost.report.budget_report",
    "CompareReport": "simcost.report.compare_report",
    "Compiled": "simcost.compile.compiled",
    "DriversReport": "simcost.report.drivers_report",
    "FitReport": "simcost.report.fit_report",
    "OptimizeReport": "simcost.report.optimize_report",
    "PruneReport": "simcost.report.prune_report",
    "Remark": "simcost.scenario.lint.remarks",
    "Replay": "simcost.report.replay_report",
    "Result": "simcost.results.result",
    "Scenario": "simcost.scenario.scenario",
    "SeekReport": "simcost.report.search_reports",
    "StressReport": "simcost.report.stress_report",
    "SweepReport": "simcost.report.search_reports",
    "UncertaintyReport": "simcost.report.uncertainty_report",
    "VarianceReport": "simcost.report.variance_report",
    "Verification": "simcost.results.verification",
}
"""The classes of what the functions return, and where each is: for annotations."""


def __getattr__(name: str) -> Any:
    """Fetch a function of `simcost.api`, the class of an answer, or the version that is installed."""
    if name == "__version__":
        from importlib.metadata import version

        return version("simcost")
    if name not in __all__:
        message = f"module 'simcost' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_ANSWERS.get(name, "simcost.api")), name)


def __dir__() -> list[str]:
    """Name what is public, fetched or not: what a notebook offers after ``simcost.`` and the tab key."""
    return sorted({*__all__, "__version__", *(name for name in globals() if name.startswith("__"))})
