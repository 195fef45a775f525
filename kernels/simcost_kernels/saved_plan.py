"""Plan <-> JSON: a saved plan runs on any machine that has this package and NumPy."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.plan import PLAN_SCHEMA, SECTIONS, STREAM_VERSION, Output, Plan, PlanError, State, Step, Table
from simcost_kernels.sound_plan import verify


def to_json(plan: Plan) -> str:
    """Print a plan as JSON text, readable and exact (floats in shortest round-trip form)."""
    document: dict[str, Any] = {
        "schema": PLAN_SCHEMA,
        "stream": STREAM_VERSION,
        "digest": plan.digest,
        "horizon": plan.horizon,
        "sampling": {"method": plan.sampling.method, "replicates": plan.sampling.replicates},
        "parameters": list(plan.parameters),
        "calendar": [list(series) for series in plan.calendar],
        "streams": list(plan.streams),
        **{name: [[step.op, *step.args] for step in getattr(plan, name)] for name in SECTIONS},
        "state": [[state.initial, state.next] for state in plan.state],
        "outputs": [[output.group, output.label, output.value, output.monthly] for output in plan.outputs],
        "tables": [{"kind": table.kind, "data": table.data.tolist()} for table in plan.tables],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> Plan:
    """Read a plan back and verify it.

    Raises
    ------
    PlanError
        If the text is no plan, a plan of another schema, or contradicts itself.
    """
    try:
        document = json.loads(text)
        schema, stream = document["schema"], document["stream"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        message = f"not a saved plan: {error}. Write one with: simcost compile SCENARIO -o plan.json"
        raise PlanError(message) from error
    if schema != PLAN_SCHEMA or stream != STREAM_VERSION:
        wanted = f"this version reads {PLAN_SCHEMA}, stream {STREAM_VERSION}"
        message = f"a plan of schema {schema}, stream {stream}; {wanted}. Compile it anew."
        raise PlanError(message)
    plan = _from_document(document)
    verify(plan)
    return plan


def _from_document(document: dict[str, Any]) -> Plan:
    try:
        sections = {name: tuple(Step(str(op), tuple(map(str, args))) for op, *args in document[name]) for name in SECTIONS}
        return Plan(
            parameters=tuple(map(float, document["parameters"])),
            calendar=tuple(tuple(map(float, series)) for series in document["calendar"]),
            tables=tuple(Table(str(table["kind"]), np.array(table["data"], dtype=np.float64)) for table in document["tables"]),
            streams=tuple(map(int, document["streams"])),
            state=tuple(State(*map(str, pair)) for pair in document["state"]),
            outputs=tuple(
                Output(str(g), str(label), str(value), bool(monthly)) for g, label, value, monthly in document["outputs"]
            ),
            horizon=int(document["horizon"]),
            sampling=Sampling(document["sampling"]["method"], int(document["sampling"]["replicates"])),
            **sections,
        )
    except (ValueError, TypeError, KeyError) as error:
        message = f"a damaged plan: {error!r}. Compile it anew with: simcost compile SCENARIO -o plan.json"
        raise PlanError(message) from error
