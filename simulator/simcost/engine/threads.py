"""Work on spans of scenarios in threads, handed on in the order of the spans as far as somebody wants that."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    Desk = TypeVar("Desk")
    _Job = tuple[Desk, int, int, Future[None]]


def in_order(
    desks: Sequence[Desk],
    spans: Iterable[tuple[int, int]],
    work: Callable[[Desk, int, int], None],
    *,
    until: int | None = None,
) -> Generator[tuple[Desk, int, int], None, None]:
    """Give each span to a free desk, and yield (desk, start, stop) when its work is done, in the order of the spans.

    Where order is kept everyone waits for the slowest of each round, and some neighbour on the machine always slows one.

    Parameters
    ----------
    desks
        What each thread has for itself: there are as many threads as desks. A desk is free again once the next is asked for.
    spans
        (start, stop) of each.
    work
        What a thread does with its desk; what it raises is raised here. Close the generator to end before the last span.
    until
        Spans that begin at this scenario or later are handed on as they are done; if None, all are in order.
    """
    free, ahead = deque(desks), iter(spans)
    running: deque[_Job[Desk]] = deque()
    with ThreadPoolExecutor(len(desks)) as pool:
        try:
            while True:
                while free and (span := next(ahead, None)):
                    desk = free.popleft()
                    running.append((desk, *span, pool.submit(work, desk, *span)))
                if not running:
                    return
                desk, start, stop, done = _next(running, until)
                done.result()
                yield desk, start, stop
                free.append(desk)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _next(running: deque[_Job[Desk]], until: int | None) -> _Job[Desk]:
    """Take out the first span if order is wanted there, else one that is done, after waiting for one."""
    if until is not None and running[0][1] >= until:
        done, _ = wait([job[3] for job in running], return_when=FIRST_COMPLETED)
        running.rotate(-next(place for place, job in enumerate(running) if job[3] in done))
    return running.popleft()
