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
    from simcost.report.budget.answer import BudgetReport
    from simcost.report.compare.answer import CompareReport
    from simcost.report.drivers.answer import DriversReport
    from simcost.report.fit.answer import FitReport
    from simcost.report.optimize.answer import OptimizeReport
    from simcost.report.prune.answer import PruneReport
    from simcost.report.replay.answer import Replay
    from simcost.report.search.answers import SeekReport, SweepReport
    from simcost.report.stress.answer import StressReport
    from simcost.report.uncertainty.answer import UncertaintyReport
    from simcost.report.variance.answer import VarianceReport
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
    "BudgetReport": "simcost.report.budget.answer",
    "CompareReport": "simcost.report.compare.answer",
    "Compiled": "simcost.compile.compiled",
    "DriversReport": "simcost.report.drivers.answer",
    "FitReport": "simcost.report.fit.answer",
    "OptimizeReport": "simcost.report.optimize.answer",
    "PruneReport": "simcost.report.prune.answer",
    "Remark": "simcost.scenario.lint.remarks",
    "Replay": "simcost.report.replay.answer",
    "Result": "simcost.results.result",
    "Scenario": "simcost.scenario.scenario",
    "SeekReport": "simcost.report.search.answers",
    "StressReport": "simcost.report.stress.answer",
    "SweepReport": "simcost.report.search.answers",
    "UncertaintyReport": "simcost.report.uncertainty.answer",
    "VarianceReport": "simcost.report.variance.answer",
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
