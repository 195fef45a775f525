"""The normal quantile has the coefficients that its script finds."""

import runpy
import sys

import mpmath
import pytest
from tests.places import ROOT

from simcost_kernels.functions import elementary

BENCH = ROOT / "bench"


@pytest.fixture(scope="module")
def script():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        return runpy.run_path(str(BENCH / "normal_coefficients.py"))


@pytest.fixture(scope="module")
def found(script):
    with mpmath.workdps(script["DIGITS"]):
        return {"_normal_centre": script["centre"](), "_normal_tail": script["tail"]()}


def constants(body):
    """The sizes of all numbers in a body's code."""
    return {abs(each) for each in body.__code__.co_consts if isinstance(each, float)}


@pytest.mark.parametrize("name", ["_normal_centre", "_normal_tail"])
def test_every_coefficient_is_in_the_code(found, name):
    fraction, _ = found[name]
    numbers = {abs(float(each)) for each in (*fraction.numerator, *fraction.denominator[:-1])}
    assert len(numbers) > 18
    assert numbers <= constants(getattr(elementary, name))


@pytest.mark.parametrize("name", ["_normal_centre", "_normal_tail"])
def test_the_approximation_is_nearer_than_a_float_can_tell(found, name):
    assert found[name][1] < 2.0**-53


def test_a_fraction_of_lower_degree_is_not(script):
    with mpmath.workdps(script["DIGITS"]):
        assert script["centre"]((9, 9))[1] > 2.0**-53
