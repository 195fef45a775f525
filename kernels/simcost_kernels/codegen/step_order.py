"""The order of steps in which few values wait in registers at a time.

A compiler keeps more or less to the order of its text, and puts values that wait too long into memory: a loop of 366 steps over
the lanes, in the order of the scenario file, stored and loaded a third of its values once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simcost_kernels.plan import Step


def in_order(steps: Mapping[int, Step], numbers: Iterable[int]) -> tuple[int, ...]:
    """Order steps: depth first towards each value that no other of them uses, and at once whatever a value has waited for.

    Parameters
    ----------
    steps
        By the number of their value.
    numbers
        Those to order; a step comes after the steps that it uses.

    Returns
    -------
    tuple of int
        The numbers, again with each step after those that it uses.
    """
    own = dict.fromkeys(numbers)
    needs = {number: [n for n in steps[number].values() if n in own] for number in own}
    uses = _uses(needs)
    waiting = {number: len(users) for number, users in uses.items()}
    done: dict[int, None] = {}

    def frees(number: int) -> bool:
        """Tell whether a step can be done now and takes no register, since it frees one or its value is only stored."""
        ready = number not in done and all(n in done for n in needs[number])
        return ready and (not uses[number] or any(waiting[n] == 1 for n in needs[number]))

    for end in (number for number, users in uses.items() if not users):
        todo = [end]
        while todo:
            number = todo.pop()
            if number in done:
                continue
            if missing := [n for n in needs[number] if n not in done]:
                todo += [number, *reversed(missing)]
                continue
            done[number] = None
            for n in needs[number]:
                waiting[n] -= 1
            todo += [user for n in (number, *needs[number]) for user in uses[n] if frees(user)]
    return tuple(done)


def _uses(needs: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    """Return which steps use each step's value, in their order, given what each of them needs."""
    uses: dict[int, list[int]] = {number: [] for number in needs}
    for number, needed in needs.items():
        for n in needed:
            uses[n].append(number)
    return uses
