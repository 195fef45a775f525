"""Telling one future of a run again, and checking a result file against what is recomputed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simcost.api.listed import listed
from simcost.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simcost.api.path import PathLike
    from simcost.engine.simulate import Progress
    from simcost.report.replay_report import Replay
    from simcost.results.verification import Verification


def replay(  # noqa: PLR0913 - which future of which run, and how to find it
    path: PathLike,
    *,
    scenario: int | None = None,
    near: float | None = None,
    option: str = "",
    overrides: Sequence[str] = (),
    n: int | None = None,
    seed: int | None = None,
    data: PathLike = ".",
    backend: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> Replay:
    """Recompute one future of a run, with everything that it rests on month by month.

    Parameters
    ----------
    path
        A result file, or a scenario file.
    scenario
        Number of the future, from 0.
    near
        A percentile in percent: take the future whose total is nearest to it.
    option, overrides, n, seed
        Of the run that a scenario file would have; see `run`. A result knows its own.
    data
        Folder of the data files that the scenario of a result names.
    backend, workers, progress, notice
        For the search of ``near``, where totals have to be recomputed; see `run`.

    Raises
    ------
    ScenarioError, UsageError, ResultError, BackendError, UndefinedCostError
        If the file is invalid or damaged, its run cannot be recomputed here, or there is no such future.
    """
    from simcost.report.replay_report import NearestSearch, replay_result, replay_scenario
    from simcost.results.guarded import looks_like_result

    if (scenario is None) == (near is None):
        message = "which future? Give its number with --scenario 123456, or a percentile with --near p95; one of them."
        raise UsageError(message)
    if near is not None and not 0.0 < near < 100.0:
        message = f"near {near:g}: no percentile between 0 and 100. Give one like 95."
        raise UsageError(message)
    search = NearestSearch(backend, workers or 0, progress, notice)
    if looks_like_result(Path(path)):
        if option or overrides or n is not None or seed is not None:
            message = f"{path}: is a result, which is replayed as it ran. Give the scenario file to replay it otherwise."
            raise UsageError(message)
        from simcost.results.read import open_result

        return replay_result(open_result(Path(path)), data, number=scenario, near=near, search=search)
    from simcost.scenario import load

    found = load(path, option, listed(overrides))
    sampling = found.sampling
    seed, n = sampling.seed if seed is None else seed, sampling.scenarios if n is None else n
    return replay_scenario(found, seed, n, number=scenario, near=near, search=search)


def verify(
    path: PathLike,
    *,
    seed: int = 1,
    everything: bool = False,
    data: PathLike = ".",
    progress: Progress | None = None,
) -> Verification:
    """Check a result file: every byte, its figures, and scenarios of it against recomputed ones, bit for bit.

    See `simcost.results.verification.verify`; ``data`` is the folder of the data files that its scenario names.

    Raises
    ------
    ResultError
        If the file is damaged, or its scenario does not compile here to the plan that ran.
    """
    from simcost.results.verification import verify as check

    return check(path, data, seed=seed, everything=everything, progress=progress)
