"""Whether a plan is sound: order, arity and names of its steps, before any back end runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simcost_kernels.plan import ARITY, SECTIONS, PlanError

if TYPE_CHECKING:
    from simcost_kernels.plan import Plan, Step


class Names(NamedTuple):
    """What a step may read: values of its section and of those before it, draws, tables by their kind."""

    values: set[str]
    draws: set[str]
    tables: dict[str, set[str]]


def verify(plan: Plan) -> None:
    """Check order, arity and names before any back end runs the plan.

    Raises
    ------
    PlanError
        On the first contradiction; it is a bug or a damaged file.
    """
    _verify_data(plan)
    defined = {f"p{i}" for i in range(len(plan.parameters))}
    draws = {f"d{i}" for i in range(len(plan.streams))}
    tables = {kind: {f"t{i}" for i, table in enumerate(plan.tables) if table.kind == kind} for kind in ("smooth", "step")}
    number, setup_values = 0, set[str]()
    for section in SECTIONS:
        seen = defined | ({f"c{i}" for i in range(len(plan.calendar))} if section in ("year", "month") else set())
        seen |= {f"s{i}" for i in range(len(plan.state))} if section in ("month", "final") else set()
        local: set[str] = set()
        for step in getattr(plan, section):
            _verify_step(plan, section, number, step, Names(seen, draws, tables))
            local.add(f"v{number}")
            seen.add(f"v{number}")
            number += 1
        if section == "setup":
            setup_values = local
        if section in ("setup", "year"):
            defined |= local
        elif section == "month":
            _verify_month_ends(plan, seen, defined, setup_values)
        else:
            _verify_final_outputs(plan, seen)


def _verify_data(plan: Plan) -> None:
    if plan.horizon < 1:
        _refuse(plan, f"a horizon of {plan.horizon} months")
    verify_parameters(plan)
    if any(len(series) != plan.horizon for series in plan.calendar):
        _refuse(plan, "a calendar series of another length than the horizon")
    if len(set(plan.streams)) != len(plan.streams) or any(not 0 <= stream < 2**32 for stream in plan.streams):
        _refuse(plan, "a stream id twice, or out of 32 bits")


def verify_parameters(plan: Plan) -> None:
    """Refuse a plan with a parameter that is not finite: compiled texts do not ask whether one is.

    Raises
    ------
    PlanError
        If there is one.
    """
    if not np.isfinite(plan.parameters).all():
        _refuse(plan, "a parameter that is not finite")


def _verify_step(plan: Plan, section: str, number: int, step: Step, names: Names) -> None:
    """Check one step without going through all names: a large model has ten thousands of steps."""
    where = f"step v{number} of {section} ({step.op} {' '.join(step.args)})"
    if step.op not in ARITY:
        _refuse(plan, f"{where}: no such operation")
    if len(step.args) != ARITY[step.op]:
        _refuse(plan, f"{where}: {ARITY[step.op]} operands wanted")
    if step.op == "draw" and (section == "final" or step.args[0] not in names.draws):
        _refuse(plan, f"{where}: {step.args[0]} is not defined here")
    kind = step.op.removesuffix("_quantile")
    if kind in names.tables and step.args[1] not in names.tables[kind]:
        _refuse(plan, f"{where}: {step.args[1]} is no {kind} table")
    for operand in () if step.op == "draw" else step.args[:1] if kind in names.tables else step.args:
        if operand not in names.values:
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
