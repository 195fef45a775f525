"""The quotients of a GPU, step by step as it computes them, on the host: those of IEEE 754, the hardest to round too."""

import ctypes

import numpy as np
import pytest
from tests.backends.host_device import compiled, needs_compiler
from tests.backends.host_warp import CUDA, INSTRUCTION, ROUNDED

from simcost_kernels.codegen.cxx import header
from simcost_kernels.codegen.divisions import TAME, divisors, reciprocals
from simcost_kernels.plan import Output, Plan, Step

pytestmark = needs_compiler
SEED = 20270101
ALL_ONES = 2.0 - 2.0**-52
"""A number whose reciprocal Newton's steps may round the other way."""

ENTRY = """
}}
using namespace simcost;
extern "C" void divided(u64 n, const double *a, const double *b, const double *r, double *out) {{
  for (u64 i = 0; i < n; ++i) out[i] = {0};
}}
"""
QUOTIENT, OVER = "quotient(a[i], b[i])", "over(a[i], b[i], r[i])"


def divided(a, b, inverse=None, *, by, change=lambda text: text):
    """Divide by the text of a GPU."""
    given = (np.ascontiguousarray(each, dtype=np.float64) for each in (a, b, np.zeros_like(b) if inverse is None else inverse))
    arrays, out = list(given), np.empty(len(a))
    text = CUDA + change(header()).replace(INSTRUCTION, ROUNDED) + ENTRY.format(by)
    compiled(text).divided(ctypes.c_uint64(len(a)), *(ctypes.c_void_p(each.ctypes.data) for each in (*arrays, out)))
    return out


def hard_cases(divisors_each=400):
    """Quotients next to the middle between two numbers: whole a and b with a * 2**k = (2 m + 1) * b + 1, 3, 5, 7, -1 ..."""
    random, found = np.random.default_rng(SEED), []
    for b in (*(int(each) | 1 for each in random.integers(2**52, 2**53, divisors_each)), 2**53 - 1, 2**52 + 1):
        for left in (1, -1, 3, -3, 5, -5, 7, -7):
            for k in (53, 54):
                middle = -left * pow(b, -1, 2**k) % 2**k
                middle += 2**53 if middle < 2**53 else 0
                a, rest = divmod(middle * b + left, 2**k)
                if rest == 0 and 2**52 <= a < 2**53:
                    found.append((float(a), float(b)))
    return np.array(found).T * [[1.0], [2.0**-52]]


def random_cases(n=200_000):
    random = np.random.default_rng(SEED)
    mantissas = 1.0 + random.random((2, n))
    mantissas[1, : n // 10] = ALL_ONES
    return mantissas * 2.0 ** random.integers(-50, 50, (2, n))


def unequal(a, b):
    return np.count_nonzero(np.asarray(a).view(np.int64) != np.asarray(b).view(np.int64))


@pytest.mark.parametrize("cases", [hard_cases, random_cases])
def test_quotients_are_those_of_the_standard(cases):
    a, b = cases()
    assert len(a) > 1000
    assert unequal(divided(a, b, by=QUOTIENT), a / b) == 0
    assert unequal(divided(a, b, reciprocals(b), by=OVER), a / b) == 0


@pytest.mark.parametrize("instruction", ["1.0 / b * 1.0000004", "1.0 / b * 0.9999996", "1.0 / b"])
def test_an_instruction_of_twenty_bits_is_enough(instruction):
    a, b = hard_cases()
    changed = divided(a, b, by=QUOTIENT, change=lambda text: text.replace(INSTRUCTION, f"return {instruction};"))
    assert unequal(changed, a / b) == 0


def test_products_by_a_reciprocal_would_be_seen():
    """The negative control: without the correction one in several is wrong, and a reciprocal that is two units off shows."""
    a, b = random_cases()
    assert unequal(a * (1.0 / b), a / b) > 10_000
    a, b = hard_cases()
    assert unequal(divided(a, b, reciprocals(b) * (1.0 + 2.0**-51), by=OVER), a / b) > 0


SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 2.0**-960, 2.0**-900, 1.0, -3.0, 1e300, 1.7e308)


def test_any_number_is_divided_by_any_number_of_a_plan():
    with np.errstate(all="ignore"):
        numbers = np.array([*SPECIAL, 86_400.0, 3.0, TAME, 2.0 * TAME, 1.0 / TAME, 0.4 / TAME])
        a, b = (each.ravel() for each in np.meshgrid(numbers, numbers))
        found, expected = divided(a, b, reciprocals(b), by=OVER), a / b
    assert unequal(found[~np.isnan(expected)], expected[~np.isnan(expected)]) == 0
    assert np.isnan(found[np.isnan(expected)]).all()


def test_reciprocals_are_those_of_the_numbers_that_a_plan_divides_by():
    steps = (Step("div", ("p1", "p2")), Step("div", ("v0", "p0")), Step("div", ("v1", "v0")), Step("mul", ("p3", "p3")))
    plan = Plan((3.0, 5.0, 0.0, 7.0), (), (), (), (), (), steps, (), (), (Output("line", "a", "v2", monthly=False),), 1)
    assert divisors(plan) == (0, 2)
    found = reciprocals([plan.parameters[number] for number in divisors(plan)])
    assert found[0] == 1.0 / 3.0
    assert np.isnan(found[1])
