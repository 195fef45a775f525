"""The reference while a kernel is compiled beside it: who runs when, what the result says, and how it ends."""

import threading

import numpy as np
import pytest
from tests.unit.engine.single_draw import N, small_plan

from simcost.engine.preparation import prepared as preparation
from simcost.engine.preparation.choice import Choice
from simcost.engine.preparation.overlap import OverlappedKernel
from simcost.engine.preparation.prepared import prepared
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost_kernels import backends
from simcost_kernels.backends.cpu import Compilation, is_compiled, seconds_spent
from simcost_kernels.backends.reference import ReferenceKernel


class Recorder(ReferenceKernel):
    """Runs like the reference, under its own name, and notes its pieces and how many threads are in it at once."""

    def __init__(self, name, *, after_piece=lambda: None):
        super().__init__(small_plan())
        self.name, self.device = name, name.upper()
        self.pieces, self.inside, self.most_inside = [], 0, 0
        self._after_piece = after_piece

    def run(self, seed, start, stop, out):
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        super().run(seed, start, stop, out)
        self.pieces.append((start, stop))
        self._after_piece()
        self.inside -= 1


class FakeCompilation:
    """Ends when it is told to."""

    def __init__(self, *, ends_well=True):
        self.ended, self.stopped, self._ends_well = threading.Event(), False, ends_well

    def wait(self):
        assert self.ended.wait(60)
        return self._ends_well and not self.stopped

    def stop(self):
        self.stopped = True
        self.ended.set()


def overlapped(*, ends_well=True, second=None):
    """First, second and the kernel of both; the compilation ends with the first's second piece, before its thread goes on."""
    compilation, fetched = FakeCompilation(ends_well=ends_well), threading.Event()

    def after_piece():
        if len(first.pieces) == 2:
            compilation.ended.set()
            assert not ends_well or fetched.wait(60)

    def fetch():
        fetched.set()
        if isinstance(second, Exception):
            raise second
        return second

    first = Recorder("first", after_piece=after_piece)
    return first, OverlappedKernel(first, compilation, fetch)


def figures(kernel, workers=1):
    kept = []

    class Sink:
        def write(self, start, columns):
            kept.append((start, columns.tobytes()))

    summary = simulate(kernel, Span(1, 0, N, workers), sinks=(Sink(),))
    return kept, summary.digest()


def columns_of_reference(n):
    out = np.empty((1, n))
    ReferenceKernel(small_plan()).run(1, 0, n, out)
    return out


def whole(pieces):
    """Whether pieces are all scenarios, each once."""
    starts, stops = zip(*sorted(pieces), strict=True)
    return starts == (0, *stops[:-1]) and stops[-1] == N


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_compiled_kernel_takes_over_and_no_bit_changes(workers):
    second = Recorder("second")
    first, both = overlapped(second=second)
    assert figures(both, workers) == figures(ReferenceKernel(small_plan()))
    both.close()
    assert whole(first.pieces + second.pieces)
    assert first.pieces
    assert second.pieces
    assert (both.name, both.device) == ("first+second", "FIRST, SECOND")


@pytest.mark.parametrize(("releases_gil", "most"), [(False, [1]), (True, [2, 3])])
def test_the_first_kernel_runs_in_one_thread_at_a_time_unless_several_run_it_faster(releases_gil, most):
    first, both = overlapped(ends_well=False)
    first.releases_gil = releases_gil
    meeting = threading.Barrier(2)
    first._after_piece = lambda: releases_gil and meeting.wait(60)  # nobody leaves alone
    figures(both, workers=3)
    both.close()
    assert first.most_inside in most
    assert whole(first.pieces)


@pytest.mark.parametrize("failure", [{"ends_well": False}, {"second": ImportError("no numba")}], ids=["compiler", "fetching"])
def test_where_compiling_fails_the_first_kernel_runs_it_all(failure):
    first, both = overlapped(**failure)
    assert figures(both) == figures(ReferenceKernel(small_plan()))
    both.close()
    assert whole(first.pieces)
    assert both.name == "first"


def test_a_compilation_that_is_not_done_is_stopped_at_the_end():
    compilation = FakeCompilation()
    kernel = OverlappedKernel(Recorder("first"), compilation, refuse)
    kernel.close()
    assert compilation.stopped
    assert not kernel.compiled


def test_one_that_is_due_is_waited_for():
    compilation = FakeCompilation()
    kernel = OverlappedKernel(Recorder("first"), compilation, refuse)
    threading.Timer(0.1, compilation.ended.set).start()
    kernel.close(wait=True)
    assert kernel.compiled


def test_ctrl_c_ends_the_wait_but_not_the_command(monkeypatch):
    compilation = FakeCompilation()
    kernel = OverlappedKernel(Recorder("first"), compilation, refuse)
    joined = []
    join = kernel._watch.join

    def interrupted_once():
        joined.append(True)
        if len(joined) == 1:
            raise KeyboardInterrupt
        join()

    monkeypatch.setattr(kernel._watch, "join", interrupted_once)
    kernel.close(wait=True)
    assert len(joined) == 2
    assert compilation.stopped


def refuse():
    message = "nobody wants the second kernel any more"
    raise AssertionError(message)


def interrupt():
    raise KeyboardInterrupt


@pytest.fixture
def auto(tmp_path, monkeypatch):
    """An empty cache and a choice that always overlaps; says what a run of one block was, and by what."""
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    monkeypatch.setattr(preparation, "automatic", lambda _plan, _n, **_: Choice("reference", "own"))
    plan = small_plan()

    def run(work=lambda: None):
        with prepared(plan, n=1) as kernel:
            kernel.run(1, 0, 1, np.empty((1, 1)))
            work()
        return kernel

    run.plan = plan
    return run


def test_a_run_that_ends_before_the_compiler_leaves_no_process_and_is_accounted_for(auto, monkeypatch):
    started = []
    monkeypatch.setattr(backends.cpu, "Compilation", lambda plan, **_: started.append(Compilation(plan)) or started[0])
    assert auto().name == "reference"
    assert started[0].child.process.returncode != 0
    assert not is_compiled(auto.plan)
    assert seconds_spent(auto.plan) > 0.0


def test_a_run_during_which_the_kernel_is_due_waits_for_it(auto, monkeypatch):
    monkeypatch.setattr(backends.cpu, "seconds_spent", lambda _plan, **_: 1e9)
    assert auto().name == "reference"
    assert compiled_of(auto.plan) == (True, False)


def compiled_of(plan):
    """Whether there are a plan's own kernel, and the interpreter."""
    return is_compiled(plan), is_compiled(plan, interpreter=True)


def test_the_interpreter_is_waited_for_too_and_runs_the_model_until_its_own_kernel_is_there(auto, monkeypatch):
    """Both are one back end."""
    with monkeypatch.context() as due:
        due.setattr(preparation, "automatic", lambda _plan, _n, **_: Choice("reference", "interpreter"))
        due.setattr(backends.cpu, "seconds_spent", lambda _plan, **_: 1e9)
        assert auto().name == "reference"
    assert compiled_of(auto.plan) == (False, True)
    monkeypatch.setattr(preparation, "automatic", lambda _plan, _n, **_: Choice("interpreter", "own"))
    kernels = []

    def until_it_is_there():
        (kernel,) = kernels
        kernel._watch.join(60)
        out = np.empty((1, 100))
        kernel.run(1, 0, 100, out)
        assert out.tobytes() == columns_of_reference(100).tobytes()

    made = preparation.OverlappedKernel
    monkeypatch.setattr(preparation, "OverlappedKernel", lambda *parts: kernels.append(made(*parts)) or kernels[0])
    kernel = auto(until_it_is_there)
    assert [type(each).__name__ for each in kernel._used] == ["InterpreterKernel", "CpuKernel"]
    assert kernel.name == "cpu"
    assert kernel.device.count("numba") == 1


def test_a_failed_run_waits_for_nothing(auto, monkeypatch):
    monkeypatch.setattr(backends.cpu, "seconds_spent", lambda _plan, **_: 1e9)
    with pytest.raises(KeyboardInterrupt):
        auto(interrupt)
    assert not is_compiled(auto.plan)


def test_without_a_process_for_the_compiler_the_reference_runs_alone(auto, monkeypatch):
    def none_left(_plan, **_):
        raise OSError

    monkeypatch.setattr(backends.cpu, "Compilation", none_left)
    assert auto().name == "reference"
