"""What ``simcost verify`` tells: each check in a line, and the document ``simcost/verify/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.printable import printable
from simcost.report.sentences import heading, provenance
from simcost.results.run_info import simcost_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.results.verification import Verification

VERIFY_SCHEMA = "simcost/verify/1"


def verification_lines(found: Verification) -> Iterator[str]:
    """Say what was checked, line by line."""
    yield printable(heading(found.result.scenario))
    yield printable(provenance(found.result.run))
    for check in found.checks:
        yield printable(f"{'ok   ' if check.passed else 'WRONG'}  {check.name}: {check.said}")
    here = simcost_version()
    if found.result.run.version != here:
        yield f"The result was made by simcost {found.result.run.version}, and checked by simcost {here}."
    yield f"{found.recomputed:,} scenarios were computed again on NumPy, chosen with seed {found.seed}."


def verification_document(found: Verification) -> dict[str, Any]:
    """Arrange it for `json.dumps`."""
    run = found.result.run
    return {
        "schema": VERIFY_SCHEMA,
        "result": found.result.path,
        "passed": found.passed,
        "run": {"scenarios": run.scenarios, "first": run.first, "seed": run.seed, "backend": run.backend, "version": run.version},
        "kept": found.result.kept,
        "version": simcost_version(),
        "recomputed": found.recomputed,
        "seed": found.seed,
        "checks": [{"name": check.name, "passed": check.passed, "said": check.said} for check in found.checks],
    }
