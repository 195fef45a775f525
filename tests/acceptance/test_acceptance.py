"""Published and exact cases (`cases.json`), each a scenario file of its own beside this one, run through the whole product."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text("utf-8"), parse_float=Decimal)
DEVIATIONS = 4.5
"""Allowed standard errors: one check in 150,000 fails by chance."""

QUICK = 200_000
DEALT = 2**18
LARGE = 4_000_000
FINE = 50_000_000
"""Enough that 4.5 standard errors are less than the rounding of every published number."""

# file, case and part of it, thousands of the file's unit in one of the case's
EXACT = {
    "gum_s1_rectangular_sum": ("gum_s1_rectangular_sum", "exact", 1),
    "npl_log": ("npl_log", "exact", 1),
    "gao_uav": ("gao_uav", "result", 1000),
    "gao_uav_comonotone": ("gao_uav", "comonotone", 1000),
    "lognormal_product": ("lognormal_product", "result", 1),
    "gamma_sum": ("gamma_sum", "result", 1),
    "lognormal_sum_10": ("lognormal_sum_10", "result", 1),
    "correlated_marginals": ("correlated_marginals", "result", 1),
}
PUBLISHED = ("gum_s1_normal_sum", "gum_s1_rectangular_sum", "npl_log")
FIGURES = {"P(total <= sum of modes)": "within"}


def references(case: str, part: str) -> dict[str, Decimal]:
    """Return the figures of a case that are ours to estimate (the sum of modes is no random figure)."""
    return {FIGURES.get(name, name): Decimal(value) for name, value in CASES[case][part].items() if name != "sum of modes"}


def half_unit(printed: Decimal) -> float:
    """Half a unit of the last printed decimal; none for a whole number, which is taken as exact."""
    return 0.5 * 10.0 ** float(printed.as_tuple().exponent) if printed.as_tuple().exponent < 0 else 0.0


def misses(run: object, reference: dict[str, Decimal], scale: int = 1) -> list[str]:
    """Name each figure that is further from its reference than 4.5 standard errors and the reference's own rounding."""
    found = []
    for figure, printed in reference.items():
        unit = 1 if figure == "within" else scale
        estimate, error = run.estimate(figure)
        bound = DEVIATIONS * error + half_unit(printed) * unit
        if not abs(estimate - float(printed) * unit) <= bound:
            found.append(f"{figure}: {estimate / unit} is not {printed} within {bound / unit:.3g}")
    return found


@pytest.mark.parametrize("n", [QUICK, pytest.param(LARGE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("stem", EXACT)
def test_exact_case_lies_within_four_and_a_half_standard_errors(run_case: Callable, stem: str, n: int) -> None:
    case, part, scale = EXACT[stem]
    assert misses(run_case(stem, n), references(case, part), scale) == []


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube"])
@pytest.mark.parametrize("stem", EXACT)
def test_exact_case_lies_as_near_by_the_other_methods_of_sampling(run_case: Callable, stem: str, method: str) -> None:
    """Standard errors are those of as many random scenarios: these methods have smaller ones."""
    case, part, scale = EXACT[stem]
    assert misses(run_case(stem, DEALT, method=method), references(case, part), scale) == []


@pytest.mark.parametrize("n", [QUICK, pytest.param(LARGE, marks=pytest.mark.slow)])
def test_sum_of_normals_has_the_percentiles_of_a_normal_of_deviation_two(run_case: Callable, n: int) -> None:
    exact = NormalDist(0, 2)
    reference = {f"p{p}": Decimal(exact.inv_cdf(p / 100)) for p in (1, 2.5, 5, 50, 80, 95, 97.5, 99)}
    assert misses(run_case("gum_s1_normal_sum", n), reference | {"mean": Decimal(0), "sd": Decimal(2)}) == []


@pytest.mark.slow
@pytest.mark.parametrize("stem", PUBLISHED)
def test_published_figure_is_what_ours_rounds_to(run_case: Callable, stem: str) -> None:
    run = run_case(stem, FINE)
    for figure, printed in references(stem, "result").items():
        estimate, error = run.estimate(figure)
        rounding = half_unit(printed) or DEVIATIONS * error
        assert DEVIATIONS * error <= rounding, figure
        assert abs(estimate - float(printed)) <= rounding, figure


def test_wrong_figures_are_noticed(run_case: Callable) -> None:
    """Negative control: what a Cholesky factor on raw samples prints, and every exact reference off by six standard errors."""
    assert len(misses(run_case("correlated_marginals", QUICK), references("correlated_marginals", "wrong"))) == 2
    for stem, (case, part, scale) in EXACT.items():
        run, reference = run_case(stem, QUICK), references(case, part)
        for figure, printed in reference.items():
            unit = 1 if figure == "within" else scale
            estimate, error = run.estimate(figure)
            away = -6 if estimate > float(printed) * unit else 6
            shifted = printed + Decimal(away * error / unit)
            assert misses(run, {figure: shifted}, scale), (stem, figure)
