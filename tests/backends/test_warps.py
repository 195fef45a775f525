"""The text of a GPU as a GPU runs it, lanes of a warp together: the bits of the reference, whoever computes whose tails."""

import os
import subprocess
import sys

import numpy as np
import pytest
from tests.backends.host_device import needs_compiler
from tests.backends.host_warp import WarpDevice
from tests.places import RECOMMENDER, ROOT

from simcost.compile.compiled import compile_scenario
from simcost.scenario import load
from simcost_kernels.backends.cuda.kernel import CudaKernel
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.codegen.normals_together import MOST_TOGETHER, taken_ahead, together
from simcost_kernels.draws.sampling import Sampling
from simcost_kernels.plan import Output, Plan, State, Step

FIRST, N = 2**32 - 70, 150
pytestmark = [needs_compiler, pytest.mark.skipif(sys.platform != "linux", reason="contexts as Linux has them")]


def normals(*, setup, year, month, horizon=5, shared=False, sampling=None):
    """A plan of so many normal quantiles; ``shared``: the first of a month's uniforms is an output itself."""
    steps, streams = {"setup": [], "year": [], "month": []}, 0
    total = 2 * (setup + year + month)
    for section, count in (("setup", setup), ("year", year), ("month", month)):
        for _ in range(count):
            steps[section] += [Step("draw", (f"d{streams}",)), Step("normal_quantile", (f"v{2 * streams}",))]
            streams += 1
    month_values = [2 * n + 1 for n in range(streams)]
    steps["month"] += [Step("add", (f"v{n}", f"v{total + place - 1}" if place else "s0")) for place, n in enumerate(month_values)]
    outputs = [Output("line", str(n), f"v{n}", monthly=True) for n in month_values]
    if shared:
        outputs.append(Output("line", "uniform", f"v{2 * (setup + year)}", monthly=True))
    state = State("p0", f"v{total + len(month_values) - 1}")
    given = {name: tuple(each) for name, each in steps.items()}
    plan = Plan(
        (0.5,), (), (), tuple(range(7, 7 + streams)), **given, final=(), state=(state,), outputs=tuple(outputs), horizon=horizon
    )
    return plan if sampling is None else Plan(**{name: getattr(plan, name) for name in plan.__slots__} | {"sampling": sampling})


def columns(plan, device):
    """Columns of a range that ends within a warp."""
    out = np.empty((plan.n_columns, N))
    CudaKernel(plan, devices=[device]).run(1, FIRST, FIRST + N, out)
    return out.view(np.int64)


def expected(plan):
    out = np.empty((plan.n_columns, N))
    ReferenceKernel(plan).run(1, FIRST, FIRST + N, out)
    return out.view(np.int64)


@pytest.mark.parametrize(
    "plan",
    [
        normals(setup=MOST_TOGETHER + 2, year=1, month=3, horizon=13),
        normals(setup=1, year=3, month=2, shared=True),
        normals(setup=2, year=0, month=4, sampling=Sampling("latin-hypercube")),
        compile_scenario(load(RECOMMENDER)).plan,
    ],
    ids=["every section", "a uniform used twice", "latin hypercube", "ecommerce_recommender"],
)
def test_lanes_that_compute_each_others_tails_give_the_bits_of_the_reference(plan):
    assert np.array_equal(columns(plan, WarpDevice()), expected(plan))


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(ROOT.glob("scenarios/*.toml")), ids=lambda path: path.stem)
def test_every_scenario_of_the_library_gives_the_bits_of_the_reference(path):
    plan = compile_scenario(load(path)).plan
    assert np.array_equal(columns(plan, WarpDevice()), expected(plan))


class Changed(WarpDevice):
    """A device that changes the text."""

    def __init__(self, old, new):
        super().__init__()
        self._old, self._new = old, new

    def load(self, text):
        assert "normal_quantiles" not in text or self._old in text
        return super().load(text.replace(self._old, self._new))


def test_a_tail_that_goes_to_another_lane_is_noticed():
    plan = normals(setup=3, year=0, month=2)
    changed = columns(plan, Changed("z.of[i] = of[32 * i + lane]", "z.of[i] = of[32 * i + (lane + 1) % 32]"))
    assert np.count_nonzero(changed != expected(plan)) > 0


PARTED = """
from tests.backends import test_warps as t
lane = "const u64 lane = thread < n"
t.columns(t.normals(setup=2, year=0, month=0), t.Changed(lane, f"if (thread >= n) {{ return; }}\\n{lane}"))
"""


def test_a_warp_whose_lanes_part_is_noticed():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run([sys.executable, "-c", PARTED], capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (70, "the lanes of a warp part\n")


def test_batches_are_of_much_the_same_size_and_hold_every_normal_of_a_uniform_once():
    for count in range(14):
        plan = normals(setup=count, year=0, month=1)
        steps = dict(enumerate(plan.setup))
        batches = together(steps, steps)
        assert sorted(number for batch in batches for number in batch) == list(range(1, 2 * count, 2))
        sizes = {len(batch) for batch in batches}
        assert max(sizes, default=0) <= MOST_TOGETHER
        assert max(sizes, default=0) - min(sizes, default=0) <= 1


def test_both_months_are_taken_at_once_where_nothing_else_uses_the_uniform():
    assert taken_ahead(normals(setup=0, year=0, month=2)) == {1, 3}
    assert taken_ahead(normals(setup=0, year=0, month=2, shared=True)) == {3}
    assert taken_ahead(normals(setup=0, year=0, month=2, sampling=Sampling("latin-hypercube"))) == frozenset()
