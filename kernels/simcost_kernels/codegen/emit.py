"""Plan -> source text. The text is the kernel, the best documentation of a model, and the best bug report.

Names of the scenario file never reach it: values are ``v0, v1, ...``, everything else is taken from arrays by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from simcost_kernels.plan import Plan, Step

PYTHON: dict[str, str] = {
    "normal_quantile": "normal_quantile({0})",
    "normal_cdf": "normal_cdf({0})",
    "smooth_quantile": "smooth_quantile({0}, {1})",
    "step_quantile": "step_quantile({0}, {1})",
    "binomial_quantile": "binomial_quantile({0}, {1}, {2})",
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0} * {1}",
    "div": "{0} / {1}",
    "neg": "-{0}",
    "abs": "fabs({0})",
    "min": "minimum({0}, {1})",
    "max": "maximum({0}, {1})",
    "floor": "floor({0})",
    "ceil": "ceil({0})",
    "round": "rint({0})",
    "exp": "exp({0})",
    "log": "log({0})",
    "sqrt": "sqrt({0})",
    "pow": "power({0}, {1})",
    "lt": "where({0} < {1}, 1.0, 0.0)",
    "le": "where({0} <= {1}, 1.0, 0.0)",
    "eq": "where({0} == {1}, 1.0, 0.0)",
    "and": "where(({0} != 0.0) & ({1} != 0.0), 1.0, 0.0)",
    "or": "where(({0} != 0.0) | ({1} != 0.0), 1.0, 0.0)",
    "not": "where({0} == 0.0, 1.0, 0.0)",
    "where": "where({0} != 0.0, {1}, {2})",
}
"""How Python text says each operation of `simcost_kernels.plan.ARITY`; ``draw`` depends on its section."""

BY_PARAMETER = {"min": "where({1} < {0}, {1}, {0})", "max": "where({1} > {0}, {1}, {0})"}
"""The same bits in one instruction, where the second operand is a parameter: it is finite, so nobody asks whether it is NaN."""

PERIOD = {"setup": "", "year": ", year", "month": ", month"}
"""What ``draw`` is told in each section."""


def python_text(plan: Plan) -> str:
    """Print a plan as one Python function over arrays (or lanes) of scenarios.

    ``kernel(p, c, t, d, o, horizon, draw, out)`` gets the parameters, the calendar series, the tables, the streams, the first
    column of each output, the number of months and ``draw(stream[, period])``; it fills ``out[column]``.
    """
    lines = [f"# plan {plan.digest}", "def kernel(p, c, t, d, o, horizon, draw, out):"]
    lines += indented(section_lines(plan, "setup"), 1)
    lines += indented((f"s{i} = {operand(state.initial)}" for i, state in enumerate(plan.state)), 1)
    lines += ["    for month in range(horizon):"]
    if plan.year:
        lines += ["        if month % 12 == 0:", "            year = month // 12"]
        lines += indented(section_lines(plan, "year"), 3)
    lines += indented(section_lines(plan, "month"), 2)
    lines += indented(outputs(plan, monthly=True), 2)
    lines += indented(carry(plan), 2)
    lines += ["        pass"] if lines[-1].endswith("range(horizon):") else []
    lines += indented(section_lines(plan, "final"), 1)
    lines += indented(outputs(plan, monthly=False), 1)
    return "\n".join(lines) + "\n"


def compiled_text(step: Step, operands: Sequence[str]) -> str:
    """Print a step, but a draw, for a compiler; the texts of Python and C++ are the same."""
    bounded = BY_PARAMETER.get(step.op) if step.args[-1][0] == "p" else None
    return (bounded or PYTHON[step.op]).format(*operands)


def operand(name: str) -> str:
    """Print one operand: ``p3`` is ``p[3]``, ``c0`` is this month's ``c[0][month]``; values and states are variables."""
    kind, number = name[0], name[1:]
    if kind == "c":
        return f"c[{number}][month]"
    return f"{kind}[{number}]" if kind in "ptd" else name


def section_lines(plan: Plan, section: str) -> Iterator[str]:
    """Yield a line for each step of a section."""
    for number, step in plan.numbered()[section].items():
        yield f"v{number} = {_step(step, section)}"


def _step(step: Step, section: str) -> str:
    operands = [operand(name) for name in step.args]
    if step.op == "draw":
        return f"draw({operands[0]}{PERIOD[section]})"
    return PYTHON[step.op].format(*operands)


def outputs(plan: Plan, *, monthly: bool) -> Iterator[str]:
    """Yield a line for each output of a month, or of the end."""
    for place, output in enumerate(plan.outputs):
        if output.monthly == monthly:
            yield f"out[o[{place}]{' + month' if monthly else ''}] = {operand(output.value)}"


def carry(plan: Plan) -> Iterator[str]:
    """Carry all states at once: one may go on with another's old value."""
    if plan.state:
        left = ", ".join(f"s{i}" for i in range(len(plan.state)))
        yield f"{left} = {', '.join(operand(state.next) for state in plan.state)}"


def indented(lines: Iterable[str], depth: int) -> list[str]:
    """Return lines so many indentations deeper."""
    return ["    " * depth + line for line in lines]
