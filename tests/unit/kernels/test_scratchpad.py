"""Which values wait in shared memory: none of a model that fits a thread's registers, the rest of one that does not."""

from __future__ import annotations

import pytest
from tests.places import SCENARIOS

from simcost import api
from simcost_kernels.codegen.scenario_text import scenario_text
from simcost_kernels.codegen.scratchpad import FITTING, MORE, ROWS, carried, groups, waiting
from simcost_kernels.plan import Output, Plan, State, Step
from simcost_kernels.sound_plan import verify

EIGHT, SIX, FOUR = (FITTING[count] for count in (8, 6, 4))


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
    fits = model(setup=20, sums=EIGHT - 20 - 1)
    assert waiting(fits) == ()
    assert "__shared__" not in scenario_text(fits, target="cuda")
    assert "kept" not in scenario_text(fits, target="host")
    assert len(waiting(model(setup=21, sums=EIGHT - 20 - 1))) == 1


def test_what_fewest_steps_load_waits_first() -> None:
    large = model(setup=40, twice=30, sums=EIGHT + 12 - 40 - 1)
    assert waiting(large) == (*range(30, 40), 0, 1)


@pytest.mark.parametrize(("setup", "rows"), [(ROWS - 1, ROWS - 1), (ROWS + 40, ROWS)])
def test_no_more_waits_than_there_are_values_of_setup_and_rows(setup: int, rows: int) -> None:
    assert len(waiting(model(setup=setup, sums=2 * FOUR))) == rows


def test_each_use_from_the_months_on_is_a_load_and_setup_works_in_registers() -> None:
    lines = scenario_text(model(setup=10, sums=FOUR), target="cuda").splitlines()
    stored = lines.index("  KEPT(0) = v0;")
    assert "  const double v0 = uniform(0 & 1 ? w0.w2 : w0.w0, 0 & 1 ? w0.w3 : w0.w1);" in lines[:stored]
    assert "    const double v11 = KEPT(0) + v10;" in lines[stored:]


@pytest.mark.parametrize(
    ("sums", "fitting"), [(EIGHT + MORE, 8), (EIGHT + MORE + 1, 6), (SIX + MORE, 6), (SIX + MORE + 1, 4), (FOUR + 1, 4)]
)
def test_as_many_groups_are_to_fit_as_shared_memory_makes_room_for(sums: int, fitting: int) -> None:
    """Of what is carried, setup is all put away, and states and years stay."""
    plan = model(setup=ROWS, sums=sums - 1)
    assert groups(plan) == fitting
    assert len(waiting(plan)) == min(ROWS, carried(plan) - FITTING[fitting])


LIBRARY = {
    "small_shop": 0,
    "medical_imaging": SIX + 1,  # no more of its values is of setup
    "ecommerce_recommender": EIGHT,
    "shopping_assistant": SIX,
    "bank_risk_control": FOUR,
    "three_regions": FOUR,
}
"""How many values the months keep in registers, by model; 0 where all of them are."""


@pytest.mark.parametrize(("name", "in_registers"), LIBRARY.items())
def test_what_a_model_of_the_library_keeps_in_shared_memory_is_of_setup(name: str, in_registers: int) -> None:
    plan = api.compile(SCENARIOS / f"{name}.toml").plan
    kept = len(waiting(plan))
    assert carried(plan) - kept == (in_registers or carried(plan))
    assert kept < ROWS
    assert max(waiting(plan), default=0) < len(plan.setup)
