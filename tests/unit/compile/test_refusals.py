"""Distributions that cannot be tabulated are refused together, each at its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.places import RECOMMENDER

import simcost.scenario as scenario_package
from simcost.compile.distributions.refusals import check_distributions
from simcost.errors import ScenarioError
from simcost.scenario.distributions import canonical as d


def with_distributions(*distributions):
    """Return the recommender with its first inputs replaced."""
    scenario = scenario_package.load(RECOMMENDER)
    changed = [replace(each, distribution=new) for each, new in zip(scenario.inputs, distributions, strict=False)]
    return replace(scenario, inputs=(*changed, *scenario.inputs[len(changed) :]))


def test_a_sound_scenario_passes():
    check_distributions(with_distributions())


def test_every_distribution_without_an_inverse_is_named_with_its_line():
    scenario = with_distributions(d.Lognormal(0.0, 100.0), d.Normal(0.0, 1.0), d.Scipy("vonmises", (("kappa", 2.0),)))
    with pytest.raises(ScenarioError) as caught:
        check_distributions(scenario)
    problems = caught.value.problems
    assert [problem.place for problem in problems] == [f"inputs.{scenario.inputs[i].name}" for i in (0, 2)]
    assert all(problem.line > 0 and problem.remedy for problem in problems)
    assert "not finite" in problems[0].what
    assert "vonmises_line" in problems[1].what
