"""Variants of a plan run together: what they share is done once, and every one has the bits that it has alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.backends.small_plans import SEED, columns_of, entangled_plan, small_plan

from simcost import api
from simcost.compile.builder import Builder
from simcost.compile.cut import cut
from simcost.compile.studies.banded import compile_banded
from simcost.compile.studies.bands import Band
from simcost.engine.joint import Kept, _groups, run_jointly
from simcost.engine.spans import Span
from simcost_kernels.backends import reference
from simcost_kernels.backends.cpu.kernel import CpuKernel
from simcost_kernels.backends.cpu.variant_kernel import VariantKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.guards import guards, to_enter
from simcost_kernels.sampling import Sampling

SCENARIOS = Path(__file__).parents[2] / "scenarios"
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


def together(plan, variants, first, n, kernel=VariantKernel):
    origin, kept = kernel(plan), Kept()
    run_jointly([origin, *map(origin.varied, variants)], Span(SEED, first, n), [kept])
    return kept.columns()


def alone(plan, variants, first, n, kernel_class):
    plans = [plan, *(replace(plan, parameters=each) for each in variants)]
    return np.concatenate([columns_of(kernel_class, each, first, n) for each in plans])


@pytest.mark.parametrize("kernel", [VariantKernel, ReferenceKernel])
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
    monkeypatch.setattr(reference, "MOST_KEPT", 20_000)
    assert reference.Variants(ReferenceKernel(plan), varied(plan))._piece == 256
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


@pytest.mark.parametrize(("kernel", "module"), [(VariantKernel, "cpu.variant_kernel"), (ReferenceKernel, "reference")])
def test_a_guard_that_is_not_entered_keeps_the_values_of_the_variant_before(monkeypatch, kernel, module):
    """The tests above would see it if something were kept that a variant changes."""
    plan = guarded_plan()
    variants = varied(plan)

    def only_the_first(guards, parameters):
        entered = to_enter(guards, parameters)
        entered[1:] = False
        return entered

    monkeypatch.setattr(f"simcost_kernels.backends.{module}.to_enter", only_the_first)
    found = together(plan, variants, 0, 500, kernel)
    assert found.tobytes() != alone(plan, variants, 0, 500, ReferenceKernel).tobytes()


def test_only_neighbours_of_one_origin_are_run_together():
    plan = guarded_plan()
    variants, kept, other = varied(plan), Kept(), small_plan()
    origin, another = VariantKernel(plan), VariantKernel(plan)
    kernels = [origin, origin.varied(variants[0]), VariantKernel(other), another, CpuKernel(plan), origin.varied(variants[1])]
    run_jointly(kernels, Span(SEED, 0, 400, 2), [kept, again := Kept()])
    plans = [plan, replace(plan, parameters=variants[0]), other, plan, plan, replace(plan, parameters=variants[1])]
    alone = np.concatenate([columns_of(ReferenceKernel, each, 0, 400) for each in plans])
    assert kept.columns([again]).tobytes() == alone.tobytes()
    assert [len(group.ends) for group in _groups(kernels)] == [2, 1, 1, 1, 1]


def test_an_input_that_moves_enters_its_own_guards_alone():
    plan, variants = banded("ecommerce_recommender.toml")
    entered = to_enter(guards(plan), np.array([plan.parameters, *variants]))
    assert entered[0].all()
    assert entered[1:].sum(axis=1).min() >= 1
    assert entered[1:].sum(axis=1).max() <= 8  # its own and that of the input moved before, each with those it is correlated with


def test_a_guard_comes_after_those_whose_values_it_uses():
    for plan in (small_plan(), guarded_plan(), banded("three_regions.toml")[0]):
        done, steps = set(), dict(enumerate((*plan.setup, *plan.year, *plan.month)))
        for guard in guards(plan):
            for number in guard.steps:
                assert done.issuperset(steps[number].values())
                assert not any(argument[0] == "s" for argument in steps[number].args)
                done.add(number)
        heavy = {number for number, step in steps.items() if step.op == "draw"}
        assert heavy <= done
