"""The rival: what an analyst would write in NumPy for scenarios/ecommerce_recommender.toml.

The same model, distributions, correlations and horizon, whole vectors, one generator. It yields what `simcost run` yields but
for the histograms, the intervals of the percentiles and the provenance: mean, sd, min, max and percentiles of the total, of
every category, line, stage, owner, month and cumulative month, the chance of breaking the budget, and an HDF5 file with the
samples that simcost keeps by default (the first scenarios whose columns fill 256 MB).

    python bench/rivals/numpy_script.py -n 1_000_000 -o rival.h5
"""

import argparse
import json
from types import SimpleNamespace

import h5py
import numpy as np

HOURS = 24.0 * np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
PERCENTILES = [5, 10, 50, 80, 90, 95, 99]
APPROVED = 70e6
Z95 = 1.6448536269514722
KEPT_BYTES = 256_000_000

CATEGORIES = ("compute", "data", "storage", "network", "staff", "operations", "risk")
LABELS = [
    ("total", ""),
    *(("category", name) for name in CATEGORIES),
    *(("month", str(month)) for month in range(1, 13)),
    *(("cumulative", str(month)) for month in range(1, 13)),
]
"""The columns whose percentiles are the figures of the benchmarks."""

# name: (category, stage, owner)
LINES = {
    "GPU serving": ("compute", "deployment", "搜索平台"),
    "Burst GPUs": ("compute", "deployment", "搜索平台"),
    "Retrieval CPUs": ("compute", "deployment", "搜索平台"),
    "Training on spot GPUs": ("compute", "training", "recommendation"),
    "Experiments": ("data", "evaluation", "recommendation"),
    "Feature store": ("storage", "deployment", "data platform"),
    "Log archive": ("storage", "data", "data platform"),
    "Traffic out": ("network", "deployment", "operations"),
    "Leased lines": ("network", "deployment", "operations"),
    "Labelling": ("data", "data", "data platform"),
    "Licensed data": ("data", "data", "data platform"),
    "Engineers": ("staff", "training", "recommendation"),
    "Operators": ("staff", "maintenance", "operations"),
    "Bonus": ("staff", "maintenance", "recommendation"),
    "Licences": ("operations", "maintenance", "operations"),
    "Cloud support": ("operations", "maintenance", "operations"),
    "Migration": ("operations", "deployment", "搜索平台"),
    "Incidents": ("risk", "maintenance", "operations"),
    "New filing rules": ("risk", "evaluation", "data platform"),
}


def lognormal(z, p5, p95):
    """A lognormal with these two percentiles at the normal scores z."""
    mu = (np.log(p5) + np.log(p95)) / 2
    sigma = (np.log(p95) - np.log(p5)) / (2 * Z95)
    return np.exp(mu + sigma * z)


def pert(rng, n, low, mode, high):
    alpha = 1 + 4 * (mode - low) / (high - low)
    return low + (high - low) * rng.beta(alpha, 6 - alpha, n)


def beta(rng, n, mean, sd, low=0.0, high=1.0):
    m, v = (mean - low) / (high - low), (sd / (high - low)) ** 2
    size = m * (1 - m) / v - 1
    return low + (high - low) * rng.beta(m * size, (1 - m) * size, n)


def gamma(rng, n, mean, sd):
    return rng.gamma((mean / sd) ** 2, sd**2 / mean, n)


def pair(rng, n, rank):
    """Two normal scores whose values will have this rank correlation."""
    r = 2 * np.sin(np.pi * rank / 6)
    first = rng.standard_normal(n)
    return first, r * first + np.sqrt(1 - r * r) * rng.standard_normal(n)


def draw(rng, n):
    """Draw what does not change from month to month, by name."""
    z = rng.standard_normal
    growth_z, storage_z = pair(rng, n, 0.5)
    tokens_z, response_z = pair(rng, n, 0.5)
    gpu_z, cpu_z = pair(rng, n, 0.6)
    engineer_z, operator_z = pair(rng, n, 0.7)
    return SimpleNamespace(
        users=lognormal(z(n), 19e6, 25e6),
        user_growth=0.12 + 0.07 * growth_z,
        storage_growth=0.025 + 0.010 * storage_z,
        requests_per_user=pert(rng, n, 14, 18, 25),
        peak_factor=rng.triangular(1.8, 2.2, 3.0, n),
        festival_uplift=pert(rng, n, 1.25, 1.6, 2.6),
        ranking_throughput=rng.triangular(420, 600, 850, n),
        cache_hit=beta(rng, n, 0.35, 0.07),
        llm_share=beta(rng, n, 0.035, 0.008),
        tokens_per_request=lognormal(tokens_z, 280, 620),
        response_size=lognormal(response_z, 18, 45),
        llm_throughput=pert(rng, n, 1800, 2600, 4000),
        spare=rng.uniform(1.10, 1.25, n),
        gpu_price=lognormal(gpu_z, 9, 14),
        cpu_price=0.30 + 0.025 * cpu_z,
        burst_premium=rng.uniform(4, 11, n),
        retrieval_throughput=pert(rng, n, 18, 26, 36),
        training_runs=rng.poisson(70, n),
        gpu_hours_per_run=gamma(rng, n, 4200, 1500),
        restart_share=beta(rng, n, 0.14, 0.05),
        experiments=rng.choice([4, 6, 8, 12], n, p=[0.2, 0.4, 0.3, 0.1]),
        experiment_cost=rng.gamma(4, 3500, n),
        stored=pert(rng, n, 180, 230, 340),  # TB
        log_size=lognormal(z(n), 0.25, 0.60),  # kB
        hot_share=beta(rng, n, 0.25, 0.05),
        ssd_price=pert(rng, n, 0.60, 0.80, 1.20),
        object_price=rng.uniform(0.10, 0.15, n),
        egress_price=rng.triangular(0.22, 0.30, 0.45, n),
        labels=rng.normal(90_000, 12_000, n),
        label_price=pert(rng, n, 0.8, 1.2, 2.2),
        engineers=pert(rng, n, 20, 24, 31),
        engineer_pay=52_000 + 3_000 * engineer_z,
        operator_pay=31_000 + 2_000 * operator_z,
        operators=rng.choice([7, 8, 9, 11], n, p=[0.15, 0.45, 0.3, 0.1]),
        pay_raise=rng.triangular(0.02, 0.05, 0.10, n),
        bonus_months=rng.uniform(1, 3, n),
        migration=rng.triangular(900_000, 1_300_000, 2_400_000, n),
        licences=pert(rng, n, 700_000, 850_000, 1_300_000),
        incident_loss=lognormal(z(n), 150_000, 1_500_000),
        new_rules=rng.random(n) < 0.25,
        rules_cost=gamma(rng, n, 1_600_000, 700_000),
    )


def draw_month(rng, n):
    """Draw what is new each month: traffic noise, spot price, utilisation, incidents."""
    noise_z, spot_z = pair(rng, n, 0.4)
    return 1.0 + 0.06 * noise_z, lognormal(spot_z, 4.5, 9.5), beta(rng, n, 0.45, 0.08, 0.15, 0.85), rng.random(n) < 0.06


def simulate(n, seed):
    """Return the cost of every line and of every month."""
    rng = np.random.default_rng(seed)
    return costs(draw(rng, n), lambda: draw_month(rng, n))


def costs(of, draw_month):
    """Return the cost of every line and of every month of what was drawn, and of what ``draw_month()`` draws."""
    n = len(of.users)
    users, stored = of.users, of.stored
    # what does not change from month to month
    monthly_growth = (1 + of.user_growth) ** (1 / 12)
    training_hours = of.training_runs * of.gpu_hours_per_run * (1 + of.restart_share) / 12
    experiment_bill = of.experiments * of.experiment_cost
    labelling = of.labels * of.label_price
    engineer_bill, operator_bill = of.engineers * of.engineer_pay, of.operators * of.operator_pay
    traffic_total = np.zeros(n)  # TB

    lines = {name: np.zeros(n) for name in LINES}
    months = np.zeros((12, n))
    for month in range(1, 13):
        hours = HOURS[month - 1]
        traffic_noise, spot_price, utilization, incident = draw_month()

        users = users * monthly_growth
        requests = users * of.requests_per_user * traffic_noise  # a day
        if month in (6, 11):
            requests = requests * of.festival_uplift
        elif month == 2:
            requests = requests * 0.85
        peak = requests * of.peak_factor * of.spare / 86_400  # a second
        ranking_gpus = np.ceil(peak * (1 - of.cache_hit) / (of.ranking_throughput * utilization))
        llm_gpus = np.ceil(peak * of.llm_share * of.tokens_per_request / (of.llm_throughput * utilization))
        gpus = ranking_gpus + llm_gpus
        cores = np.ceil(peak / (of.retrieval_throughput * utilization))
        gpu_bill = np.maximum(gpus, 200) * of.gpu_price * hours
        stored = stored * (1 + of.storage_growth) + requests * of.log_size * (hours / 24 / 1e9)
        traffic = requests * of.response_size * (hours / 24 / 1e9)
        traffic_total += traffic
        discount = np.where(traffic_total > 3000, 0.85, 1.0)
        level = 1 + of.pay_raise if month >= 4 else 1.0

        cost = {
            "GPU serving": gpu_bill,
            "Burst GPUs": np.maximum(gpus - 200, 0) * of.burst_premium * (0.35 * hours),
            "Retrieval CPUs": cores * of.cpu_price * hours,
            "Training on spot GPUs": training_hours * spot_price,
            "Experiments": experiment_bill,
            "Feature store": stored * of.hot_share * of.ssd_price * 1000,
            "Log archive": stored * (1 - of.hot_share) * of.object_price * 1000,
            "Traffic out": traffic * of.egress_price * discount * 1000,
            "Leased lines": 60_000.0,
            "Labelling": labelling,
            "Licensed data": 55_000.0,
            "Engineers": engineer_bill * level,
            "Operators": operator_bill * level,
            "Cloud support": 0.06 * gpu_bill,
            "Incidents": incident * of.incident_loss,
        }
        if month == 1:
            cost["Migration"] = of.migration
        if month == 2:
            cost["Bonus"] = (engineer_bill + operator_bill) * of.bonus_months
        if month == 3:
            cost["Licences"] = of.licences
        if month == 7:
            cost["New filing rules"] = of.new_rules * of.rules_cost
        for name, money in cost.items():
            lines[name] += money
            months[month - 1] += money
    return lines, months


def group(lines, place):
    """Sum the lines by category (0), stage (1) or owner (2)."""
    sums: dict[str, np.ndarray] = {}
    for name, money in lines.items():
        label = LINES[name][place]
        sums[label] = sums[label] + money if label in sums else money
    return sums


def columns(lines, months):
    """Return the labels and the matrix of all result columns."""
    cumulative = np.cumsum(months, axis=0)
    total = cumulative[-1]
    breach = (cumulative > APPROVED).astype(float)
    groups = {
        "total": {"": total},
        "category": group(lines, 0),
        "line": lines,
        "stage": group(lines, 1),
        "owner": group(lines, 2),
        "month": dict(enumerate(months, 1)),
        "cumulative": dict(enumerate(cumulative, 1)),
        "breach": dict(enumerate(breach, 1)),
        "within": {"": (total <= APPROVED).astype(float)},
    }
    labels = [(name, str(label)) for name, sums in groups.items() for label in sums]
    return labels, np.array([column for sums in groups.values() for column in sums.values()])


def figures(n, seed):
    """Return the percentiles of total, categories, months and cumulative months, float64 (7, 32): what every rival yields."""
    return percentiles(*simulate(n, seed))


def percentiles(lines, months):
    cumulative = np.cumsum(months, axis=0)
    categories = group(lines, 0)
    matrix = np.array([cumulative[-1], *(categories[name] for name in CATEGORIES), *months, *cumulative])
    return np.percentile(matrix, PERCENTILES, axis=1)


def write(path, labels, matrix, kept):
    with h5py.File(path, "w") as file:
        file["column"] = [f"{name}/{label}" for name, label in labels]
        file["percentile"] = PERCENTILES
        file["percentiles"] = np.percentile(matrix, PERCENTILES, axis=1)
        file["mean"], file["sd"] = matrix.mean(axis=1), matrix.std(axis=1, ddof=1)
        file["min"], file["max"] = matrix.min(axis=1), matrix.max(axis=1)
        if kept:
            file["samples"] = matrix[:, :kept]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-n", "--scenarios", type=lambda text: int(text.replace("_", "")), default=1_000_000)
    parser.add_argument("--seed", type=int, default=20270101)
    parser.add_argument("--keep", default="auto", help="auto (what fits 256 MB), all, none, or a number of scenarios")
    parser.add_argument("-o", "--output", default="rival.h5")
    options = parser.parse_args()
    labels, matrix = columns(*simulate(options.scenarios, options.seed))
    kept = {"auto": KEPT_BYTES // (8 * len(labels)), "all": options.scenarios, "none": 0}.get(options.keep)
    write(options.output, labels, matrix, int(options.keep) if kept is None else kept)
    with h5py.File(options.output) as file:
        total = dict(zip([f"p{p}" for p in PERCENTILES], file["percentiles"][:, 0].round().tolist(), strict=True))
    print(json.dumps({"scenarios": options.scenarios, "total": total}))


if __name__ == "__main__":
    main()
