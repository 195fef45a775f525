"""Types of what stands on the command line: numbers, percentiles, shares and words, read exactly or refused."""

from __future__ import annotations

import re
from typing import Any

import click

LARGEST_COUNT = 2**53  # every count up to here is exact in float64
LARGEST_SEED = 2**64 - 1  # the key of Philox has 64 bits
WITH_EXPONENT = re.compile(r"(\d+)(?:\.(\d+))?[eE]\+?(\d{1,2})")


class CountType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A whole number, also written ``1_000_000`` or ``1e6``."""

    name = "number"

    def __init__(self, smallest: int, largest: int = LARGEST_COUNT) -> None:
        self.smallest = smallest
        self.largest = largest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the text, or fail with a message that shows what is accepted."""
        count = value if isinstance(value, int) else whole_number(str(value))
        if count is None:
            from simcost.scenario.meant_values import meant_count

            like = meant_count(value) or "1000000, 1_000_000 or 1e6"
            self.fail(f"{value!r} is no whole number. Write it like {like}.", param, ctx)
        if not self.smallest <= count <= self.largest:
            self.fail(f"{value} is not between {self.smallest} and {self.largest}.", param, ctx)
        return count


class PercentileType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A percentile: ``p95`` or ``95``."""

    name = "percentile"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the text; it must lie strictly between 0 and 100."""
        found = value if isinstance(value, float) else percentile(str(value))
        if found is None:
            self.fail(f"{value!r} is no percentile between p0 and p100. Write it like p95 or p2.5.", param, ctx)
        return float(found)


class PercentilesType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """Percentiles in percent, separated by commas: ``2.5,97.5``, or ``p2.5,p97.5``."""

    name = "list"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """Read the text; each must lie strictly between 0 and 100."""
        if isinstance(value, tuple):
            return value
        percentiles = []
        for text in str(value).split(","):
            found = percentile(text)
            if found is None:
                self.fail(f"{text.strip()!r} is no percentile between 0 and 100. Write them like 2.5,50,97.5.", param, ctx)
            percentiles.append(found)
        return tuple(percentiles)


class ShareType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """A share strictly between 0 and 1, also written in percent: ``0.9`` or ``90 %``."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the text, or fail with both ways to write it."""
        from simcost.scenario.quantities.share import plain_share

        plain = plain_share(value)
        share = plain if isinstance(plain, float) else decimal(str(value))
        if share is None or not 0.0 < share < 1.0:
            self.fail(f"{value!r} is no share between 0 and 1. Write it like 0.9 or '90 %'.", param, ctx)
        return share


class OutputType(click.Path):
    """A file to write; ``-`` is none: results are binary, and what can be printed is printed without ``-o``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the text."""
        if str(value) == "-":
            self.fail("standard output is no file to write. Name a file; one that is called - as ./-.", param, ctx)
        return super().convert(value, param, ctx)


class KeepType(click.ParamType):  # type: ignore[type-arg]  # generic only in the newest click
    """How many scenarios to keep as samples: ``all``, ``none``, a number, or ``auto`` (what fits 256 MB)."""

    name = "all|none|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | int:
        """Read the text."""
        if value in ("all", "none", "auto"):
            return str(value)
        if value is not None and whole_number(str(value)) is None:
            self.fail(f"{value!r} is neither all, none nor a number of scenarios.", param, ctx)
        return CountType(0).convert(value, param, ctx)


class GroupType(click.Choice[str]):
    """What costs are broken down by; of several each has an option of its own, as of all that may be repeated."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the word, or say how several are given."""
        if "," in value:
            apart = " --by-month ".join(value.replace(",", " ").split())
            self.fail(f"{value!r} are several. Repeat the option: --by-month {apart}.", param, ctx)
        return super().convert(value, param, ctx)


def whole_number(text: str) -> int | None:
    """Read ``1000``, ``1_000`` or ``1e3``; None if it is no whole number of at most 40 digits."""
    plain = text.strip().replace("_", "")
    if plain.isascii() and plain.isdigit() and len(plain) <= 40:
        return int(plain)
    match = WITH_EXPONENT.fullmatch(plain)
    if match is None:
        return None
    whole, fraction, exponent = match[1], (match[2] or "").rstrip("0"), int(match[3])
    if len(fraction) > exponent or len(whole) + exponent > 40:
        return None
    return int(whole + fraction + "0" * (exponent - len(fraction)))


def percentile(text: str) -> float | None:
    """Read ``95``, ``p95`` or ``P95``; None if it is no percentile."""
    found = decimal(re.sub("^[pP]", "", text.strip()))
    return found if found is not None and 0.0 < found < 100.0 else None


def decimal(text: str) -> float | None:
    """Read ``2.5``; None if it is no plain decimal number."""
    return float(text) if re.fullmatch(r"\s*(\d+\.?\d*|\.\d+)\s*", text, re.ASCII) else None
