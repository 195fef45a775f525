"""Work on spans of scenarios in threads, handed on in the order of the spans."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    Desk = TypeVar("Desk")


def in_order(
    desks: Sequence[Desk], spans: Iterable[tuple[int, int]], work: Callable[[Desk, int, int], None]
) -> Generator[tuple[Desk, int, int], None, None]:
    """Give each span to a free desk, and yield (desk, start, stop) when its work is done, in the order of the spans.

    Parameters
    ----------
    desks
        What each thread has for itself: there are as many threads as desks. A desk is free again once the next is asked for.
    spans
        (start, stop) of each.
    work
        What a thread does with its desk; what it raises is raised here. Close the generator to end before the last span.
    """
    free, ahead = deque(desks), iter(spans)
    running: deque[tuple[Desk, int, int, Future[None]]] = deque()
    with ThreadPoolExecutor(len(desks)) as pool:
        try:
            while True:
                while free and (span := next(ahead, None)):
                    desk = free.popleft()
                    running.append((desk, *span, pool.submit(work, desk, *span)))
                if not running:
                    return
                desk, start, stop, done = running.popleft()
                done.result()
                yield desk, start, stop
                free.append(desk)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
