"""Work on spans of scenarios by several threads, handed on in the order of the spans as far as somebody wants that.

A span is worked on in phases, and a phase in pieces, in a workspace: memory for it. Each thread has a workspace and takes the
pieces of the span there, since that memory is near to its processor; when none is left it takes those of others (work stealing).
So a run of a single span has work for all threads, and none waits at the end while another does a whole span.
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

Workspace = TypeVar("Workspace")


def in_order(
    workspaces: Sequence[Workspace],
    spans: Iterable[tuple[int, int]],
    work: Callable[[Workspace, int, int], Phases],
    *,
    workers: int,
    until: int | None = None,
) -> Generator[tuple[Workspace, int, int], None, None]:
    """Have each span worked on in a workspace, and yield (workspace, start, stop) when that is done, in the order of the spans.

    Parameters
    ----------
    workspaces
        What spans are worked on with, one at a time each: memory, above all. One that was yielded is free again once the next is
        asked for.
    spans
        (start, stop) of each.
    work
        Yields the phases of a span: pieces that may be done at once and in any order, all of which are done before the next phase
        is asked for. What it or a piece raises is raised here. Close the generator to end before the last span.
    workers
        How many threads.
    until
        Spans that begin at this scenario or later are told of when they are done, in any order, and their workspaces are free at
        once. If None, all are in order.
    """
    scheduler = _Scheduler(workspaces, spans, work, until)
    with ThreadPoolExecutor(workers) as pool:
        try:
            for worker in range(workers):
                pool.submit(scheduler.take_pieces, worker)
            while job := scheduler.next_done():
                yield job.workspace, job.start, job.stop
                scheduler.release(job)
        finally:
            scheduler.stop()


class _Job(Generic[Workspace]):
    """A span being worked on; ``waiting`` are the pieces of its phase that nobody has taken, ``left`` those that are not done."""

    __slots__ = ("is_done", "left", "phases", "place", "start", "stop", "waiting", "workspace")

    def __init__(self, place: int, workspace: Workspace, span: tuple[int, int], phases: Phases) -> None:
        self.place, self.workspace, (self.start, self.stop), self.phases = place, workspace, span, phases
        self.waiting: deque[Piece] = deque()
        self.left = 0
        self.is_done = False

    def begin_phase(self) -> None:
        """Take up the pieces of the next phase that has any, or be done."""
        while not self.waiting and not self.is_done:
            pieces = next(self.phases, None)
            self.waiting.extend(pieces or ())
            self.is_done = pieces is None
        self.left = len(self.waiting)


class _Scheduler(Generic[Workspace]):
    """Gives pieces to threads, and spans that are done to whoever wants them."""

    def __init__(
        self,
        workspaces: Sequence[Workspace],
        spans: Iterable[tuple[int, int]],
        work: Callable[[Workspace, int, int], Phases],
        until: int | None,
    ) -> None:
        self._turn = Condition()
        self._workspaces, self._ahead = workspaces, iter(spans)
        self._work, self._until = work, until
        self._current: list[_Job[Workspace] | None] = [None] * len(workspaces)
        self._begun: deque[_Job[Workspace]] = deque()
        self._failure: BaseException | None = None
        self._over = False
        for place in range(len(workspaces)):
            self._begin_next(place)

    def take_pieces(self, worker: int) -> None:
        """Do one piece after another until there are no more: what each thread does."""
        try:
            while taken := self._take(worker):
                job, piece = taken
                piece()
                self._note_done(job)
        except BaseException as failure:  # noqa: BLE001 - it belongs to whoever asked for the work
            with self._turn:
                self._failure = self._failure or failure
                self._turn.notify_all()

    def next_done(self) -> _Job[Workspace] | None:
        """Wait for a span that may be handed on; None after the last."""
        with self._turn:
            while self._begun and not self._failure:
                if job := self._done():
                    return job
                self._turn.wait()
            if self._failure:
                raise self._failure
            return None

    def release(self, job: _Job[Workspace]) -> None:
        """Forget a span that was handed on, and use its workspace for the next if that was kept."""
        with self._turn:
            self._begun.remove(job)
            if self._is_in_order(job):
                self._begin_next(job.place)
                self._turn.notify_all()

    def stop(self) -> None:
        """Take no more pieces."""
        with self._turn:
            self._over = True
            self._turn.notify_all()

    def _take(self, worker: int) -> tuple[_Job[Workspace], Piece] | None:
        """Wait for a piece and take it, one of the own workspace if it has any, else of the oldest span; None at the end."""
        with self._turn:
            while not (self._over or self._failure):
                own = self._current[worker] if worker < len(self._current) else None
                job = own if own and own.waiting else next((job for job in self._begun if job.waiting), None)
                if job:
                    return job, job.waiting.popleft()
                self._turn.wait()
            return None

    def _note_done(self, job: _Job[Workspace]) -> None:
        """Count a piece as done, and begin the next phase after the last."""
        with self._turn:
            job.left -= 1
            if not job.left:
                job.begin_phase()
                if job.is_done and not self._is_in_order(job):
                    self._begin_next(job.place)
                self._turn.notify_all()

    def _begin_next(self, place: int) -> None:
        """Begin the next span in a free workspace, and the one after it if there is nothing to do for that."""
        self._current[place] = None
        for span in self._ahead:
            workspace = self._workspaces[place]
            job = self._current[place] = _Job(place, workspace, span, self._work(workspace, *span))
            job.begin_phase()
            self._begun.append(job)
            if not job.is_done or self._is_in_order(job):
                return

    def _is_in_order(self, job: _Job[Workspace]) -> bool:
        return self._until is None or job.start < self._until

    def _done(self) -> _Job[Workspace] | None:
        """Return the first span if order is wanted there, else one that is done, if it is."""
        first = self._begun[0]
        if self._is_in_order(first):
            return first if first.is_done else None
        return next((job for job in self._begun if job.is_done), None)
