"""Sobol' points and latin hypercubes: the same bits on every back end, for any range, and each draw where the method puts it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from tests.places import RECOMMENDER, ROOT

from simcost.compile.builder import Builder
from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.draws.sampling import RANDOM, Sampling
from simcost_kernels.draws.sobol import points, scrambled
from simcost_kernels.saved_plan import from_json, to_json

FILES = [
    ROOT / "tests" / "acceptance" / "lognormal_sum_10.toml",
    pytest.param(RECOMMENDER, marks=pytest.mark.slow),  # half a minute to compile
    pytest.param(ROOT / "tests" / "acceptance" / "copulas.toml", marks=pytest.mark.slow),
]
METHODS = [Sampling("sobol", 16), Sampling("sobol", 32), Sampling("latin-hypercube", 16)]
RANGES = [(0, 5000), (65_531, 3001), (2**33 + 777, 300)]


def columns(kernel, first, n, seed=20270101):
    out = np.empty((kernel.plan.n_columns, n))
    kernel.run(seed, first, first + n, out)
    return out.view(np.int64)


@pytest.mark.parametrize("sampling", METHODS, ids=lambda each: f"{each.method}-{each.replicates}")
@pytest.mark.parametrize("path", FILES, ids=["lognormal_sum_10", "ecommerce_recommender", "copulas"])
def test_every_method_has_the_bits_of_the_reference(kernel_class, path, sampling):
    plan = replace(compile_scenario(load(path)).plan, sampling=sampling)
    kernel, reference = kernel_class(plan), ReferenceKernel(plan)
    for first, n in RANGES:
        assert np.array_equal(columns(kernel, first, n), columns(reference, first, n))


@pytest.mark.parametrize("sampling", METHODS[1:], ids=lambda each: each.method)
def test_ranges_and_pieces_of_any_size_join_to_the_same_columns(kernel_class, sampling):
    plan = uniforms_plan(sampling)
    kernel = kernel_class(plan)
    whole = columns(ReferenceKernel(plan, piece=999), 100, 4000)
    cuts = [100, 101, 256, 1000, 3333, 4100]
    parts = [columns(kernel, first, stop - first) for first, stop in pairwise(cuts)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


@pytest.mark.parametrize("sampling", METHODS[1:], ids=lambda each: each.method)
def test_scenarios_past_the_last_point_are_refused(kernel_class, sampling):
    kernel = kernel_class(uniforms_plan(sampling))
    columns(kernel, sampling.scenarios - 3, 3)
    with pytest.raises(ValueError, match="Use lower numbers"):
        columns(kernel, sampling.scenarios - 3, 4)


def uniforms_plan(sampling=RANDOM, horizon=26):
    """The plain uniforms of two draws for the run, two for each year and two for each month."""
    builder = Builder(horizon)
    for stream, persistence in enumerate(("month", "run", "year", "run", "year", "month"), start=70):
        uniform = builder.draw(stream, persistence)
        builder.output("month", f"{stream}", builder.op("add", uniform, builder.series([0.0] * horizon)), monthly=True)
    return replace(builder.finish(), sampling=sampling)


def test_draws_of_runs_and_years_are_sobols_and_those_of_months_a_hypercubes(kernel_class):
    n = 4096
    plans = [uniforms_plan(each) for each in METHODS[1:]]
    sobol, latin = (columns(kernel_class(plan), 0, n).view(np.float64).reshape(6, 26, n) for plan in plans)
    every = plans[0].dimensions()
    assert every == ((71, 0), (73, 0), *((stream, year) for year in range(3) for stream in (72, 74)))
    table = scrambled(20270101, every, 32)
    for stream, place in ((71, 1), (73, 3), (72, 2), (74, 4)):
        for month in (0, 11, 12, 25):
            period = month // 12 if stream in {72, 74} else 0
            assert np.array_equal(sobol[place, month], points(table, every.index((stream, period)), 0, n))
    for monthly in (0, 5):
        assert np.array_equal(sobol[monthly], latin[monthly])
    assert (np.sort((latin * 256).astype(int).reshape(6, 26, -1, 256)) == np.arange(256)).all()


def test_the_method_is_part_of_the_plan_and_random_ones_are_as_before():
    random, sobol, more = (uniforms_plan(each) for each in (RANDOM, *METHODS[:2]))
    assert random.digest != sobol.digest == more.digest  # a kernel serves any number of replicates
    assert len({plan.content_digest for plan in (random, sobol, more)}) == 3
    assert replace(sobol, sampling=RANDOM).digest == random.digest
    assert replace(random, sampling=Sampling("random", 32)).content_digest == random.content_digest


@pytest.mark.parametrize("sampling", [RANDOM, *METHODS], ids=lambda each: f"{each.method}-{each.replicates}")
def test_a_saved_plan_keeps_its_method(sampling):
    plan = uniforms_plan(sampling)
    again = from_json(to_json(plan))
    assert (again.sampling, again.content_digest) == (sampling, plan.content_digest)


@pytest.mark.parametrize("given", [("sobol", 8), ("halton", 16)])
def test_what_gives_no_interval_or_does_not_exist_is_refused(given):
    with pytest.raises(ValueError, match="Give one of"):
        Sampling(*given)
