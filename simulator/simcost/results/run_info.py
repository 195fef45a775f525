"""Provenance: what was run, and from which scenario file."""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from simcost.scenario.months import month_name, month_named, months_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.kernels import Kernel
    from simcost.engine.spans import Span
    from simcost.scenario.scenario import Scenario
    from simcost_kernels.plan import Plan


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run.

    Parameters
    ----------
    scenarios, first
        Number of scenarios, and the absolute number of the first.
    seed, method, stream
        How the future was drawn; ``stream`` is the version of the keying of random numbers.
    backend, device
        What computed it, and where.
    version
        Of simcost.
    seconds
        Wall-clock time.
    result
        Path of the result file as the user sees it; empty if none was written.
    started
        Time of the start, ISO 8601 with its offset from UTC.
    replicates
        Independent replicates that the scenarios were dealt out to, whose spread gives the intervals; 0 for ``random``, whose
        intervals are exact ones by order statistics.
    limit
        How many scenarios the run might have drawn; more than ``scenarios`` if it stopped early.
    looks
        How many times it was to be decided whether to stop; each interval has the confidence 1 - 0.05 / looks, and so at least
        95 % at the end of the run.
    stopped
        Why a run with a rule for stopping ended; empty without one.
    interval_ratio
        Width of the interval of the total's P95 over that of as many random scenarios.
    """

    scenarios: int
    first: int
    seed: int
    method: str
    stream: int
    backend: str
    device: str
    version: str
    seconds: float
    result: str = ""
    started: str = ""
    replicates: int = 0
    limit: int = 0
    looks: int = 1
    stopped: str = ""
    interval_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class InputInfo:
    """One input as it was understood: ``value`` as the file has it, ``distribution`` with canonical parameters in ``unit``."""

    name: str
    unit: str
    draw: str
    value: str
    distribution: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class ScenarioInfo:
    """The scenario file that a result came from.

    Parameters
    ----------
    start
        First month, ``2027-01``.
    months
        Horizon.
    option, overrides
        The variant that was applied, and the ``--set`` assignments.
    inputs
        The resolved inputs.
    text
        The file verbatim.
    pools
        Name and unit of each pool.
    billed_to
        The last month in which bills are the cost, ``2027-03``; empty if there is none.
    """

    name: str
    sha256: str
    currency: str
    start: str
    months: int
    option: str = ""
    overrides: tuple[str, ...] = ()
    inputs: tuple[InputInfo, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)
    pools: tuple[tuple[str, str], ...] = ()
    billed_to: str = ""

    def month_names(self) -> tuple[str, ...]:
        """Every month of the horizon as ``2027-01``."""
        return tuple(map(month_name, months_from(month_named(self.start), self.months)))


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes two runs the very same: equal identities give equal figures to the last bit.

    ``plan_sha256`` covers every number and table, so that a changed data file beside an unchanged scenario shows.
    """

    scenario_sha256: str
    option: str
    overrides: tuple[str, ...]
    plan_sha256: str
    seed: int
    first: int
    scenarios: int
    method: str
    stream: int
    version: str

    def digest(self) -> str:
        """SHA-256 of all of it."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


def scenario_info(scenario: Scenario) -> ScenarioInfo:
    """Describe a scenario as the result file keeps it."""
    inputs = tuple(
        InputInfo(
            name=each.name,
            unit=each.unit.text,
            draw=each.draw,
            value=each.text,
            distribution=_shortened(repr(each.distribution)),
            source=each.source,
            note=each.note,
        )
        for each in scenario.inputs
    )
    return ScenarioInfo(
        name=scenario.name,
        sha256=scenario.sha256,
        currency=scenario.currency,
        start=month_name(scenario.start),
        months=scenario.months,
        option=scenario.option,
        overrides=scenario.overrides,
        inputs=inputs,
        text=scenario.text,
        pools=tuple((pool.name, pool.unit.text) for pool in scenario.pools),
        billed_to=_billed_to(scenario),
    )


def _billed_to(scenario: Scenario) -> str:
    closed = scenario.actuals.closed if scenario.actuals else 0
    return month_name(months_from(scenario.start, closed)[-1]) if closed else ""


def run_info(kernels: Sequence[Kernel], span: Span, *, seconds: float, interval_ratio: float = 1.0) -> RunInfo:
    """Describe a run that leaves no file: one kernel, or several side by side."""
    names, devices = ((kernel.name for kernel in kernels), (kernel.device for kernel in kernels))
    computed = "+".join(dict.fromkeys(names)), ", ".join(dict.fromkeys(devices))
    return replace(provenance_of(kernels[0].plan, span, computed, seconds=seconds), interval_ratio=interval_ratio)


def provenance_of(plan: Plan, span: Span, computed: tuple[str, str], *, seconds: float) -> RunInfo:
    """Describe a run of a plan that leaves no file; ``computed`` is by which back end, and where."""
    from simcost_kernels.plan import STREAM_VERSION

    sampling = plan.sampling
    return RunInfo(
        scenarios=span.n,
        first=span.first,
        seed=span.seed,
        method=sampling.method,
        stream=STREAM_VERSION,
        backend=computed[0],
        device=computed[1],
        version=simcost_version(),
        seconds=seconds,
        replicates=sampling.sections,
        limit=span.n,
    )


def identity(scenario: Scenario, plan: Plan, span: Span) -> Identity:
    """Find what makes this run the very same as another."""
    from simcost_kernels.plan import STREAM_VERSION

    return Identity(
        scenario_sha256=scenario.sha256,
        option=scenario.option,
        overrides=scenario.overrides,
        plan_sha256=plan.content_digest,
        seed=span.seed,
        first=span.first,
        scenarios=span.n,
        method=scenario.sampling.method,
        stream=STREAM_VERSION,
        version=simcost_version(),
    )


def simcost_version() -> str:
    """Version of the installed package, as results note it."""
    from simcost import __version__

    return __version__


def installed_libraries() -> dict[str, str]:
    """Version of each library whose arithmetic is in the tables of distributions, and of what they were compiled for."""
    from importlib.metadata import version

    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: version(name) for name in ("numpy", "scipy")},
    }


def _shortened(text: str, longest: int = 1000) -> str:
    """An empirical distribution of a million values is not worth repeating; the file's own text and hash are kept."""
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text)} characters)"
