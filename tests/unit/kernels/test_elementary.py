"""Elementary functions against mpmath, and what they promise at the edges."""

import dis

import mpmath
import numpy as np
import pytest
from tests.unit.kernels.exact_values import NORMAL_QUANTILE_BOUND, grid_of_uniforms, relative_error

from simcost_kernels.functions import elementary, table_quantiles

ULP = 2.0**-52
EXP_BOUND = 1.0 * ULP  # half an ulp of the result's rounding, and as much again from the reduction
LOG_BOUND = 1.0 * ULP
NORMAL_CDF_BOUND = 2e-15


@pytest.fixture(scope="module", autouse=True)
def forty_digits():
    """Of mpmath, for these tests alone."""
    with mpmath.workdps(40):
        yield


def test_exp_is_within_an_ulp():
    x = np.concatenate([np.random.default_rng(2).uniform(-700, 700, 4000), np.linspace(-0.4, 0.4, 801), [709.78, -707.9]])
    assert relative_error(elementary.exp(x), mpmath.exp, x) <= EXP_BOUND


def test_log_is_within_an_ulp():
    random = np.random.default_rng(3)
    x = np.concatenate(
        [np.exp(random.uniform(-740, 709, 3000)), 1 + random.uniform(-0.5, 0.5, 3000), 1 + random.uniform(-1e-9, 1e-9, 500)]
    )
    assert relative_error(elementary.log(x), mpmath.log, x) <= LOG_BOUND


def test_normal_quantile_is_within_5e_16():
    u = grid_of_uniforms()
    z = elementary.normal_quantile(u)

    def truth(p):
        tail = min(p, 1 - p)
        guess = float(abs(elementary.normal_quantile(np.float64(tail))))
        score = (
            mpmath.findroot(lambda x: mpmath.log(mpmath.erfc(x / mpmath.sqrt(2)) / 2) - mpmath.log(tail), guess)
            if tail != 0.5
            else mpmath.mpf(0)
        )
        return -score if p < 0.5 else score

    assert relative_error(z, truth, u) <= NORMAL_QUANTILE_BOUND


def test_normal_cdf_is_within_2e_15():
    z = np.concatenate([np.linspace(-8.1, 8.1, 2001), [0.67448975, -0.67448975, 5.656854249492380195, -5.656854249492380195]])
    assert relative_error(elementary.normal_cdf(z), lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2, z) <= NORMAL_CDF_BOUND


def test_the_accuracy_tests_can_fail():
    x = np.linspace(0.1, 0.9, 9)
    assert relative_error(elementary.exp(x) * (1 + 4 * ULP), mpmath.exp, x) > EXP_BOUND


def test_normal_cdf_gives_a_uniform_for_every_score():
    u = elementary.normal_cdf(np.array([-40.0, -8.3, 0.0, 8.3, 40.0]))
    assert u.tolist() == [2.0**-53, 2.0**-53, 0.5, 1 - 2.0**-53, 1 - 2.0**-53]


def test_special_values_of_exp_and_log():
    with np.errstate(all="ignore"):
        e = elementary.exp(np.array([0.0, 710.0, np.inf, -746.0, -np.inf, np.nan, -745.0]))
        ln = elementary.log(np.array([1.0, 0.0, -0.0, -1.0, np.inf, np.nan, 5e-324]))
    assert np.array_equal(e, [1.0, np.inf, np.inf, 0.0, 0.0, np.nan, 5e-324], equal_nan=True)
    assert np.array_equal(ln, [0.0, -np.inf, -np.inf, np.nan, np.inf, np.nan, -744.4400719213812], equal_nan=True)


@pytest.mark.parametrize(
    ("x", "y", "result"),
    [
        (-2.0, 3.0, -8.0),
        (-2.0, 2.0, 4.0),
        (-2.0, 0.5, np.nan),
        (0.0, 0.0, 1.0),
        (0.0, 2.0, 0.0),
        (4.0, 0.5, 2.0),
        (10.0, -1.0, 0.1),
    ],
)
def test_power_of_any_sign(x, y, result):
    with np.errstate(all="ignore"):
        assert elementary.power(np.float64(x), np.float64(y)) == pytest.approx(result, rel=4 * ULP, nan_ok=True)


def test_minimum_and_maximum_keep_nan_and_prefer_the_first_of_equals():
    for function in (elementary.minimum, elementary.maximum):
        assert np.isnan(function(np.nan, 1.0))
        assert np.isnan(function(1.0, np.nan))
        assert np.signbit(function(-0.0, 0.0))
        assert not np.signbit(function(0.0, -0.0))


@pytest.mark.parametrize("name", ["exp", "log", "normal_quantile", "normal_cdf"])
def test_arrays_and_scalars_give_the_same_bits(name):
    function = getattr(elementary, name)
    x = np.random.default_rng(4).random(3000)
    assert np.array_equal(function(x), np.array([float(function(each)) for each in x]))


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (module, name)
        for module in (elementary, table_quantiles)
        for name, body in vars(module).items()
        if hasattr(body, "__code__") and body.__module__ == module.__name__
    ],
)
def test_every_body_is_straight_line_code(module, name):
    """Back ends that compile these bodies line by line know assignments and a return, no branches and no loops."""
    jumps = [
        step.opname for step in dis.get_instructions(vars(module)[name]) if "JUMP" in step.opname or "FOR_ITER" in step.opname
    ]
    assert jumps == []


def test_smooth_quantile_reads_the_row_that_its_uniform_falls_into():
    rows = np.zeros((1666, 8))
    rows[:, 0] = np.arange(1666)
    rows[:, 1] = 0.25  # x = row + t / 4
    u = np.array([2.0**-53, 2.0**-52, 0.25, np.nextafter(0.5, 0), 0.5, 1 - 2.0**-53])
    x = table_quantiles.smooth_quantile(u, rows)
    assert np.array_equal(np.round(x), [0, 16, 816, 831, 833 + 832, 833])
    assert x[0] == -0.25
    assert x[3] == pytest.approx(831.25, abs=1e-10)


def test_step_quantile_takes_the_first_value_that_reaches_u():
    table = np.array([[0.25, 0.5, 1.0], [10.0, 20.0, 30.0]])
    u = np.array([2.0**-53, 0.25, np.nextafter(0.25, 1), 0.5, 0.75, 1 - 2.0**-53])
    assert table_quantiles.step_quantile(u, table).tolist() == [10, 10, 20, 20, 30, 30]
