"""``simcost doctor``: what is installed, which back ends would run, and what to do about those that would not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simcost.cli.parameters import json_option, quiet_option
from simcost.cli.printing import note, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcost.report.installation import BackendStatus, Installation


COMPILED = "what runs any model is compiled"
NOT_COMPILED = "what runs any model is not compiled yet; a long run does it, or now: simcost doctor --compile"


@click.command()
@click.option("--compile", "compiles", is_flag=True, help="First compile what runs any model, so that no run waits for it.")
@json_option
@quiet_option
def command(*, compiles: bool, as_json: bool, quiet: bool) -> None:
    """Show what is installed and which back ends would run.

    Says why a back end would not run and prints the line that installs it. The exit code is 0 whatever is found; with --compile
    it is 1 if what was to be compiled could not be.
    """
    from simcost.report.installation import installation

    if compiles:
        from simcost.engine.preparation.ahead import compile_ahead

        compile_ahead(None if quiet else note)
    found = installation()
    if as_json:
        print_json(found.document())
    else:
        click.echo("\n".join(_lines(found)))


def _lines(found: Installation) -> Iterator[str]:
    machine = found.machine
    yield f"simcost {found.version}, Python {machine.python}, {machine.system}"
    yield f"processor  {machine.processor}, {machine.cores} cores for this process"
    yield f"           {' '.join(machine.features)}"
    yield f"memory     {_gigabytes(machine.memory_bytes)}"
    yield f"disk       {_gigabytes(machine.free_disk_bytes)} free in {machine.results_folder}"
    yield f"cache      {_megabytes(found.cache_bytes)} in {found.cache}"
    yield f"           {COMPILED if found.compiled else NOT_COMPILED}"
    yield ""
    yield "libraries"
    yield from (f"  {name:<16} {version or 'not installed'}" for name, version in found.libraries.items())
    yield ""
    yield "back ends"
    yield from (f"  {backend.name:<16} {_verdict(backend)}" for backend in found.backends)
    yield ""
    yield from (f"problem: {problem}" for problem in found.problems)
    if not found.problems:
        yield "No problem found."


def _verdict(backend: BackendStatus) -> str:
    if backend.runs:
        return "runs"
    return f"does not run: {backend.reason}" + (f". Mend it with: {backend.remedy}" if backend.remedy else "")


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.0f} MiB"


def _gigabytes(size_bytes: int) -> str:
    return "unknown" if size_bytes < 0 else f"{size_bytes / 2**30:.1f} GiB"
