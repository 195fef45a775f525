"""The ceiling with simcost's bits: a numba kernel by hand for scenarios/ecommerce_recommender.toml, its columns those of simcost.

``handwritten.py`` draws as it likes; this one keeps the contract: one Philox counter a draw, quantiles within 1e-15, IEEE
operations alone, sums in the order of the plan. It takes the primitives of `simcost_kernels` as one takes those of a library, and
does what a compiler that knows no model cannot:

* every number of the file is a constant; what is superfluous then (times 1, plus 0, a bound that always holds) is left out;
* two months go together: their normals share the vectors of their tails, their tables' lines are still in the cache;
* a choice by the month is a choice of the row that is added;
* sums of what is the same in every month are taken at the end, in registers, and nothing is summed that no column wants;
* the total and the categories are stored where they arise, in lines of memory that were asked for when the months began.
"""

from dataclasses import dataclass

import numpy as np
import same_bits_setup as s
from asked_lines import ask_row
from numpy_script import HOURS as CALENDAR
from same_bits_setup import ROW, STRIDE, ZERO, P, u64

from simcost.compile.cut import cut
from simcost_kernels.backends.cpu.bodies import BODIES, lane, row_function
from simcost_kernels.backends.cpu.draw_rows import draw_month_row
from simcost_kernels.backends.cpu.memory import get, put, put_out
from simcost_kernels.backends.cpu.normal_rows import centre_quantiles, gather_tails, put_tails, tail_quantiles
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.plan import Plan

MONTH, CUMULATIVE = u64(8), u64(20)
"""First columns of the months and of the cumulative months; before them the total and seven categories."""

NOISE, SPOT, LOAD, INCIDENT = s.streams("traffic_noise spot_price utilization incident")
HOURS = tuple(float(hours) for hours in CALENDAR)
JANUARY, FEBRUARY, MARCH, JUNE, JULY, NOVEMBER = 0, 1, 2, 5, 6, 10
EDGE = float(s.TABLES[s.INCIDENTS][0, 0])
exp, ceil = BODIES["exp"], BODIES["ceil"]
smooth_quantile_row, out_row = ROWS["smooth_quantile_row"], ROWS["out_row"]


@row_function
def draw_two_months(k0, k1, first, month, w, loads):
    """What an even month and the next one draw: four rows of normals at once."""
    draw_month_row(k0, k1, first, NOISE, month, w, s.UNIFORM, s.UNIFORM_NEXT)
    draw_month_row(k0, k1, first, SPOT, month, w, s.MORE, s.MORE_NEXT)
    tails = gather_tails(w, s.NOISE, s.UNIFORM, s.TAILS)
    tails = gather_tails(w, s.NOISE_NEXT, s.UNIFORM_NEXT, tails)
    tails = gather_tails(w, s.SPOT, s.MORE, tails)
    tails = gather_tails(w, s.SPOT_NEXT, s.MORE_NEXT, tails)
    tail_quantiles(w, s.TAILS, tails)
    centre_quantiles(w, s.NOISE, s.UNIFORM)
    centre_quantiles(w, s.NOISE_NEXT, s.UNIFORM_NEXT)
    centre_quantiles(w, s.SPOT, s.MORE)
    centre_quantiles(w, s.SPOT_NEXT, s.MORE_NEXT)
    put_tails(w, s.TAILS, tails)
    draw_month_row(k0, k1, first, LOAD, month, w, s.UNIFORM, s.UNIFORM_NEXT)
    smooth_quantile_row(w, s.LOAD, s.TAILS, s.UNIFORM, loads)
    smooth_quantile_row(w, s.LOAD_NEXT, s.TAILS, s.UNIFORM_NEXT, loads)
    draw_month_row(k0, k1, first, INCIDENT, month, w, s.INCIDENT, s.INCIDENT_NEXT)


@lane
def run_month(w, rows, hours, out, columns, first):
    """One month of 128 scenarios from the rows of what it draws, to two columns."""
    noise, spot, load, incident = rows
    month, cumulative = columns
    for i in range(ROW):
        noise_z = get(w, noise, i)
        users = get(w, s.USERS, i) * get(w, s.GROWTH, i)
        requests = users * get(w, s.PER_USER, i) * get(w, s.SEASON, i) * (P[24] + P[25] * noise_z)
        peak, spare = requests * get(w, s.PEAK, i), get(w, s.SPARE, i)
        stored = get(w, s.STORED, i) * get(w, s.STORED_GROWTH, i) + requests * get(w, s.LOG_SIZE, i) * hours / P[46]
        traffic = requests * get(w, s.RESPONSE, i) * hours / P[51]
        all_traffic = get(w, s.TRAFFIC, i) + traffic
        used = P[69] + P[70] * get(w, load, i)
        used = P[71] if used < P[71] else min(used, P[72])
        gpus = ceil(peak * get(w, s.MISSED, i) * spare / (get(w, s.RANKING, i) * used) / P[73] - P[74])
        gpus += ceil(peak * get(w, s.LLM_SHARE, i) * get(w, s.TOKENS, i) * spare / (get(w, s.LLM, i) * used) / P[86] - P[87])
        cores = ceil(peak * spare / (get(w, s.RETRIEVAL, i) * used) / P[93] - P[94])
        bill = (max(P[108], gpus)) * get(w, s.GPU_PRICE, i)
        more = gpus - P[108]
        serving = bill * hours
        burst = (max(0.0, more)) * get(w, s.BURST, i) * P[116] * hours
        cpu = cores * get(w, s.CPU_PRICE, i) * hours
        training = get(w, s.TRAINING, i) * exp(P[131] + P[132] * (P[129] * noise_z + P[130] * get(w, spot, i))) / P[133]
        ssd = stored * get(w, s.HOT, i) * get(w, s.SSD, i) * P[145]
        archive = stored * get(w, s.COLD, i) * get(w, s.OBJECT, i) * P[151]
        egress = traffic * (get(w, s.EGRESS, i) * (P[106] if all_traffic > P[105] else 1.0)) / P[152]
        support = P[181] * bill / P[182] * hours
        loss = get(w, s.LOSS, i) if get(w, incident, i) > EDGE else 0.0
        money = serving + burst + cpu + training + get(w, s.EXPERIMENTS, i) + ssd + archive + egress + P[153]
        money = money + get(w, s.LABELS, i) + P[160] + get(w, s.ENGINEERS_NOW, i) + get(w, s.OPERATORS_NOW, i)
        money = money + get(w, s.YEARLY_NOW, i) + support + get(w, s.MIGRATION_NOW, i) + loss + get(w, s.RULES_NOW, i)
        so_far = get(w, s.CUMULATIVE, i) + money
        put(w, s.USERS, i, users)
        put(w, s.STORED, i, stored)
        put(w, s.TRAFFIC, i, all_traffic)
        put(w, s.SERVING_SUM, i, get(w, s.SERVING_SUM, i) + serving)
        put(w, s.BURST_SUM, i, get(w, s.BURST_SUM, i) + burst)
        put(w, s.CPU_SUM, i, get(w, s.CPU_SUM, i) + cpu)
        put(w, s.TRAINING_SUM, i, get(w, s.TRAINING_SUM, i) + training)
        put(w, s.SSD_SUM, i, get(w, s.SSD_SUM, i) + ssd)
        put(w, s.OBJECT_SUM, i, get(w, s.OBJECT_SUM, i) + archive)
        put(w, s.EGRESS_SUM, i, get(w, s.EGRESS_SUM, i) + egress)
        put(w, s.SUPPORT_SUM, i, get(w, s.SUPPORT_SUM, i) + support)
        put(w, s.INCIDENT_SUM, i, get(w, s.INCIDENT_SUM, i) + loss)
        put(w, s.CUMULATIVE, i, so_far)
        put(w, s.MONEY, i, money)
    out_row(ROW, w, s.MONEY, out, month, first)
    out_row(ROW, w, s.CUMULATIVE, out, cumulative, first)


@row_function
def copy_row(w, target, source):
    for i in range(ROW):
        put(w, target, i, get(w, source, i))


@row_function
def choose_rows(w, month):
    """What a month chooses, where that is another than the month before: the payments of other months are a row of zeros."""
    if month in (JANUARY, FEBRUARY, MARCH, JUNE, JULY, NOVEMBER, NOVEMBER + 1):
        is_festival = month in (JUNE, NOVEMBER)
        copy_row(w, s.SEASON, s.FESTIVAL if is_festival else s.FEBRUARY if month == FEBRUARY else s.USUAL)
    if month in (JANUARY, MARCH + 1):
        copy_row(w, s.ENGINEERS_NOW, s.ENGINEERS if month == JANUARY else s.ENGINEERS_RAISED)
        copy_row(w, s.OPERATORS_NOW, s.OPERATORS if month == JANUARY else s.OPERATORS_RAISED)
    if month <= MARCH + 1:
        copy_row(w, s.YEARLY_NOW, s.BONUS if month == FEBRUARY else s.LICENCES if month == MARCH else s.NOTHING)
    if month <= FEBRUARY:
        copy_row(w, s.MIGRATION_NOW, s.MIGRATION if month == JANUARY else s.NOTHING)
    if month in (JANUARY, JULY, JULY + 1):
        copy_row(w, s.RULES_NOW, s.RULES if month == JULY else s.NOTHING)


@lane
def twelve_times(x):
    """Sum of twelve equal numbers, as they are added month by month."""
    total = x
    for _ in range(11):
        total += x
    return total


@lane
def raised_in_april(before, after):
    total = before + before + before
    for _ in range(9):
        total += after
    return total


@row_function
def end(w, out, first):
    """The total and the categories."""
    for i in range(ROW):
        staff = raised_in_april(get(w, s.ENGINEERS, i), get(w, s.ENGINEERS_RAISED, i))
        staff += raised_in_april(get(w, s.OPERATORS, i), get(w, s.OPERATORS_RAISED, i))
        compute = get(w, s.SERVING_SUM, i) + get(w, s.BURST_SUM, i) + get(w, s.CPU_SUM, i) + get(w, s.TRAINING_SUM, i)
        data = twelve_times(get(w, s.EXPERIMENTS, i)) + twelve_times(get(w, s.LABELS, i)) + P[208]
        running = get(w, s.LICENCES, i) + get(w, s.SUPPORT_SUM, i) + get(w, s.MIGRATION, i)
        put_out(out, u64(0), first + i, get(w, s.CUMULATIVE, i))
        put_out(out, u64(1), first + i, compute)
        put_out(out, u64(2), first + i, data)
        put_out(out, u64(3), first + i, get(w, s.SSD_SUM, i) + get(w, s.OBJECT_SUM, i))
        put_out(out, u64(4), first + i, get(w, s.EGRESS_SUM, i) + P[206])
        put_out(out, u64(5), first + i, staff + get(w, s.BONUS, i))
        put_out(out, u64(6), first + i, running)
        put_out(out, u64(7), first + i, get(w, s.INCIDENT_SUM, i) + get(w, s.RULES, i))


@row_function
def simulate(k0, k1, first, n, tables, out):
    """Fill out (32, n) with the columns of n scenarios, a multiple of 128."""
    w = np.empty(s.SCRATCH + 8)
    w[: 3 * STRIDE] = 0.0
    for i in range(ROW):
        put(w, s.USUAL, i, 1.0)
        put(w, s.FEBRUARY, i, 0.85)
    for done in range(ZERO, n, ROW):
        for column in range(ZERO, MONTH):
            ask_row(ROW, out, column, done)
        s.begin(k0, k1, first + done, w, tables)
        for month in range(0, 12, 2):
            draw_two_months(k0, k1, first + done, u64(month), w, tables[s.LOADS])
            choose_rows(w, month)
            columns = MONTH + u64(month), CUMULATIVE + u64(month)
            run_month(w, (s.NOISE, s.SPOT, s.LOAD, s.INCIDENT), HOURS[month], out, columns, done)
            choose_rows(w, month + 1)
            columns = MONTH + u64(month + 1), CUMULATIVE + u64(month + 1)
            run_month(w, (s.NOISE_NEXT, s.SPOT_NEXT, s.LOAD_NEXT, s.INCIDENT_NEXT), HOURS[month + 1], out, columns, done)
        end(w, out, done)


@dataclass(frozen=True)
class SameBits:
    """Called as simcost's kernels are."""

    plan: Plan

    def run(self, seed, start, stop, out):
        """Fill out with the columns of scenarios ``start`` to ``stop``, a multiple of 128 of them."""
        key = u64(seed & 0xFFFFFFFF), u64(seed >> 32)
        simulate(*key, u64(start), u64(stop - start), s.TABLES, out)


KERNEL = SameBits(cut(s.PLAN, ("total", "category", "month", "cumulative")))
"""With the plan whose columns it gives."""
