"""The command line: parses, calls, prints. ``simcost --help`` imports click and nothing else that is heavy."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from simcost.cli.exit_codes import INTERRUPTED
from simcost.cli.signals import prepare_signals
from simcost.cli.streams import prepare_streams


def main() -> NoReturn:
    """Run the command line of this process: the entry point of ``simcost`` and of ``python -m simcost``.

    Raises
    ------
    SystemExit
        Always: 0 fine; 1 failure; 2 usage or invalid scenario; 3 a budget gate failed; 130 interrupted; 143 terminated;
        129 its terminal was closed.
    """
    prepare_signals()
    _start_light()
    prepare_streams()
    try:
        from simcost.cli.root import root

        root(prog_name="simcost")
    except KeyboardInterrupt:  # while the imports above ran; later ones are reported by `failures`
        sys.exit(INTERRUPTED)
    finally:
        gc.freeze()  # the process ends: a last search of all that it has loaded for garbage would take a quarter of `validate`
    sys.exit(0)


def _start_light() -> None:
    """Spare a short command what it waits for in vain: BLAS threads, plugins of pydantic, garbage hunts among loaded modules."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # our matrices are small
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(50_000)
