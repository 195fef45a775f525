"""The other view of a result: a run computes what is paid and what is amortised from the same futures, where they differ."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simcost.analysis.figures import OtherView

if TYPE_CHECKING:
    from simcost.results.result import Result
    from simcost.scenario.scenario import View

ASSIGNMENT = "scenario.view="


def in_view(result: Result, view: View | None) -> Result:
    """Return the result with the figures of a view; the budget is that of the run's own view alone.

    Parameters
    ----------
    view
        None for the run's own. A result without another view counts the same lines in both.
    """
    other = result.figures.other_view
    if other is None or view != other.name:
        return result
    own = replace(result.figures, other_view=None)
    figures = replace(
        other.figures,
        non_finite=own.non_finite,
        warnings=(*own.warnings, *([_untold(name_of_other(other.name), other.name)] if own.budget else [])),
        present_value=own.present_value,
        pools=own.pools,
        other_view=OtherView(name_of_other(other.name), own),
    )
    kept = (each for each in result.scenario.overrides if not each.startswith(ASSIGNMENT))
    overrides = (*kept, f'{ASSIGNMENT}"{view}"')  # as the heading of such a run has it
    return replace(result, figures=figures, scenario=replace(result.scenario, overrides=overrides))


def _untold(own: str, other: str) -> str:
    """Say that the budget is left out: who looks for it would take it for kept."""
    return f'the budget was judged by the view of the run, {own}; by this one a run with scenario.view="{other}" tells of it'


def name_of_other(view: str) -> str:
    """Return the view that is not this one."""
    return "cash" if view == "amortised" else "amortised"
