"""The plans that a GPU machine gets: saved beforehand, since it has neither pydantic nor scipy."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from simcost_kernels.saved_plan import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Collection

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "bench" / "plans"
MAIN = "ecommerce_recommender"
"""The plan that is timed."""


def save(folder: Path = FOLDER, only: Collection[str] = ()) -> list[Path]:
    """Compile every scenario of the library and of the acceptance tests, or those named; 35 MB in all, ignored by git."""
    from simcost import api

    folder.mkdir(exist_ok=True)
    written = []
    for path in sorted([*ROOT.glob("scenarios/*.toml"), *ROOT.glob("tests/acceptance/*.toml")]):
        target = folder / f"{path.stem}.json.gz"
        if only and path.stem not in only:
            continue
        target.write_bytes(gzip.compress(to_json(api.compile(path).plan).encode(), mtime=0))
        written.append(target)
    return written


def load(path: Path):
    """Read a plan."""
    return from_json(gzip.decompress(path.read_bytes()).decode())


def saved(folder: Path = FOLDER) -> dict[str, Path]:
    """Return the saved plans by name."""
    return {path.name.removesuffix(".json.gz"): path for path in sorted(folder.glob("*.json.gz"))}
