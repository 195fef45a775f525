"""Pay bands of a team: parts of its people whose salaries differ by a factor, the mean of all being the team's salary.

A contribution on a base between a floor and a cap is paid for each person: above the cap a higher salary adds nothing, so the
base of the mean salary is not the mean of the bases. With shares w and factors f of the bands this mean is the sum of
w min(max(s f / m, floor), cap), where s is the mean salary and m the sum of w f.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from simcost.scenario.blocks.writing.shares import divide_all, in_proportion, write_sum
from simcost.scenario.blocks.writing.table import Value, number
from simcost.scenario.bounds import POSITIVE, SHARE
from simcost.scenario.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcost.scenario.blocks.writing.writer import Writer

Bands = tuple[tuple[str, str], ...]
"""Share of the people, and salary over the mean one, of each band: formulas."""

EVERYBODY: Bands = (("", ""),)
"""One salary for all."""


class BandTable(Table):
    """People of one band."""

    share: Annotated[Value, number("Share of the people; the last band takes the rest.", "45 %", unit="1", bounds=SHARE)] = None
    factor: Annotated[Value, number("Salary in this band over that in another of factor 1.", 0.7, unit="1", bounds=POSITIVE)]


def pay_bands(bands: Sequence[BandTable], team: Writer) -> Bands:
    """Write shares and factors; findings where shares are missing, or more than all."""
    if not bands:
        return EVERYBODY
    if not divide_all("bands", "band", team):
        return EVERYBODY
    shares = [team.value("bands", i, "share", called=f"band_{i + 1}_share") for i in range(len(bands) - 1)]
    rest = team.driver(f"band_{len(bands)}_share", f"max({' - '.join(['1', *shares])}, 0)", "bands")
    write_sum(shares, "bands", team)
    shares = [*(in_proportion(share, "bands", team) for share in shares), rest]
    factors = [team.value("bands", i, "factor", called=f"band_{i + 1}_factor") for i in range(len(bands))]
    mean = " + ".join(f"{share} * {factor}" for share, factor in zip(shares, factors, strict=True))
    level = team.driver("band_mean", mean, "bands")
    return tuple((share, f"{factor} / {level}") for share, factor in zip(shares, factors, strict=True))


def mean_base(pay: str, bands: Bands, *, floor: str, cap: str) -> str:
    """Return the mean over the people of their pay between a floor and a cap; either may be empty."""
    parts = []
    for share, factor in bands:
        base = f"{pay} * {factor}" if factor else pay
        base = f"max({base}, {floor})" if floor else base
        base = f"min({base}, {cap})" if cap else base
        parts.append(f"{share} * {base}" if share else base)
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"
