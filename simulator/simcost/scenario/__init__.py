"""TOML to Scenario: schema, units, formulas, distributions as the user writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from simcost.scenario.scenario import Scenario


def load(path: str | os.PathLike[str], option: str = "", overrides: Sequence[str] = (), *, others: bool = True) -> Scenario:
    """Read a scenario file; see `simcost.scenario.loading.load`, which is imported when this is called."""
    from simcost.scenario.loading import load as load_now

    return load_now(path, option, overrides, others=others)
