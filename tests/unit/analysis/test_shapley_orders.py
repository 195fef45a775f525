"""How Shapley effects are put together of orders: each with its reverse and one seed, undefined totals, the largest seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simcost.analysis.influences import shapley_effects as shapley
from simcost.analysis.work import Work
from simcost.engine.spans import Span
from simcost.scenario import load
from simcost.scenario.scenario import Scenario

FILE = """schema = 1
[scenario]
name = "Three"
currency = "CNY"
start = "2027-01"
months = 1
[inputs]
a = "10 to 20 CNY/month"
b = "10 to 20 CNY/month"
c = "10 to 20 CNY/month"
[[cost]]
name = "Sum"
category = "all"
amount = "a + b + c"
"""
LAST_SEED = 2**64 - 1


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    path = tmp_path / "three.toml"
    path.write_text(FILE, encoding="utf-8")
    return load(path)


def known(monkeypatch: pytest.MonkeyPatch, added: dict[str, float], *, mean: float = 100.0) -> list[tuple[list[str], Span]]:
    """Let each player add what is known, whatever the order; return what the orders are asked with."""
    asked: list[tuple[list[str], Span]] = []

    def one_order(_banded, order, work):
        names = [name for (name,) in order]
        asked.append((names, work.span))
        return np.array([added[name] for name in names]), mean

    monkeypatch.setattr(shapley, "_one_order", one_order)
    return asked


def work(seed: int) -> Work:
    return Work("reference", Span(seed, 123_456, 10))


def test_each_order_is_followed_by_its_reverse_on_the_same_draws(scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = known(monkeypatch, {"a": 1.0, "b": 2.0, "c": 5.0})
    shapley.shapley_effects(scenario, work(LAST_SEED))
    assert len(asked) == 2 * shapley.PAIRS
    spans = [span for _, span in asked]
    assert [(span.first, span.n) for span in spans] == [(0, shapley.POINTS)] * len(asked)
    assert [span.seed for span in spans] == [(LAST_SEED + pair) % 2**64 for pair in range(shapley.PAIRS) for _ in range(2)]
    for (order, _), (reverse, _) in zip(asked[::2], asked[1::2], strict=True):
        assert reverse == order[::-1]
    assert len({tuple(order) for order, _ in asked}) > 1


def test_what_a_player_adds_is_counted_for_it_in_whatever_order(scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, {"a": 1.0, "b": 2.0, "c": 5.0})
    found = shapley.shapley_effects(scenario, work(1))
    shares = {name: effect.value for (name,), effect in zip(found.players, found.effects, strict=True)}
    assert shares == pytest.approx({"a": 1 / 8, "b": 2 / 8, "c": 5 / 8})


@pytest.mark.parametrize(
    ("added", "mean", "is_known"),
    [
        ({"a": np.nan, "b": 2.0, "c": 5.0}, 100.0, False),
        ({"a": np.inf, "b": 2.0, "c": 5.0}, 100.0, False),
        ({"a": 0.0, "b": 0.0, "c": 0.0}, 100.0, False),
        ({"a": 1e-26, "b": 0.0, "c": 0.0}, 1e6, False),  # rounding of a total that does not vary
        ({"a": 1e-26, "b": 0.0, "c": 0.0}, 1e-13, True),
    ],
)
def test_a_total_that_is_undefined_or_does_not_vary_has_no_effects(
    scenario, monkeypatch: pytest.MonkeyPatch, added: dict[str, float], mean: float, is_known: bool
) -> None:
    known(monkeypatch, added, mean=mean)
    found = shapley.shapley_effects(scenario, work(1))
    assert found.players == (("a",), ("b",), ("c",))
    assert bool(found.effects) is is_known


def test_intervals_are_those_of_the_jackknife_over_pairs_of_orders(scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(3).uniform(1.0, 2.0, (2 * shapley.PAIRS, 3)) * np.array([1.0, 2.0, 5.0])
    left = iter(rows)
    monkeypatch.setattr(shapley, "_one_order", lambda _banded, order, _work: (next(left)[_places(order)], 100.0))
    found = shapley.shapley_effects(scenario, work(1))
    pairs, n = (rows[::2] + rows[1::2]) / 2.0, shapley.PAIRS
    without = np.array([np.delete(pairs, i, axis=0).sum(axis=0) / np.delete(pairs, i, axis=0).sum() for i in range(n)])
    error = np.sqrt((n - 1) / n * np.sum((without - without.mean(axis=0)) ** 2, axis=0))
    half = stats.t.ppf(0.975, n - 1) * error
    assert [(each.high - each.low) / 2.0 for each in found.effects] == pytest.approx(list(half), rel=1e-6)


def _places(order: list[tuple[str, ...]]) -> list[int]:
    return ["abc".index(name) for (name,) in order]
