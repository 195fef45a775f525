"""JAX on the CPU for scenarios/ecommerce_recommender.toml: one jitted function, float64, as fast as we could make it.

The same 45 uncertain quantities and five correlated pairs as ``numpy_script.py``. What is a beta, PERT or gamma variable there is
here a polynomial in a normal score (``scores.py``): ``jax.random.beta`` takes 0.7 microseconds a draw, which would be four times
all the rest. With ``library`` everything is drawn by ``jax.random``, as its documentation shows. Percentiles are
NumPy's, whose partition is eight times as fast as XLA's sort.

    python bench/rivals/jax_script.py -n 1_000_000
"""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy_script import LABELS, PERCENTILES
from scores import PAIRS, POISSON_70, SCORES
from total import main

jax.config.update("jax_enable_x64", True)

HOURS = (744.0, 672.0, 744.0, 720.0, 744.0, 720.0, 744.0, 744.0, 720.0, 744.0, 720.0, 744.0)
SEASON = (1.0, 0.85, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0)
UPLIFT = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
"""Traffic of a month: the season, plus the uplift times the festival's."""

CHUNK = 65_536
"""Scenarios at a time; of 4,096 to 262,144 the quickest here."""

SHAPES = {  # name: alpha, beta, low, high
    "requests_per_user": (1 + 16 / 11, 5 - 16 / 11, 14, 25),
    "festival": (1 + 1.4 / 1.35, 5 - 1.4 / 1.35, 1.25, 2.6),
    "llm_throughput": (1 + 32 / 22, 5 - 32 / 22, 1800, 4000),
    "retrieval": (1 + 32 / 18, 5 - 32 / 18, 18, 36),
    "opening_store": (2.25, 3.75, 180, 340),
    "ssd_price": (1 + 0.8 / 0.6, 5 - 0.8 / 0.6, 0.60, 1.20),
    "label_price": (1 + 1.6 / 1.4, 5 - 1.6 / 1.4, 0.8, 2.2),
    "engineers": (1 + 16 / 11, 5 - 16 / 11, 20, 31),
    "licences": (2, 4, 700e3, 1300e3),
}
for _name, _mean, _sd, _low, _high in (
    ("cache_hit", 0.35, 0.07, 0, 1),
    ("llm_share", 0.035, 0.008, 0, 1),
    ("restart_share", 0.14, 0.05, 0, 1),
    ("hot_share", 0.25, 0.05, 0, 1),
    ("utilization", 0.45, 0.08, 0.15, 0.85),
):
    _m, _v = (_mean - _low) / (_high - _low), (_sd / (_high - _low)) ** 2
    _size = _m * (1 - _m) / _v - 1
    SHAPES[_name] = (_m * _size, (1 - _m) * _size, _low, _high)
GAMMAS = {
    "gpu_hours": ((42 / 15) ** 2, 1500**2 / 4200),
    "experiment": (4.0, 3500.0),
    "rules": ((16 / 7) ** 2, 700e3**2 / 1600e3),
}


def horner(name, z):
    """A quantity at its normal score."""
    coefficients = SCORES[name]
    value = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value = value * z + coefficient
    return value


class Draws:
    """Draws of one shape: scores and uniforms come from matrices drawn at once, the library's own variables from a key each.

    The barrier keeps XLA from drawing a number again in each loop that uses it.
    """

    def __init__(self, key, normals, uniforms, shape, *, library):
        self.key, normal_key, uniform_key = jax.random.split(key, 3)
        self.shape, self.library = shape, library
        scores, shares = jax.random.normal(normal_key, (normals, *shape)), jax.random.uniform(uniform_key, (uniforms, *shape))
        self.scores, self.shares = map(iter, jax.lax.optimization_barrier((scores, shares)))

    def normal(self):
        return next(self.scores)

    def uniform(self, low=0.0, high=1.0):
        return low + (high - low) * next(self.shares)

    def triangular(self, low, mode, high):
        u = self.uniform()
        left = jnp.sqrt(u * ((high - low) * (mode - low)))
        return jnp.where(u * (high - low) < mode - low, low + left, high - jnp.sqrt((1 - u) * ((high - low) * (high - mode))))

    def pair(self, name):
        r, s = PAIRS[name]
        first = self.normal()
        return first, r * first + s * self.normal()

    def next_key(self):
        self.key, key = jax.random.split(self.key)
        return key

    def beta(self, name):
        score = self.normal()
        if not self.library:
            return horner(name, score)
        alpha, other, low, high = SHAPES[name]
        return low + (high - low) * jax.random.beta(self.next_key(), alpha, other, self.shape)

    def gamma(self, name):
        score = self.normal()
        if not self.library:
            return horner(f"{name}_root", score) ** 3
        shape, scale = GAMMAS[name]
        return scale * jax.random.gamma(self.next_key(), shape, self.shape)

    def poisson(self):
        u = self.uniform()
        if not self.library:
            return jnp.searchsorted(jnp.array(POISSON_70), u)
        return jax.random.poisson(self.next_key(), 70.0, self.shape)

    def choice(self, values, weights):
        u, value = self.uniform(), values[-1]
        for place in range(len(values) - 2, -1, -1):
            value = jnp.where(u < sum(weights[: place + 1]), values[place], value)
        return value


def draw_year(draw):
    """What is drawn once: quantities by name."""
    growth_z, storage_z = draw.pair("growth")
    tokens_z, response_z = draw.pair("size")
    gpu_z, cpu_z = draw.pair("price")
    engineer_z, operator_z = draw.pair("pay")
    peak = draw.triangular(1.8, 2.2, 3.0) * draw.uniform(1.10, 1.25) / 86_400
    hot = draw.beta("hot_share")
    operators = draw.choice((7, 8, 9, 11), (0.15, 0.45, 0.3, 0.1)) * (31_000 + 2_000 * operator_z)
    staff = draw.beta("engineers") * (52_000 + 3_000 * engineer_z) + operators
    experiments = draw.choice((4, 6, 8, 12), (0.2, 0.4, 0.3, 0.1)) * draw.gamma("experiment")
    return {
        "users": horner("opening_users", draw.normal()),
        "growth": horner("monthly_growth", growth_z),
        "stored_growth": 1.025 + 0.010 * storage_z,
        "per_user": draw.beta("requests_per_user"),
        "festival": draw.beta("festival"),
        "ranking": peak * (1 - draw.beta("cache_hit")) / draw.triangular(420, 600, 850),
        "llm": peak * draw.beta("llm_share") * horner("tokens", tokens_z) / draw.beta("llm_throughput"),
        "retrieval": peak / draw.beta("retrieval"),
        "response": horner("response", response_z),
        "gpu_price": horner("gpu_price", gpu_z),
        "cpu_price": 0.30 + 0.025 * cpu_z,
        "burst": draw.uniform(4, 11) * 0.35,
        "training": draw.poisson() * draw.gamma("gpu_hours") * (1 + draw.beta("restart_share")) / 12,
        "stored": draw.beta("opening_store"),
        "log_size": horner("log_size", draw.normal()),
        "store_price": 1000 * (hot * draw.beta("ssd_price") + (1 - hot) * draw.uniform(0.10, 0.15)),
        "egress": 1000 * draw.triangular(0.22, 0.30, 0.45),
        "data": experiments + (90_000 + 12_000 * draw.normal()) * draw.beta("label_price") + 55_000,
        "staff": staff,
        "raised": staff * (1 + draw.triangular(0.02, 0.05, 0.10)),
        "bonus": staff * draw.uniform(1, 3),
        "migration": draw.triangular(900e3, 1300e3, 2400e3),
        "licences": draw.beta("licences"),
        "loss": horner("incident_loss", draw.normal()),
        "rules": jnp.where(draw.uniform() < 0.25, draw.gamma("rules"), 0.0),
    }


def run_month(of, state, month):
    """One month: the state after it, and its costs but for staff and single payments."""
    users, stored, traffic_total = state
    hours, season, uplift, noise, load_share, spot, struck = month
    users = users * of["growth"]
    requests = users * of["per_user"] * noise * (season + uplift * of["festival"])
    load = requests / load_share
    gpus = jnp.ceil(load * of["ranking"]) + jnp.ceil(load * of["llm"])
    gpu_bill = jnp.maximum(gpus, 200) * of["gpu_price"] * hours
    cores = jnp.ceil(load * of["retrieval"])
    compute = gpu_bill + (jnp.maximum(gpus - 200, 0) * of["burst"] + cores * of["cpu_price"]) * hours + of["training"] * spot
    sent = requests * (hours / 24 / 1e9)
    stored = stored * of["stored_growth"] + sent * of["log_size"]
    traffic = sent * of["response"]
    traffic_total = traffic_total + traffic
    network = traffic * of["egress"] * jnp.where(traffic_total > 3000, 0.85, 1.0) + 60_000
    costs = jnp.stack([compute, stored * of["store_price"], network, 0.06 * gpu_bill, struck * of["loss"]])
    return (users, stored, traffic_total), costs


def simulate(key, n, *, library):
    """All columns of n scenarios: (32, n) in the order of `LABELS`."""
    year_key, month_key = jax.random.split(key)
    of = jax.lax.optimization_barrier(draw_year(Draws(year_key, 28, 14, (n,), library=library)))
    draw = Draws(month_key, 3, 1, (12, n), library=library)
    noise_z, spot_z = draw.pair("month")
    drawn = 1.0 + 0.06 * noise_z, draw.beta("utilization"), horner("spot_price", spot_z), draw.uniform() < 0.06
    calendar = (jnp.array(HOURS), jnp.array(SEASON), jnp.array(UPLIFT))
    begin = of["users"], of["stored"], jnp.zeros(n)
    _, costs = jax.lax.scan(lambda state, month: run_month(of, state, month), begin, (*calendar, *drawn))
    compute, storage, network, support, risk = jnp.moveaxis(costs, 1, 0)
    once = {0: of["migration"], 1: of["bonus"], 2: of["licences"], 6: of["rules"]}
    staff = [of["raised"] if month >= 3 else of["staff"] for month in range(12)]
    months = [costs[month].sum(axis=0) + of["data"] + staff[month] + once.get(month, 0.0) for month in range(12)]
    cumulative = jnp.cumsum(jnp.stack(months), axis=0)
    categories = [
        compute.sum(axis=0),
        12 * of["data"],
        storage.sum(axis=0),
        network.sum(axis=0),
        3 * of["staff"] + 9 * of["raised"] + of["bonus"],
        support.sum(axis=0) + of["licences"] + of["migration"],
        risk.sum(axis=0) + of["rules"],
    ]
    return jnp.stack([cumulative[-1], *categories, *months, *cumulative])


@partial(jax.jit, static_argnames=("n", "chunk", "library"))
def columns(key, n, *, chunk=CHUNK, library=False):
    """All columns: (32, n); n is a multiple of the chunk, or below it."""
    if n <= chunk:
        return simulate(key, n, library=library)
    chunks = jax.lax.map(lambda each: simulate(each, chunk, library=library), jax.random.split(key, n // chunk))
    return jnp.moveaxis(chunks, 0, 1).reshape(len(LABELS), n)


def figures(n, seed, *, chunk=CHUNK, library=False):
    """Percentiles of every column: float64 (7, 32)."""
    whole = -(-n // chunk) * chunk if n > chunk else n  # a few more, so that all chunks are alike
    drawn = np.asarray(columns(jax.random.key(seed), whole, chunk=chunk, library=library))
    return np.percentile(drawn[:, :n], PERCENTILES, axis=1)


if __name__ == "__main__":
    main(figures)
