"""squigglepy for scenarios/ecommerce_recommender.toml: each quantity drawn by one call for all scenarios, then plain arithmetic.

Arithmetic on squigglepy's distributions draws a quantity anew wherever it is used, and calling a function for each scenario takes
a millisecond of Python for each; one call ``dist @ n`` for each name is the style that is both right and quick. Correlated pairs
are drawn by ``correlate``, which shuffles them after Iman and Conover (1982): its parameter is the correlation of normal scores,
so it is given the one that makes the rank correlation wanted. The costs are ``numpy_script.py``'s.

    python bench/rivals/squigglepy_script.py -n 1_000_000
"""

from types import SimpleNamespace

import numpy as np
import squigglepy as sq
from numpy_script import costs, percentiles
from total import main


def beta(mean, sd):
    size = mean * (1 - mean) / sd**2 - 1
    return sq.beta(mean * size, (1 - mean) * size)


def gamma(mean, sd):
    return sq.gamma((mean / sd) ** 2, sd**2 / mean)


def within(low, high):
    """A lognormal with these two percentiles, P5 and P95."""
    return sq.lognorm(low, high, credibility=90)


SINGLE = {
    "users": within(19e6, 25e6),
    "requests_per_user": sq.pert(14, 18, 25),
    "peak_factor": sq.triangular(1.8, 2.2, 3.0),
    "festival_uplift": sq.pert(1.25, 1.6, 2.6),
    "ranking_throughput": sq.triangular(420, 600, 850),
    "cache_hit": beta(0.35, 0.07),
    "llm_share": beta(0.035, 0.008),
    "llm_throughput": sq.pert(1800, 2600, 4000),
    "spare": sq.uniform(1.10, 1.25),
    "burst_premium": sq.uniform(4, 11),
    "retrieval_throughput": sq.pert(18, 26, 36),
    "training_runs": sq.poisson(70),
    "gpu_hours_per_run": gamma(4200, 1500),
    "restart_share": beta(0.14, 0.05),
    "experiments": sq.discrete([[0.2, 4], [0.4, 6], [0.3, 8], [0.1, 12]]),
    "experiment_cost": sq.gamma(4, 3500),
    "stored": sq.pert(180, 230, 340),
    "log_size": within(0.25, 0.60),
    "hot_share": beta(0.25, 0.05),
    "ssd_price": sq.pert(0.60, 0.80, 1.20),
    "object_price": sq.uniform(0.10, 0.15),
    "egress_price": sq.triangular(0.22, 0.30, 0.45),
    "labels": sq.norm(mean=90_000, sd=12_000),
    "label_price": sq.pert(0.8, 1.2, 2.2),
    "engineers": sq.pert(20, 24, 31),
    "operators": sq.discrete([[0.15, 7], [0.45, 8], [0.3, 9], [0.1, 11]]),
    "pay_raise": sq.triangular(0.02, 0.05, 0.10),
    "bonus_months": sq.uniform(1, 3),
    "migration": sq.triangular(900_000, 1_300_000, 2_400_000),
    "licences": sq.pert(700_000, 850_000, 1_300_000),
    "incident_loss": within(150_000, 1_500_000),
    "new_rules": sq.bernoulli(0.25),
    "rules_cost": gamma(1_600_000, 700_000),
}
PAIRS = {
    ("user_growth", "storage_growth"): (sq.norm(mean=0.12, sd=0.07), sq.norm(mean=0.025, sd=0.010), 0.5),
    ("tokens_per_request", "response_size"): (within(280, 620), within(18, 45), 0.5),
    ("gpu_price", "cpu_price"): (within(9, 14), sq.norm(mean=0.30, sd=0.025), 0.6),
    ("engineer_pay", "operator_pay"): (sq.norm(mean=52_000, sd=3_000), sq.norm(mean=31_000, sd=2_000), 0.7),
}
MONTHLY_PAIR = sq.norm(mean=1.0, sd=0.06), within(4.5, 9.5), 0.4  # traffic noise and spot price
UTILIZATION = beta((0.45 - 0.15) / 0.70, 0.08 / 0.70)
INCIDENT = sq.bernoulli(0.06)


def sample(distribution, n):
    return sq.sample(distribution, n, verbose=False)


def sample_pair(first, second, rank, n):
    pair = sq.correlate((first, second), 2 * np.sin(np.pi * rank / 6))
    return sample(pair[0], n), sample(pair[1], n)


def draw(n):
    """What does not change from month to month, by name."""
    of = {name: sample(distribution, n) for name, distribution in SINGLE.items()}
    for (first, second), pair in PAIRS.items():
        of[first], of[second] = sample_pair(*pair, n)
    return SimpleNamespace(**of)


def draw_month(n):
    noise, spot = sample_pair(*MONTHLY_PAIR, n)
    return noise, spot, 0.15 + 0.70 * sample(UTILIZATION, n), sample(INCIDENT, n)


def figures(n, seed):
    """Percentiles of every column, float64 (7, 32)."""
    sq.set_seed(seed)
    return percentiles(*costs(draw(n), lambda: draw_month(n)))


if __name__ == "__main__":
    main(figures)
