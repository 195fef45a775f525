"""Which plans share a kernel: those that differ in their parameters alone, whatever stands between them."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from simcost.engine.preparation.alike import shared_kernels
from simcost_kernels.plan import Output, Plan, Step, Table

TABLE = Table("step", np.array([[0.5, 1.0], [2.0, 3.0]]))
PLAN = Plan(
    parameters=(1.0,),
    calendar=((700.0,),),
    tables=(TABLE,),
    streams=(1,),
    setup=(Step("draw", ("d0",)), Step("mul", ("v0", "p0"))),
    year=(),
    month=(),
    final=(),
    state=(),
    outputs=(Output("total", "", "v1", monthly=False),),
    horizon=1,
)


def made_of(plans):
    """Which plans a kernel was made for, and the kernels of all."""
    made = []

    def make(plan):
        made.append(plan)
        kernel = SimpleNamespace(plan=plan, first=plan)
        kernel.varied = lambda parameters: SimpleNamespace(plan=replace(plan, parameters=parameters), first=plan)
        return kernel

    return made, list(shared_kernels(plans, make))


def test_plans_with_other_parameters_are_variants_of_the_first_of_their_kind():
    other = replace(PLAN, setup=(Step("draw", ("d0",)), Step("add", ("v0", "p0"))))
    plans = [PLAN, other, replace(PLAN, parameters=(2.0,)), replace(other, parameters=(3.0,))]
    made, kernels = made_of(plans)
    assert made == [PLAN, other]
    assert [kernel.first for kernel in kernels] == [PLAN, other, PLAN, other]
    assert [kernel.plan.parameters for kernel in kernels] == [(1.0,), (1.0,), (2.0,), (3.0,)]


def test_another_table_calendar_stream_or_label_has_a_kernel_of_its_own():
    plans = [
        PLAN,
        replace(PLAN, tables=(Table("step", TABLE.data + 1.0),)),
        replace(PLAN, calendar=((699.0,),)),
        replace(PLAN, streams=(2,)),
        replace(PLAN, outputs=(Output("line", "x", "v1", monthly=False),)),
    ]
    assert len({plan.digest for plan in plans}) == 1
    made, _ = made_of(plans)
    assert made == plans


def test_an_equal_table_at_another_place_is_shared():
    made, _ = made_of([PLAN, replace(PLAN, tables=(Table("step", TABLE.data.copy()),), parameters=(5.0,))])
    assert made == [PLAN]


def test_what_cannot_be_made_for_one_plan_is_asked_for_again_for_the_next():
    answers = iter([None, SimpleNamespace(plan=PLAN)])
    assert [kernel and kernel.plan for kernel in shared_kernels([PLAN, PLAN], lambda _: next(answers))] == [None, PLAN]
