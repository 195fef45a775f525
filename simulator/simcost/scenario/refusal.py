"""What the readers of units, quantities, distributions and formulas raise: what is wrong, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcost.scenario.look_alikes import in_latin, strange_letter

if TYPE_CHECKING:
    from collections.abc import Iterable


class Refusal(ValueError):
    """A text or a table that cannot be taken; where it stands is for the caller to add.

    Parameters
    ----------
    what
        What is wrong, with the value.
    remedy
        What to write instead.
    """

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}")
        self.what = what
        self.remedy = remedy


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean "..."?`` for the known word nearest to this one, or nothing if none is near."""
    import difflib

    folded = {name.casefold(): name for name in known}
    alike = next((name for name in folded.values() if in_latin(name) == in_latin(word) and name != word), "")
    if alike:
        strange = f"In it {strange_letter(alike)}" if strange_letter(alike) else f"In yours {strange_letter(word)}"
        return f'Did you mean "{alike}"? {strange}.'
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f'Did you mean "{folded[near[0]]}"?' if near else ""
