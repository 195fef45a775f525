"""Results that later ones replace: those that ``run`` named itself, of earlier texts of a scenario file.

A run replaces the result of the very same run, and each edit of its file makes it another run: 50 edits leave 50 results. As with
``cargo clean`` and ``docker image prune`` none of them goes unless that is asked for. What a user named (``-o``), renamed, linked
or put into a folder below is none of ours, and neither is what cannot be read as a result.
"""

from __future__ import annotations

import re
import stat
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.errors import ResultError
from simcost.results.file.guarded import ENDING
from simcost.results.path import name_of_file, tail_of_run
from simcost.results.read import open_result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MUCH = 1_000_000_000
"""Bytes of results of one scenario file that a run speaks of: four that keep what fits 256 MB."""


@dataclass(frozen=True, slots=True, order=True)
class NamedResult:
    """A result under the name that its run gave it; ordered by age, the oldest first.

    Parameters
    ----------
    started
        When its run began, ISO 8601 in UTC.
    changed_ns
        When the file was last changed, in nanoseconds since 1970: of two runs within a second.
    size
        In bytes.
    file
        What names of the scenario file's results begin with, and the scenario's name: another of both is another model.
    variant
        Option, assignments, seed, scenarios and first scenario.
    """

    started: str
    changed_ns: int
    path: Path
    size: int
    file: tuple[str, str]
    variant: tuple[str, tuple[str, ...], int, int, int]


def named_results(folder: Path) -> tuple[tuple[NamedResult, ...], int]:
    """Return the results in a folder that runs have named themselves, by age, and how many other files end like results.

    Raises
    ------
    OSError
        If the folder cannot be read.
    """
    paths = [path for path in folder.iterdir() if path.name.endswith(ENDING)]
    found = [each for each in map(named_result, paths) if each]
    return tuple(sorted(found)), len(paths) - len(found)


def named_result(path: Path) -> NamedResult | None:
    """Read a result whose name is the one that its run gives; None for any other file."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return None
        result = open_result(path)
    except (OSError, ResultError):
        return None
    run, scenario = result.run, result.scenario
    n = run.limit or run.scenarios
    tail = tail_of_run(scenario.sha256, scenario.option, scenario.overrides, seed=run.seed, n=n, first=run.first)
    file = path.name.removesuffix(tail)
    if not file or file == path.name:
        return None
    variant = (scenario.option, scenario.overrides, run.seed, n, run.first)
    return NamedResult(run.started, status.st_mtime_ns, path, status.st_size, (file, scenario.name), variant)


def replaced(found: Iterable[NamedResult], keep_last: int, *, variants: bool) -> Iterator[tuple[NamedResult, NamedResult]]:
    """Yield each result that later ones replace, and the newest of those.

    Parameters
    ----------
    found
        By age.
    keep_last
        How many of each run are not replaced, the newest.
    variants
        Whether runs of one scenario file replace each other whatever their variants.
    """
    runs: dict[tuple[object, ...], list[NamedResult]] = defaultdict(list)
    for each in found:
        runs[(each.file,) if variants else (each.file, each.variant)].append(each)
    for alike in runs.values():
        for each in alike[:-keep_last]:
            yield each, alike[-1]


def other_results(result: Path, scenario_file: str) -> tuple[int, int]:
    """Return how many other results of a scenario file lie beside one, by their names alone, and their bytes."""
    pattern = re.compile(rf"{re.escape(name_of_file(scenario_file))}-[0-9a-f]{{8}}-(.+-)?\d+-\d+(-from\d+)?{re.escape(ENDING)}")
    try:
        beside = [path for path in result.parent.iterdir() if path.name != result.name and pattern.fullmatch(path.name)]
        sizes = [path.lstat().st_size for path in beside]
    except OSError:  # it is a remark beside an answer, and another process may tidy up just now
        return 0, 0
    return len(sizes), sum(sizes)
