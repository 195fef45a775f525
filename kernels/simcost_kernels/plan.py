"""The Plan: a short, flat, verified list of operations, and the only thing that a back end understands.

A plan has four straight-line sections. ``setup`` runs once a scenario, ``year`` at the start of every year, ``month`` in
every month with the carried ``state``, ``final`` after the last month. An operand is a letter and a number:

====  =====================================================================================
p3    parameter: a number from the scenario file, given to the kernel at run time
c0    calendar series: one number for each month, the same in every scenario
d2    stream: the 32-bit id that keys one input's random numbers (only ``draw`` takes one)
t1    table (only ``smooth_quantile`` and ``step_quantile`` take one)
s0    state: a value carried from the month before
v7    the result of the step number 7, counted through setup, year, month and final
====  =====================================================================================

Everything numeric is float64; truth is 1.0 or 0.0. Numbers are run-time arguments of the kernel, so editing a price leaves
the plan's ``digest`` and the compiled kernel as they are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simcost_kernels.draws.sampling import RANDOM, Sampling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost_kernels.arrays import Array

PLAN_SCHEMA = "simcost/plan/1"
"""Stamped on a saved plan; a plan of another schema is refused."""

STREAM_VERSION = 1
"""Version of the keying of random numbers, stamped on every result."""

MONTHS_A_YEAR = 12

ARITY: dict[str, int] = {
    # random numbers and their transformation
    "draw": 1,  # draw(d): the uniform of this scenario and this section's period
    "normal_quantile": 1,
    "normal_cdf": 1,
    "smooth_quantile": 2,  # (u, t): inverse of a continuous distribution by table
    "step_quantile": 2,  # (u, t): inverse of a discrete distribution by table
    "binomial_quantile": 3,  # (u, n, p): inverse of a binomial distribution whose parameters are values
    # arithmetic
    "add": 2,
    "sub": 2,
    "mul": 2,
    "div": 2,
    "neg": 1,
    "abs": 1,
    "min": 2,
    "max": 2,
    "floor": 1,
    "ceil": 1,
    "round": 1,  # half to even
    "exp": 1,
    "log": 1,
    "sqrt": 1,
    "pow": 2,
    # logic: anything but 0.0 is true
    "lt": 2,
    "le": 2,
    "eq": 2,
    "and": 2,
    "or": 2,
    "not": 1,
    "where": 3,
}
"""Every operation and the number of its operands: all that a back end has to know how to print."""

SECTIONS = ("setup", "year", "month", "final")


class PlanError(ValueError):
    """A plan that no back end may run: a contradiction inside simcost or a damaged file, never a user's mistake."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation; its result is named by its place (``v0``, ``v1``, ...)."""

    op: str
    args: tuple[str, ...]

    def values(self) -> tuple[int, ...]:
        """Return the numbers of the values that it uses, each once."""
        return tuple(dict.fromkeys(int(operand[1:]) for operand in self.args if operand[0] == "v"))


@dataclass(frozen=True, slots=True)
class State:
    """A value carried from month to month.

    ``initial`` is what the first month sees: a parameter or a setup value. ``next`` is taken at the end of each month.
    """

    initial: str
    next: str


@dataclass(frozen=True, slots=True)
class Output:
    """Where results come from: a monthly output gives one column for each month, any other one column.

    Parameters
    ----------
    group
        What the column is: ``total``, ``category``, ``line``, ``month``, ``breach``, ... (of the compiler; no kernel asks).
    label
        The name within its group (empty for ``total`` and the monthly groups).
    value
        The operand: of the month section if ``monthly``, otherwise of setup or final, or a state after the last month.
    monthly
        Whether the output is recorded in every month.
    """

    group: str
    label: str
    value: str
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Inverse of a distribution function as data, ``kind`` is ``smooth`` or ``step``, ``data`` float64: see `table_quantiles`."""

    kind: str
    data: Array


@dataclass(frozen=True, slots=True)
class Plan:
    """What the kernels run; see the module's text for the operands.

    Parameters
    ----------
    parameters
        Numbers ``p0, p1, ...``.
    calendar
        Series ``c0, c1, ...``, each of ``horizon`` numbers.
    tables
        Tables ``t0, t1, ...``.
    streams
        32-bit ids ``d0, d1, ...``.
    setup, year, month, final
        The sections.
    state
        Carried values ``s0, s1, ...``.
    outputs
        Columns in their order.
    horizon
        Number of months.
    sampling
        How uniforms are drawn.
    """

    parameters: tuple[float, ...]
    calendar: tuple[tuple[float, ...], ...]
    tables: tuple[Table, ...]
    streams: tuple[int, ...]
    setup: tuple[Step, ...]
    year: tuple[Step, ...]
    month: tuple[Step, ...]
    final: tuple[Step, ...]
    state: tuple[State, ...]
    outputs: tuple[Output, ...]
    horizon: int
    sampling: Sampling = RANDOM

    def __repr__(self) -> str:
        """Tell it by its digest and its size; all of its numbers would fill screens."""
        sizes = f"steps {self.n_steps}, streams {len(self.streams)}, parameters {len(self.parameters)}, columns {self.n_columns}"
        return f"<{type(self).__name__} {self.digest[:8]}: {sizes}, months {self.horizon}>"

    @property
    def digest(self) -> str:
        """SHA-256 of the structure (not of the numbers): equal digests share one compiled kernel."""
        structure = {
            "schema": PLAN_SCHEMA,
            "tables": [table.kind for table in self.tables],
            "counts": [len(self.parameters), len(self.calendar), len(self.streams)],
            "sections": [[[step.op, *step.args] for step in getattr(self, name)] for name in SECTIONS],
            "state": [[state.initial, state.next] for state in self.state],
            "outputs": [[output.value, output.monthly] for output in self.outputs],
            **({"method": self.sampling.method} if self.sampling.sections else {}),
        }
        return hashlib.sha256(json.dumps(structure, separators=(",", ":")).encode()).hexdigest()

    @property
    def content_digest(self) -> str:
        """SHA-256 of structure and numbers: equal ones give equal results to the last bit."""
        content = hashlib.sha256(self.digest.encode())
        replicates = (self.sampling.replicates,) if self.sampling.sections else ()
        for numbers in (self.parameters, self.calendar, self.streams, replicates, *(table.data for table in self.tables)):
            content.update(np.asarray(numbers, dtype=np.float64).tobytes())
        return content.hexdigest()

    @property
    def n_steps(self) -> int:
        """Number of steps of all sections."""
        return sum(len(getattr(self, name)) for name in SECTIONS)

    @property
    def n_years(self) -> int:
        """Number of years that begin within the horizon."""
        return -(-self.horizon // MONTHS_A_YEAR)

    @property
    def n_columns(self) -> int:
        """Number of result columns: monthly outputs count once for each month."""
        return sum(self.horizon if output.monthly else 1 for output in self.outputs)

    def columns(self) -> Iterator[tuple[str, str, int]]:
        """Yield (group, label, month) of every column in order; month counts from 0 and is -1 where it does not apply."""
        for output in self.outputs:
            if output.monthly:
                yield from ((output.group, output.label, month) for month in range(self.horizon))
            else:
                yield output.group, output.label, -1

    def numbered(self) -> dict[str, dict[int, Step]]:
        """Return the steps of each section by the number of their value, in order."""
        first, steps = 0, {}
        for section in SECTIONS:
            own = getattr(self, section)
            steps[section] = dict(enumerate(own, start=first))
            first += len(own)
        return steps

    def taken_at_end(self, section: str) -> list[str]:
        """Return the values that are taken when a section is through: what states begin with and become, what is recorded."""
        names = {
            "setup": [state.initial for state in self.state],
            "month": [state.next for state in self.state] + [output.value for output in self.outputs if output.monthly],
            "final": [output.value for output in self.outputs if not output.monthly],
        }
        return [name for name in names.get(section, []) if name[0] == "v"]

    def dimensions(self) -> tuple[tuple[int, int], ...]:
        """Return (stream, period) of every dimension of the Sobol' sequence.

        Draws for the whole run come first, in the plan's order, since the first dimensions are the best; then those of each year.
        """
        setup, yearly = ([self._stream(step) for step in section if step.op == "draw"] for section in (self.setup, self.year))
        years = range(self.n_years) if yearly else ()
        return (*((stream, 0) for stream in setup), *((stream, year) for year in years for stream in yearly))

    def first_columns(self) -> tuple[int, ...]:
        """Return the number of the first column of each output."""
        first, places = 0, []
        for output in self.outputs:
            places.append(first)
            first += self.horizon if output.monthly else 1
        return tuple(places)

    def _stream(self, draw: Step) -> int:
        return self.streams[int(draw.args[0][1:])]
