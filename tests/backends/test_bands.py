"""A banded plan: the plain plan's bits while every band is whole, and one digest however its inputs are moved."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tests.places import ROOT

from simcost.compile.compiled import compile_scenario
from simcost.compile.distributions.quantiles import quantile
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.bands import MEDIAN, WHOLE, Band
from simcost.results.file.groups import SAMPLE_AXES
from simcost.scenario import load
from simcost.scenario.formulas.expression import Name
from simcost_kernels.backends.reference import ReferenceKernel

FILES = sorted([*ROOT.glob("scenarios/*.toml"), *ROOT.glob("tests/acceptance/*.toml")])
COMPILED = {"correlated_marginals", "small_shop"}
"""Scenarios whose banded plans are compiled in every test run: they have inputs of every kind, and every persistence."""

SEED = 20270101
N = 3000
EVERY = frozenset(SAMPLE_AXES) - {"pool", "sizing"}
"""All groups but those of pools, of which no analysis asks."""

CORRELATED = """
schema = 1
[scenario]
name = "bands"
currency = "CNY"
start = "2027-01"
months = 26
[inputs]
rent = { lognormal = { mean = 12, sd = 3 }, unit = "CNY/month" }
power = { gamma = { mean = 4, sd = 2 }, unit = "CNY/month" }
pay = { normal = { mean = 9, sd = 1 }, unit = "CNY/month" }
failures = { poisson = { mean = 2.5 }, unit = "CNY/month", draw = "month" }
licence = { beta = { mean = 0.4, sd = 0.1 }, unit = "CNY/month", draw = "year" }
idle = "1 to 2 CNY/month"
"""
LINES = "".join(
    f'[[cost]]\nname = "{name}"\ncategory = "all"\namount = "{name}"\n'
    for name in ("rent", "power", "pay", "failures", "licence")
)
RANKS = "".join(
    f'[[correlation]]\nbetween = ["{first}", "{second}"]\nrank = {rank}\n'
    for first, second, rank in (("rent", "power", 0.5), ("rent", "pay", 0.3), ("power", "pay", -0.2))
)


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "bands.toml"
    path.write_text(CORRELATED + LINES + RANKS, encoding="utf-8")
    return load(path)


def columns_of(kernel_class, plan, n=N):
    out = np.empty((plan.n_columns, n))
    kernel_class(plan).run(SEED, 0, n, out)
    return out


def line_of(plan, out, name):
    return out[list(plan.columns()).index(("line", name, -1))]


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=[] if path.stem in COMPILED else [pytest.mark.slow]) for path in FILES],
)
def test_whole_bands_give_the_bits_of_the_plain_plan(kernel_class, path):
    plain = compile_scenario(load(path)).plan
    whole = compile_banded(load(path), EVERY, freedom="orders").plan
    wanted = [place for place, (group, _, _) in enumerate(plain.columns()) if group in EVERY]
    assert list(whole.columns()) == [list(plain.columns())[place] for place in wanted]
    expected = columns_of(ReferenceKernel, plain)[wanted]
    assert np.array_equal(columns_of(kernel_class, whole).view(np.int64), expected.view(np.int64))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("freedom", ["points", "bands", "orders"])
def test_whole_bands_give_the_bits_of_the_plain_plan_by_the_reference(path, freedom):
    plain, whole = compile_scenario(load(path)).plan, compile_banded(load(path), freedom=freedom).plan
    total = columns_of(ReferenceKernel, plain, 700)[[group for group, _, _ in plain.columns()].index("total")]
    assert np.array_equal(columns_of(ReferenceKernel, whole, 700)[0].view(np.int64), total.view(np.int64))


@pytest.mark.parametrize("name", ["rent", "power", "pay", "failures", "licence"])
def test_a_banded_input_keeps_to_its_band_and_leaves_the_others(kernel_class, scenario, name):
    banded = compile_banded(scenario, ("line",))
    plan = banded.banded({name: Band(0.6, 0.3)})
    assert plan.digest == banded.plan.digest
    moved, still = columns_of(kernel_class, plan), columns_of(kernel_class, banded.plan)
    distribution = next(each.distribution for each in scenario.inputs if each.name == name)
    low, high = quantile(distribution, [0.6, 0.9]) * scenario.months
    values = line_of(plan, moved, name)
    assert low * (1 - 1e-12) <= values.min() <= values.max() <= high * (1 + 1e-12)
    assert np.ptp(values) > 0.3 * (high - low)
    for other in ("rent", "power", "pay", "failures", "licence"):
        assert (other == name) != np.array_equal(line_of(plan, moved, other), line_of(plan, still, other))


@pytest.mark.parametrize("name", ["discount", "volume", "traffic", "cpu"])
def test_a_band_of_an_input_under_another_copula_is_counted_from_below(name):
    scenario = load(ROOT / "tests" / "acceptance" / "copulas.toml")
    only = replace(scenario, costs=(replace(scenario.costs[0], name=name, formula=name, expression=Name(name)),))
    moved = columns_of(ReferenceKernel, compile_banded(only, ("month",)).banded({name: Band(0.6, 0.3)}))
    distribution = next(each.distribution for each in scenario.inputs if each.name == name)
    low, high = quantile(distribution, [0.6, 0.9])
    assert low * (1 - 1e-12) <= moved.min() <= moved.max() <= high * (1 + 1e-12)
    assert np.ptp(moved) > 0.9 * (high - low)


def test_a_varied_kernel_has_the_bits_of_one_of_its_own(kernel_class, scenario):
    banded = compile_banded(scenario)
    plan, kernel = banded.banded({"power": Band(0.6, 0.3), "failures": MEDIAN}), kernel_class(banded.plan)
    if not hasattr(kernel, "varied"):
        pytest.skip("makes every kernel anew")
    varied, out = kernel.varied(plan.parameters), np.empty((plan.n_columns, N))
    varied.run(SEED, 0, N, out)
    assert varied.plan == plan
    assert np.array_equal(out, columns_of(kernel_class, plan))
    kernel.run(SEED, 0, N, out)
    assert np.array_equal(out, columns_of(kernel_class, banded.plan))


@pytest.mark.parametrize("freedom", ["points", "bands"])
def test_fixing_at_the_median_gives_the_median_in_every_period(kernel_class, scenario, freedom):
    banded = compile_banded(scenario, ("line",), freedom=freedom)
    plan = banded.banded(dict.fromkeys(banded.knobs, MEDIAN))
    out = columns_of(kernel_class, plan, 10)
    for each in banded.inputs:
        wanted = float(quantile(each.distribution, 0.5)) * scenario.months
        assert line_of(plan, out, each.name) == pytest.approx(wanted, rel=1e-12)


def test_a_band_of_no_width_at_the_ends_is_still_finite(kernel_class, scenario):
    banded = compile_banded(scenario, freedom="orders")
    for band in (Band(0.0, 0.0), Band(1.0, 0.0), Band(0.9, 0.1), WHOLE):
        assert np.isfinite(columns_of(kernel_class, banded.banded(dict.fromkeys(banded.knobs, band)), 50)).all()


def test_inputs_that_reach_no_output_are_left_out(scenario):
    banded = compile_banded(scenario)
    assert [each.name for each in banded.inputs] == ["rent", "power", "pay", "failures", "licence"]
    assert len(banded.plan.streams) == 5


def test_correlated_inputs_share_streams_and_others_have_their_own(scenario):
    streams = compile_banded(scenario).streams
    assert len(streams["rent"] | streams["power"] | streams["pay"]) == 3
    assert streams["rent"] < streams["power"]
    assert len(streams["failures"]) == len(streams["licence"]) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_another_factor_keeps_correlations_and_marginals(kernel_class, scenario, order):
    """The input that comes first rests on its own score alone; Spearman's rho within 4.5 standard errors of the file's."""
    banded = compile_banded(scenario, ("line",), freedom="orders")
    ((group, _),) = banded.groups
    place = np.ix_(order, order)
    factor = np.empty((3, 3))
    factor[place] = np.linalg.cholesky((group.factor @ group.factor.T)[place])
    plan = banded.correlated_by([factor])
    assert plan.digest == banded.plan.digest
    n = 20_000
    out = columns_of(kernel_class, plan, n)
    lines = np.stack([line_of(plan, out, name) for name in group.names])
    achieved = stats.spearmanr(lines, axis=1).statistic
    assert np.abs(achieved - group.ranks).max() < 4.5 / np.sqrt(n)
    for name, line in zip(group.names, lines, strict=True):
        distribution = next(each.distribution for each in scenario.inputs if each.name == name)
        expected = quantile(distribution, [0.1, 0.5, 0.9])
        shares = [(line <= each * scenario.months).mean() for each in expected]
        assert np.abs(np.array(shares) - [0.1, 0.5, 0.9]).max() < 4.5 * 0.5 / np.sqrt(n)


def test_inputs_of_the_other_view_and_of_discounting_are_left_out_where_only_the_total_is_asked_for():
    scenario = load(ROOT / "tests" / "acceptance" / "money.toml")
    names = {each.name for each in compile_banded(scenario, ("total", "input")).inputs}
    assert "discount_rate" not in names
    assert names < {each.name for each in compile_banded(scenario, EVERY).inputs}
