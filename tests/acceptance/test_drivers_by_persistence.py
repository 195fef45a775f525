"""Drivers that are drawn once, for each year and for each month: impacts, indices and swings of a normal total in closed form."""

import numpy as np
import pytest
from scipy import stats

import simcost

MONTHS, YEARS = 24, 2
SDS = {"once": 1.0, "yearly": 2.0, "monthly": 4.0}
DRAWS = {"once": "run", "yearly": "year", "monthly": "month"}
VARIANCES = {
    "once": (MONTHS * SDS["once"]) ** 2,
    "yearly": YEARS * (MONTHS / YEARS * SDS["yearly"]) ** 2,
    "monthly": MONTHS * SDS["monthly"] ** 2,
}
Z = stats.norm.ppf([0.5, 0.8, 0.95])
SIGMAS = 4.5
INDEX_WITHIN = 0.02  # 16,384 base points; errors seen are a tenth of it


@pytest.fixture(scope="module", params=["random", "sobol", "latin-hypercube"])
def found(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "model.toml"
    inputs = [
        f'{name} = {{ normal = {{ mean = 100, sd = {sd} }}, unit = "CNY/month", draw = "{DRAWS[name]}" }}'
        for name, sd in SDS.items()
    ]
    head = f'schema = 1\n[scenario]\nname = "Sum"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = {MONTHS}\n'
    sampling = f'[sampling]\nscenarios = 131_072\nseed = 3\nmethod = "{request.param}"\n[inputs]\n'
    cost = '\n[[cost]]\nname = "Sum"\ncategory = "all"\namount = "once + yearly + monthly"\n'
    path.write_text(head + sampling + "\n".join(inputs) + cost, encoding="utf-8")
    return simcost.drivers(path, backend="reference").drivers


def assert_near(estimate, wanted):
    error = (estimate.high - estimate.low) / 2 / stats.norm.ppf(0.975)
    assert abs(estimate.value - wanted) < SIGMAS * max(error, 1e-9)


def test_impacts_are_those_of_the_closed_form(found):
    """The median of a normal input is its mean: fixing it takes its variance away, and nothing else."""
    whole = sum(VARIANCES.values())
    for each in found.inputs:
        shrinks = np.sqrt(whole) - np.sqrt(whole - VARIANCES[each.input.name])
        for figure, z in zip((each.impact.p50, each.impact.p80, each.impact.p95), Z, strict=True):
            assert_near(figure, z * shrinks)
        assert_near(each.impact.mean, 0.0)


def test_classes_of_persistence_share_the_variance_out(found):
    whole = sum(VARIANCES.values())
    shares = {DRAWS[name]: variance / whole for name, variance in VARIANCES.items()}
    classes = {each.name: each for each in found.groups if each.kind == "persistence"}
    assert classes.keys() == shares.keys()
    for name, share in shares.items():
        assert classes[name].indices.first.value == pytest.approx(share, abs=INDEX_WITHIN)
        assert classes[name].indices.total.value == pytest.approx(share, abs=INDEX_WITHIN)


def test_swings_move_every_period_at_once(found):
    for each in found.inputs:
        moved = each.at_p90.mean.value - each.at_p10.mean.value
        assert moved == pytest.approx(MONTHS * SDS[each.input.name] * 2 * stats.norm.ppf(0.9), rel=1e-6)


def test_rank_correlations_are_those_of_the_mean_over_the_months(found):
    """Total and input are jointly normal, the input of many draws counting with its mean."""
    whole = sum(VARIANCES.values())
    for each in found.inputs:
        pearson = np.sqrt(VARIANCES[each.input.name] / whole)
        assert (
            each.association.rank_correlation.low - 0.01
            < 6 / np.pi * np.arcsin(pearson / 2)
            < each.association.rank_correlation.high + 0.01
        )
