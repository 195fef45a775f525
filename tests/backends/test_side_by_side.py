"""Plans side by side on every back end: the bits of each by itself, and one compiled function for one structure."""

from dataclasses import replace

import numpy as np
import pytest
from tests.backends.small_plans import SEED, columns_of, small_plan

from simcost.compile.cut import cut
from simcost.engine import each
from simcost.engine.each import simulate_each
from simcost.engine.joint import run_jointly
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels.backends.cpu import CpuKernel
from simcost_kernels.draws.sampling import Sampling


class Kept:
    def add(self, start, columns):
        del start
        self.columns = [column.copy() for column in columns]


def variants():
    plan = cut(small_plan(), ("total",))
    return plan, replace(plan, parameters=tuple(1.5 * number for number in plan.parameters))


def test_columns_side_by_side_have_the_bits_of_each_plan_alone(kernel_class):
    kept, n = Kept(), 700
    run_jointly([kernel_class(plan) for plan in variants()], Span(SEED, 1000, n), [kept])
    for plan, found in zip(variants(), kept.columns, strict=True):
        assert np.array_equal(found, columns_of(kernel_class, plan, 1000, n))
    assert not np.array_equal(*kept.columns)


@pytest.mark.parametrize("most", [each.MOST_NUMBERS, 1])
@pytest.mark.parametrize("method", ["random", "sobol"])
def test_summaries_side_by_side_have_the_bits_of_each_plan_alone(monkeypatch, kernel_class, most, method):
    monkeypatch.setattr(each, "MOST_NUMBERS", most)
    first, scaled = (replace(plan, sampling=Sampling(method)) for plan in variants())
    wider = replace(small_plan(), sampling=Sampling(method))
    one = kernel_class(first)
    kernels, span = (one, one.varied(scaled.parameters), kernel_class(wider)), Span(SEED, 0, 140_000, 2)
    found = [summary.digest() for summary in simulate_each(kernels, span)]
    assert found == [simulate(kernel_class(plan), span).digest() for plan in (first, scaled, wider)]
    assert len(set(found)) == len(found)


def test_plans_that_differ_in_numbers_alone_share_one_compiled_function():
    first, second = map(CpuKernel, variants())
    assert first._function is second._function
