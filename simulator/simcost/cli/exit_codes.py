"""What the process says with its exit code, beside 0: all is well."""

from __future__ import annotations

FAILURE = 1
WRONG_USAGE = 2
GATE_FAILED = 3
INTERRUPTED = 130
