"""What stands at the top of a page: the scenario, the futures that were drawn, and what the intervals rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.results.run_info import RunInfo, ScenarioInfo

METHODS = {"random": "random", "sobol": "Sobol' points", "latin-hypercube": "latin hypercubes"}
"""The methods of sampling in words."""


def heading(scenario: ScenarioInfo) -> str:
    """Name, horizon, currency and variant."""
    return f"{scenario.name}: {asked(scenario)}"


def asked(scenario: ScenarioInfo) -> str:
    """Horizon, currency, what is billed, and variant."""
    variant = "".join(
        [f", option {scenario.option}" if scenario.option else "", *(f", with {each}" for each in scenario.overrides)]
    )
    billed = f", billed to {scenario.billed_to}" if scenario.billed_to else ""
    return f"{horizon(scenario.months, scenario.start, scenario.currency)}{billed}{variant}"


def horizon(months: int, start: str, currency: str) -> str:
    """How long, from when, in which money."""
    return f"{'1 month' if months == 1 else f'{months} months'} from {start}, in {currency}"


def provenance(run: RunInfo) -> str:
    """How many futures were drawn, and how."""
    first = f" from number {run.first:,}" if run.first else ""
    drawn = f" ({METHODS[run.method]}, {run.replicates} replicates)" if run.replicates else ""
    return f"{counted(run.scenarios)}{first}{drawn}, seed {run.seed}, {run.backend} on {run.device}, simcost {run.version}"


def precision_sentences(run: RunInfo) -> Iterator[str]:
    """What the intervals rest on, where they are not those of independent scenarios, and why the run ended."""
    if run.replicates:
        width = f"{run.interval_ratio:.2f} times as wide as with as many random scenarios"
        yield f"Intervals are by sectioning over {run.replicates} replicates; that of the total's P95 is {width}."
    if run.stopped:
        several = f"; the intervals allow for {run.looks} looks" if run.looks > 1 else ""
        yield f"Ended after {run.scenarios:,} of at most {run.limit:,} scenarios: {run.stopped}{several}."


def counted(scenarios: int) -> str:
    """``1,000 scenarios``, or ``1 scenario``."""
    return f"{scenarios:,} scenario{'' if scenarios == 1 else 's'}"
