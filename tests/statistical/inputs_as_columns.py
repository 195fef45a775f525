"""Scenarios whose every input is a cost line of its own, so that its draws are a column of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost.compile.compiled import compile_scenario
from simcost.scenario.formulas.expression import Name
from simcost.scenario.quantities.units import Unit
from simcost.scenario.sampling import Sampling
from simcost.scenario.scenario import Cost, Input, Scenario
from simcost_kernels.backends.reference import ReferenceKernel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from simcost.scenario.dependence import Correlation
    from simcost.scenario.distributions.canonical import Distribution
    from simcost.scenario.scenario import Persistence


def input_of(name: str, law: Distribution, draw: Persistence = "run") -> Input:
    return Input(name, law, Unit(()), draw)


def scenario_of(
    inputs: Iterable[Input], correlations: Iterable[Correlation] = (), *, method: str = "random", strict: bool = False
) -> Scenario:
    """Return a scenario of one month."""
    inputs = tuple(inputs)
    names = [each.name for each in inputs]
    return Scenario(
        name="test",
        currency="CNY",
        start=(2027, 1),
        months=1,
        sampling=Sampling(method=method),
        inputs=inputs,
        costs=tuple(Cost(name, "all", "", "", name, Name(name), Unit(()), "once", "payment", 1) for name in names),
        correlations=tuple(correlations),
        strict=strict,
        view="cash",
        fiscal_year_start=None,
        options=(),
        option="",
        overrides=(),
        text="",
        sha256="",
        path="test.toml",
        warnings=(),
    )


def draws_of(model: Scenario, n: int, *, seed: int) -> dict[str, NDArray[np.float64]]:
    """Return the draws of each input by name, float64 (n,)."""
    plan = compile_scenario(model).plan
    out = np.empty((plan.n_columns, n))
    ReferenceKernel(plan).run(seed, 0, n, out)
    return {label: out[i] for i, (group, label, _) in enumerate(plan.columns()) if group == "line"}
