"""The order in which a kernel over lanes does the steps of a section: operations on whole rows, and loops over the lanes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import ceil
from typing import TYPE_CHECKING

from simcost_kernels.codegen.step_order import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from simcost_kernels.plan import Step

WHOLE = frozenset(("draw", "normal_quantile", "normal_cdf", "smooth_quantile", "step_quantile", "binomial_quantile"))
"""Operations on whole rows: their rare part is treated apart, or they search or look up, which wants a loop of its own."""

TOGETHER = "normal_quantile"
"""An operation that is cheaper on several rows at once: their rare parts fill vectors together."""

MOST_TOGETHER = 8
"""Rows at once: the rare parts fit the spare rows even if every lane is rare."""

LONGEST_LOOP = 500
"""Operations in one loop over the lanes: LLVM's time grows faster than a loop, and so do the values that find no register. No
scenario of the library has a longer one; where plans do, rows of scratch carry what one loop hands on to the next."""

OPERATIONS = {"exp": 20, "log": 20, "pow": 60}
"""Of functions, about; any other step is one."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Operations on rows (``whole``: one, or several normal quantiles), or a loop over the lanes; the numbers of their values."""

    whole: bool
    steps: tuple[int, ...]


def stages(steps: Mapping[int, Step], known: Iterable[int]) -> tuple[Stage, ...]:
    """Schedule a section: all that can be done with whole rows, then all that can be done in one loop, and so on.

    Parameters
    ----------
    steps
        Steps of the section by the number of their value, in order.
    known
        Values of earlier sections.
    """
    done, left, whole = set(known), dict(steps), True
    scheduled: list[Stage] = []
    while left:
        ready = _ready(left, done, whole=whole)
        scheduled += _on_rows(ready, left) if whole else _in_loops(ready, left)
        done.update(ready)
        left = {number: step for number, step in left.items() if number not in done}
        whole = bool(ready) or not whole
    return tuple(scheduled)


def _ready(left: Mapping[int, Step], done: AbstractSet[int], *, whole: bool) -> tuple[int, ...]:
    """Return the steps of a kind that can run now, in their order: one may use another's value, but not that of a `TOGETHER`."""
    ready: dict[int, None] = {}
    usable = set(done)
    for number, step in left.items():
        if (step.op in WHOLE) == whole and usable.issuperset(step.values()):
            ready[number] = None
            if step.op != TOGETHER:
                usable.add(number)
    return tuple(ready)


def _in_loops(ready: Sequence[int], steps: Mapping[int, Step]) -> Iterator[Stage]:
    """Put steps into one loop, or into several of about the same length."""
    operations = {number: OPERATIONS.get(steps[number].op, 1) for number in ready}
    loops = ceil(sum(operations.values()) / LONGEST_LOOP)
    length, ordered = sum(operations.values()) / max(loops, 1), in_order(steps, ready) if loops > 1 else ready
    cut: list[list[int]] = [[] for _ in range(loops)]
    before = 0
    for number in ordered:
        cut[min(int(before / length), loops - 1)].append(number)
        before += operations[number]
    yield from (Stage(False, tuple(loop)) for loop in cut if loop)


def _on_rows(ready: Sequence[int], steps: Mapping[int, Step]) -> Iterator[Stage]:
    """Order operations on rows: what is taken together comes last, after the draws that nothing else wants."""
    together = [number for number in ready if steps[number].op == TOGETHER]
    others = [number for number in ready if steps[number].op != TOGETHER]
    wanted = set().union(*(steps[number].values() for number in others))
    late = {
        n for n in set().union(*(steps[number].values() for number in together)) - wanted if n in ready and steps[n].op == "draw"
    }
    yield from (Stage(True, (number,)) for number in others if number not in late)
    left = iter(together)
    while batch := tuple(islice(left, MOST_TOGETHER)):
        draws = dict.fromkeys(n for number in batch for n in steps[number].values() if n in late)
        late -= draws.keys()
        yield from (Stage(True, (number,)) for number in draws)
        yield Stage(True, batch)
