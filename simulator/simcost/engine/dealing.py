"""Which scenarios a run draws: what is asked for, and what can be dealt out to replicates evenly.

Replicates take whole rounds of rows (see `simcost_kernels.draws.sampling`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.engine.spans import Span
from simcost.errors import UsageError
from simcost_kernels.draws.sampling import ROW
from simcost_kernels.draws.sobol import MOST_DIMENSIONS

if TYPE_CHECKING:
    from simcost.scenario.sampling import Sampling
    from simcost_kernels.plan import Plan


def span_asked(
    plan: Plan, sampling: Sampling, *, n: int | None, seed: int | None, first: int = 0, workers: int | None = None
) -> Span:
    """Return the scenarios that are asked for, as `span_of` does, of a plan that can draw them.

    Raises
    ------
    UsageError
        If these scenarios cannot be drawn; see `check_range`.
    """
    span = span_of(sampling, n=n, seed=seed, first=first, workers=workers)
    check_range(plan, span.first, span.n, span.seed)
    return span


def span_of(sampling: Sampling, *, n: int | None, seed: int | None, first: int = 0, workers: int | None = None) -> Span:
    """Return the scenarios that are asked for; what is left open is the file's.

    Parameters
    ----------
    sampling
        The file's.
    n, seed
        None for the file's.
    workers
        None for as many as help: 0 in the span.
    """
    return Span(sampling.seed if seed is None else seed, first, sampling.scenarios if n is None else n, workers or 0)


def check_range(plan: Plan, first: int, n: int, seed: int) -> None:
    """Refuse what the random streams or this version cannot give.

    Raises
    ------
    UsageError
        With what would do.
    """
    if n < 1 or first < 0 or first + n > 2**63 or not 0 <= seed < 2**64:
        limits = "give n >= 1, first >= 0, both together at most 2**63, and a seed from 0 to 2**64 - 1."
        message = f"scenarios {first} to {first} + {n} with seed {seed}: {limits}"
        raise UsageError(message)
    check_dealing(plan, first, n)


def check_dealing(plan: Plan, first: int, n: int) -> None:
    """Refuse a range of which some replicate would have more than another, or more than there is.

    Raises
    ------
    UsageError
        With the numbers of scenarios that would do.
    """
    sampling = plan.sampling
    if not sampling.sections:
        return
    whole = ROW * sampling.replicates
    if n % whole or first % whole:
        deals = f'method = "{sampling.method}" deals scenarios out to {sampling.replicates} replicates by rows of {ROW}'
        remedy = f"Give multiples of {whole:,}, best a power of two: {_near(n, whole)} scenarios."
        message = f"{deals}: {_said(first, n)} cannot be dealt out evenly. {remedy}"
        raise UsageError(message)
    try:
        sampling.check(first + n)
    except ValueError as error:
        raise UsageError(str(error)) from error
    wanted = len(plan.dimensions()) if sampling.method == "sobol" else 0
    if wanted > MOST_DIMENSIONS:
        drawn = f"this model draws {wanted:,} numbers for the run and its years"
        message = f'method = "sobol" has {MOST_DIMENSIONS:,} dimensions; {drawn}. Write method = "latin-hypercube".'
        raise UsageError(message)


def _said(first: int, n: int) -> str:
    return f"{n:_} scenarios from number {first:_}" if first else f"{n:_}"


def _near(n: int, whole: int) -> str:
    """Name the next power of two, and the one below it if there is one."""
    above = max(1 << (n - 1).bit_length(), whole)
    return f"{above:_}" if above == whole else f"{above:_} or {above // 2:_}"
