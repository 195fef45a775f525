"""Signals that end a command: an orderly exit, so that nothing half-written is left behind."""

from __future__ import annotations

import signal
import sys
from threading import Timer, main_thread
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

SIGNALLED = 128
"""The shell's code for a process that a signal has ended, less the signal's number."""

AGAIN_S = 0.01


def prepare_signals() -> None:
    """Make SIGTERM and SIGHUP exceptions, as Ctrl-C is one, and see to it that none of them is lost."""
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it for us
            signal.signal(number, leave)
    sys.unraisablehook = raise_again


def leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Turn a signal into an orderly exit with the shell's code for it, so that temporary files are removed."""
    sys.exit(SIGNALLED + number)


def raise_again(dropped: sys.UnraisableHookArgs) -> None:
    """Send a signal once more whose exception Python has dropped; to be called by Python for all that it drops.

    A signal may arrive while a weak reference's callback or a destructor runs, and what is raised there goes nowhere: a run that
    was to end would go on.
    """
    number = _number_of(dropped)
    if number is None:
        sys.__unraisablehook__(dropped)
        return
    again = Timer(AGAIN_S, _send, (number,))  # later, when the callback has ended
    again.daemon = True
    again.start()


def _send(number: int) -> None:
    """Send a signal to the main thread, which may be waiting for others."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main_thread().ident or 0, number)
    else:
        signal.raise_signal(number)


def _number_of(dropped: sys.UnraisableHookArgs) -> int | None:
    """Return the signal whose exception was dropped; None if it was another's."""
    if issubclass(dropped.exc_type, KeyboardInterrupt):
        return signal.SIGINT
    code = dropped.exc_value.code if isinstance(dropped.exc_value, SystemExit) else None
    return code - SIGNALLED if isinstance(code, int) and code > SIGNALLED else None
