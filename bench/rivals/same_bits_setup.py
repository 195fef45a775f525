"""What a scenario of the benchmark draws once, for ``handwritten_same_bits.py``: 128 scenarios side by side in rows of scratch.

The numbers that fit each distribution to the file (``P``) and the tables of inverse distribution functions are simcost's own, in
the order of its plan: how they are found is not what is compared.
"""

from pathlib import Path

from simcost import api
from simcost_kernels.backends.cpu.bodies import BODIES, lane, row_function
from simcost_kernels.backends.cpu.draw_rows import draw_row
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.backends.cpu.normal_rows import PLACES, centre_quantiles, gather_tails, put_tails, tail_quantiles
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.backends.cpu.step_layout import step_layout
from simcost_kernels.codegen.lanes import LANES, STRIDE
from simcost_kernels.draws.stream import stream_id
from simcost_kernels.functions.primitives import uint64
from simcost_kernels.system.aligned import aligned_copy

PLAN = api.compile(Path(__file__).parents[2] / "scenarios" / "ecommerce_recommender.toml").plan
P = PLAN.parameters
TABLES = tuple((step_layout if table.kind == "step" else aligned_copy)(table.data) for table in PLAN.tables)
u64 = uint64
ROW, NEXT, ZERO = u64(LANES), u64(STRIDE), u64(0)


def streams(names):
    return tuple(u64(stream_id(name)) for name in names.split())


NORMALS = streams("""
    opening_users log_size tokens_per_request response_size gpu_price cpu_price labels engineer_pay operator_pay incident_loss
    user_growth storage_growth""")
BY_TABLE = streams("""
    festival_uplift requests_per_user opening_store cache_hit llm_share llm_throughput retrieval_throughput
    gpu_hours_per_run restart_share experiment_cost hot_share ssd_price label_price engineers licences rules_cost
    experiments operators new_rules training_runs""")
TABLE_OF = (0, 1, 2, 3, 5, 6, 7, 9, 10, 12, 13, 14, 15, 16, 18, 21, 11, 17, 20, 8)
STEPS = 16
"""Of those by table, the first that has steps."""

LOADS, INCIDENTS = 4, 19
"""Tables that a month or a search takes."""

AS_DRAWN = streams(
    "pay_raise peak_factor spare ranking_throughput egress_price burst_premium object_price bonus_months migration"
)
# rows of scratch: what the setup leaves, what months draw, what they choose, sums, what is drawn for the setup
(
    NOTHING, USUAL, FEBRUARY, USERS, GROWTH, PER_USER, FESTIVAL, PEAK, STORED, STORED_GROWTH, LOG_SIZE, RESPONSE, MISSED, SPARE,
    RANKING, LLM_SHARE, TOKENS, LLM, RETRIEVAL, TRAFFIC, EGRESS, GPU_PRICE, BURST, CPU_PRICE, TRAINING, EXPERIMENTS, HOT, COLD,
    SSD, OBJECT, LABELS, ENGINEERS, OPERATORS, ENGINEERS_RAISED, OPERATORS_RAISED, BONUS, LICENCES, MIGRATION, LOSS, RULES,
    NOISE, NOISE_NEXT, SPOT, SPOT_NEXT, LOAD, LOAD_NEXT, INCIDENT, INCIDENT_NEXT, UNIFORM, UNIFORM_NEXT, MORE, MORE_NEXT,
    SEASON, ENGINEERS_NOW, OPERATORS_NOW, YEARLY_NOW, MIGRATION_NOW, RULES_NOW,
    SERVING_SUM, BURST_SUM, CPU_SUM, TRAINING_SUM, SSD_SUM, OBJECT_SUM, EGRESS_SUM, SUPPORT_SUM, INCIDENT_SUM, CUMULATIVE, MONEY,
    USERS_Z, LOG_Z, TOKENS_Z, RESPONSE_Z, GPU_Z, CPU_Z, LABELS_Z, ENGINEER_Z, OPERATOR_Z, LOSS_Z, GROWTH_Z, STORED_Z,
    FESTIVAL_X, PER_USER_X, STORE_X, HIT_X, SHARE_X, LLM_X, RETRIEVAL_X, HOURS_X, RESTART_X, EXPERIMENT_X, HOT_X, SSD_X,
    LABEL_X, ENGINEERS_X, LICENCES_X, RULES_X, EXPERIMENTS_X, OPERATORS_X, NEW_RULES_X, RUNS_X,
    RAISE_U, PEAK_U, SPARE_U, RANKING_U, EGRESS_U, BURST_U, OBJECT_U, BONUS_U, MIGRATION_U, NORMALS_U,
) = (u64(row * STRIDE) for row in range(111))  # fmt: skip
TAILS = NORMALS_U + u64(len(NORMALS)) * NEXT
"""After the uniforms of all normals: their tails, some fifty of twelve rows, and the places that these belong to."""

SCRATCH = int(TAILS + PLACES) + 9 * STRIDE
SUMS = 10
exp, power, sqrt = BODIES["exp"], BODIES["power"], BODIES["sqrt"]
smooth_quantile_row, step_quantile_row = ROWS["smooth_quantile_row"], ROWS["step_quantile_row"]


@row_function
def draw_once(k0, k1, first, w, tables):
    """All uniforms of a scenario, and the quantiles that are not a line or a root: the tails of twelve normals together."""
    for place in range(len(NORMALS)):
        draw_row(k0, k1, first, NORMALS[place], ZERO, w, NORMALS_U + u64(place) * NEXT)
    tails = TAILS
    for place in range(len(NORMALS)):
        tails = gather_tails(w, USERS_Z + u64(place) * NEXT, NORMALS_U + u64(place) * NEXT, tails)
    tail_quantiles(w, TAILS, tails)
    for place in range(len(NORMALS)):
        centre_quantiles(w, USERS_Z + u64(place) * NEXT, NORMALS_U + u64(place) * NEXT)
    put_tails(w, TAILS, tails)
    for place in range(len(BY_TABLE)):
        draw_row(k0, k1, first, BY_TABLE[place], ZERO, w, NORMALS_U)
        if place < STEPS:
            smooth_quantile_row(w, FESTIVAL_X + u64(place) * NEXT, TAILS, NORMALS_U, tables[TABLE_OF[place]])
        else:
            step_quantile_row(w, FESTIVAL_X + u64(place) * NEXT, TAILS, NORMALS_U, tables[TABLE_OF[place]])
    for place in range(len(AS_DRAWN)):
        draw_row(k0, k1, first, AS_DRAWN[place], ZERO, w, RAISE_U + u64(place) * NEXT)


@lane
def within(x, first):
    """A value by table, brought to its scale and its bounds: four numbers of the plan from ``first`` on."""
    value = P[first] + P[first + 1] * x
    return P[first + 2] if value < P[first + 2] else min(value, P[first + 3])


@lane
def triangular(u, first):
    """Six numbers of the plan from ``first`` on; its bounds hold without being enforced."""
    left, right = P[first] + P[first + 1] * sqrt(u), P[first + 3] + P[first + 4] * sqrt(1.0 - u)
    return left if u <= P[first + 5] else right


@row_function
def demand(w):
    for i in range(ROW):
        growth, tokens = get(w, GROWTH_Z, i), get(w, TOKENS_Z, i)
        response = P[47] * tokens + P[48] * get(w, RESPONSE_Z, i)
        stored = P[39] * growth + P[40] * get(w, STORED_Z, i)
        put(w, USERS, i, exp(P[0] + P[1] * get(w, USERS_Z, i)))
        put(w, GROWTH, i, power(P[2] + (P[3] + P[4] * growth), P[5]))
        put(w, FESTIVAL, i, within(get(w, FESTIVAL_X, i), 6))
        put(w, PER_USER, i, within(get(w, PER_USER_X, i), 20))
        put(w, PEAK, i, triangular(get(w, PEAK_U, i), 26))
        put(w, STORED, i, within(get(w, STORE_X, i), 34))
        put(w, STORED_GROWTH, i, P[38] + (P[41] + P[42] * stored))
        put(w, LOG_SIZE, i, exp(P[43] + P[44] * get(w, LOG_Z, i)))
        put(w, RESPONSE, i, exp(P[49] + P[50] * response))
        put(w, MISSED, i, P[52] - within(get(w, HIT_X, i), 53))
        put(w, SPARE, i, P[57] + P[58] * get(w, SPARE_U, i))
        put(w, RANKING, i, triangular(get(w, RANKING_U, i), 61))
        put(w, LLM_SHARE, i, within(get(w, SHARE_X, i), 76))
        put(w, TOKENS, i, exp(P[80] + P[81] * tokens))
        put(w, LLM, i, within(get(w, LLM_X, i), 82))
        put(w, RETRIEVAL, i, within(get(w, RETRIEVAL_X, i), 89))


@row_function
def prices(w):
    for i in range(ROW):
        gpu, hot = get(w, GPU_Z, i), within(get(w, HOT_X, i), 137)
        hours = P[121] + P[122] * get(w, HOURS_X, i)
        experiment = P[134] + P[135] * get(w, EXPERIMENT_X, i)
        put(w, EGRESS, i, triangular(get(w, EGRESS_U, i), 96))
        put(w, GPU_PRICE, i, exp(P[109] + P[110] * gpu))
        put(w, BURST, i, P[112] + P[113] * get(w, BURST_U, i))
        put(w, CPU_PRICE, i, P[119] + P[120] * (P[117] * gpu + P[118] * get(w, CPU_Z, i)))
        put(w, TRAINING, i, get(w, RUNS_X, i) * hours * (P[124] + within(get(w, RESTART_X, i), 125)))
        put(w, EXPERIMENTS, i, get(w, EXPERIMENTS_X, i) * experiment)
        put(w, HOT, i, hot)
        put(w, COLD, i, P[146] - hot)
        put(w, SSD, i, within(get(w, SSD_X, i), 141))
        put(w, OBJECT, i, P[147] + P[148] * get(w, OBJECT_U, i))
        put(w, LABELS, i, (P[154] + P[155] * get(w, LABELS_Z, i)) * within(get(w, LABEL_X, i), 156))


@row_function
def people(w):
    for i in range(ROW):
        pay = get(w, ENGINEER_Z, i)
        operator = P[169] + P[170] * (P[167] * pay + P[168] * get(w, OPERATOR_Z, i))
        engineers = within(get(w, ENGINEERS_X, i), 161) * (P[165] + P[166] * pay)
        operators = get(w, OPERATORS_X, i) * operator
        level = P[10] + triangular(get(w, RAISE_U, i), 11)
        put(w, ENGINEERS, i, engineers)
        put(w, OPERATORS, i, operators)
        put(w, ENGINEERS_RAISED, i, engineers * level)
        put(w, OPERATORS_RAISED, i, operators * level)
        put(w, BONUS, i, (engineers + operators) * (P[171] + P[172] * get(w, BONUS_U, i)))
        put(w, LICENCES, i, within(get(w, LICENCES_X, i), 176))
        put(w, MIGRATION, i, triangular(get(w, MIGRATION_U, i), 183))
        put(w, LOSS, i, exp(P[192] + P[193] * get(w, LOSS_Z, i)))
        put(w, RULES, i, get(w, NEW_RULES_X, i) * (P[194] + P[195] * get(w, RULES_X, i)))


@row_function
def begin(k0, k1, first, w, tables):
    """Draw what is drawn once, and set the sums to nothing."""
    draw_once(k0, k1, first, w, tables)
    demand(w)
    prices(w)
    people(w)
    for row in range(SUMS):
        for i in range(ROW):
            put(w, SERVING_SUM + u64(row) * NEXT, i, 0.0)
    for i in range(ROW):
        put(w, TRAFFIC, i, 0.0)
