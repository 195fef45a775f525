"""Commands that answer: compute with progress shown, print the answer, and nothing besides."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from simcost.cli.parameters import json_option, quiet_option
from simcost.cli.printing import print_answer
from simcost.cli.progress import shown_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcost.results.answer import Answer


def answering(command: Callable[..., Answer]) -> Callable[..., None]:
    """Add ``--json`` and ``-q``, hand on ``progress`` and ``notice``, and print the answer that the command returns."""

    @json_option
    @quiet_option
    @wraps(command)
    def printed(*, as_json: bool, quiet: bool, **choices: Any) -> None:
        with shown_progress(quiet=quiet) as shown:
            answer = command(**shown, **choices)
        print_answer(answer, as_json=as_json)

    return printed
