"""Work on spans of scenarios by a crew of threads, handed on in the order of the spans as far as somebody wants that.

A span is worked on in phases, and a phase in pieces. Each thread has a desk and takes the pieces of the span that lies there,
since that memory is near to its processor; when nothing is left at its own desk it helps the others. So a run of a single span
has work for everybody, and nobody waits at the end while another does a whole span.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    Piece = Callable[[], object]
    Phases = Iterator[Sequence[Piece]]

Desk = TypeVar("Desk")


def in_order(
    desks: Sequence[Desk],
    spans: Iterable[tuple[int, int]],
    work: Callable[[Desk, int, int], Phases],
    *,
    workers: int,
    until: int | None = None,
) -> Generator[tuple[Desk, int, int], None, None]:
    """Have each span worked on at a desk, and yield (desk, start, stop) when that is done, in the order of the spans.

    Parameters
    ----------
    desks
        What spans are worked on with, one at a time each: memory, above all. A desk that was yielded is free again once the next
        is asked for.
    spans
        (start, stop) of each.
    work
        Yields the phases of a span: pieces that may be done at once and in any order, all of which are done before the next phase
        is asked for. What it or a piece raises is raised here. Close the generator to end before the last span.
    workers
        How many threads.
    until
        Spans that begin at this scenario or later are told of when they are done, in any order, and their desks are free at once.
        If None, all are in order.
    """
    crew = _Crew(desks, spans, work, until)
    with ThreadPoolExecutor(workers) as pool:
        try:
            for worker in range(workers):
                pool.submit(crew.take_pieces, worker)
            while job := crew.next_done():
                yield job.desk, job.start, job.stop
                crew.clear(job)
        finally:
            crew.go_home()


class _Job(Generic[Desk]):
    """A span being worked on; ``waiting`` are the pieces of its phase that nobody has taken, ``left`` those that are not done."""

    __slots__ = ("desk", "is_done", "left", "phases", "place", "start", "stop", "waiting")

    def __init__(self, place: int, desk: Desk, span: tuple[int, int], phases: Phases) -> None:
        self.place, self.desk, (self.start, self.stop), self.phases = place, desk, span, phases
        self.waiting: deque[Piece] = deque()
        self.left = 0
        self.is_done = False

    def begin_phase(self) -> None:
        """Lay out the pieces of the next phase that has any, or be done."""
        while not self.waiting and not self.is_done:
            pieces = next(self.phases, None)
            self.waiting.extend(pieces or ())
            self.is_done = pieces is None
        self.left = len(self.waiting)


class _Crew(Generic[Desk]):
    """Threads that take pieces, and one that hands on what is done."""

    def __init__(
        self,
        desks: Sequence[Desk],
        spans: Iterable[tuple[int, int]],
        work: Callable[[Desk, int, int], Phases],
        until: int | None,
    ) -> None:
        self._turn = Condition()
        self._desks, self._ahead = desks, iter(spans)
        self._work, self._until = work, until
        self._at: list[_Job[Desk] | None] = [None] * len(desks)
        self._to_tell: deque[_Job[Desk]] = deque()
        self._failure: BaseException | None = None
        self._over = False
        for place in range(len(desks)):
            self._lay_out(place)

    def take_pieces(self, worker: int) -> None:
        """Do one piece after another until there are no more: what each thread does."""
        try:
            while taken := self._take(worker):
                job, piece = taken
                piece()
                self._put_away(job)
        except BaseException as failure:  # noqa: BLE001 - it belongs to whoever asked for the work
            with self._turn:
                self._failure = self._failure or failure
                self._turn.notify_all()

    def next_done(self) -> _Job[Desk] | None:
        """Wait for a span that may be handed on; None after the last."""
        with self._turn:
            while self._to_tell and not self._failure:
                if job := self._done():
                    return job
                self._turn.wait()
            if self._failure:
                raise self._failure
            return None

    def clear(self, job: _Job[Desk]) -> None:
        """Forget a span that was handed on, and use its desk for the next if that was kept."""
        with self._turn:
            self._to_tell.remove(job)
            if self._is_in_order(job):
                self._lay_out(job.place)
                self._turn.notify_all()

    def go_home(self) -> None:
        """Take no more pieces."""
        with self._turn:
            self._over = True
            self._turn.notify_all()

    def _take(self, worker: int) -> tuple[_Job[Desk], Piece] | None:
        """Wait for a piece and take it, one of the own desk if it has any, else of the oldest span; None at the end."""
        with self._turn:
            while not (self._over or self._failure):
                own = self._at[worker] if worker < len(self._at) else None
                job = own if own and own.waiting else next((job for job in self._to_tell if job.waiting), None)
                if job:
                    return job, job.waiting.popleft()
                self._turn.wait()
            return None

    def _put_away(self, job: _Job[Desk]) -> None:
        with self._turn:
            job.left -= 1
            if not job.left:
                job.begin_phase()
                if job.is_done and not self._is_in_order(job):
                    self._lay_out(job.place)
                self._turn.notify_all()

    def _lay_out(self, place: int) -> None:
        """Put the next span on a free desk, and the one after it if there is nothing to do for that."""
        self._at[place] = None
        for span in self._ahead:
            desk = self._desks[place]
            job = self._at[place] = _Job(place, desk, span, self._work(desk, *span))
            job.begin_phase()
            self._to_tell.append(job)
            if not job.is_done or self._is_in_order(job):
                return

    def _is_in_order(self, job: _Job[Desk]) -> bool:
        return self._until is None or job.start < self._until

    def _done(self) -> _Job[Desk] | None:
        """Return the first span if order is wanted there, else one that is done, if it is."""
        first = self._to_tell[0]
        if self._is_in_order(first):
            return first if first.is_done else None
        return next((job for job in self._to_tell if job.is_done), None)
