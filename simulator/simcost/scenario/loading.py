"""Assemble a `Scenario` from a file: read, replace, check, resolve; every problem is reported at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.errors import ScenarioError
from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.body import read_body
from simcost.scenario.months import month_named
from simcost.scenario.overrides.replaced import replaced_copy
from simcost.scenario.overrides.replacing import apply_option, replace_all
from simcost.scenario.problems import Finding, Findings, TooManyFindingsError, place_text
from simcost.scenario.sampling import Sampling, Stop
from simcost.scenario.scenario import AS_IT_IS, Cost, Input, Scenario
from simcost.scenario.schema import SamplingTable
from simcost.scenario.sections.correlations import no_longer_correlated
from simcost.scenario.text.assignment import normalised
from simcost.scenario.text.document import Document, check_numbers, read

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence


MOST_OPTION_WORK = 6_000
"""Values times options that are read beyond what is asked for, a quarter of a second of work: a hostile file could hold
thousands of options. The rest are checked when they are asked for."""


MOST_NAMES = 5
"""Parameters that a warning names one by one."""


def load(path: str | os.PathLike[str], option: str = "", overrides: Sequence[str] = (), *, others: bool = True) -> Scenario:
    """Read, check and resolve a scenario file.

    Parameters
    ----------
    path
        A TOML file.
    option
        Name of one of its options to apply.
    overrides
        Assignments such as ``inputs.gpu_price="7 to 11 CNY/GPU/hour"``, applied after the option.
    others
        Whether to check the file's other options too; not when it is read again and again.

    Returns
    -------
    Scenario
        With every unit checked and the drivers in an order that computes.

    Raises
    ------
    ScenarioError
        With every problem of the file, in the order of its lines.
    """
    return load_document(read(Path(path)), option, overrides, others=others)


def load_document(document: Document, option: str, overrides: Sequence[str], *, others: bool = True) -> Scenario:
    """Check and resolve a scenario file that has been read, whose data files are beside its path; see `load`."""
    replaced = replaced_copy(document.data)
    findings = Findings()
    body = None
    option = "" if option == AS_IT_IS else option
    try:
        replace_all(replaced, option, overrides, findings)
        check_numbers(replaced.data, (), findings)
        body = read_body(replaced, Path(document.path).parent, findings)
        if others:
            _check_other_options(document, option, overrides, findings)
    except TooManyFindingsError:
        pass
    if findings.found or body is None or body.table is None or body.sampling is None:
        from simcost.scenario.text.locate import located_problems

        raise ScenarioError(document.path, located_problems(document, findings, replaced))
    said = body.sections
    return Scenario(
        **{field.name: getattr(said, field.name) for field in fields(said)},
        name=body.table.name,
        currency=body.table.currency,
        start=month_named(body.table.start),
        months=body.table.months,
        sampling=_sampling(body.sampling),
        view=body.table.view,
        fiscal_year_start=body.table.fiscal_year_start,
        options=tuple(document.data.get("options", {})),
        option=option,
        overrides=tuple(normalised(assignment) for assignment in overrides),
        text=document.text,
        sha256=document.sha256,
        path=document.path,
        warnings=(
            *_warnings(said.costs, body.table.months),
            *(said.actuals.remarks if said.actuals else ()),
            *unknown_parameters(said.inputs),
            *no_longer_correlated(document.data.get("correlation", ()), said.inputs),
        ),
    )


def _sampling(table: SamplingTable) -> Sampling:
    stop = Stop(table.stop.percentile, table.stop.relative) if table.stop else None
    return Sampling(table.scenarios, table.seed, table.method, table.replicates, stop)


def _check_other_options(document: Document, option: str, overrides: Sequence[str], findings: Findings) -> None:
    """Read the file once more with each option that was not asked for, and note what only that option does wrong.

    Of a file that is wrong itself only what options replace is looked at: all else would be told again for each.
    """
    wrong, options = bool(findings.found), document.data.get("options", {})
    names = [name for name in options if name != option] if isinstance(options, dict) else []
    values = sum(len(document.data.get(section, ())) for section in ("inputs", "drivers", "cost", *BLOCKS))
    for name in names[: max(1, MOST_OPTION_WORK // max(values, 1))]:
        found = _findings_of_targets(document, name) if wrong else _findings_with(document, name, overrides)
        for finding in found:
            findings.add(finding)


def _findings_of_targets(document: Document, option: str) -> tuple[Finding, ...]:
    """Return which values an option replaces that there are not."""
    findings = Findings()
    with suppress(TooManyFindingsError):
        apply_option(replaced_copy(document.data), option, findings)
    return tuple(findings.found)


def _findings_with(document: Document, option: str, overrides: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong if an option is applied: at its own lines, or at its name if it shows elsewhere."""
    replaced = replaced_copy(document.data)
    findings = Findings()
    with suppress(TooManyFindingsError):
        replace_all(replaced, option, overrides, findings)
        read_body(replaced, Path(document.path).parent, findings)
    for finding in findings.found:
        origin = replaced.origin(finding.place)
        if origin and not origin[0].assignment:
            yield replace(finding, place=(*origin[0].place, *origin[1]))
        else:
            where = f"{place_text(finding.place)}: " if finding.place else ""
            yield Finding(("options", option), f"with this option {where}{finding.what}", finding.remedy)


def unknown_parameters(inputs: Sequence[Input]) -> tuple[str, ...]:
    """Say which parameters are uncertain themselves: a run takes them at their medians."""
    names = [f"{each.name}.{'.'.join(one.path)}" for each in inputs if each.recipe for one in each.recipe.unknowns]
    if not names:
        return ()
    listed = ", ".join(names[:MOST_NAMES]) + (f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else "")
    return (f"not known and taken at the median: {listed}. How far that moves the figures: simcost uncertainty",)


def _warnings(costs: Sequence[Cost], months: int) -> tuple[str, ...]:
    return tuple(
        f'cost line "{cost.name}" is paid in month {cost.month} of each year, and the run has {months} months: it is never paid'
        for cost in costs
        if cost.every == "year" and cost.month > months
    )
