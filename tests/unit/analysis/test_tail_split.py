"""The split of a CVaR: against sorted samples and closed forms, however blocks and workers are cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import simcost
from simcost.analysis.budgets.tail_split import TailParts, threshold
from simcost.report.parts.money import adding_up
from simcost_kernels.summaries.summary import Summary

SIGMAS = 4.5


def split_of(parts: np.ndarray, level: float, *, block: int = 1 << 16, desks: int = 1, sections: int = 0):
    """The contributions of the parts of their sum, blocks dealt out to several collectors and these merged."""
    columns = np.concatenate([parts.sum(axis=0)[None], parts])
    summary = Summary(len(columns), sections)
    for start in range(0, columns.shape[1], block):
        summary.add(start, np.ascontiguousarray(columns[:, start : start + block]))
    at = threshold(summary, 0, level)
    assert at is not None
    centres = np.nan_to_num(columns, posinf=0.0).mean(axis=1)
    collectors = [TailParts(at, centres, 0, lambda each: each, sections=sections) for _ in range(desks)]
    for number, start in enumerate(range(0, columns.shape[1], block)):
        collectors[number % desks].add(start, [columns[:, start : start + block]])
    for other in collectors[1:]:
        collectors[0].merge(other)
    return collectors[0].contributions()


def brute_force(parts: np.ndarray, level: float) -> np.ndarray:
    """Mean of the worst n (1 - level) scenarios, one of them in part, equal totals sharing; by sorting."""
    parts = np.concatenate([parts.sum(axis=0)[None], parts])
    parts = parts[:, np.isfinite(parts[0])]
    totals, wanted = parts[0], parts.shape[1] * (1 - level)
    last = np.sort(totals)[::-1][int(np.ceil(wanted)) - 1]
    weights = np.where(totals > last, 1.0, 0.0)
    weights[totals == last] = (wanted - weights.sum()) / np.count_nonzero(totals == last)
    return (parts * weights).sum(axis=1) / wanted


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.9973])
@pytest.mark.parametrize("n", [7, 1_000, 20_000])
def test_the_split_is_that_of_the_sorted_samples(n: int, level: float) -> None:
    parts = np.random.default_rng(n).lognormal(size=(4, n)) * 1e6
    found = [each.value for each in split_of(parts, level)]
    np.testing.assert_allclose(found, brute_force(parts, level), rtol=1e-12)
    assert abs(sum(found[1:]) - found[0]) < 0.005


def test_equal_totals_share_what_is_left() -> None:
    rng = np.random.default_rng(3)
    parts = np.stack([rng.integers(0, 4, 5_000).astype(float), rng.integers(0, 3, 5_000).astype(float)])
    np.testing.assert_allclose([each.value for each in split_of(parts, 0.83)], brute_force(parts, 0.83), rtol=1e-12)
    constant = np.stack([np.full(100, 2.0), np.full(100, 3.0)])
    assert [each.value for each in split_of(constant, 0.8)] == pytest.approx([5.0, 2.0, 3.0], rel=1e-14)


def test_a_cell_with_too_many_scenarios_gives_its_mean(monkeypatch) -> None:
    parts = np.random.default_rng(8).normal(1e6, 10.0, size=(2, 20_000))
    monkeypatch.setattr("simcost.analysis.budgets.tail_split.MOST_ROWS", 100)
    found, truth = split_of(parts, 0.8), brute_force(parts, 0.8)
    np.testing.assert_allclose([each.value for each in found], truth, rtol=2.45e-4)
    assert found[1].value + found[2].value == pytest.approx(found[0].value, rel=1e-13)


def test_undefined_totals_are_left_out() -> None:
    parts = np.random.default_rng(4).lognormal(size=(2, 3_000))
    parts[0, ::7], parts[1, 5::11] = np.nan, np.inf
    found = [each.value for each in split_of(parts, 0.8)]
    np.testing.assert_allclose(found, brute_force(parts, 0.8), rtol=1e-12)


@pytest.mark.parametrize("desks", [2, 3])
@pytest.mark.parametrize("sections", [0, 16])
def test_who_had_which_block_changes_no_bit(desks: int, sections: int) -> None:
    parts = np.random.default_rng(6).lognormal(size=(3, 9_000))
    alone = split_of(parts, 0.8, block=1_000, sections=sections)
    assert alone == split_of(parts, 0.8, block=1_000, desks=desks, sections=sections)
    assert [each.low for each in alone] != [each.low for each in split_of(parts, 0.8, block=1_000, sections=16 - sections)]


def test_few_worst_scenarios_have_no_interval() -> None:
    parts = np.random.default_rng(6).lognormal(size=(2, 100))
    assert {(each.low, each.high) for each in split_of(parts, 0.8)} == {(None, None)}


def test_normal_parts_have_their_closed_form(tmp_path: Path) -> None:
    """E[X | S >= q] = mean + cov(X, S) / sd(S) * phi(z) / (1 - level): Panjer 2002; a wrong covariance is told."""
    path, n = tmp_path / "normals.toml", 200_000
    lines = [("a", 60_000, 3_000), ("b", 50_000, 8_000), ("c", 20_000, 1_000)]
    inputs = "".join(f'{name} = {{ normal = {{ mean = {mean}, sd = {sd} }}, unit = "CNY" }}\n' for name, mean, sd in lines)
    costs = "".join(
        f'[[cost]]\nname = "{name}"\ncategory = "{name}"\nevery = "once"\namount = "{name}"\n' for name, _, _ in lines
    )
    head = 'schema = 1\n[scenario]\nname = "n"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 1\n[inputs]\n'
    path.write_text(f'{head}{inputs}{costs}[budget]\napproved = "135000 CNY"\nconfidence = 0.9\n', "utf-8")
    split = simcost.budget(path, n=n, seed=3, backend="reference").split
    z, sd = stats.norm.ppf(0.9), np.sqrt(sum(each**2 for _, _, each in lines))
    for (_, mean, own), share in zip(lines, split.groups["category"], strict=True):
        expected = mean + own**2 / sd * stats.norm.pdf(z) / 0.1
        error = (share.cvar_contribution.high - share.cvar_contribution.low) / 2 / 1.96
        assert abs(share.cvar_contribution.value - expected) < SIGMAS * error
        assert error < own / np.sqrt(0.1 * n) * 1.1
        assert abs(share.mean - mean) < SIGMAS * own / np.sqrt(n)
    wrong = 50_000 + 8_000 / sd * 8_000 * 1.05 * stats.norm.pdf(z) / 0.1
    assert abs(split.groups["category"][1].cvar_contribution.value - wrong) > SIGMAS * error


def capped(rng, n: int) -> np.ndarray:
    """Two uniforms and a rebate that takes what their sum is above 1 back, up to 0.2; in dyadic numbers, which sum exactly."""
    a, b = rng.integers(0, 1 << 20, size=(2, n)) / (1 << 20)
    return np.stack([a, b, -np.clip(a + b - 1.0, 0.0, 0.2)])


@pytest.mark.parametrize("rows", [200_000, 50])
@pytest.mark.parametrize("sections", [0, 16])
def test_parts_of_totals_at_a_cap_have_intervals_that_cover(sections, rows, monkeypatch) -> None:
    """18 % of the totals are 1 exactly, 32 % more. An equal total says nothing of the parts: that they vary was left out.

    E[s; s > 1.2] = 0.469333, E[s; 1 < s < 1.2] = 0.197333, and half of s is a's on average. Of 150 seeds 0.95 cover, with a
    standard error of 0.0178; intervals of half the width cover 0.67.
    """
    truth = (0.469333 / 2 + 0.08 * 0.197333 / 2 / 0.18) / 0.4  # of the worst 40 %, 32 lie beyond the cap
    monkeypatch.setattr("simcost.analysis.budgets.tail_split.MOST_ROWS", rows)
    rng, held, narrow = np.random.default_rng(7), 0, 0
    for _ in range(150):
        found = split_of(capped(rng, 4_096 if sections else 1_024), 0.6, sections=sections)[1]
        half = (found.high - found.low) / 2
        held += abs(found.value - truth) <= half
        narrow += abs(found.value - truth) <= half / 2
    assert held / 150 >= 0.95 - SIGMAS * 0.0178
    assert narrow / 150 < 0.95 - SIGMAS * 0.0178


def test_where_all_the_worst_are_at_a_cap_the_interval_is_that_of_a_mean() -> None:
    """The worst tenth are among the half of a + b > 1, cut to 1: E[a] = 2/3 there, known as a mean of all these is."""
    a, b = np.random.default_rng(9).integers(0, 1 << 20, size=(2, 20_000)) / (1 << 20)
    found = split_of(np.stack([a, b, -np.maximum(a + b - 1.0, 0.0)]), 0.9)
    at_cap = a[a + b >= 1.0]
    assert found[1].value == pytest.approx(at_cap.mean())
    assert found[1].high - found[1].value == pytest.approx(1.96 * at_cap.std() / np.sqrt(len(at_cap)), rel=1e-3)
    assert (found[0].low, found[0].high) == pytest.approx((1.0, 1.0), rel=1e-14)


@pytest.mark.slow
def test_the_intervals_of_a_split_cover_what_they_should() -> None:
    rng, hits, narrow, seeds, own, sd = np.random.default_rng(12), 0, 0, 2_000, 3.0, 5.0
    truth = own**2 / sd * stats.norm.pdf(stats.norm.ppf(0.8)) / 0.2
    for _ in range(seeds):
        found = split_of(np.stack([rng.normal(0, own, 2_000), rng.normal(0, 4.0, 2_000)]) + 100.0, 0.8)[1]
        hits += found.low <= 100.0 + truth <= found.high
        narrow += abs(found.value - 100.0 - truth) <= (found.high - found.low) / 4
    assert abs(hits / seeds - 0.95) < SIGMAS * np.sqrt(0.95 * 0.05 / seeds)
    assert narrow / seeds < 0.8


@pytest.mark.parametrize("decimals", [0, 2])
def test_rounded_parts_add_up_and_are_off_by_less_than_a_unit(decimals: int) -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        parts = (rng.normal(size=rng.integers(1, 9)) * 1e4).tolist()
        for whole in (np.floor(sum(parts) * 10**decimals) / 10**decimals, np.ceil(sum(parts) * 10**decimals) / 10**decimals):
            found = adding_up(parts, float(whole), decimals)
            assert round(sum(found), decimals) == round(whole, decimals)
            assert max(abs(a - b) for a, b in zip(found, parts, strict=True)) <= 10.0**-decimals
    assert adding_up([0.4, 0.4, 0.4], 1.0) == (1.0, 0.0, 0.0)
    assert adding_up([0.4, 0.4, 0.4], 2.0) == (1.0, 1.0, 0.0)
    assert adding_up([1.0, float("nan")], 1.0)[0] == 1.0
