"""Compiling ahead of all runs: what runs any model, so that none waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.engine.preparation.backend import kernel_for
from simcost.errors import BackendError
from simcost_kernels.backends.cpu import can_compile_apart
from simcost_kernels.backends.cpu.ahead import SOME_PLAN, is_compiled_ahead

if TYPE_CHECKING:
    from collections.abc import Callable


def compile_ahead(notice: Callable[[str], None] | None = None) -> None:
    """Compile what runs any model into the cache, unless it is there.

    Parameters
    ----------
    notice
        Told that this takes a while.

    Raises
    ------
    BackendError
        If it cannot be compiled here, or there is no cache to keep it in.
    """
    if not can_compile_apart():
        message = (
            "there is no cache folder to keep what is compiled. Name one in SIMCOST_CACHE; simcost doctor says what is wrong."
        )
        raise BackendError(message)
    kernel_for(SOME_PLAN, "cpu", notice=notice, interpreter=True)
    if not is_compiled_ahead():
        message = (
            "what runs any model was compiled and could not be kept. Look for a full disk, or name a folder in SIMCOST_CACHE."
        )
        raise BackendError(message)
