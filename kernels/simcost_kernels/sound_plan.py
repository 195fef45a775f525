"""Whether a plan is sound: order, arity and names of its steps, before any back end runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.plan import ARITY, SECTIONS, PlanError

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan, Step


def verify(plan: Plan) -> None:
    """Check order, arity and names before any back end runs the plan.

    Raises
    ------
    PlanError
        On the first contradiction; it is a bug or a damaged file.
    """
    _verify_data(plan)
    defined = {f"p{i}" for i in range(len(plan.parameters))}
    number, setup_values = 0, set[str]()
    for section in SECTIONS:
        seen = defined | ({f"c{i}" for i in range(len(plan.calendar))} if section in ("year", "month") else set())
        seen |= {f"s{i}" for i in range(len(plan.state))} if section in ("month", "final") else set()
        local: set[str] = set()
        for step in getattr(plan, section):
            _verify_step(plan, section, number, step, seen | local)
            local.add(f"v{number}")
            number += 1
        if section == "setup":
            setup_values = local
        if section in ("setup", "year"):
            defined |= local
        elif section == "month":
            _verify_month_ends(plan, seen | local, defined, setup_values)
        else:
            _verify_final_outputs(plan, seen | local)


def _verify_data(plan: Plan) -> None:
    if plan.horizon < 1:
        _refuse(plan, f"a horizon of {plan.horizon} months")
    if not all(np.isfinite(value) for value in plan.parameters):
        _refuse(plan, "a parameter that is not finite")
    if any(len(series) != plan.horizon for series in plan.calendar):
        _refuse(plan, "a calendar series of another length than the horizon")
    if len(set(plan.streams)) != len(plan.streams) or any(not 0 <= stream < 2**32 for stream in plan.streams):
        _refuse(plan, "a stream id twice, or out of 32 bits")


def _verify_step(plan: Plan, section: str, number: int, step: Step, known: set[str]) -> None:
    where = f"step v{number} of {section} ({step.op} {' '.join(step.args)})"
    if step.op not in ARITY:
        _refuse(plan, f"{where}: no such operation")
    if len(step.args) != ARITY[step.op]:
        _refuse(plan, f"{where}: {ARITY[step.op]} operands wanted")
    if step.op == "draw":
        known = {f"d{i}" for i in range(len(plan.streams))} if section != "final" else set()
    if step.op in ("smooth_quantile", "step_quantile"):
        kind = step.op.removesuffix("_quantile")
        tables = {f"t{i}" for i, table in enumerate(plan.tables) if table.kind == kind}
        if step.args[1] not in tables:
            _refuse(plan, f"{where}: {step.args[1]} is no {kind} table")
        known = known | {step.args[1]}
    for operand in step.args:
        if operand not in known:
            _refuse(plan, f"{where}: {operand} is not defined here")


def _verify_month_ends(plan: Plan, month: set[str], before: set[str], setup: set[str]) -> None:
    parameters = {operand for operand in before if operand[0] == "p"}
    for index, state in enumerate(plan.state):
        if state.initial not in setup | parameters:
            _refuse(plan, f"state s{index} begins with {state.initial}, which setup does not define")
        if state.next not in month:
            _refuse(plan, f"state s{index} goes on with {state.next}, which no month defines")
    for output in plan.outputs:
        if output.monthly and output.value not in month:
            _refuse(plan, f"monthly output {output.value} is not defined in the month")


def _verify_final_outputs(plan: Plan, final: set[str]) -> None:
    for output in plan.outputs:
        if not output.monthly and output.value not in final:
            _refuse(plan, f"output {output.value} is not defined at the end")


def _refuse(plan: Plan, what: str) -> None:
    message = f"plan {plan.digest[:12]}: {what}. This is a bug in simcost, or the plan's file is damaged."
    raise PlanError(message)
