"""Distribution functions from their textbook definitions in mpmath: an oracle that shares nothing with scipy or simcost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath as mp

DIGITS = 45
"""Of mpmath: a tail of 1e-16 is a difference of numbers near 1, and 30 digits of it are wanted."""

mp.mp.dps = DIGITS


@dataclass(frozen=True)
class Law:
    """Probability below, above, and density."""

    cdf: Any
    sf: Any
    pdf: Any

    def refined(self, x, u):
        """Return the quantile of u, from a guess, by Newton's steps on the logarithm of the smaller tail."""
        x, u = mp.mpf(float(x)), mp.mpf(float(u))
        lower = u <= 0.5
        for _ in range(200):
            tail, wanted = (self.cdf(x), u) if lower else (self.sf(x), 1 - u)
            density = self.pdf(x)
            if tail <= 0 or density <= 0:  # a guess rounded to the very end of the support
                x += (max(abs(x), mp.mpf(10) ** -300) * mp.mpf(10) ** -25) * (1 if lower else -1)
                if (self.cdf(x) if lower else self.sf(x)) >= wanted:
                    return x  # the quantile is nearer still
                continue
            step = mp.log(wanted / tail) * tail / density * (1 if lower else -1)
            while self.pdf(x + step) <= 0:
                step /= 2
            x += step
            if abs(step) <= abs(x) * mp.mpf(10) ** -30:
                return x
        message = f"no quantile found at u = {u}"
        raise ArithmeticError(message)


def uniform(low, high):
    low, high = mp.mpf(low), mp.mpf(high)
    return Law(
        lambda x: (x - low) / (high - low),
        lambda x: (high - x) / (high - low),
        lambda x: 1 / (high - low) if low <= x <= high else mp.mpf(0),
    )


def normal(mean, sd):
    mean, sd = mp.mpf(mean), mp.mpf(sd)
    return Law(
        lambda x: mp.erfc((mean - x) / sd / mp.sqrt(2)) / 2,
        lambda x: mp.erfc((x - mean) / sd / mp.sqrt(2)) / 2,
        lambda x: mp.npdf(x, mean, sd),
    )


def lognormal(mu, sigma):
    score = normal(mu, sigma)
    return Law(lambda x: score.cdf(mp.log(x)), lambda x: score.sf(mp.log(x)), lambda x: score.pdf(mp.log(x)) / x)


def triangular(low, mode, high):
    low, mode, high = mp.mpf(low), mp.mpf(mode), mp.mpf(high)
    rise, fall = (high - low) * (mode - low), (high - low) * (high - mode)

    def rising(x):
        return rise > 0 and (x <= mode or fall == 0)

    return Law(
        lambda x: (x - low) ** 2 / rise if rising(x) else 1 - (high - x) ** 2 / fall,
        lambda x: 1 - (x - low) ** 2 / rise if rising(x) else (high - x) ** 2 / fall,
        lambda x: (2 * (x - low) / rise if rising(x) else 2 * (high - x) / fall) if low <= x <= high else mp.mpf(0),
    )


def beta(alpha, beta, low=0, high=1):
    alpha, beta, low, width = mp.mpf(alpha), mp.mpf(beta), mp.mpf(low), mp.mpf(high) - mp.mpf(low)

    def share(x):
        return (x - low) / width

    return Law(
        lambda x: mp.betainc(alpha, beta, 0, share(x), regularized=True),
        lambda x: mp.betainc(beta, alpha, 0, 1 - share(x), regularized=True),
        lambda x: (
            share(x) ** (alpha - 1) * (1 - share(x)) ** (beta - 1) / mp.beta(alpha, beta) / width if 0 < share(x) < 1 else 0
        ),
    )


def gamma(shape, scale):
    shape, scale = mp.mpf(shape), mp.mpf(scale)
    return Law(
        lambda x: mp.gammainc(shape, 0, x / scale, regularized=True),
        lambda x: mp.gammainc(shape, x / scale, mp.inf, regularized=True),
        lambda x: (x / scale) ** (shape - 1) * mp.exp(-x / scale) / mp.gamma(shape) / scale if x > 0 else mp.mpf(0),
    )


def weibull(shape, scale):
    shape, scale = mp.mpf(shape), mp.mpf(scale)
    return Law(
        lambda x: -mp.expm1(-((x / scale) ** shape)),
        lambda x: mp.exp(-((x / scale) ** shape)),
        lambda x: shape / scale * (x / scale) ** (shape - 1) * mp.exp(-((x / scale) ** shape)) if x > 0 else mp.mpf(0),
    )


def student_t(df, location, scale):
    df, location, scale = mp.mpf(df), mp.mpf(location), mp.mpf(scale)

    def below(z):
        tail = mp.betainc(df / 2, mp.mpf(1) / 2, 0, df / (df + z * z), regularized=True) / 2
        return tail if z <= 0 else 1 - tail

    def pdf(x):
        z = (x - location) / scale
        peak = mp.gamma((df + 1) / 2) / mp.sqrt(df * mp.pi) / mp.gamma(df / 2)
        return peak * (1 + z * z / df) ** (-(df + 1) / 2) / scale

    return Law(lambda x: below((x - location) / scale), lambda x: below((location - x) / scale), pdf)


def pareto(minimum, shape):
    minimum, shape = mp.mpf(minimum), mp.mpf(shape)
    return Law(
        lambda x: 1 - (minimum / x) ** shape,
        lambda x: (minimum / x) ** shape,
        lambda x: shape / x * (minimum / x) ** shape if x >= minimum else mp.mpf(0),
    )


def truncated(law, low, high):
    low, high = mp.mpf(low), mp.mpf(high)
    mass = law.sf(low) - law.sf(high) if mp.isfinite(high) else law.sf(low)
    upper = law.sf(high) if mp.isfinite(high) else mp.mpf(0)
    return Law(
        lambda x: (law.sf(low) - law.sf(x)) / mass,
        lambda x: (law.sf(x) - upper) / mass,
        lambda x: law.pdf(x) / mass if low <= x <= high else mp.mpf(0),
    )


def mixture(laws, probabilities):
    shares = [mp.mpf(p) for p in probabilities]
    return Law(
        lambda x: sum(p * law.cdf(x) for law, p in zip(laws, shares, strict=True)),
        lambda x: sum(p * law.sf(x) for law, p in zip(laws, shares, strict=True)),
        lambda x: sum(p * law.pdf(x) for law, p in zip(laws, shares, strict=True)),
    )


def metalog_quantile(coefficients, u, low=None, high=None):
    """Return the quantile of a metalog: Keelin (2016), equations 6, 11 and 14."""
    a1, a2, a3 = map(mp.mpf, coefficients)
    u = mp.mpf(float(u))
    logit = mp.log(u / (1 - u))
    score = a1 + a2 * logit + a3 * (u - mp.mpf(1) / 2) * logit
    if low is not None and high is not None:
        return (mp.mpf(low) + mp.mpf(high) * mp.exp(score)) / (1 + mp.exp(score))
    if low is not None:
        return mp.mpf(low) + mp.exp(score)
    return score if high is None else mp.mpf(high) - mp.exp(-score)
