"""Every continuous quantity of scenarios/ecommerce_recommender.toml as a polynomial in a normal score, for the faster rivals.

x = F^-1(Phi(z)) is smooth in z: some 9 to 25 multiply-adds give it within `TOLERANCE` of its largest value for scores within
`FARTHEST`, beyond which one in 10^10 lies. A library's own beta or gamma variable, by rejection,
costs ten to a hundred times that. The inverse distribution functions themselves are scipy's.
"""

import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from scipy.special import betainccinv, betaincinv, gammainccinv, gammaincinv, ndtr, pdtr

FARTHEST = 6.5
TOLERANCE = 3e-8
Z95 = 1.6448536269514722


def fitted(function, low=-FARTHEST, high=FARTHEST, tolerance=TOLERANCE):
    """Coefficients, lowest power first, of the polynomial of lowest degree within a tolerance of a function on an interval."""
    points = np.linspace(low, high, 4001)
    exact = function(points)
    for degree in range(1, 40):
        polynomial = Chebyshev.interpolate(function, degree, domain=(low, high)).convert(kind=Polynomial)
        if np.abs(polynomial(points) - exact).max() <= tolerance * np.abs(exact).max():
            return polynomial.coef.tolist()
    message = f"no polynomial of degree below 40 is within {tolerance}"
    raise ValueError(message)


def lognormal(p5, p95):
    mu, sigma = np.log(p5 * p95) / 2, np.log(p95 / p5) / (2 * Z95)
    return fitted(lambda z: np.exp(mu + sigma * z))


def beta(alpha, other, low=0.0, high=1.0):
    def quantile(z):
        lower, upper = ndtr(np.minimum(z, 0)), ndtr(-np.maximum(z, 0))
        return low + (high - low) * np.where(z <= 0, betaincinv(alpha, other, lower), betainccinv(alpha, other, upper))

    return fitted(quantile)


def beta_by_moments(mean, sd, low=0.0, high=1.0):
    m, v = (mean - low) / (high - low), (sd / (high - low)) ** 2
    size = m * (1 - m) / v - 1
    return beta(m * size, (1 - m) * size, low, high)


def pert(low, mode, high):
    alpha = 1 + 4 * (mode - low) / (high - low)
    return beta(alpha, 6 - alpha, low, high)


def gamma_root(shape, scale):
    """The cube root of a gamma variable, which is nearly normal (Wilson and Hilferty 1931)."""

    def quantile(z):
        lower, upper = ndtr(np.minimum(z, 0)), ndtr(-np.maximum(z, 0))
        return np.cbrt(scale * np.where(z <= 0, gammaincinv(shape, lower), gammainccinv(shape, upper)))

    return fitted(quantile)


def mixing(rank):
    """Weights that give two normal scores' values this rank correlation."""
    r = 2 * np.sin(np.pi * rank / 6)
    return float(r), float(np.sqrt(1 - r * r))


SCORES = {
    "opening_users": lognormal(19e6, 25e6),
    "tokens": lognormal(280, 620),
    "response": lognormal(18, 45),
    "gpu_price": lognormal(9, 14),
    "spot_price": lognormal(4.5, 9.5),
    "log_size": lognormal(0.25, 0.60),
    "incident_loss": lognormal(150e3, 1500e3),
    "monthly_growth": fitted(lambda z: (1.12 + 0.07 * z) ** (1 / 12)),
    "requests_per_user": pert(14, 18, 25),
    "festival": pert(1.25, 1.6, 2.6),
    "llm_throughput": pert(1800, 2600, 4000),
    "retrieval": pert(18, 26, 36),
    "opening_store": pert(180, 230, 340),
    "ssd_price": pert(0.60, 0.80, 1.20),
    "label_price": pert(0.8, 1.2, 2.2),
    "engineers": pert(20, 24, 31),
    "licences": pert(700e3, 850e3, 1300e3),
    "cache_hit": beta_by_moments(0.35, 0.07),
    "llm_share": beta_by_moments(0.035, 0.008),
    "restart_share": beta_by_moments(0.14, 0.05),
    "hot_share": beta_by_moments(0.25, 0.05),
    "utilization": beta_by_moments(0.45, 0.08, 0.15, 0.85),
    "gpu_hours_root": gamma_root((42 / 15) ** 2, 1500**2 / 4200),
    "experiment_root": gamma_root(4, 3500),
    "rules_root": gamma_root((16 / 7) ** 2, 700e3**2 / 1600e3),
}
"""Coefficients by quantity."""

PAIRS = {"price": mixing(0.6), "growth": mixing(0.5), "month": mixing(0.4), "size": mixing(0.5), "pay": mixing(0.7)}
"""Weights of the correlated pairs."""

POISSON_70 = pdtr(np.arange(280), 70)
"""Distribution function of the number of training runs."""
