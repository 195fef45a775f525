"""Which values wait in shared memory: none of a model that fits a thread's registers, the rest of one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from simcost import api
from simcost_kernels.plan import Output, Plan, State, Step
from simcost_kernels.scenario_text import scenario_text
from simcost_kernels.scratchpad import CARRIED, CARRIED_BY_SIX, NEARLY_SIX, ROWS, carried, waiting
from simcost_kernels.sound_plan import verify

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def model(*, setup: int, twice: int = 0, sums: int = 1) -> Plan:
    """A plan that carries ``setup`` draws, of which ``twice`` are loaded twice a month, one yearly draw and ``sums`` sums."""
    year = setup
    month = [Step("add", (f"v{n}", f"v{year}")) for n in range(setup)]
    month += [Step("mul", (f"v{n}", f"s{n % sums}")) for n in range(twice)]
    first = year + 1
    total = first + len(month)
    month += [Step("add", (f"s{n}", f"v{first + n % (setup + twice)}")) for n in range(sums)]
    plan = Plan(
        parameters=(0.0,),
        calendar=(),
        tables=(),
        streams=tuple(range(setup + 1)),
        setup=tuple(Step("draw", (f"d{n}",)) for n in range(setup)),
        year=(Step("draw", (f"d{setup}",)),),
        month=tuple(month),
        final=(),
        state=tuple(State("p0", f"v{total + n}") for n in range(sums)),
        outputs=(Output("total", "", "s0"),),
        horizon=14,
    )
    verify(plan)
    assert carried(plan) == setup + 1 + sums
    return plan


def test_nothing_waits_while_all_that_is_carried_fits() -> None:
    fits = model(setup=20, sums=CARRIED - 20 - 1)
    assert waiting(fits) == ()
    assert "__shared__" not in scenario_text(fits, target="cuda")
    assert "kept" not in scenario_text(fits, target="host")
    assert len(waiting(model(setup=21, sums=CARRIED - 20 - 1))) == 1


def test_what_fewest_steps_load_waits_first() -> None:
    large = model(setup=40, twice=30, sums=CARRIED - 40 - 1 + 12)
    assert waiting(large) == (*range(30, 40), 0, 1)


@pytest.mark.parametrize(("setup", "rows"), [(ROWS - 1, ROWS - 1), (ROWS + 40, ROWS)])
def test_no_more_waits_than_there_are_values_of_setup_and_rows(setup: int, rows: int) -> None:
    assert len(waiting(model(setup=setup, sums=2 * CARRIED))) == rows


def test_each_use_from_the_months_on_is_a_load_and_setup_works_in_registers() -> None:
    lines = scenario_text(model(setup=10, sums=CARRIED), target="cuda").splitlines()
    stored = lines.index("  KEPT(0) = v0;")
    assert "  const double v0 = uniform(0 & 1 ? w0.w2 : w0.w0, 0 & 1 ? w0.w3 : w0.w1);" in lines[:stored]
    assert "    const double v11 = KEPT(0) + v10;" in lines[stored:]


@pytest.mark.parametrize("beyond", [0, 1, NEARLY_SIX - CARRIED_BY_SIX])
def test_a_model_that_nearly_fits_six_groups_is_made_to(beyond: int) -> None:
    sums = CARRIED_BY_SIX - 20 - 1
    assert len(waiting(model(setup=20, sums=sums + beyond))) == beyond
    assert waiting(model(setup=20, sums=NEARLY_SIX - 20)) == ()  # one more than may be put away: four groups


LIBRARY = {
    "small_shop": 0,
    "medical_imaging": 0,
    "ecommerce_recommender": CARRIED_BY_SIX,
    "shopping_assistant": CARRIED_BY_SIX,
    "bank_risk_control": CARRIED,
    "three_regions": CARRIED,
}
"""How many values the months keep in registers, by model; 0 where all of them are."""


@pytest.mark.parametrize(("name", "in_registers"), LIBRARY.items())
def test_what_a_model_of_the_library_keeps_in_shared_memory_is_of_setup(name: str, in_registers: int) -> None:
    plan = api.compile(SCENARIOS / f"{name}.toml").plan
    kept = len(waiting(plan))
    assert carried(plan) - kept == (in_registers or carried(plan))
    assert kept < ROWS
    assert max(waiting(plan), default=0) < len(plan.setup)
