"""What the user said, validated, with every unit resolved: the input of the compiler."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from simcost.errors import visible

if TYPE_CHECKING:
    from simcost.scenario.dependence import Correlation, Factor
    from simcost.scenario.distributions.canonical import Distribution
    from simcost.scenario.distributions.unknown import Recipe
    from simcost.scenario.formulas.expression import Expression
    from simcost.scenario.quantities.units import Unit
    from simcost.scenario.sampling import Sampling
    from simcost.scenario.sections.optimization import Optimization
    from simcost.scenario.sections.stresses import Stress

Persistence = Literal["run", "year", "month"]
Every = Literal["month", "year", "once"]
Charge = Literal["hours", "month", "payment"]
View = Literal["cash", "amortised"]
"""What a cost is: money in the month in which it is paid, or in the months to which it belongs."""

Breakdown = Literal["category", "line", "stage", "owner"]
"""What the cost of a run, or of a month, is broken down by."""

BREAKDOWNS: tuple[Breakdown, ...] = get_args(Breakdown)

APPROVED_BY: tuple[Breakdown, ...] = ("category", "stage", "owner")
"""The breakdowns whose parts may have approved sums of their own."""

BY_PERIOD = "_by_period"
"""What the groups of categories, ... in one fiscal year or quarter end with; a name there is that of both, ``search FY2028``."""

APPROVED_GROUPS: tuple[str, ...] = (*APPROVED_BY, *(f"{group}{BY_PERIOD}" for group in APPROVED_BY))
"""The groups of parts that may have approved sums: each in the whole run, and each in a period."""

PERIODS = ("quarter", "fiscal_year")
"""The groups of periods that may have approved sums."""

BUDGETED: tuple[str, ...] = (*PERIODS, *APPROVED_GROUPS)
"""The groups of all that may have approved sums beside the whole."""

Payments = Literal["end", "mid", "start"]

AS_IT_IS = "as it is"
"""What a file without any of its options is called, wherever options are named."""


@dataclass(frozen=True, slots=True)
class Input:
    """One number that the user gave, certain (a `Constant`) or uncertain.

    Parameters
    ----------
    distribution
        In ``unit``.
    draw
        How long one draw holds: for the whole run, a year, or a month.
    text
        The value as the file has it, for echoing.
    block
        The block that made it, as in ``[[staff]] "operators"``; empty for an input of the file.
    driver
        The factor that moves it; empty if there is none.
    loading
        Correlation of its normal score with the factor, -1 to 1; None if there is none.
    recipe
        How it is made where parameters of its distribution are uncertain themselves; ``distribution`` has their medians.
    """

    name: str
    distribution: Distribution
    unit: Unit
    draw: Persistence = "run"
    source: str = ""
    note: str = ""
    text: str = ""
    block: str = ""
    driver: str = ""
    loading: float | None = None
    recipe: Recipe | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Driver:
    """A named formula; ``expression`` yields it in ``unit`` (inferred)."""

    name: str
    formula: str
    expression: Expression
    unit: Unit


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost line.

    Parameters
    ----------
    expression
        The amount: currency for each clock hour (``charge = "hours"``), currency a month (``"month"``), or currency for
        each payment (``"payment"``, with ``every`` = year or once).
    every
        As the user wrote it.
    month
        First month (1...) of the payment when ``every`` is ``once`` or ``year`` (1...12 within the year); 0 if monthly.
    billed
        In currency, what was billed in each of the first months, in the place of the amount; empty where no month is closed.
    """

    name: str
    category: str
    stage: str
    owner: str
    formula: str
    expression: Expression
    unit: Unit
    every: Every
    charge: Charge
    month: int
    billed: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Actuals:
    """Bills to date.

    Parameters
    ----------
    file
        The CSV file, as the scenario names it.
    closed
        Number of months, from the first, in which they are the cost.
    remarks
        What is to be said of them.
    """

    file: str
    closed: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """Devices whose greatest number in a month, and that month, are told; ``expression`` yields it in ``unit``."""

    name: str
    formula: str
    expression: Expression
    unit: Unit


@dataclass(frozen=True, slots=True)
class ApprovedPart:
    """Money approved for one part, called ``label``: a ``quarter`` or ``fiscal_year``, or one of `APPROVED_GROUPS`."""

    group: str
    label: str
    approved: float


@dataclass(frozen=True, slots=True)
class Budget:
    """Approved money.

    Parameters
    ----------
    approved
        One number for the whole horizon, or one for each month, in the scenario's currency.
    confidence
        Wanted probability of staying within, 0 to 1.
    periods
        Where it is given by them; ``approved`` then has the sum of each in its first month.
    parts
        What of the whole is approved for categories, stages and owners, in the order of `APPROVED_GROUPS`. One with sums by
        period is there with all of them together too.
    """

    approved: tuple[float, ...]
    confidence: float
    periods: tuple[ApprovedPart, ...] = ()
    parts: tuple[ApprovedPart, ...] = ()

    @property
    def total(self) -> float:
        """What is approved for the whole horizon, in the scenario's currency."""
        return float(sum(self.approved))

    @property
    def sums(self) -> tuple[ApprovedPart, ...]:
        """What is approved for less than the whole: the periods, then the parts."""
        return (*self.periods, *self.parts)


@dataclass(frozen=True, slots=True)
class Discounting:
    """How later payments count less.

    Parameters
    ----------
    rate
        A year's, a pure number.
    payments
        When in its month a cost is paid.
    """

    rate: Expression
    payments: Payments


OTHER_VIEW: dict[View, View] = {"cash": "amortised", "amortised": "cash"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What the sections of a scenario file say beside ``[scenario]`` and ``[sampling]``.

    Parameters
    ----------
    costs, other_costs
        The lines that the view counts, and those that the other one counts if they are not the same.
    by_month
        What is recorded in each month beside the month as a whole, in the order of `BREAKDOWNS`.
    strict
        Refuse an impossible correlation matrix instead of repairing it.
    """

    inputs: tuple[Input, ...] = ()
    drivers: tuple[Driver, ...] = ()
    costs: tuple[Cost, ...] = ()
    other_costs: tuple[Cost, ...] = ()
    by_month: tuple[Breakdown, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    strict: bool = False
    budget: Budget | None = None
    discounting: Discounting | None = None
    pools: tuple[Pool, ...] = ()
    factors: tuple[Factor, ...] = ()
    optimization: Optimization | None = None
    stresses: tuple[Stress, ...] = ()
    actuals: Actuals | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Sections):
    """A whole scenario file, resolved: options and overrides applied, units checked, drivers in an order that computes.

    Parameters
    ----------
    start
        (year, month) of the first month.
    view
        Which view of the costs its figures are of.
    options
        Names of the file's options.
    option
        The one applied, if any.
    overrides
        ``--set`` assignments as given.
    text, sha256, path
        The file as it is.
    warnings
        What the user should know but what stops nothing.
    fiscal_year_start
        Month of the calendar (1...12) in which fiscal years begin; None if figures by them are not wanted.
    """

    name: str
    currency: str
    start: tuple[int, int]
    months: int
    sampling: Sampling
    view: View
    fiscal_year_start: int | None
    options: tuple[str, ...]
    option: str
    overrides: tuple[str, ...]
    text: str
    sha256: str
    path: str
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        """Name it in one line; all of its fields would fill the screen."""
        counts = f"{len(self.inputs)} inputs, {len(self.drivers)} drivers, {len(self.costs)} cost lines"
        return f"<{type(self).__name__}: {visible(self.name)}: {counts}>"
