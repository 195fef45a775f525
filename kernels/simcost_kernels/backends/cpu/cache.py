"""Kernels compiled once a machine: the emitted text as a module in a private folder, with numba's machine code beside it."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from simcost_kernels.backends.cpu.bodies import BODIES
from simcost_kernels.backends.cpu.folder import kernel_folder, kernel_name, module_name
from simcost_kernels.backends.cpu.memory import get, put
from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.backends.cpu.quasi_rows import QUASI_ROWS
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.private_folder import write_whole

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

NAMES: dict[str, Any] = {
    **BODIES,
    **ROWS,
    **QUASI_ROWS,
    "get": get,
    "put": put,
    "empty": np.empty,
    "uint64": np.uint64,
}
"""All that the emitted text can name."""

HEADER = """\
from numba import njit

from simcost_kernels.backends.cpu.cache import NAMES, OPTIONS

globals().update(NAMES)


@njit(cache=True, **OPTIONS)
"""


def kernel_function(text: str) -> Any:
    """Return the compiled function of an emitted text, whose machine code is made, or fetched, at its first call."""
    folder = kernel_folder()
    if folder is not None:
        try:
            return _module(folder, text).kernel
        except OSError:  # full, or gone: compile in memory
            pass
    names = dict(NAMES)
    exec(compile(text, "<lanes>", "exec"), names)  # noqa: S102 - operations and numbers of operands, nothing from a user's file
    return njit(**OPTIONS)(names["kernel"])


def forget(text: str) -> None:
    """Remove what the cache holds of a text: its machine code could not be loaded."""
    folder = kernel_folder()
    if folder is None:
        return
    name = kernel_name(text)
    sys.modules.pop(module_name(name), None)
    for path in (folder / f"{name}.py", *(folder / "__pycache__").glob(f"{name}.*")):
        path.unlink(missing_ok=True)


def _module(folder: Path, text: str) -> ModuleType:
    """Import a text from its file in the cache, writing that first if it is not there or not as it should be."""
    name = kernel_name(text)
    if (loaded := sys.modules.get(module_name(name))) is not None:
        return loaded
    path = folder / f"{name}.py"
    content = (HEADER + text).encode()
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
    spec = spec_from_file_location(module_name(name), path)
    if spec is None or spec.loader is None:
        message = f"{path} cannot be imported"
        raise OSError(message)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # numba's second process looks the function's module up there
    spec.loader.exec_module(module)
    return module
