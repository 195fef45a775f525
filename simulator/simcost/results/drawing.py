"""How the drawing of a run goes: when it may stop, how it went, and which samples it can be asked to keep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.results.file.samples import Keep
    from simcost.results.run_info import RunInfo
    from simcost.scenario.sampling import Stop
    from simcost_kernels.plan import Plan
    from simcost_kernels.summaries.summary import Summary


def is_enough(summary: Summary, plan: Plan, stop: Stop | None, confidence: float) -> bool:
    """Tell whether a run may stop; never without a rule."""
    from simcost.analysis.estimates.precision import narrow_enough
    from simcost.compile.costs import total_column

    return stop is not None and narrow_enough(summary, total_column(plan.columns()), stop, confidence=confidence)


def drawn(run: RunInfo, summary: Summary, plan: Plan, stop: Stop | None, n_looks: int) -> RunInfo:
    """Return the description of a run that is over with how its drawing went."""
    from simcost.analysis.estimates.intervals import confidence_of_each
    from simcost.analysis.estimates.precision import interval_ratio, stop_reason
    from simcost.compile.costs import total_column

    confidence = confidence_of_each(n_looks)
    ratio = interval_ratio(summary, total_column(plan.columns()), confidence=confidence)
    said = stop_reason(stop, narrow=is_enough(summary, plan, stop, confidence)) if stop else ""
    return replace(run, scenarios=summary.n, looks=n_looks, stopped=said, interval_ratio=ratio)


def check_keep(keep: Keep, schedule: Sequence[int]) -> None:
    """Refuse to keep samples of scenarios that a run which may stop early might not draw."""
    wanted = schedule[-1] if keep == "all" else keep if isinstance(keep, int) else 0
    if len(schedule) > 1 and wanted > schedule[0]:
        message = (
            f"`keep={keep}`: a run with sampling.stop may end after {schedule[0]:,} scenarios. "
            f"Keep at most so many, or leave sampling.stop out."
        )
        raise UsageError(message)
