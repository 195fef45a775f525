"""What the user sees when something fails: one clear message on standard error, an exit code, no traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import sys
from typing import TYPE_CHECKING

import click

from simcost.cli.exit_codes import FAILURE, INTERRUPTED
from simcost.errors import ScenarioError, SimcostError
from simcost.report.parts.printable import printable
from simcost.report.parts.wording import as_options

if TYPE_CHECKING:
    from collections.abc import Callable


def guarded(action: Callable[[], object], *, debug: bool) -> int:
    """Run ``action`` and return the exit code, having told on standard error what went wrong.

    Parameters
    ----------
    action
        Returns an exit code, or anything else for 0.
    debug
        Whether to show the traceback too.
    """
    try:
        code = action()
        sys.stdout.flush()  # here, where a full disk can still be told
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        _tell(*_one_file_at_a_time(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _tell("Interrupted. Nothing half-written is left behind.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: the user gets a line, not a traceback
        return _report(error, debug=debug)
    return code if isinstance(code, int) else 0


def _one_file_at_a_time(error: click.ClickException) -> tuple[str, ...]:
    """Say what to do with arguments beyond the last, where they are the files of a folder: ``run *.toml``."""
    if not isinstance(error, click.UsageError) or error.ctx is None or not (more := _MORE_FILES.match(error.message)):
        return ()
    return (f'It takes one file: for file in *.{more["ending"].lower()}; do {error.ctx.command_path} "$file"; done',)


_MORE_FILES = re.compile(r"Got unexpected extra arguments? \([^()]*\.(?P<ending>toml|h5)\b", re.IGNORECASE)


def _report(error: Exception, *, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError):
        _silence_standard_output()
    _tell(*_lines(error))
    return error.exit_code if isinstance(error, SimcostError) else FAILURE


def _lines(error: Exception) -> list[str]:
    """Say what went wrong, in the words of the person who can mend it."""
    if isinstance(error, ScenarioError):
        return [as_options(str(error))]
    if isinstance(error, SimcostError):
        return [as_options(f"Error: {error}")]
    if isinstance(error, MemoryError):
        return ["Error: not enough memory. Ask for fewer --workers, or keep no samples with --keep none."]
    if isinstance(error, OSError):
        return [f"Error: {_operating_system(error)}"]
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return [f"Error: this is a bug in simcost: {what}. Please report it with the output of: simcost --debug ..."]


def _operating_system(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    what = error.strerror or str(error) or type(error).__name__
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{place}{what}. Free some space, or write elsewhere."
    return f"{place}{what}"


def _silence_standard_output() -> None:
    """Send what is still buffered nowhere: Python would fail on it once more at exit, with a traceback."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(*lines: str) -> None:
    with contextlib.suppress(OSError):  # standard error may be closed or full: nobody is left to tell
        for line in lines:
            click.echo(printable(line), err=True)
