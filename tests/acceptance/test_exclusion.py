"""Impacts of inputs on an additive, independent model: exact by convolution, for every input, in one command."""

import json

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from simcost.cli.root import root

from .gao_uav import FILE, STEP, TRIANGLES, total_of

N = 300_000
SIGMAS = 4.5
Z_95 = stats.norm.ppf(0.975)


def law(low, mode, high):
    return stats.triang((mode - low) / (high - low), low, high - low)


def exact(fixed=None):
    """Return mean, P50, P80, P95 and the mean of the worst twentieth, kUSD, one of the inputs being at its median."""
    values, mass = total_of((law(*each).cdf, each[0], each[2]) for name, each in TRIANGLES.items() if name != fixed)
    if fixed is not None:
        values = values + law(*TRIANGLES[fixed]).median()
    cumulative = np.cumsum(mass)
    quantiles = [np.interp(p, cumulative, values + STEP / 2) for p in (0.5, 0.8, 0.95)]
    beyond = np.maximum(values - quantiles[2], 0.0)
    return dict(
        zip(
            ("mean", "p50", "p80", "p95", "cvar95"),
            (np.sum(mass * values), *quantiles, quantiles[2] + np.sum(mass * beyond) / 0.05),
            strict=True,
        )
    )


@pytest.fixture(scope="module")
def document():
    words = ["drivers", str(FILE), "--json", "-q", "-n", str(N), "--backend", "reference"]
    done = CliRunner().invoke(root, words, prog_name="simcost")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def deviation(figure, wanted):
    """Number of standard errors between a figure with its interval and what it should be."""
    return abs(figure["value"] - wanted) / ((figure["high"] - figure["low"]) / 2 / Z_95)


def test_every_impact_is_the_exact_one(document):
    whole = exact()
    assert len(document["inputs"]) == len(TRIANGLES)
    for each in document["inputs"]:
        fixed = exact(_named(each["name"]))
        for figure, impact in each["impact"].items():
            assert deviation(impact, (whole[figure] - fixed[figure]) * 1000) < SIGMAS, (each["name"], figure)


def test_the_impact_of_another_input_is_told_apart(document):
    """The control: the largest impact taken for that of any other input is off by far more, and the other way round."""
    whole, (largest, *others) = exact(), document["inputs"]
    for each in others:
        for mine, other in ((largest, each), (each, largest)):
            wanted = (whole["p95"] - exact(_named(other["name"]))["p95"]) * 1000
            assert deviation(mine["impact"]["p95"], wanted) > SIGMAS


def test_swings_are_the_shifts_of_an_additive_model(document):
    """Fixing at P90 less fixing at P10 moves every figure by the difference of the two values."""
    for each in document["inputs"]:
        low, high = law(*TRIANGLES[_named(each["name"])]).ppf([0.1, 0.9]) * 1000
        for figure in ("mean", "p50", "p95", "cvar95"):
            moved = each["at_p90"][figure]["value"] - each["at_p10"][figure]["value"]
            assert moved == pytest.approx(high - low, rel=1e-3)


def test_everything_together_leaves_nothing(document):
    (run,) = [each for each in document["groups"] if each["kind"] == "persistence"]
    assert sorted(run["members"]) == sorted(each["name"] for each in document["inputs"])
    medians = sum(law(*each).median() for each in TRIANGLES.values())
    assert deviation(run["impact"]["p95"], (exact()["p95"] - medians) * 1000) < SIGMAS
    assert run["first_order"]["value"] == pytest.approx(1.0, abs=1e-6)
    assert run["total_order"]["value"] == pytest.approx(1.0, abs=0.01)


def _named(name):
    """Return the name of the case for that of the file."""
    return name.replace("_", " ")
