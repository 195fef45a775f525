"""The process that runs the reference for another: see `kernel`, which starts it.

It reads a pickled plan, then one request after another, until its standard input ends: then whoever wanted it is gone.
"""

from __future__ import annotations

import pickle
import sys

import numpy as np

from simcost_kernels.backends.processes.request import REQUEST, pieces
from simcost_kernels.backends.reference import PIECE, ReferenceKernel


def main() -> None:
    """Answer requests."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    kernel = ReferenceKernel(pickle.load(requests))  # noqa: S301 - written by the process that started this one, for this one
    memory = np.empty(kernel.plan.n_columns * PIECE)
    while request := requests.read(REQUEST.size):
        seed, start, stop = REQUEST.unpack(request)
        for first, last in pieces(start, stop):
            columns = memory[: kernel.plan.n_columns * (last - first)].reshape(-1, last - first)
            kernel.run(seed, first, last, columns)
            answers.write(columns.data)
        answers.flush()


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # nobody wants the answer any more
        sys.stderr.close()
        sys.exit(1)
