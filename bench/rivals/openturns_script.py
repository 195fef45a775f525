"""OpenTURNS for scenarios/ecommerce_recommender.toml: one sample of each marginal, a joint distribution for each correlated pair.

One ``JointDistribution`` over all quantities would draw each through its inverse distribution function and a dense copula, and
takes several times as long; what is independent is drawn by itself. The costs are ``numpy_script.py``'s, on the samples' arrays.

    python bench/rivals/openturns_script.py -n 1_000_000
"""

from types import SimpleNamespace

import numpy as np
import openturns as ot
from numpy_script import Z95, costs, percentiles
from total import main


def within(low, high):
    """A lognormal with these two percentiles, P5 and P95."""
    mu, sigma = (np.log(low) + np.log(high)) / 2, (np.log(high) - np.log(low)) / (2 * Z95)
    return ot.LogNormal(mu, sigma, 0.0)


def beta(mean, sd, low=0.0, high=1.0):
    m, v = (mean - low) / (high - low), (sd / (high - low)) ** 2
    size = m * (1 - m) / v - 1
    return ot.Beta(m * size, (1 - m) * size, low, high)


def pert(low, mode, high):
    alpha = 1 + 4 * (mode - low) / (high - low)
    return ot.Beta(alpha, 6 - alpha, low, high)


def gamma(mean, sd):
    return ot.Gamma((mean / sd) ** 2, mean / sd**2, 0.0)


def discrete(values, weights):
    return ot.FiniteDiscreteDistribution([[value] for value in values], weights)


def pair(first, second, rank):
    """A Gaussian copula with this rank correlation."""
    ranks = ot.CorrelationMatrix([[1.0, rank], [rank, 1.0]])
    return ot.JointDistribution([first, second], ot.NormalCopula(ot.NormalCopula.GetCorrelationFromSpearmanCorrelation(ranks)))


SINGLE = {
    "users": within(19e6, 25e6),
    "requests_per_user": pert(14, 18, 25),
    "peak_factor": ot.Triangular(1.8, 2.2, 3.0),
    "festival_uplift": pert(1.25, 1.6, 2.6),
    "ranking_throughput": ot.Triangular(420, 600, 850),
    "cache_hit": beta(0.35, 0.07),
    "llm_share": beta(0.035, 0.008),
    "llm_throughput": pert(1800, 2600, 4000),
    "spare": ot.Uniform(1.10, 1.25),
    "burst_premium": ot.Uniform(4, 11),
    "retrieval_throughput": pert(18, 26, 36),
    "training_runs": ot.Poisson(70),
    "gpu_hours_per_run": gamma(4200, 1500),
    "restart_share": beta(0.14, 0.05),
    "experiments": discrete([4, 6, 8, 12], [0.2, 0.4, 0.3, 0.1]),
    "experiment_cost": gamma(14_000, 7_000),
    "stored": pert(180, 230, 340),
    "log_size": within(0.25, 0.60),
    "hot_share": beta(0.25, 0.05),
    "ssd_price": pert(0.60, 0.80, 1.20),
    "object_price": ot.Uniform(0.10, 0.15),
    "egress_price": ot.Triangular(0.22, 0.30, 0.45),
    "labels": ot.Normal(90_000, 12_000),
    "label_price": pert(0.8, 1.2, 2.2),
    "engineers": pert(20, 24, 31),
    "operators": discrete([7, 8, 9, 11], [0.15, 0.45, 0.3, 0.1]),
    "pay_raise": ot.Triangular(0.02, 0.05, 0.10),
    "bonus_months": ot.Uniform(1, 3),
    "migration": ot.Triangular(900_000, 1_300_000, 2_400_000),
    "licences": pert(700_000, 850_000, 1_300_000),
    "incident_loss": within(150_000, 1_500_000),
    "new_rules": ot.Bernoulli(0.25),
    "rules_cost": gamma(1_600_000, 700_000),
}
PAIRS = {
    ("user_growth", "storage_growth"): pair(ot.Normal(0.12, 0.07), ot.Normal(0.025, 0.010), 0.5),
    ("tokens_per_request", "response_size"): pair(within(280, 620), within(18, 45), 0.5),
    ("gpu_price", "cpu_price"): pair(within(9, 14), ot.Normal(0.30, 0.025), 0.6),
    ("engineer_pay", "operator_pay"): pair(ot.Normal(52_000, 3_000), ot.Normal(31_000, 2_000), 0.7),
}
MONTHLY_PAIR = pair(ot.Normal(1.0, 0.06), within(4.5, 9.5), 0.4)  # traffic noise and spot price
UTILIZATION = beta(0.45, 0.08, 0.15, 0.85)
INCIDENT = ot.Bernoulli(0.06)


def sample(distribution, n):
    """Draw n values: (n,), or (2, n) of a pair."""
    return np.ascontiguousarray(np.asarray(distribution.getSample(n)).T).squeeze()


def draw(n):
    """What does not change from month to month, by name."""
    of = {name: sample(distribution, n) for name, distribution in SINGLE.items()}
    for (first, second), joint in PAIRS.items():
        of[first], of[second] = sample(joint, n)
    return SimpleNamespace(**of)


def draw_month(n):
    noise, spot = sample(MONTHLY_PAIR, n)
    return noise, spot, sample(UTILIZATION, n), sample(INCIDENT, n)


def figures(n, seed):
    """Percentiles of every column, float64 (7, 32)."""
    ot.RandomGenerator.SetSeed(seed)
    return percentiles(*costs(draw(n), lambda: draw_month(n)))


if __name__ == "__main__":
    main(figures)
