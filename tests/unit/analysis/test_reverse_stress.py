"""Which conditions make up the worst scenarios: against plain counting, on samples where the answer is known."""

import numpy as np
import pytest

from simcost.analysis.estimates.shares import Replicates
from simcost.analysis.influences.reverse_stress import reverse_stress

N = 40_000
RANDOM = np.random.default_rng(20270101)
INPUTS = RANDOM.random((4, N))
NAMES = ["a", "b", "c", "idle"]
INDEPENDENT = Replicates(np.zeros(N, dtype=np.int64), 0)


def found_in(total, inputs, names, share):
    """Reverse stress of independent scenarios."""
    return reverse_stress(total, dict(zip(names, inputs, strict=True)), share, INDEPENDENT)


def test_shares_are_counted():
    total = INPUTS[0] + INPUTS[1] - INPUTS[2]
    found = found_in(total, INPUTS, NAMES, 0.01)
    worst = total > np.sort(total)[int(0.99 * N) - 1]
    assert (found.scenarios, found.worst) == (N, worst.sum())
    ends = {each.inputs[0][0]: each.inputs[0][1] for each in found.single[:3]}
    assert ends == {"a": "highest", "b": "highest", "c": "lowest"}
    for each in found.single[:3]:
        ((name, end),) = each.inputs
        values = INPUTS[NAMES.index(name)]
        held = values > np.sort(values)[int(0.8 * N) - 1] if end == "highest" else values <= np.sort(values)[int(0.2 * N) - 1]
        assert each.share.value == pytest.approx(held.mean())
        assert each.share_of_worst.value == pytest.approx(held[worst].mean())
        assert each.worst_if.value == pytest.approx(worst[held].mean())


def test_the_joint_condition_names_what_has_to_come_together():
    """The worst need a and b both high; c and the idle input have nothing to do with it."""
    total = np.minimum(INPUTS[0], INPUTS[1]) + 1e-6 * INPUTS[2]
    found = found_in(total, INPUTS, NAMES, 0.03)
    assert {name for name, _ in found.joint.inputs} == {"a", "b"}
    assert found.joint.share_of_worst.value == pytest.approx(1.0)
    assert found.joint.worst_if.value == pytest.approx(0.03 / 0.04, abs=0.05)


def test_one_condition_is_enough_where_one_input_decides():
    found = found_in(INPUTS[1].copy(), INPUTS, NAMES, 0.2)
    assert found.joint.inputs == (("b", "highest"),)
    assert found.joint.worst_if.value == pytest.approx(1.0, abs=1e-3)


def test_what_happens_seldom_is_a_condition_too():
    event = (INPUTS[0] < 0.02).astype(float)
    found = found_in(event + 0.1 * INPUTS[1], np.stack([event, INPUTS[1]]), ["event", "b"], 0.01)
    (first, *_) = found.single
    assert first.inputs == (("event", "highest"),)
    assert first.share.value == pytest.approx(event.mean())
    assert first.share_of_worst.value == 1.0


@pytest.mark.parametrize(
    ("weight", "share", "first"), [(0.1, 0.05, "a"), (0.5, 0.05, "a"), (0.5, 0.2, "coin"), (0.5, 0.3, "coin")]
)
def test_the_most_telling_condition_correlates_most_with_being_among_the_worst(weight, share, first):
    """A coin that holds in half of the futures beside a fifth of a range: numpy's correlation says which tells more."""
    coin = (INPUTS[1] < 0.5).astype(float)
    total = INPUTS[0] + weight * coin
    found = found_in(total, np.stack([INPUTS[0], coin]), ["a", "coin"], share)
    worst = total > found.threshold
    high = INPUTS[0] > np.sort(INPUTS[0])[int(0.8 * N) - 1]
    tells = {"a": np.corrcoef(high, worst)[0, 1], "coin": np.corrcoef(coin, worst)[0, 1]}
    assert [each.inputs[0][0] for each in found.single] == sorted(tells, key=tells.get, reverse=True)
    assert found.single[0].inputs[0][0] == first


def test_a_cost_that_does_not_vary_has_no_worst():
    found = found_in(np.ones(100), INPUTS[:, :100], NAMES, 0.01)
    assert (found.worst, found.single, found.joint) == (0, (), None)
