"""Versions of installed packages, without importing them or `importlib.metadata`: either takes as long as a short command."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

VERSION_FILES = ("version.py", "_version.py")
"""Where NumPy, scipy, numba and llvmlite write theirs."""


def version_text(package: str) -> str:
    """Return a text that says which version of a package is installed: its own file of that name, else its metadata."""
    spec = find_spec(package)
    origin = spec.origin if spec is not None else None
    for name in VERSION_FILES if origin else ():
        path = Path(str(origin)).with_name(name)
        if path.is_file():
            return path.read_text(encoding="utf-8")
    from importlib.metadata import version

    return version(package)
