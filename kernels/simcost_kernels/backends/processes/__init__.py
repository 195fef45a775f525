"""The reference on several processors: processes that run it, and hand their columns over through a pipe.

Python lets one thread at a time use it, and the reference asks for it between short NumPy calls: two threads take as long as one.
Processes do not disturb each other. Each takes a third of a second to start, and copying its columns a twentieth of the time that
they take to make.
"""

from __future__ import annotations

from simcost_kernels.backends.processes.kernel import ReferenceProcesses

__all__ = ["ReferenceProcesses"]
