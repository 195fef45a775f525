"""How the hand-written kernel draws: random numbers by counter, normals in pairs, everything else a polynomial in a score.

Philox4x32-10 by scenario number, so that any block on any thread gives the same numbers, as in simcost; each call gives two
uniforms, and each two uniforms two normals (Box and Muller 1958).
"""

import numpy as np
from numba import njit
from scores import PAIRS, POISSON_70, SCORES, fitted

OPTIONS = {"error_model": "numpy", "nogil": True, "fastmath": {"contract", "nsz", "arcp"}, "boundscheck": False}
lane = njit(forceinline=True, **OPTIONS)
whole = np.uint64


def horner(coefficients):
    """Compile a polynomial, lowest power first."""
    text = repr(float(coefficients[-1]))
    for coefficient in coefficients[-2::-1]:
        text = f"({text}) * x + {float(coefficient)!r}"
    return lane(eval(f"lambda x: {text}"))


log_near_one = horner(fitted(lambda f: np.log1p(f) / np.where(f == 0, 1, f) + (f == 0), 2**-0.5 - 1, 2**0.5 - 1, 1e-10))
cosine = horner(fitted(lambda s: np.cos(2 * np.pi * np.sqrt(s)), 0, 0.25, 1e-11))
sine_over = horner(fitted(lambda s: 2 * np.pi * np.sinc(2 * np.sqrt(s)), 0, 0.25, 1e-11))
WORD, HALF, TWELVE, FIFTY_TWO = whole(0xFFFFFFFF), whole(32), whole(12), whole(52)
MULTIPLIERS = whole(0xD2511F53), whole(0xCD9E8D57)
WEYL = whole(0x9E3779B9), whole(0xBB67AE85)
MANTISSA, ROOT_HALF, CENTRE = whole((1 << 52) - 1), whole(0x3FE6A09E667F3BCD), whole((0x3FF << 52) - 0x3FE6A09E667F3BCD)
SHIFTED_BIAS = 1023.0


@lane
def uniforms(scenario, stream, seed):
    """Two uniforms of a scenario and a stream (Salmon et al. 2011)."""
    c0, c1, c2, c3 = scenario & WORD, scenario >> HALF, stream, whole(0)
    k0, k1 = seed & WORD, seed >> HALF
    for _ in range(10):
        product_0, product_1 = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (product_1 >> HALF) ^ c1 ^ k0, product_1 & WORD, (product_0 >> HALF) ^ c3 ^ k1, product_0 & WORD
        k0, k1 = (k0 + WEYL[0]) & WORD, (k1 + WEYL[1]) & WORD
    first, second = (c0 << HALF | c1) >> TWELVE, (c2 << HALF | c3) >> TWELVE
    return (np.float64(first) + 0.5) * 2.0**-52, (np.float64(second) + 0.5) * 2.0**-52


@lane
def normals(scenario, stream, seed):
    """Two normal scores: Box and Muller, the angle measured from the negative axis."""
    u, v = uniforms(scenario, stream, seed)
    bits = np.float64(u).view(np.uint64) + CENTRE
    f = np.uint64((bits & MANTISSA) + ROOT_HALF).view(np.float64) - 1.0
    minus_log = (SHIFTED_BIAS - np.float64(bits >> FIFTY_TWO)) * 0.6931471805599453 - f * log_near_one(f)
    radius, turn = np.sqrt(2.0 * minus_log), v - 0.5
    square = turn * turn
    return radius * cosine(square), radius * turn * sine_over(square)


@lane
def triangular(u, low, mode, high):
    """The inverse distribution function, with one square root for both sides."""
    left = u * (high - low) < mode - low
    root = np.sqrt((high - low) * (u * (mode - low) if left else (1.0 - u) * (high - mode)))
    return low + root if left else high - root


@lane
def cube(x):
    return x * x * x


globals().update({name: horner(coefficients) for name, coefficients in SCORES.items()})
GROWTH_R, GROWTH_S = PAIRS["growth"]
PRICE_R, PRICE_S = PAIRS["price"]
MONTH_R, MONTH_S = PAIRS["month"]
SIZE_R, SIZE_S = PAIRS["size"]
PAY_R, PAY_S = PAIRS["pay"]
GUIDE = np.searchsorted(POISSON_70, np.arange(4096) / 4096)
"""Where to begin the search for a uniform's first 12 bits."""
