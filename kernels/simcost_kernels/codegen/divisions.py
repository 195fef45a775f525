"""Divisions on a GPU, whose own takes seventeen instructions: shorter ones that are correctly rounded too, where enough is known.

A GPU multiplies by a reciprocal and corrects the product by what it leaves over (Markstein 1990, "Computation of elementary
functions on the IBM RISC System/6000 processor"). With the reciprocal correctly rounded the corrected quotient is so too; that of
a number of the plan is found once, on the host. The rest of CUDA's division are a reciprocal, and a look at whether all
numbers are neither tiny nor huge, which is not needed where they are known not to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost_kernels.arrays import Array
    from simcost_kernels.plan import Plan

TAME = 2.0**60
"""Numbers of a plan from one over this to this have a reciprocal; by them a quotient above 2**-900 is right."""

TEXT = """
#ifdef __CUDACC__
/* Some twenty bits of a reciprocal, in the upper word of a number. */
SIMCOST_FUNCTION double near_reciprocal(double b) { double y; asm("rcp.approx.ftz.f64 %0, %1;" : "=d"(y) : "d"(b)); return y; }
SIMCOST_FUNCTION double corrected_quotient(double a, double b, double reciprocal) {
  const double q = a * reciprocal, left = __fma_rn(-b, q, a);
  return __fma_rn(left, reciprocal, q);
}
#endif
/* a / b of numbers that are neither tiny nor huge; a zero may lose its sign. */
SIMCOST_FUNCTION double quotient(double a, double b) {
#ifdef __CUDACC__
  double y = from_bits(as_bits(near_reciprocal(b)) + 0x100000000ULL);  /* from above, or that of 2 - 2**-52 is rounded down */
  double e = __fma_rn(-b, y, 1.0);
  y = __fma_rn(y, __fma_rn(e, e, e), y);
  e = __fma_rn(-b, y, 1.0);
  return corrected_quotient(a, b, __fma_rn(y, e, y));
#else
  return a / b;
#endif
}
SIMCOST_FUNCTION double any_quotient(double a, double b) { return a / b; }
/* a / b of any a, and of a b whose reciprocal is known, correctly rounded; NaN if b is tiny or huge. */
SIMCOST_FUNCTION double over(double a, double b, double reciprocal) {
#ifdef __CUDACC__
  const double found = corrected_quotient(a, b, reciprocal);
  if (__builtin_expect(fabs(found) > from_bits(0x07b0000000000000ULL) /* 2**-900 */, 1)) return found;
#endif
  (void)reciprocal;
  return any_quotient(a, b);
}
"""


def divisors(plan: Plan) -> tuple[int, ...]:
    """Return the parameters that the months of a plan divide by."""
    steps = (step for step in plan.month if step.op == "div")
    return tuple(sorted({int(step.args[1][1:]) for step in steps if step.args[1][0] == "p"}))


def reciprocals(numbers: Sequence[float]) -> Array:
    """Return the correctly rounded reciprocals of numbers, NaN of those that are tiny or huge."""
    given = np.array(numbers, dtype=np.float64)
    tame = (np.abs(given) >= 1.0 / TAME) & (np.abs(given) <= TAME)
    return np.where(tame, 1.0 / np.where(tame, given, 1.0), np.nan)
