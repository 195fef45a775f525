"""What a kernel makes of a plan, on every back end."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from tests.backends.small_plans import SEED, A, B, C, columns_of, entangled_plan, small_plan

from simcost.compile.builder import Builder
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.codegen.lanes import Schedule
from simcost_kernels.draws.random_draws import uniforms
from simcost_kernels.functions import elementary
from simcost_kernels.plan import ARITY, PlanError


def test_a_kernel_equals_the_plain_loop(kernel_class):
    n, horizon = 500, 26
    out = columns_of(kernel_class, small_plan(horizon), 1000, n)
    price = elementary.exp(elementary.normal_quantile(uniforms(SEED, A, 0, 1000, n)))
    stock = np.full(n, 2.0)
    for month in range(horizon):
        stock = stock * 0.5 + uniforms(SEED, B, month // 12, 1000, n) * uniforms(SEED, C, month, 1000, n)
        assert np.array_equal(out[month], price * stock * (700.0 + month))
    assert np.array_equal(out[horizon], stock)


def test_a_state_is_overwritten_in_place_only_if_nobody_wants_its_old_value(kernel_class):
    n, horizon = 300, 20
    plan = entangled_plan(horizon)
    assert set(Schedule(plan).in_place) == {f"s{plan.state.index(next(s for s in plan.state if s.next == _sum(plan)))}"}
    out = columns_of(kernel_class, plan, 1000, n)
    larger, smaller, stock, total = 1.0, 0.0, np.full(n, 0.25), np.zeros(n)
    for month in range(horizon):
        filled = stock * 0.5 + uniforms(SEED, A, month, 1000, n) * 0.25
        late = elementary.normal_quantile(filled) + stock
        total += late
        larger, smaller, stock = larger + smaller, larger, filled
        assert np.array_equal(out[month], late)
    assert np.array_equal(out[horizon], total)
    assert np.all(out[horizon + 1] == smaller)


def _sum(plan):
    """The last value of a month: the running sum."""
    return f"v{len(plan.setup) + len(plan.year) + len(plan.month) - 1}"


@pytest.mark.parametrize("piece", [1, 7, 1000, 65536])
def test_the_size_of_a_piece_changes_no_bit(kernel_class, piece):
    plan, n = small_plan(), min(300 * piece, 2000)
    assert np.array_equal(columns_of(kernel_class, plan, 5, n, piece=piece), columns_of(kernel_class, plan, 5, n))


def test_ranges_join_without_a_seam_across_two_to_the_32(kernel_class):
    plan = small_plan()
    first = 2**32 - 700
    whole = columns_of(kernel_class, plan, first, 1500)
    parts = [columns_of(kernel_class, plan, first + start, n) for start, n in ((0, 123), (123, 900), (1023, 477))]
    assert np.array_equal(whole, np.concatenate(parts, axis=1))


def test_a_seed_of_64_bits_is_used_whole(kernel_class):
    plan = small_plan()
    kernel = kernel_class(plan)
    outs = [np.empty((plan.n_columns, 10)) for _ in range(3)]
    for seed, out in zip((1, 1 + 2**32, 1 + 2**63), outs, strict=True):
        kernel.run(seed, 0, 10, out)
    assert not np.array_equal(outs[0], outs[1])
    assert not np.array_equal(outs[0], outs[2])


CASES = [
    ("add", (2.0, 3.0), 5.0), ("sub", (2.0, 3.0), -1.0), ("mul", (2.0, 3.0), 6.0), ("div", (3.0, 2.0), 1.5),
    ("neg", (2.0,), -2.0), ("abs", (-2.5,), 2.5), ("min", (2.0, 3.0), 2.0), ("max", (2.0, 3.0), 3.0),
    ("floor", (-2.5,), -3.0), ("ceil", (2.1,), 3.0), ("round", (2.5,), 2.0), ("round", (3.5,), 4.0),
    ("sqrt", (9.0,), 3.0), ("exp", (0.0,), 1.0), ("log", (1.0,), 0.0), ("pow", (2.0, 10.0), 1024.0),
    ("lt", (1.0, 2.0), 1.0), ("lt", (2.0, 2.0), 0.0), ("le", (2.0, 2.0), 1.0), ("eq", (2.0, 2.0), 1.0),
    ("and", (2.0, 0.0), 0.0), ("and", (2.0, -1.0), 1.0), ("or", (0.0, 3.0), 1.0), ("or", (0.0, 0.0), 0.0),
    ("not", (0.0,), 1.0), ("not", (5.0,), 0.0), ("where", (1.0, 2.0, 3.0), 2.0),
    ("where", (0.0, 2.0, 3.0), 3.0), ("binomial_quantile", (0.5, 10.0, 0.3), 3.0), ("binomial_quantile", (0.5, 1e4, 0.5), 5e3),
]  # fmt: skip


def test_every_operation_means_the_same_certain_and_random(kernel_class):
    """Certain operands are calculated by the builder; behind a draw (times zero) by the kernel."""
    builder = Builder(1)
    zero = builder.op("mul", builder.draw(A, "run"), builder.number(0.0))
    for op, operands, _ in CASES:
        numbers = [builder.number(value) for value in operands]
        builder.output("total", f"certain {op}", builder.op(op, *numbers))
        builder.output("total", f"random {op}", builder.op(op, *(builder.op("add", zero, number) for number in numbers)))
    out = columns_of(kernel_class, builder.finish(), 0, 3)
    wanted = np.repeat([result for *_, result in CASES], 2)
    assert out == pytest.approx(np.tile(wanted[:, None], 3), rel=1e-15)


# Numerators and denominators: both zeros, the smallest and the largest, both infinities, NaN.
SPECIAL = [(x, 1.0) for x in (0.0, -0.0, 1.0, -2.5, 0.5, 3.0, 5e-324, 1e308, -1e308)] + [(x, 0.0) for x in (1.0, -1.0, 0.0)]
OF_NUMBERS = [op for op in ARITY if op != "draw" and not op.endswith("_quantile")]


BOUNDS = (0.0, -0.0, 1.0, 5e-324, 1e308, -1e308)
"""Second operands of `min` and `max` that are parameters: compiled texts compare with those in another way."""


def special_plan():
    """Both operands and every operation of them, a month for each pair of special values; behind a draw: so kernels calculate."""
    pairs = list(product(SPECIAL, repeat=2))
    builder = Builder(len(pairs))
    one = builder.op("add", builder.op("mul", builder.draw(A, "run"), builder.number(0.0)), builder.number(1.0))

    def operand(place):
        above, below = zip(*(pair[place] for pair in pairs), strict=True)
        return builder.op("div", builder.op("mul", one, builder.series(above)), builder.series(below))

    operands = (operand(0), operand(1), one)
    for values in operands[:2]:
        builder.output("month", "operand", values, monthly=True)
    for op in OF_NUMBERS:
        builder.output("month", op, builder.op(op, *operands[: ARITY[op]]), monthly=True)
    for op, bound in product(("min", "max"), BOUNDS):
        builder.output("month", f"{op} by {bound}", builder.op(op, operands[0], builder.number(bound)), monthly=True)
    return builder.finish(), pairs


def test_special_values_give_the_bits_of_the_reference(kernel_class):
    """Every pair of zeros, infinities, NaN, the largest and the smallest: the same bits, but for the payload of a NaN."""
    plan, pairs = special_plan()
    out, reference = (bits_but_of_nan(columns_of(each, plan, 0, 2)) for each in (kernel_class, ReferenceKernel))
    with np.errstate(all="ignore"):
        given = bits_but_of_nan(np.array([[np.divide(*each) for each in pair] for pair in pairs]).T.ravel())
    assert np.array_equal(reference[: len(given), 0], given)  # the plan has these very values
    labels = [f"{group} {label} of pair {month}" for group, label, month in plan.columns()]
    assert [label for label, ours, theirs in zip(labels, out, reference, strict=True) if not np.array_equal(ours, theirs)] == []


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_parameters_that_are_not_finite_are_refused_wherever_they_come_from(kernel_class, bad):
    plan = small_plan()
    parameters = (bad, *plan.parameters[1:])
    with pytest.raises(PlanError, match="not finite"):
        kernel_class(replace(plan, parameters=parameters))
    with pytest.raises(PlanError, match="not finite"):
        kernel_class(plan).varied(parameters)


def bits_but_of_nan(values):
    return np.where(np.isnan(values), 7.0, values).view(np.int64)


def test_special_binomial_arguments_give_the_bits_of_the_reference(kernel_class):
    builder = Builder(1)
    zero = builder.op("mul", builder.draw(A, "run"), builder.number(0.0))
    huge = builder.op("mul", builder.op("add", zero, builder.number(1e308)), builder.number(1e10))
    undefined = builder.op("div", zero, zero)
    half, ten = (builder.op("add", zero, builder.number(x)) for x in (0.5, 10.0))
    for arguments in ((undefined, ten, half), (half, undefined, half), (half, huge, zero), (half, huge, half), (huge, ten, half)):
        builder.output("total", "", builder.op("binomial_quantile", *arguments))
    plan = builder.finish()
    out, reference = columns_of(kernel_class, plan, 0, 2), columns_of(ReferenceKernel, plan, 0, 2)
    assert np.array_equal(np.nan_to_num(out, nan=7.5), np.nan_to_num(reference, nan=7.5))
    assert np.isnan(reference[:2]).all()


def test_binomial_counts_have_the_bits_of_the_reference(kernel_class):
    """Headcounts of a few and of many, chances near 0, near 1 and between: three random arguments."""
    builder = Builder(24)
    u, size, chance = builder.draw(A, "month"), builder.draw(B, "run"), builder.draw(C, "month")
    for most, power in ((30.0, 4.0), (3000.0, 1.0), (1e6, 2.0)):
        trials = builder.op("mul", size, builder.number(most))
        count = builder.op("binomial_quantile", u, trials, builder.op("pow", chance, builder.number(power)))
        builder.output("month", "", count, monthly=True)
        builder.output("month", "", builder.op("binomial_quantile", u, builder.number(most), chance), monthly=True)
    plan = builder.finish()
    out, reference = columns_of(kernel_class, plan, 3, 3000), columns_of(ReferenceKernel, plan, 3, 3000)
    assert np.array_equal(out.view(np.int64), reference.view(np.int64))
    assert np.ptp(out) > 900_000
