"""What Sobol' indices are reckoned from: the jackknife of a mean, and scenarios without a finite total."""

import numpy as np
import pytest
import scipy.stats

from simcost.analysis.influences.sobol_indices import PickFreezeSums, jackknifed
from simcost_kernels.draws.sampling import ROW

SECTIONS = 16
RNG = np.random.default_rng(7)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_jackknife_of_a_mean_is_students_interval(confidence):
    values = RNG.lognormal(size=SECTIONS)
    found = jackknifed(values.mean(), (values.sum() - values) / (SECTIONS - 1), confidence)
    ends = scipy.stats.t.interval(confidence, SECTIONS - 1, loc=values.mean(), scale=scipy.stats.sem(values))
    assert (found.low, found.high) == pytest.approx(ends, rel=1e-12)


def test_a_scenario_without_a_finite_total_is_left_out_of_its_unit_alone():
    n, shift = 2 * SECTIONS * ROW, 3.0
    base, other, first, second = RNG.normal(shift, 1.0, size=(4, n))
    first[::7], first[5::11] = np.nan, np.inf
    sums = PickFreezeSums(SECTIONS, shift)
    sums.add(0, [each[None] for each in (base, other, first, second)])
    found = sums.merged(())
    replicate = np.arange(n) // ROW % SECTIONS
    for unit, outcome in enumerate((first, second)):
        for section in range(SECTIONS):
            mine = (replicate == section) & np.isfinite(outcome)
            a, y = base[mine] - shift, outcome[mine] - shift
            assert found[unit, [0, 2, 5], section] == pytest.approx([a.sum(), y.sum(), (y * y).sum()], rel=1e-9)
            assert found[unit, -1, section] == mine.sum()
    assert found[0, -1].sum() < found[1, -1].sum() == n
