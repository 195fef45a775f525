"""Where a result goes, and what it may replace there."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from simcost.errors import ResultError, UsageError
from simcost.results.file.guarded import ENDING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.engine.spans import Span
    from simcost.results.result import Result
    from simcost.results.run_info import Identity
    from simcost.scenario.scenario import Scenario

RESULTS_FOLDER = Path("results")
"""Where runs go by default, below the current folder; made when it is missing."""

ANOTHER = "Give another name with `output`, or replace it with `force=True`."

LONGEST_PART_BYTES = 80
"""File systems take names of 255 bytes; two parts are the user's, and hash, seed, range and suffix need the rest."""

OTHER_FORMATS = (".csv", ".parquet", ".xlsx", ".json", ".toml")
"""Endings that promise another format than HDF5; the last is that of scenarios, which ``force`` would overwrite."""

SPARE_BYTES = 32_000_000
"""Free space wanted beside the kept samples: the figures, and the summary with its cells."""


def default_path(scenario: Scenario, span: Span) -> Path:
    """Name the result file of a run.

    Returns
    -------
    Path
        ``results/<scenario file>-<first 8 of its SHA-256>-<seed>-<n>.h5``; before the seed come the option and a hash of
        the ``--set`` assignments, after ``n`` the first scenario, each where it applies.
    """
    tail = tail_of_run(scenario.sha256, scenario.option, scenario.overrides, seed=span.seed, n=span.n, first=span.first)
    return RESULTS_FOLDER / f"{name_of_file(scenario.path)}{tail}"


def name_of_file(path: str) -> str:
    """Return what the names of a scenario file's results begin with."""
    return _harmless(Path(path).stem) or "scenario"


def tail_of_run(sha256: str, option: str, overrides: Sequence[str], *, seed: int, n: int, first: int) -> str:
    """Return what the name of a run's result ends with, from the hash of the scenario's text on."""
    parts = ["", sha256[:8]]
    if option:
        parts.append(_harmless(option))
    if overrides:
        parts.append("set" + hashlib.sha256("\0".join(overrides).encode(errors="replace")).hexdigest()[:8])
    parts += [str(seed), str(n)]
    if first:
        parts.append(f"from{first}")
    return "-".join(parts) + ENDING


def check_output(path: Path, identity: Identity, *, force: bool) -> None:
    """Refuse, before anything runs, a path that cannot or must not be written.

    Raises
    ------
    UsageError
        If the name promises another format than HDF5, the folder is missing, the path is no regular file, or it holds anything
        but a result of the very same run and ``force`` is not given.
    ResultError
        If the system refuses the folder.
    """
    _check_name(path)
    _check_folder(path)
    if not path.exists() and not path.is_symlink():
        return
    if not path.is_file():
        kind = "a folder" if path.is_dir() else "a broken link" if path.is_symlink() else "no regular file"
        message = f"{path}: {kind}, so no result can be written there. Name a file: `output='{RESULTS_FOLDER / 'run.h5'}'`."
        raise UsageError(message)
    if not force:
        _check_replacement(path, identity)


def check_space(path: Path, samples_bytes: int) -> None:
    """Refuse a run whose kept samples do not fit the disk.

    Raises
    ------
    ResultError
        With what is wanted and what is free.
    """
    wanted = samples_bytes + SPARE_BYTES
    free = shutil.disk_usage(path.parent).free
    if wanted > free:
        message = (
            f"{path}: the result needs about {wanted / 1e6:,.0f} MB, and {path.parent} has {free / 1e6:,.0f} MB free. "
            "Keep fewer samples (`keep='none'` or a number), or write elsewhere with `output`."
        )
        raise ResultError(message)


def _check_name(path: Path) -> None:
    if path.suffix.lower() in OTHER_FORMATS:
        result = path.with_suffix(".h5").name
        others = {".json": "simcost show prints its figures, as JSON too.", ".toml": "That is the ending of a scenario."}
        remedy = others.get(path.suffix.lower(), f"Then simcost export makes {path.name} of it.")
        message = f"{path}: a result is HDF5, not {path.suffix[1:].upper()}. Name it {result}. {remedy}"
        raise UsageError(message)


def _check_folder(path: Path) -> None:
    folder = path.parent
    if folder == RESULTS_FOLDER and not folder.exists():
        _make(folder)
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "does not exist"
        remedy = "Name another with `output`." if folder.exists() else f"Make it first: mkdir -p '{folder}'"
        message = f"{path}: {folder} {what}. {remedy}"
        raise UsageError(message)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        message = f"{folder}: cannot be made: {error.strerror}. Write elsewhere with `output`."
        raise ResultError(message) from error


def _check_replacement(path: Path, identity: Identity) -> None:
    from simcost.results.read import open_result

    try:
        present = open_result(path)
    except ResultError as error:
        message = f"{path}: exists and is no result that simcost can read. {ANOTHER}"
        raise UsageError(message) from error
    if present.identity_sha256 != identity.digest():
        message = f"{path}: holds another run ({_described(present)}). {ANOTHER}"
        raise UsageError(message)


def _described(result: Result) -> str:
    """One line on a run, for telling two apart."""
    run, scenario = result.run, result.scenario
    variant = "".join(f", {each}" for each in (*([f"option {scenario.option}"] if scenario.option else []), *scenario.overrides))
    last = run.first + run.scenarios - 1
    return f"file {scenario.sha256[:8]}{variant}, seed {run.seed}, scenarios {run.first:,} to {last:,}, simcost {run.version}"


def _harmless(name: str) -> str:
    """Letters of any language, digits, dots, dashes: nothing that a shell or a file system minds."""
    return re.sub(r"[^\w.-]+", "_", name).encode(errors="replace")[:LONGEST_PART_BYTES].decode(errors="ignore")
