"""What ``simcost verify`` tells: each check in a line of its page, and the document ``simcost/verify/1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcost.report.parts.heading import heading, provenance
from simcost.report.parts.page import Page
from simcost.results.run_info import simcost_version

if TYPE_CHECKING:
    from simcost.results.verification import Verification

VERIFY_SCHEMA = "simcost/verify/1"


def verification_page(found: Verification) -> Page:
    """Say what was checked, line by line."""
    ran, here = found.result.run, simcost_version()
    checks = (f"{'ok   ' if check.passed else 'WRONG'}  {check.name}: {check.said}" for check in found.checks)
    made = f"The result was made by simcost {ran.version}, and checked by simcost {here}."
    again = f"{found.recomputed:,} scenarios were computed again on NumPy, chosen with seed {found.seed}."
    return Page(
        heading=heading(found.result.scenario),
        lines=(provenance(ran), *checks, *((made,) if ran.version != here else ()), again),
        warnings=(),
        tables=lambda _: (),
        notes=(),
    )


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
