"""The scenario of a result file compiled again, and proof that it is the one that ran."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.compile.compiled import compile_scenario
from simcost.engine.spans import Span
from simcost.errors import ResultError, ScenarioError
from simcost.results.run_info import identity, installed_libraries, simcost_version
from simcost.scenario.distributions.samples import reads_file
from simcost.scenario.loading import load_document
from simcost.scenario.text.assignment import parsed_assignment
from simcost.scenario.text.document import restored
from simcost_kernels.plan import STREAM_VERSION

if TYPE_CHECKING:
    import os

    from simcost.compile.compiled import Compiled
    from simcost.results.result import Result


def recompile(result: Result, folder: str | os.PathLike[str]) -> Compiled:
    """Compile the scenario that a result file holds, with its option and assignments.

    Parameters
    ----------
    folder
        Where the data files are that the scenario names, if it names any: a result does not hold them.

    Raises
    ------
    ResultError
        If this version draws other random numbers, or the scenario does not compile here to the plan that ran.
    """
    run = result.run
    if run.stream != STREAM_VERSION:
        what = f"was drawn with stream {run.stream} of random numbers by simcost {run.version}"
        here = f"this is simcost {simcost_version()}, which draws stream {STREAM_VERSION}"
        message = f"{result.path}: {what}; {here}. Install simcost {run.version} to recompute it."
        raise ResultError(message)
    compiled = _compiled(result, Path(folder))
    found = identity(compiled.scenario, compiled.plan, Span(run.seed, run.first, run.limit))
    if replace(found, version=run.version).digest() != result.identity_sha256:
        message = f"{result.path}: its scenario compiles here to another plan than the one that ran. {_remedy(result)}"
        raise ResultError(message)
    return compiled


def _compiled(result: Result, folder: Path) -> Compiled:
    said = result.scenario
    try:
        document = restored(folder / Path(result.path).name, said.text, said.sha256)
        return compile_scenario(load_document(document, said.option, said.overrides))
    except ScenarioError as error:
        first = error.problems[0]
        where = f"line {first.line}: " if first.line else ""
        message = f"{result.path}: its scenario does not compile here: {where}{first.place}: {first.what}. {_remedy(result)}"
        raise ResultError(message) from error


def _remedy(result: Result) -> str:
    """Say what makes it compile as it did: data files as they were, if it names any, or the version that ran it."""
    ran, here = result.run.version, simcost_version()
    files = f"name the folder with the data files of {result.run.started[:10]} with `data`, or " if _names_files(result) else ""
    why, remedy = "", "run the scenario again."
    if ran != here:
        remedy = f"install simcost {ran}: this is {here}."
    elif others := _other_libraries(result):
        why = f"Tables of distributions were computed with {others}, which may change their last digits. "
        remedy = "use the same, or run the scenario again."
    elif not files:
        why = f"It was run by another build of simcost {ran}, and names no data files that could have changed. "
    return f"{why}{_sentence(files + remedy)}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _other_libraries(result: Result) -> str:
    """Say what computed the tables of the run where that is not what is here; empty if it is, or the file does not tell."""
    here = installed_libraries()
    differing = [f"{name} {ran} (here {here[name]})" for name, ran in result.libraries.items() if ran != here[name]]
    return " and ".join(differing)


def _names_files(result: Result) -> bool:
    """Whether a table of the scenario, or an assignment, reads numbers from a file."""
    said = result.scenario
    assigned = (parsed_assignment(each) for each in said.overrides)
    with suppress(ScenarioError):
        data = restored(result.path, said.text, said.sha256).data
        return "actuals" in data or any(map(reads_file, (data, *assigned)))
    return False
