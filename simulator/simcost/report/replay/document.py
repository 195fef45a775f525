"""The document that ``simcost replay --json`` prints: schema ``simcost/replay/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.estimate_document import finite, scenario_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcost.analysis.future import Course
    from simcost.analysis.nearest_scenario import Near
    from simcost.report.replay.answer import Replay

REPLAY_SCHEMA = "simcost/replay/1"


def replay_document(replay: Replay) -> dict[str, Any]:
    """Arrange one future for `json.dumps`.

    Returns
    -------
    dict
        ``values`` and ``amounts`` are lists by month, in full precision; what is undefined is None. ``percentiles`` of an input
        has one number for each of its draws. ``stored_total`` and ``matches`` are None if the result has not kept the scenario.
    """
    told = replay.future
    return {
        "schema": REPLAY_SCHEMA,
        "scenario": scenario_document(replay.scenario),
        "run": {
            "number": told.number,
            "seed": told.seed,
            "method": replay.method,
            "option": replay.scenario.option,
            "overrides": list(replay.scenario.overrides),
            "version": replay.version,
            "result": replay.path or None,
        },
        "near": _near(replay.near) if replay.near else None,
        "total": finite(told.total),
        "stored_total": finite(replay.stored),
        "matches": replay.matches,
        "approved": finite(replay.approved),
        "months": _months(replay),
        "lines": [_cost(line) for line in told.lines],
        "categories": [_cost(category) for category in told.categories],
        "inputs": [
            {
                "name": each.name,
                "unit": each.unit,
                "draw": each.draw,
                "percentiles": list(each.percentiles),
                "values": _listed(each),
            }
            for each in told.inputs
        ],
        "drivers": [{"name": each.name, "unit": each.unit, "values": _listed(each)} for each in told.drivers],
        "unused": list(told.unused),
        "warnings": list(replay.warnings),
    }


def _near(near: Near) -> dict[str, Any]:
    return {"percentile": near.percentile, "value": near.value, "searched": near.searched}


def _months(replay: Replay) -> list[dict[str, Any]]:
    told = replay.future
    breach: Iterable[bool | None] = told.breach.tolist() if told.breach is not None else [None] * len(told.months)
    rows = zip(told.month_names, told.months.tolist(), told.cumulative.tolist(), breach, strict=True)
    return [
        {"month": name, "total": finite(total), "cumulative": finite(to_date), "breach": over}
        for name, total, to_date, over in rows
    ]


def _cost(each: Course) -> dict[str, Any]:
    return {"name": each.name, "total": finite(float(each.values.sum())), "amounts": _listed(each)}


def _listed(course: Course) -> list[float | None]:
    return [finite(value) for value in course.values.tolist()]
