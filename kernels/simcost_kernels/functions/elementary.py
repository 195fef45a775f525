"""Elementary functions from IEEE operations alone: + - * / sqrt, ``where`` and bit casts.

The C library's, NumPy's and CUDA's exp and log differ in the last bit from version to version and machine to machine. These
bodies give the same bits wherever float64 arithmetic is IEEE 754 and nothing is contracted to fused multiply-add. Each body is
straight-line code over names of `primitives`, valid for an array and for one lane: other back ends compile these very lines.

Accuracy, measured against mpmath by ``test_elementary.py``: exp and log within 1 ulp, the normal quantile within 5e-16
and the normal distribution function within 2e-15, all relative, over the whole range of arguments that a uniform can give.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.functions.primitives import (
    as_bits,
    choose,
    fabs,
    floor,
    from_bits,
    rint,
    sqrt,
    uint64,
    where,
)

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # ln 2 to 33 bits: k * LN2_HIGH is exact for every exponent k
LN2_LOW = 1.90821492927058770002e-10
INFINITY = float("inf")
NAN = float("nan")
SMALLEST_UNIFORM = 2.0**-53
LARGEST_UNIFORM = 1.0 - 2.0**-53

MANTISSA = uint64(0x000FFFFFFFFFFFFF)
SQRT_HALF_BITS = uint64(0x3FE6A09E667F3BCD)
CENTRE = uint64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)
TWO_52_BITS = uint64(0x4330000000000000)
ROUND_TO_INTEGER = 6755399441055744.0  # 1.5 * 2**52: adding it leaves an integer in the low mantissa bits
EXPONENT_SHIFT = uint64(52)
NORMAL_CENTRE = 0.4841229182759271
"""Distance from 1/2 up to which a uniform is in the centre: u (1 - u) is 1/64 or more."""


def power_of_two(k: Any) -> Any:
    """Return 2**k for an integral float k with -1022 <= k <= 1023."""
    return from_bits(as_bits((k + 1023.0) + ROUND_TO_INTEGER) << EXPONENT_SHIFT)


def exp(x: Any) -> Any:
    """Return e**x: Cody-Waite reduction to |r| <= ln(2)/2, Taylor to degree 13 (remainder 4e-18), scaling in two halves.

    Overflow gives infinity, underflow rounds through the subnormals to 0; NaN stays NaN.
    """
    y = where(x > 710.0, 710.0, where(x < -746.0, -746.0, x))
    k = rint(y * LOG2_E)
    r = (y - k * LN2_HIGH) - k * LN2_LOW
    p = r * 1.6059043836821613e-10 + 2.08767569878681e-09
    p = p * r + 2.505210838544172e-08
    p = p * r + 2.755731922398589e-07
    p = p * r + 2.7557319223985893e-06
    p = p * r + 2.48015873015873e-05
    p = p * r + 0.0001984126984126984
    p = p * r + 0.001388888888888889
    p = p * r + 0.008333333333333333
    p = p * r + 0.041666666666666664
    p = p * r + 0.16666666666666666
    p = p * r + 0.5
    mantissa = 1.0 + (r + (r * r) * p)
    half = floor(k * 0.5)
    return (mantissa * power_of_two(half)) * power_of_two(k - half)


def log(x: Any) -> Any:
    """Return the natural logarithm: mantissa centred on 1 (sqrt(1/2) to sqrt(2)), the kernel of fdlibm's e_log.c (Sun, 1993).

    log(0) is minus infinity, of a negative number NaN; infinity and NaN stay.
    """
    tiny = x < 2.2250738585072014e-308
    bits = as_bits(x * where(tiny, 18014398509481984.0, 1.0)) + CENTRE
    exponent = from_bits((bits >> EXPONENT_SHIFT) | TWO_52_BITS) - 4503599627371519.0
    k = where(tiny, exponent - 54.0, exponent)
    f = from_bits((bits & MANTISSA) + SQRT_HALF_BITS) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    even = z * (
        6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = (0.5 * f) * f
    tail = s * (half_square + (odd + even)) + k * LN2_LOW
    result = ((tail - half_square) + f) + k * LN2_HIGH
    return where(x > 0.0, where(x < INFINITY, result, x), where(x == 0.0, -INFINITY, NAN))


def power(x: Any, y: Any) -> Any:
    """Return x**y as ``exp(y * log|x|)``; relative error about ``|y log x|`` ulp. A negative x needs an integral y, else NaN."""
    magnitude = where(y == 0.0, 1.0, exp(y * log(fabs(x))))
    odd = floor(y * 0.5) * 2.0 != y
    negative = where(floor(y) == y, where(odd, -magnitude, magnitude), NAN)
    return where(x < 0.0, negative, magnitude)


def _normal_centre(u: Any) -> Any:
    """A fraction of r = u (1 - u) - 1/64, even and odd powers apart: two short chains of operations instead of a long one."""
    r = u * (1.0 - u) - 0.015625
    s = r * r
    above_even = -2.041360292767141
    above_even = above_even * s - 6.527138058559124
    above_even = above_even * s + 0.19817172042814732
    above_even = above_even * s + 0.0097323971238194
    above_even = above_even * s + 1.4543732505376782e-05
    above_even = above_even * s + 1.0395501539424992e-09
    above_odd = -8.04705467894516
    above_odd = above_odd * s - 1.2304451163131067
    above_odd = above_odd * s + 0.08416492159653821
    above_odd = above_odd * s + 0.0005265337540376662
    above_odd = above_odd * s + 1.9735745704542445e-07
    above = above_even + r * above_odd
    below_even = s + 8.36098025694967
    below_even = below_even * s + 1.131175610983963
    below_even = below_even * s + 0.010588958592006578
    below_even = below_even * s + 9.74390725297936e-06
    below_even = below_even * s + 5.370022096704535e-10
    below_odd = 5.918883061545471
    below_odd = below_odd * s + 4.5049073976244856
    below_odd = below_odd * s + 0.14741857262337066
    below_odd = below_odd * s + 0.0004299505410821407
    below_odd = below_odd * s + 1.142067700111762e-07
    return (u - 0.5) * (2.5 + above / (below_even + r * below_odd))


def _normal_tail(u: Any) -> Any:
    """The root of -log p and a fraction of r, by how much that is beyond 2; p is exact on both sides."""
    p = where(u < 0.5, u, 1.0 - u)
    root = sqrt(-log(p))
    r = root - 2.0
    a = 0.41421589314934015
    a = a * r + 79.33219019783893
    a = a * r + 4672.282650448989
    a = a * r + 121110.15825864745
    a = a * r + 1625896.0346486473
    a = a * r + 12348014.506873094
    a = a * r + 55261644.72295465
    a = a * r + 145233674.33144203
    a = a * r + 210021715.0503694
    a = a * r + 136430899.2804019
    a = a * r + 15362633.833625615
    b = r + 189.52972412770706
    b = b * r + 10913.398148677928
    b = b * r + 272421.6817630791
    b = b * r + 3467986.7619967195
    b = b * r + 24657125.726588037
    b = b * r + 102256713.73058765
    b = b * r + 246079032.52332225
    b = b * r + 318357078.62058747
    b = b * r + 170980932.0558253
    z = root + a / b
    return where(u < 0.5, -z, z)


def normal_quantile(u: Any) -> Any:
    """Return the standard normal's inverse distribution function, within 5e-16.

    Source of the coefficients: the best approximations, from ``bench/normal_coefficients.py``. The centre takes 97 uniforms of a
    hundred; Wichura's AS 241 (1988, Applied Statistics 37), which ends it at 0.425, sends five times as many into a tail. 2.5 is
    near the quotient's value at 1/2, so that the rounding of the fraction counts for little there.

    Parameters
    ----------
    u
        In (0, 1), with 1 - u exact (as every uniform of `philox` is).
    """
    return choose(fabs(u - 0.5) <= NORMAL_CENTRE, _normal_centre, _normal_tail, u)


def _cdf_centre(z: Any) -> Any:
    """Lower tail for |z| <= 0.67448975."""
    y = z * z
    a = (((0.065682337918207449113 * y + 2.2352520354606839287) * y + 161.02823106855587881) * y + 1067.6894854603709582) * y
    b = (((y + 47.20258190468824187) * y + 976.09855173777669322) * y + 10260.932208618978205) * y
    return 0.5 + z * ((a + 18154.981253343561249) / (b + 45507.789335026729956))


def _density_factor(y: Any) -> Any:
    """exp(-y^2/2) with y^2 split in an exact part and a small rest, so that its rounding is not magnified."""
    exact = floor(y * 16.0) * 0.0625
    rest = (y - exact) * (y + exact)
    return exp((-exact * exact) * 0.5) * exp(-rest * 0.5)


def _cdf_middle(y: Any) -> Any:
    """Tail beyond y for 0.67448975 < y <= sqrt(32)."""
    a = 1.0765576773720192317e-8 * y
    b = y
    a = (a + 0.39894151208813466764) * y
    b = (b + 22.266688044328115691) * y
    a = (a + 8.8831497943883759412) * y
    b = (b + 235.38790178262499861) * y
    a = (a + 93.506656132177855979) * y
    b = (b + 1519.377599407554805) * y
    a = (a + 597.27027639480026226) * y
    b = (b + 6485.558298266760755) * y
    a = (a + 2494.5375852903726711) * y
    b = (b + 18615.571640885098091) * y
    a = (a + 6848.1904505362823326) * y
    b = (b + 34900.952721145977266) * y
    a = (a + 11602.651437647350124) * y
    b = (b + 38912.003286093271411) * y
    return _density_factor(y) * ((a + 9842.7148383839780218) / (b + 19685.429676859990727))


def _cdf_far(y: Any) -> Any:
    """Tail beyond y for y > sqrt(32)."""
    x = 1.0 / (y * y)
    a = 0.02307344176494017303 * x
    b = x
    a = (a + 0.21589853405795699) * x
    b = (b + 1.28426009614491121) * x
    a = (a + 0.1274011611602473639) * x
    b = (b + 0.468238212480865118) * x
    a = (a + 0.022235277870649807) * x
    b = (b + 0.0659881378689285515) * x
    a = (a + 0.001421619193227893466) * x
    b = (b + 0.00378239633202758244) * x
    ratio = x * ((a + 2.9112874951168792e-5) / (b + 7.29751555083966205e-5))
    return _density_factor(y) * ((0.398942280401432677939946 - ratio) / y)


def _cdf_tails(z: Any) -> Any:
    """Lower tail for |z| > 0.67448975."""
    y = fabs(z)
    tail = choose(y <= 5.656854249492380195, _cdf_middle, _cdf_far, y)
    return where(z < 0.0, tail, 1.0 - tail)


def normal_cdf(z: Any) -> Any:
    """Return the standard normal's distribution function, kept within [2**-53, 1 - 2**-53] so that it is a uniform again.

    Source: Cody (1969), "Rational Chebyshev approximations for the error function", Mathematics of Computation 23, in the form of
    algorithm ANORM (ACM 715).
    """
    u = choose(fabs(z) <= 0.67448975, _cdf_centre, _cdf_tails, z)
    return where(u < SMALLEST_UNIFORM, SMALLEST_UNIFORM, where(u > LARGEST_UNIFORM, LARGEST_UNIFORM, u))


def minimum(a: Any, b: Any) -> Any:
    """Return the smaller; NaN if either is; of equal ones the first."""
    return where((b < a) | (b != b), b, a)


def maximum(a: Any, b: Any) -> Any:
    """Return the larger; NaN if either is; of equal ones the first."""
    return where((b > a) | (b != b), b, a)
