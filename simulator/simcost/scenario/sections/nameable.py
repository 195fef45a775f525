"""What sections that name inputs may name: pairs that correlate, stresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from simcost.scenario.scenario import Input


@dataclass(frozen=True, slots=True)
class Nameable:
    """Inputs that may be named, and what is known of all other names.

    Parameters
    ----------
    inputs
        Sound inputs.
    broken
        Names of inputs that are not sound; they are not reported again.
    drivers
        Names of drivers, for a better message.
    fixed
        Names of inputs that an option or an assignment has made certain: the file, which still correlates or stresses them,
        is not to blame.
    """

    inputs: Mapping[str, Input]
    broken: Collection[str]
    drivers: Collection[str]
    fixed: Collection[str]
