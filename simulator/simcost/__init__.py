"""Monte Carlo cost simulator for AI deployments.

Every command is a function, which returns what the command prints: a frozen object with every figure.

>>> result = simcost.run("scenario.toml")  # writes an HDF5 file too
>>> result.figures.total.percentile(95).value
>>> print(simcost.budget(result.path))

An answer shows its tables in a notebook and by ``print``; arrays are xarray datasets, by ``to_xarray()``. What is wrong with a
file or an argument is a `SimcostError` whose text says where, what, and what to write instead. ``docs/notebook.md`` has examples.

``import simcost`` costs nothing; the functions of `simcost.api` are fetched when they are first named.
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
        lint,
        load,
        open_result,
        optimize,
        replay,
        run,
        seek,
        show,
        stress,
        sweep,
        uncertainty,
        validate,
        verify,
    )

__all__ = [
    "BackendError",
    "Problem",
    "ResultError",
    "ScenarioError",
    "SimcostError",
    "UndefinedCostError",
    "UsageError",
    "budget",
    "compare",
    "drivers",
    "expand",
    "export",
    "lint",
    "load",
    "open_result",
    "optimize",
    "replay",
    "run",
    "seek",
    "show",
    "stress",
    "sweep",
    "uncertainty",
    "validate",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Fetch a function of `simcost.api`."""
    if name not in __all__:
        message = f"module 'simcost' has no attribute {name!r}"
        raise AttributeError(message)
    from simcost import api

    return getattr(api, name)


def __dir__() -> list[str]:
    """Name what is public, fetched or not: what a notebook offers after ``simcost.`` and the tab key."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
