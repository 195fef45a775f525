"""A draw depends on seed, name, scenario and period alone: whatever else changes in the file leaves its bits."""

import numpy as np
import pytest

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load

HEAD = """
schema = 1
[scenario]
name = "keys"
currency = "CNY"
start = "2027-01"
months = 14
[inputs]
"""
INPUTS = {
    "rent": 'rent = "9 to 16 CNY/month"',
    "staff": 'staff = { pert = { low = 3, mode = 5, high = 9 }, unit = "CNY/month", draw = "month" }',
    "power": 'power = { gamma = { mean = 4, sd = 2 }, unit = "CNY/month", draw = "year" }',
    "failures": 'failures = { poisson = { mean = 2.5 }, unit = "CNY/month", draw = "month" }',
    "licence": 'licence = { beta = { mean = 0.4, sd = 0.1 }, unit = "CNY/month" }',
}


def file_text(names, extra=""):
    lines = "".join(f'[[cost]]\nname = "{name}"\ncategory = "all"\namount = "{name}"\n' for name in names)
    return HEAD + "\n".join(INPUTS[name] for name in names) + "\n" + lines + extra


def lines_of(tmp_path, kernel_class, text, n=3000):
    """Return the columns of the cost lines by name."""
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    plan = compile_scenario(load(path)).plan
    out = np.empty((plan.n_columns, n))
    kernel_class(plan).run(7, 0, n, out)
    return {label: column for (group, label, _), column in zip(plan.columns(), out, strict=True) if group == "line"}


@pytest.fixture
def original(tmp_path, kernel_class):
    return lines_of(tmp_path, kernel_class, file_text(INPUTS))


def assert_kept(original, changed):
    for name in original.keys() & changed.keys():
        assert np.array_equal(original[name], changed[name]), name


@pytest.mark.parametrize("gone", INPUTS)
def test_removing_an_input_leaves_every_other_draw(tmp_path, kernel_class, original, gone):
    changed = lines_of(tmp_path, kernel_class, file_text([name for name in INPUTS if name != gone]))
    assert len(changed) == len(INPUTS) - 1
    assert_kept(original, changed)


def test_reordering_inputs_leaves_every_draw(tmp_path, kernel_class, original):
    assert_kept(original, lines_of(tmp_path, kernel_class, file_text(list(INPUTS)[::-1])))


def test_renaming_an_input_changes_its_own_draws_only(tmp_path, kernel_class, original):
    renamed = file_text(INPUTS).replace("licence", "licences")
    changed = lines_of(tmp_path, kernel_class, renamed)
    assert_kept(original, changed)
    assert not np.array_equal(original["licence"], changed["licences"])


@pytest.mark.parametrize(("first", "second"), [("rent", "licence"), ("staff", "failures")])
def test_correlating_two_inputs_leaves_the_first_and_all_outside(tmp_path, kernel_class, original, first, second):
    joined = f'[[correlation]]\nbetween = ["{first}", "{second}"]\nrank = 0.7\n'
    changed = lines_of(tmp_path, kernel_class, file_text(INPUTS, joined))
    for name in INPUTS:
        assert np.array_equal(original[name], changed[name]) == (name != second), name


def test_a_longer_horizon_keeps_the_months_that_were_there(tmp_path, kernel_class):
    def months(horizon):
        path = tmp_path / f"{horizon}.toml"
        path.write_text(file_text(INPUTS).replace("months = 14", f"months = {horizon}"), encoding="utf-8")
        plan = compile_scenario(load(path)).plan
        out = np.empty((plan.n_columns, 500))
        kernel_class(plan).run(7, 0, 500, out)
        return [column for (group, _, _), column in zip(plan.columns(), out, strict=True) if group == "month"]

    assert np.array_equal(months(14), months(30)[:14])
