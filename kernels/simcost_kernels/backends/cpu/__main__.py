"""The process that compiles a plan for another: see `compiler`, which starts it.

It reads one saved plan, a line of JSON; an argument says whether the interpreter of all plans is wanted. It goes on as long as
its standard input stays open: an end of file there means that the process which wanted the kernel is gone.
"""

from __future__ import annotations

import os
import sys
import threading
from io import FileIO

STDIN = 0


def main() -> None:
    """Compile the plan on standard input into the cache."""
    with FileIO(STDIN, closefd=False) as lines:
        line = lines.readline()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    from simcost_kernels.backends.cpu.compiler import INTERPRETER
    from simcost_kernels.backends.cpu.folder import is_compiled
    from simcost_kernels.backends.cpu.interpreter_kernel import InterpreterKernel
    from simcost_kernels.backends.cpu.kernel import CpuKernel
    from simcost_kernels.saved_plan import from_json

    plan, interpreter = from_json(line.decode()), INTERPRETER in sys.argv[1:]
    (InterpreterKernel if interpreter else CpuKernel)(plan)
    sys.exit(not is_compiled(plan, interpreter=interpreter))


def _leave_with_parent() -> None:
    while os.read(STDIN, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
