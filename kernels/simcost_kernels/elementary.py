"""Elementary functions from IEEE operations alone: + - * / sqrt, ``where`` and bit casts.

The C library's, NumPy's and CUDA's exp and log differ in the last bit from version to version and machine to machine. These
bodies give the same bits wherever float64 arithmetic is IEEE 754 and nothing is contracted to fused multiply-add. Each body is
straight-line code over names of `primitives`, valid for an array and for one lane: other back ends compile these very lines.

Accuracy, measured against mpmath by ``tests/unit/test_elementary.py``: exp and log within 1 ulp, the normal quantile within 1e-15
and the normal distribution function within 2e-15, all relative, over the whole range of arguments that a uniform can give.
"""

from __future__ import annotations

from typing import Any

from simcost_kernels.primitives import (
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
    """PPND16 for |u - 1/2| <= 0.425."""
    q = u - 0.5
    r = 0.180625 - q * q
    a = 2509.0809287301226727
    a = a * r + 33430.575583588128105
    a = a * r + 67265.770927008700853
    a = a * r + 45921.953931549871457
    a = a * r + 13731.693765509461125
    a = a * r + 1971.5909503065514427
    a = a * r + 133.14166789178437745
    a = a * r + 3.387132872796366608
    b = 5226.495278852854561
    b = b * r + 28729.085735721942674
    b = b * r + 39307.89580009271061
    b = b * r + 21213.794301586595867
    b = b * r + 5394.1960214247511077
    b = b * r + 687.1870074920579083
    b = b * r + 42.313330701600911252
    b = b * r + 1.0
    return q * (a / b)


def _normal_middle(r: Any) -> Any:
    """PPND16 for r = sqrt(-log p) - 1.6 in 0 to 3.4: p down to 1.4e-11."""
    a = 7.7454501427834140764e-4
    a = a * r + 0.0227238449892691845833
    a = a * r + 0.24178072517745061177
    a = a * r + 1.27045825245236838258
    a = a * r + 3.64784832476320460504
    a = a * r + 5.7694972214606914055
    a = a * r + 4.6303378461565452959
    a = a * r + 1.42343711074968357734
    b = 1.05075007164441684324e-9
    b = b * r + 5.475938084995344946e-4
    b = b * r + 0.0151986665636164571966
    b = b * r + 0.14810397642748007459
    b = b * r + 0.68976733498510000455
    b = b * r + 1.6763848301838038494
    b = b * r + 2.05319162663775882187
    b = b * r + 1.0
    return a / b


def _normal_far(r: Any) -> Any:
    """PPND16 for r = sqrt(-log p) - 1.6 beyond 3.4."""
    s = r - 3.4
    a = 2.01033439929228813265e-7
    a = a * s + 2.71155556874348757815e-5
    a = a * s + 0.0012426609473880784386
    a = a * s + 0.026532189526576123093
    a = a * s + 0.29656057182850489123
    a = a * s + 1.7848265399172913358
    a = a * s + 5.4637849111641143699
    a = a * s + 6.6579046435011037772
    b = 2.04426310338993978564e-15
    b = b * s + 1.4215117583164458887e-7
    b = b * s + 1.8463183175100546818e-5
    b = b * s + 7.868691311456132591e-4
    b = b * s + 0.0148753612908506148525
    b = b * s + 0.13692988092273580531
    b = b * s + 0.59983220655588793769
    b = b * s + 1.0
    return a / b


def _tail_root(u: Any) -> Any:
    """What the tails of PPND16 are functions of; log(p) = 2 log(sqrt p) is not needed: p is exact on both sides."""
    p = where(u < 0.5, u, 1.0 - u)
    return sqrt(-log(p)) - 1.6


def _normal_tail(u: Any) -> Any:
    """PPND16 for |u - 1/2| > 0.425."""
    r = _tail_root(u)
    z = choose(r <= 3.4, _normal_middle, _normal_far, r)
    return where(u < 0.5, -z, z)


def normal_quantile(u: Any) -> Any:
    """Return the standard normal's inverse distribution function: Wichura (1988), Applied Statistics 37, algorithm AS 241.

    Parameters
    ----------
    u
        In (0, 1), with 1 - u exact (as every uniform of `philox` is).
    """
    return choose(fabs(u - 0.5) <= 0.425, _normal_centre, _normal_tail, u)


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
