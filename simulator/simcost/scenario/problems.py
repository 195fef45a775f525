"""What is wrong in a scenario file: findings while it is read, problems once each has its line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from simcost.scenario.refusal import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


Place = tuple[str | int, ...]
"""Keys and list positions that lead to a value: ``("cost", 0, "amount")``."""

MOST_FINDINGS = 100
"""Reading stops here: a file with more is no scenario, and each finding costs time to place."""

MOST_LISTED = 40
"""Known words that a remedy lists: all sections of a file are fewer."""

SHORTEST_PART = 3
"""Letters of a part of a known word by which it is suggested."""

MOST_CANDIDATES = 300
"""Names that are compared for "did you mean": 300 take about a millisecond."""

LONGEST_SHOWN = 60
"""Characters of a value that a message repeats."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, by its place in the data.

    Parameters
    ----------
    at
        Whether the key or the value is to blame.
    offset
        Character within the string value, from 0; -1 if the value as a whole is meant.
    """

    place: Place
    what: str
    remedy: str = ""
    at: Literal["key", "value"] = "value"
    offset: int = -1


class TooManyFindingsError(Exception):
    """Raised to stop reading; never leaves `simcost.scenario`."""


@dataclass(slots=True)
class Findings:
    """Collects what the stages of reading find, so that all of it is reported at once.

    Parameters
    ----------
    settled
        Places of which all is said: what a later stage finds there is not noted.
    rewritten
        Places of formulas that are no longer what the user wrote: findings there are of the whole value.
    """

    found: list[Finding] = field(default_factory=list)
    settled: set[Place] = field(default_factory=set)
    rewritten: set[Place] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        """Note a finding.

        Raises
        ------
        TooManyFindingsError
            At `MOST_FINDINGS`.
        """
        if finding.place in self.settled:
            return
        self.found.append(replace(finding, offset=-1) if finding.place in self.rewritten else finding)
        if len(self.found) >= MOST_FINDINGS:
            raise TooManyFindingsError

    def settle(self, finding: Finding) -> None:
        """Note a finding, and nothing more about its place."""
        self.add(finding)
        self.settled.add(finding.place)


def show(value: object) -> str:
    """Print a value as the file would have it, shortened."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int) and value.bit_length() > 200:
        text = "a number of many digits"
    elif isinstance(value, str):
        text = '"' + value[: LONGEST_SHOWN + 1] + '"'
    elif isinstance(value, dict):
        text = "a table"
    elif isinstance(value, list):
        text = "a list"
    else:
        text = str(value)
    return text if len(text) <= LONGEST_SHOWN + 2 else text[:LONGEST_SHOWN] + "..."


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Suggest the most similar known word, or say something else.

    Parameters
    ----------
    otherwise
        The remedy where nothing is similar; by default known words are listed, not all if they are many.
    """
    words = list(known)
    near = did_you_mean(word[:80], [name for name in words if abs(len(name) - len(word)) <= 8][:MOST_CANDIDATES])
    return near or _without_section(word[:80], words) or _with_part(word[:80], words) or otherwise or _listed(words)


def several(word: str, known: Collection[str], argument: str) -> str:
    """Say how names are given that stand with commas between them: each by itself; nothing if none of them is known.

    Parameters
    ----------
    argument
        Of the function: a list of names.
    """
    names = [name.strip() for name in word.split(",") if name.strip()] if "," in word and word not in known else []
    return f"They are several: give `{argument}={names}`." if any(name in known for name in names) else ""


def _without_section(word: str, words: list[str]) -> str:
    """Suggest the name alone for the place in the file: ``gpus`` for ``inputs.gpus``."""
    name = word.partition(".")[2]
    return f'Did you mean "{name}"?' if name and name in words else ""


def _with_part(word: str, words: list[str]) -> str:
    """Suggest the known word of which this one is a part, if it is the only one: ``users`` for ``opening_users``."""
    whole = [name for name in words if word.casefold() in name.casefold()] if len(word) >= SHORTEST_PART else []
    return f'Did you mean "{whole[0]}"?' if len(whole) == 1 else ""


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - MOST_LISTED} more" if len(words) > MOST_LISTED else ""
    return f"Known: {', '.join(sorted(words)[:MOST_LISTED])}{more}." if words else ""


def place_text(place: Place) -> str:
    """Print a place as a dotted path; keys that are no bare TOML keys are quoted."""
    return ".".join(str(part) if isinstance(part, int) or _is_bare(part) else f'"{part}"' for part in place)


def _is_bare(key: str) -> bool:
    return bool(key) and key.replace("_", "a").replace("-", "a").isalnum()
