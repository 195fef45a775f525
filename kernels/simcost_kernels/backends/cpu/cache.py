"""Kernels compiled once a machine: the emitted text as a module in a private folder, with numba's machine code beside it."""

from __future__ import annotations

import pickle
import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from simcost_kernels.backends.cpu.bodies import BODIES
from simcost_kernels.backends.cpu.folder import kernel_folder, kernel_name, make_room, mark_used, module_name
from simcost_kernels.backends.cpu.folding import FOLDING
from simcost_kernels.backends.cpu.keys import KEYS
from simcost_kernels.backends.cpu.memory import get, get_entry, put
from simcost_kernels.backends.cpu.options import OPTIONS
from simcost_kernels.backends.cpu.quasi_rows import QUASI_ROWS
from simcost_kernels.backends.cpu.rows import ROWS
from simcost_kernels.backends.cpu.table import TABLE
from simcost_kernels.backends.cpu.tables import TABLES
from simcost_kernels.system.private_folder import write_whole

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

NAMES: dict[str, Any] = {
    **BODIES,
    **ROWS,
    **QUASI_ROWS,
    **FOLDING,
    **TABLE,
    **TABLES,
    **KEYS,
    "get": get,
    "get_entry": get_entry,
    "put": put,
    "empty": np.empty,
    "uint64": np.uint64,
    "Any": Any,
}
"""All that the emitted text can name."""

HEADER = """\
from numba import njit

from simcost_kernels.backends.cpu.cache import NAMES, OPTIONS

globals().update(NAMES)


"""

FOOTER = """

{name} = njit(cache=True, **OPTIONS)({name})
"""


BROKEN = (EOFError, pickle.UnpicklingError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError, OSError)
"""What loading a damaged file of machine code raises."""


def compiled(text: str, signature: tuple[Any, ...], *, name: str = "kernel") -> Any:
    """Return the function of a text with its machine code, from the cache if that is whole.

    Parameters
    ----------
    text
        Defines one function that has a name of its own, and what it wants; it can name what is in `NAMES`.
    signature
        numba's types of its arguments: no others are ever compiled.
    name
        Of the function.
    """
    function = _function(text, name)
    if function.signatures:  # it has been compiled, or fetched, in this process
        return function
    try:
        function.compile(signature)
    except BROKEN:
        forget(text, name)
        function = _function(text, name)
        function.compile(signature)
    function.disable_compile()
    return function


def _function(text: str, name: str) -> Any:
    """Return a function whose machine code is made, or fetched, when it is compiled."""
    folder = kernel_folder()
    if folder is not None:
        try:
            return getattr(_module(folder, text, name), name)
        except OSError:  # full, or gone: compile in memory
            pass
    names = dict(NAMES)
    exec(compile(text, "<lanes>", "exec"), names)  # noqa: S102 - operations and numbers of operands, nothing from a user's file
    return njit(**OPTIONS)(names[name])


def forget(text: str, function: str) -> None:
    """Remove what the cache holds of a text: its machine code could not be loaded."""
    folder = kernel_folder()
    if folder is None:
        return
    name = kernel_name(text, function)
    sys.modules.pop(module_name(name), None)
    for path in (folder / f"{name}.py", *(folder / "__pycache__").glob(f"{name}.*")):
        path.unlink(missing_ok=True)


def _module(folder: Path, text: str, function: str) -> ModuleType:
    """Import a text from its file in the cache, writing that first if it is not there or not as it should be."""
    name = kernel_name(text, function)
    if (loaded := sys.modules.get(module_name(name))) is not None:
        return loaded
    path = folder / f"{name}.py"
    content = (HEADER + text + FOOTER.format(name=function)).encode()
    if not path.is_file() or path.read_bytes() != content:
        make_room(folder)
        write_whole(path, content)
    mark_used(folder, name)
    spec = spec_from_file_location(module_name(name), path)
    if spec is None or spec.loader is None:
        message = f"{path} cannot be imported"
        raise OSError(message)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # numba's second process looks the function's module up there
    spec.loader.exec_module(module)
    return module
