"""Variants of a plan run together: what they share is done once, and every one has the bits that it has alone."""

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest
from tests.backends.small_plans import SEED, columns_of, entangled_plan, small_plan
from tests.places import SCENARIOS

from simcost import api
from simcost.compile.builder import Builder
from simcost.compile.cut import cut
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.bands import Band
from simcost.engine.joint import Kept, _groups, run_jointly
from simcost.engine.spans import Span
from simcost_kernels.backends import reference_batch
from simcost_kernels.backends.cpu.interpreter_kernel import InterpreterKernel
from simcost_kernels.backends.cpu.kernel import CpuKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.interpreter import variant_programs
from simcost_kernels.interpreter.forward_slice import Uses, changed
from simcost_kernels.interpreter.variant_programs import programs

BAND = Band(0.2, 0.5)


def guarded_plan(horizon=26):
    """A correlated pair, an input of each year and one of each month, all with numbers of their own; what each is goes on."""
    builder = Builder(horizon)

    def lognormal(stream, persistence, mean, sd, score=None):
        score = score or builder.op("normal_quantile", builder.draw(stream, persistence))
        scaled = builder.op("mul", score, builder.number(sd))
        return score, builder.op("exp", builder.op("add", scaled, builder.number(mean)))

    first, price = lognormal(1, "run", 0.5, 0.25)
    second, _ = lognormal(2, "run", 0.0, 1.0)
    mixed = builder.op("add", builder.op("mul", first, builder.number(0.6)), builder.op("mul", second, builder.number(0.8)))
    _, size = lognormal(2, "run", 1.5, 0.125, mixed)
    _, growth = lognormal(3, "year", 0.01, 0.02)
    _, noise = lognormal(4, "month", -0.5, 0.375)
    users = builder.state(size)
    grown = builder.op("mul", users, builder.op("min", growth, builder.number(1.02)))
    builder.carry(users, grown)
    total = builder.state(builder.number(0.0))
    cost = builder.op("mul", builder.op("mul", price, grown), builder.op("pow", noise, builder.number(1.5)))
    builder.carry(total, builder.op("add", total, cost))
    builder.output("month", "", cost, monthly=True)
    builder.output("noise", "", noise, monthly=True)
    builder.output("price", "", price)
    builder.output("total", "", total)
    return builder.finish()


def varied(plan, count=7, seed=3):
    """Variants of a plan: in each some of its numbers are a little larger, in one all are, in one none."""
    random, numbers = np.random.default_rng(seed), np.array(plan.parameters)
    moved = random.random((count, len(numbers))) < 0.1
    moved[2], moved[3] = True, False
    return [tuple(np.where(each, numbers * (1 + 2**-10), numbers).tolist()) for each in moved]


def together(plan, variants, first, n, kernel=InterpreterKernel):
    origin, kept = kernel(plan), Kept()
    run_jointly([origin, *map(origin.varied, variants)], Span(SEED, first, n), [kept])
    return kept.columns()


def alone(plan, variants, first, n, kernel_class):
    plans = [plan, *(replace(plan, parameters=each) for each in variants)]
    return np.concatenate([columns_of(kernel_class, each, first, n) for each in plans])


@pytest.mark.parametrize("kernel", [InterpreterKernel, ReferenceKernel])
@pytest.mark.parametrize("method", ["random", "sobol", "latin-hypercube"])
@pytest.mark.parametrize("plan", [small_plan(), entangled_plan(30), guarded_plan()], ids=["small", "entangled", "guarded"])
def test_variants_have_the_bits_that_each_has_alone(plan, method, kernel):
    plan = replace(plan, sampling=Sampling(method))
    variants = varied(plan)
    found = together(plan, variants, 70, 1_001, kernel)
    assert found.tobytes() == alone(plan, variants, 70, 1_001, ReferenceKernel).tobytes()


def banded(file, **how):
    plan = compile_banded(api.load(SCENARIOS / file), **how)
    inputs = list(plan.streams)
    return plan.plan, [plan.banded({name: BAND}).parameters for name in (*inputs[:9], *inputs[-3:])]


def test_moved_inputs_have_the_bits_of_the_reference():
    plan, variants = banded("ecommerce_recommender.toml")
    wanted = alone(plan, variants, 0, 3_000, ReferenceKernel).tobytes()
    assert together(plan, variants, 0, 3_000).tobytes() == wanted
    assert together(plan, variants, 0, 3_000, ReferenceKernel).tobytes() == wanted


def test_what_is_kept_of_a_piece_bounds_its_size_and_changes_no_bit(monkeypatch):
    plan = guarded_plan(60)
    monkeypatch.setattr(reference_batch, "MOST_KEPT", 20_000)
    assert reference_batch.Batch(ReferenceKernel(plan), varied(plan))._piece == 256
    found = together(plan, varied(plan), 0, 1_001, ReferenceKernel)
    assert found.tobytes() == alone(plan, varied(plan), 0, 1_001, ReferenceKernel).tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(path.name for path in SCENARIOS.glob("*.toml")))
def test_moved_inputs_of_the_library_have_the_bits_that_they_have_alone(file):
    plan, variants = banded(file)
    assert together(plan, variants, 300, 3_000).tobytes() == alone(plan, variants, 300, 3_000, CpuKernel).tobytes()
    whole = cut(api.compile(SCENARIOS / file).plan, ("total", "category", "month"))
    variants = varied(whole, 12)
    assert together(whole, variants, 0, 3_000).tobytes() == alone(whole, variants, 0, 3_000, CpuKernel).tobytes()


@pytest.mark.parametrize("kernel", [InterpreterKernel, ReferenceKernel])
def test_a_variant_whose_numbers_reach_nothing_is_the_first_one_again(monkeypatch, kernel):
    """The tests above would see it if something were left as it is that a variant changes."""
    plan = guarded_plan()
    monkeypatch.setattr(variant_programs, "changed", lambda parameters: [np.array([], dtype=np.int64)] * len(parameters))
    variants = varied(plan)
    first, *others = np.split(together(plan, variants, 0, 500, kernel), len(variants) + 1)
    assert all(other.tobytes() == first.tobytes() for other in others)
    assert first.tobytes() == columns_of(ReferenceKernel, plan, 0, 500).tobytes()


@pytest.mark.parametrize("kernel", [InterpreterKernel, ReferenceKernel])
@pytest.mark.parametrize("lines", [2, 3, 4, 5, 8, 9, 15, 16, 31])
def test_a_chain_of_additions_is_one_line_of_a_program_and_has_its_bits(lines, kernel):
    """In each variant another addend changes, and in the last ones what is subtracted in the midst, or all."""
    builder = Builder(5)
    prices = [builder.op("mul", builder.draw(stream, "month"), builder.number(1.5)) for stream in range(1, lines + 1)]
    first, second = (reduce(lambda one, other: builder.op("add", one, other), part) for part in (prices, prices[::-1]))
    total = builder.state(builder.number(0.0))
    builder.carry(total, builder.op("add", total, builder.op("add", first, builder.op("mul", second, builder.number(-0.25)))))
    builder.output("total", "", total)
    plan = builder.finish()
    moved = np.array(plan.parameters) * 1.0625
    variants = [tuple(np.where(np.arange(len(moved)) == i, moved, plan.parameters).tolist()) for i in range(len(moved))]
    found = together(plan, [*variants, tuple(moved.tolist())], 70, 300, kernel)
    assert found.tobytes() == alone(plan, [*variants, tuple(moved.tolist())], 70, 300, ReferenceKernel).tobytes()
    months = [len(model["month"]) for model in programs(plan, [plan.parameters, *variants]).models]
    assert max(months[1:]) <= 6  # the product, two sums, their difference, the total, and what carries it on


def test_only_neighbours_of_one_origin_are_run_together():
    plan = guarded_plan()
    variants, kept, other = varied(plan), Kept(), small_plan()
    origin, another = InterpreterKernel(plan), InterpreterKernel(plan)
    kernels = [origin, origin.varied(variants[0]), InterpreterKernel(other), another, CpuKernel(plan), origin.varied(variants[1])]
    run_jointly(kernels, Span(SEED, 0, 400, 2), [kept, again := Kept()])
    plans = [plan, replace(plan, parameters=variants[0]), other, plan, plan, replace(plan, parameters=variants[1])]
    alone = np.concatenate([columns_of(ReferenceKernel, each, 0, 400) for each in plans])
    assert kept.columns([again]).tobytes() == alone.tobytes()
    assert [len(group.ends) for group in _groups(kernels)] == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("kernel", [InterpreterKernel, ReferenceKernel])
def test_variants_of_a_number_alone_are_their_numbers(kernel):
    builder = Builder(3)
    builder.output("total", "", builder.number(50.0))
    assert together(builder.finish(), [(60.0,)], 0, 200, kernel).tolist() == [[50.0] * 200, [60.0] * 200]


def test_what_parameters_reach_is_told_by_hand():
    builder = Builder(3)
    low, high, rate = builder.number(2.0), builder.number(3.0), builder.number(0.5)
    price = builder.op("mul", builder.draw(1, "run"), low)  # v1
    size = builder.op("mul", builder.draw(2, "run"), high)  # v3
    stock, total = builder.state(size), builder.state(builder.number(0.0))
    builder.carry(stock, builder.op("mul", stock, rate))
    builder.carry(total, builder.op("add", total, builder.op("mul", stock, price)))
    builder.output("total", "", total)
    plan = builder.finish()
    names = {step: number for steps in plan.numbered().values() for number, step in steps.items()}
    own = {plan.parameters.index(value): value for value in (2.0, 3.0, 0.5)}
    assert sorted(own.values()) == [0.5, 2.0, 3.0]
    priced, sized, decayed = (
        Uses(plan).forward_slice([number]) for number in sorted(own, key=lambda number: [2.0, 3.0, 0.5].index(own[number]))
    )
    adding = next(number for step, number in names.items() if step.op == "add")
    assert (len(priced.steps), priced.states) == (3, (1,))  # the price, the cost, the sum
    assert (len(sized.steps), sized.states) == (4, (0, 1))  # the size, what is left of it, the cost, the sum
    assert (len(decayed.steps), decayed.states) == (3, (0, 1))
    assert adding in set(priced.steps) & set(sized.steps) & set(decayed.steps)
    assert Uses(plan).forward_slice([]).steps == ()


def test_few_steps_of_a_large_model_depend_on_an_input_that_moves():
    plan, variants = banded("ecommerce_recommender.toml")
    sizes = [len(Uses(plan).forward_slice(numbers.tolist()).steps) for numbers in changed([plan.parameters, *variants])]
    assert sizes[0] == 0
    assert min(sizes[1:]) >= 1
    assert sorted(sizes)[len(sizes) // 2] < plan.n_steps / 4
