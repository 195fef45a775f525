"""The ceiling: what an expert would write by hand in numba for scenarios/ecommerce_recommender.toml, and for nothing else.

The same 45 uncertain quantities and five correlated pairs as ``numpy_script.py``, fused: 256 scenarios side by side in the cache,
every loop straight-line so that LLVM vectorises it, fused multiply-add allowed, nothing written to memory but counts.
``handwritten_draws.py`` has how each quantity is drawn, ``handwritten_counts.py`` the percentiles. It does not reproduce the
numbers of simcost, has no units, no intervals, no other model.

    python bench/rivals/handwritten.py -n 10_000_000
"""

from concurrent.futures import ThreadPoolExecutor

import handwritten_draws as d
import numpy as np
from handwritten_counts import CELLS, count, percentiles
from handwritten_draws import lane, normals, triangular, uniforms, whole
from numba import njit
from numpy_script import CATEGORIES, HOURS
from total import main

LANES = 256
STRIDE = LANES + 8  # rows a power of two apart would share few places of the first cache
N_COLUMNS = 12 + 12 + len(CATEGORIES)
"""Months, cumulative months, categories; the total is the cumulative cost of the last month."""

# rows of scratch, each of LANES values and STRIDE from the next
(
    USERS, GROWTH, PER_USER, FESTIVAL, RANKING, LLM, RETRIEVAL, GPU_PRICE, BURST_PRICE, CPU_PRICE, TRAINING, STORED,
    STORED_GROWTH, LOG_SIZE, STORE_PRICE, RESPONSE, EGRESS, DATA, STAFF, RAISED, BONUS, LICENCES, MIGRATION, INCIDENT_LOSS,
    RULES, TRAFFIC, POISSON_U, LOAD, LOAD_NEXT, INCIDENT, INCIDENT_NEXT, MONTH, CUMULATIVE, COMPUTE, SAVED, NETWORK, RUNNING,
    RISK, FIRST_COLUMN,
) = (whole(row * STRIDE) for row in range(39))  # fmt: skip
SCRATCH = int(FIRST_COLUMN) + N_COLUMNS * STRIDE
FIRST_CATEGORY = FIRST_COLUMN + whole(24 * STRIDE)
ROW = whole(STRIDE)
LAST = whole(LANES)


@lane
def draw_demand(w, first, seed):
    """Users, requests and what a peak needs."""
    for i in range(LAST):
        scenario = first + i
        users_z, per_user_z = normals(scenario, whole(0), seed)
        growth_z, stored_z = normals(scenario, whole(1), seed)
        festival_z, llm_throughput_z = normals(scenario, whole(2), seed)
        hit_z, share_z = normals(scenario, whole(3), seed)
        tokens_z, response_z = normals(scenario, whole(4), seed)
        retrieval_z, log_z = normals(scenario, whole(5), seed)
        peak_u, ranking_u = uniforms(scenario, whole(6), seed)
        spare_u, poisson_u = uniforms(scenario, whole(7), seed)
        peak = triangular(peak_u, 1.8, 2.2, 3.0) * (1.10 + 0.15 * spare_u) / 86_400
        w[USERS + i] = d.opening_users(users_z)
        w[GROWTH + i] = d.monthly_growth(growth_z)
        w[STORED_GROWTH + i] = 1.025 + 0.010 * (d.GROWTH_R * growth_z + d.GROWTH_S * stored_z)
        w[PER_USER + i] = d.requests_per_user(per_user_z)
        w[FESTIVAL + i] = d.festival(festival_z)
        w[RANKING + i] = peak * (1 - d.cache_hit(hit_z)) / triangular(ranking_u, 420.0, 600.0, 850.0)
        w[LLM + i] = peak * d.llm_share(share_z) * d.tokens(tokens_z) / d.llm_throughput(llm_throughput_z)
        w[RETRIEVAL + i] = peak / d.retrieval(retrieval_z)
        w[RESPONSE + i] = d.response(d.SIZE_R * tokens_z + d.SIZE_S * response_z) / 1e9
        w[LOG_SIZE + i] = d.log_size(log_z) / 1e9
        w[POISSON_U + i] = poisson_u


@lane
def draw_prices(w, first, seed):
    """Prices, storage and the data bill."""
    for i in range(LAST):
        scenario = first + i
        gpu_z, cpu_z = normals(scenario, whole(8), seed)
        hot_z, ssd_z = normals(scenario, whole(9), seed)
        store_z, labels_z = normals(scenario, whole(10), seed)
        label_price_z, experiment_z = normals(scenario, whole(11), seed)
        burst_u, object_u = uniforms(scenario, whole(12), seed)
        egress_u, experiments_u = uniforms(scenario, whole(13), seed)
        hot = d.hot_share(hot_z)
        experiments = 4.0 if experiments_u < 0.2 else 6.0 if experiments_u < 0.6 else 8.0 if experiments_u < 0.9 else 12.0
        w[GPU_PRICE + i] = d.gpu_price(gpu_z)
        w[CPU_PRICE + i] = 0.30 + 0.025 * (d.PRICE_R * gpu_z + d.PRICE_S * cpu_z)
        w[BURST_PRICE + i] = 0.35 * (4.0 + 7.0 * burst_u)
        w[STORED + i] = d.opening_store(store_z)
        w[STORE_PRICE + i] = 1000 * (hot * d.ssd_price(ssd_z) + (1 - hot) * (0.10 + 0.05 * object_u))
        w[EGRESS + i] = 1000 * triangular(egress_u, 0.22, 0.30, 0.45)
        labelling = (90_000 + 12_000 * labels_z) * d.label_price(label_price_z)
        w[DATA + i] = experiments * d.cube(d.experiment_root(experiment_z)) + labelling + 55_000


@lane
def draw_people(w, first, seed):
    """People, training, projects and risks."""
    for i in range(LAST):
        scenario = first + i
        engineer_z, operator_z = normals(scenario, whole(14), seed)
        engineers_z, licences_z = normals(scenario, whole(15), seed)
        hours_z, restart_z = normals(scenario, whole(16), seed)
        incident_z, rules_z = normals(scenario, whole(17), seed)
        operators_u, raise_u = uniforms(scenario, whole(18), seed)
        bonus_u, migration_u = uniforms(scenario, whole(19), seed)
        rules_u, _ = uniforms(scenario, whole(20), seed)
        operators = 7.0 if operators_u < 0.15 else 8.0 if operators_u < 0.6 else 9.0 if operators_u < 0.9 else 11.0
        pay = 31_000 + 2_000 * (d.PAY_R * engineer_z + d.PAY_S * operator_z)
        staff = d.engineers(engineers_z) * (52_000 + 3_000 * engineer_z) + operators * pay
        w[STAFF + i] = staff
        w[RAISED + i] = staff * (1 + triangular(raise_u, 0.02, 0.05, 0.10))
        w[BONUS + i] = staff * (1.0 + 2.0 * bonus_u)
        w[LICENCES + i] = d.licences(licences_z)
        w[MIGRATION + i] = triangular(migration_u, 0.9e6, 1.3e6, 2.4e6)
        w[INCIDENT_LOSS + i] = d.incident_loss(incident_z)
        w[RULES + i] = d.cube(d.rules_root(rules_z)) if rules_u < 0.25 else 0.0
        w[TRAINING + i] = d.cube(d.gpu_hours_root(hours_z)) * (1 + d.restart_share(restart_z)) / 12


@lane
def draw_training_runs(w):
    """Times a Poisson number of runs: the inverse, by a search that a table begins at the right place."""
    for i in range(LAST):
        u = w[POISSON_U + i]
        runs = d.GUIDE[whole(u * len(d.GUIDE))]
        while d.POISSON_70[whole(runs)] < u:
            runs += 1
        w[TRAINING + i] *= runs


@lane
def begin_year(w):
    for i in range(LAST):
        w[TRAFFIC + i] = w[CUMULATIVE + i] = 0.0
        w[COMPUTE + i] = w[SAVED + i] = w[NETWORK + i] = w[RUNNING + i] = w[RISK + i] = 0.0


@lane
def draw_two_months(w, first, stream, seed):
    """Utilisation and incidents of a month and of the next."""
    for i in range(LAST):
        now, then = normals(first + i, stream, seed)
        w[LOAD + i], w[LOAD_NEXT + i] = d.utilization(now), d.utilization(then)
        now, then = uniforms(first + i, stream + whole(1), seed)
        w[INCIDENT + i] = w[INCIDENT_LOSS + i] if now < 0.06 else 0.0
        w[INCIDENT_NEXT + i] = w[INCIDENT_LOSS + i] if then < 0.06 else 0.0


@lane
def next_month(w):
    for i in range(LAST):
        w[LOAD + i], w[INCIDENT + i] = w[LOAD_NEXT + i], w[INCIDENT_NEXT + i]


@lane
def run_month(w, first, stream, seed, hours, season, uplift):
    """One month; traffic is ``season``, plus ``uplift`` times the festival's."""
    for i in range(LAST):
        noise_z, spot_z = normals(first + i, stream, seed)
        users = w[USERS + i] * w[GROWTH + i]
        requests = users * w[PER_USER + i] * (1.0 + 0.06 * noise_z) * (season + uplift * w[FESTIVAL + i])
        load = requests / w[LOAD + i]
        gpus = np.ceil(load * w[RANKING + i]) + np.ceil(load * w[LLM + i])
        serving = max(gpus, 200.0) * w[GPU_PRICE + i] * hours
        compute = serving + max(gpus - 200.0, 0.0) * w[BURST_PRICE + i] * hours
        compute += np.ceil(load * w[RETRIEVAL + i]) * w[CPU_PRICE + i] * hours
        compute += w[TRAINING + i] * d.spot_price(d.MONTH_R * noise_z + d.MONTH_S * spot_z)
        sent = requests * (hours / 24)
        stored = w[STORED + i] * w[STORED_GROWTH + i] + sent * w[LOG_SIZE + i]
        storage, traffic = stored * w[STORE_PRICE + i], sent * w[RESPONSE + i]
        all_traffic = w[TRAFFIC + i] + traffic
        network = traffic * w[EGRESS + i] * (0.85 if all_traffic > 3000.0 else 1.0) + 60_000
        w[USERS + i], w[STORED + i], w[TRAFFIC + i] = users, stored, all_traffic
        w[COMPUTE + i] += compute
        w[SAVED + i] += storage
        w[NETWORK + i] += network
        w[RUNNING + i] += 0.06 * serving
        w[RISK + i] += w[INCIDENT + i]
        w[MONTH + i] = compute + storage + network + 0.06 * serving + w[INCIDENT + i] + w[DATA + i]


@lane
def end_month(w, month, staff, extra):
    """Add what does not depend on traffic: the staff, and one payment of a row (times 0 or 1)."""
    row, paid = extra
    column = FIRST_COLUMN + month * ROW
    running = FIRST_COLUMN + (month + whole(12)) * ROW
    for i in range(LAST):
        money = w[MONTH + i] + w[staff + i] + paid * w[row + i]
        w[CUMULATIVE + i] += money
        w[column + i] = money
        w[running + i] = w[CUMULATIVE + i]


@lane
def end_year(w):
    """The categories, in the order of `CATEGORIES`."""
    for i in range(LAST):
        w[FIRST_CATEGORY + i] = w[COMPUTE + i]
        w[FIRST_CATEGORY + ROW + i] = 12 * w[DATA + i]
        w[FIRST_CATEGORY + whole(2) * ROW + i] = w[SAVED + i]
        w[FIRST_CATEGORY + whole(3) * ROW + i] = w[NETWORK + i]
        w[FIRST_CATEGORY + whole(4) * ROW + i] = 3 * w[STAFF + i] + 9 * w[RAISED + i] + w[BONUS + i]
        w[FIRST_CATEGORY + whole(5) * ROW + i] = w[RUNNING + i] + w[LICENCES + i] + w[MIGRATION + i]
        w[FIRST_CATEGORY + whole(6) * ROW + i] = w[RISK + i] + w[RULES + i]


@lane
def simulate_lanes(w, first, seed):
    """All columns of LANES scenarios."""
    draw_demand(w, first, seed)
    draw_prices(w, first, seed)
    draw_people(w, first, seed)
    draw_training_runs(w)
    begin_year(w)
    for month in range(whole(12)):
        if month & whole(1):
            next_month(w)
        else:
            draw_two_months(w, first, whole(64) + whole(2) * month, seed)
        festival = month in (5, 10)
        season = 0.85 if month == 1 else 0.0 if festival else 1.0
        run_month(w, first, whole(32) + month, seed, HOURS[month], season, 1.0 if festival else 0.0)
        row = MIGRATION if month == 0 else BONUS if month == 1 else LICENCES if month == 2 else RULES
        end_month(w, month, RAISED if month >= 3 else STAFF, (row, 1.0 if month < 3 or month == 6 else 0.0))
    end_year(w)


@njit(**d.OPTIONS)
def count_scenarios(first, n, seed, counts):
    """Simulate and count n scenarios, a multiple of LANES."""
    w, keys = np.empty(SCRATCH), np.empty(LANES, np.uint64)
    for start in range(first, first + n, LAST):
        simulate_lanes(w, start, seed)
        count(w, FIRST_COLUMN, ROW, LAST, keys, counts)


@njit(**d.OPTIONS)
def simulate_scenarios(first, n, seed, out):
    """Write the columns of n scenarios, a multiple of LANES, to out (31, n)."""
    w = np.empty(SCRATCH)
    for start in range(first, first + n, LAST):
        simulate_lanes(w, start, seed)
        for column in range(N_COLUMNS):
            row = FIRST_COLUMN + whole(column) * ROW
            for i in range(LAST):
                out[column, start - first + i] = w[row + i]


def on_threads(work, n, threads):
    """Share the scenarios out; return what each thread's work gives."""
    share = -(-n // (threads * LANES)) * LANES
    pieces = [(first, min(share, n - first)) for first in range(0, n, share)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, *zip(*pieces, strict=True)))


def counts_of(n, seed, threads):
    """Counts of all columns, int64 (31, CELLS); n is a multiple of LANES."""

    def work(first, share):
        counts = np.zeros((N_COLUMNS, CELLS), np.int64)
        count_scenarios(whole(first), whole(share), whole(seed), counts)
        return counts

    return sum(on_threads(work, n, threads))


def figures(n, seed, threads=1):
    """Percentiles of n scenarios, rounded up to whole lanes: float64 (7, 32), the columns as in ``numpy_script.LABELS``."""
    months, cumulative, categories = np.split(percentiles(counts_of(-(-n // LANES) * LANES, seed, threads)), [12, 24], axis=1)
    return np.hstack([cumulative[:, -1:], categories, months, cumulative])


if __name__ == "__main__":
    main(figures)
