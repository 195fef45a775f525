"""A plan cut to some of its outputs gives their columns with the same bits, and carries nothing else along."""

from __future__ import annotations

import numpy as np
import pytest
from tests.places import RECOMMENDER, SCENARIOS

from simcost import api
from simcost.compile.cut import cut
from simcost.engine.preparation.backend import kernel_for

N = 300


def columns(plan):
    out = np.empty((plan.n_columns, N))
    kernel_for(plan, "reference").run(5, 0, N, out)
    return dict(zip(plan.columns(), out, strict=True))


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_columns_of_a_cut_plan_are_those_of_the_whole(path):
    whole = api.compile(path).plan
    every = columns(whole)
    for groups in (("total",), ("total", "category"), ("month",)):
        found = columns(cut(whole, groups))
        assert list(found) == [key for key in every if key[0] in groups]
        assert all(np.array_equal(found[key], every[key], equal_nan=True) for key in found)


def test_a_cut_plan_is_smaller_and_keeps_every_draw_of_the_total():
    whole = api.compile(RECOMMENDER).plan
    total = cut(whole, ("total",))
    assert total.n_columns == 1
    assert len(total.month) < len(whole.month)
    assert len(total.state) < len(whole.state)
    assert total.dimensions() == whole.dimensions()
    assert cut(total, ("total",)).content_digest == total.content_digest


def test_numbers_alone_leave_the_digest_of_the_cut_plan():
    path = RECOMMENDER
    digests = {cut(api.compile(path, option=option).plan, ("total",)).digest for option in ("", "reserved")}
    assert len(digests) == 1
