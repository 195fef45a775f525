"""What ``auto`` picks, and what a wrong back end is told."""

import sys
from dataclasses import replace

import pytest
from tests.places import RECOMMENDER

from simcost.cli.commands.run import command
from simcost.compile.compiled import compile_scenario
from simcost.engine import processors
from simcost.engine.preparation import backend
from simcost.engine.preparation import prepared as preparation
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.preparation.choice import INTERPRETER, OWN, REFERENCE, Choice, Ready, automatic, choose, compiled
from simcost.engine.preparation.cuda_installation import Readiness
from simcost.engine.preparation.expected_time import (
    INTERPRETER_S,
    compile_s,
    cpu_s,
    expected,
    interpreter_s,
    processes_for,
    reference_ns,
    reference_s,
)
from simcost.engine.preparation.prepared import kernels_for, prepared
from simcost.engine.preparation.variants import expected_together, runs_together
from simcost.errors import BackendError
from simcost.report.installation import installation
from simcost.scenario import load
from simcost_kernels.backends.cpu import seconds_spent
from simcost_kernels.backends.processes import ReferenceProcesses
from simcost_kernels.backends.reference import ReferenceKernel


@pytest.fixture(scope="module")
def plan():
    return compile_scenario(load(RECOMMENDER)).plan


def without_cupy(monkeypatch):
    """Importing CuPy fails, also for one who has imported it already."""
    monkeypatch.setitem(sys.modules, "cupy", None)
    monkeypatch.delitem(sys.modules, "simcost_kernels.backends.cuda.cupy_device", raising=False)


READY = Ready(own=True, interpreter=True)


def test_few_scenarios_are_for_the_reference_and_many_for_a_compiled_kernel(plan):
    assert choose(expected(plan, 10_000), READY) == REFERENCE
    assert choose(expected(plan, 1_000_000), READY) == OWN
    assert choose(expected(plan, 1_000_000), Ready(interpreter=True)) == INTERPRETER
    assert choose(expected(plan, 10_000), Ready(interpreter=True)) == REFERENCE


def test_what_no_run_has_waited_for_long_enough_is_compiled_where_that_pays_within_the_run(plan):
    assert choose(expected(plan, 500_000), Ready()) == REFERENCE
    assert choose(expected(plan, 3_000_000), Ready()) == Choice("reference", "interpreter")
    assert choose(expected(plan, 3_000_000), Ready(), beside=False) == INTERPRETER
    assert choose(expected(plan, 500_000_000), Ready()) == Choice("reference", "own")
    assert choose(expected(plan, 500_000_000), Ready(interpreter=True)) == Choice("interpreter", "own")
    assert choose(expected(plan, 500_000_000), Ready(interpreter=True), beside=False) == OWN


def test_a_kernel_of_its_own_or_the_interpreter_is_compiled_once_runs_have_waited_as_long_as_that_takes(plan):
    assert choose(expected(plan, 500_000), Ready(interpreter_spent_s=INTERPRETER_S)) == Choice("reference", "interpreter")
    assert choose(expected(plan, 500_000), Ready(interpreter_spent_s=INTERPRETER_S), beside=False) == INTERPRETER
    assert choose(expected(plan, 500_000), Ready(interpreter=True, own_spent_s=compile_s(plan))) == Choice("interpreter", "own")
    assert choose(expected(plan, 500_000), Ready(own_spent_s=compile_s(plan))) == REFERENCE


def test_the_reference_runs_in_several_processes_where_each_has_work_for_a_second(plan):
    one_second = 1e9 / (reference_s(plan, 1_000_000_000))
    counts = [processes_for(plan, round(one_second * seconds), 4) for seconds in (0.1, 1.5, 2.5, 3.5, 100.0)]
    assert counts == [1, 1, 2, 3, 4]


@pytest.mark.parametrize(("n", "workers", "kind"), [(1_000, None, "one"), (10**7, None, "many"), (10**7, 1, "one")])
def test_a_large_run_of_the_reference_has_processes_unless_one_worker_was_asked_for(plan, monkeypatch, n, workers, kind):
    monkeypatch.setattr(preparation, "processors", lambda: 2)
    with prepared(plan, "reference", n=n, workers=workers) as kernel:
        assert isinstance(kernel, {"one": ReferenceKernel, "many": ReferenceProcesses}[kind])
        assert (kernel.name, kernel.device) == ("reference", "NumPy")


def test_a_frozen_application_starts_no_processes(plan, monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with prepared(plan, "reference", n=10**7) as kernel:
        assert isinstance(kernel, ReferenceKernel)


def test_more_processes_favour_the_reference_over_compiling(plan):
    n = int(1.5 * INTERPRETER_S / reference_s(plan, 1_000_000) * 1_000_000)
    assert choose(expected(plan, n), Ready()) == Choice("reference", "interpreter")
    assert choose(expected(plan, n, 4), Ready()) == REFERENCE


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("ready", [Ready(), Ready(interpreter=True), Ready(own=True), READY])
def test_more_scenarios_never_favour_the_slower_back_end(plan, ready, beside):
    last = [choose(expected(plan, 10**exponent), ready, beside=beside).last for exponent in range(10)]
    assert last == sorted(last, key=("reference", "interpreter", "own").index)


def test_the_expected_time_is_within_a_factor_of_two_of_what_was_measured(plan):
    """4.5 microseconds a scenario on an idle machine of the kind that `expected_time` names."""
    assert 4_500 / 2 < reference_ns(plan) < 4_500 * 2


@pytest.mark.parametrize(("own", "taken"), [(True, OWN), (False, INTERPRETER)])
def test_what_is_compiled_is_taken_at_once(plan, tmp_path, monkeypatch, own, taken):
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    monkeypatch.setattr("simcost_kernels.backends.cpu.is_compiled", lambda _plan, *, interpreter=False: own or interpreter)
    assert automatic(plan, expected(plan, 1_000_000)) == taken


@pytest.mark.parametrize(("load", "beside"), [(0.2, True), (1.5, False), (OSError, True)])
def test_the_compiler_goes_beside_the_run_only_where_both_have_a_processor(plan, tmp_path, monkeypatch, load, beside):
    def getloadavg():
        if load is OSError:
            raise OSError
        return load, 0.0, 0.0

    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    monkeypatch.setattr(processors, "processors", lambda: 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("os.getloadavg", getloadavg)
    assert automatic(plan, expected(plan, 500_000_000)) == (Choice("reference", "own") if beside else OWN)


def test_the_interpreter_is_compiled_once_runs_of_any_model_without_it_have_taken_as_long(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("simcost.engine.preparation.choice.idle_processors", lambda: 2.0)
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    other = replace(plan, horizon=plan.horizon - 1)
    waited = int(-(-INTERPRETER_S // (reference_s(plan, 500_000) + reference_s(other, 500_000))))
    picks = [automatic(each, expected(each, 500_000)) for _ in range(waited) for each in (plan, other)]
    assert REFERENCE in picks
    assert automatic(plan, expected(plan, 500_000)) == Choice("reference", "interpreter")


def test_a_kernel_of_its_own_is_compiled_once_its_plan_has_been_run_by_the_interpreter_for_long(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("simcost.engine.preparation.choice.idle_processors", lambda: 2.0)
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    monkeypatch.setattr("simcost_kernels.backends.cpu.is_compiled", lambda _plan, *, interpreter=False: interpreter)
    n = 50_000_000
    waited = int(-(-compile_s(plan) // (interpreter_s(plan, n) - cpu_s(plan, n))))
    assert [automatic(plan, expected(plan, n)) for _ in range(waited + 1)] == [INTERPRETER] * waited + [
        Choice("interpreter", "own")
    ]
    assert waited > 1


def compiled_already(monkeypatch, *, interpreter, plan):
    there = {True: interpreter, False: plan}
    monkeypatch.setattr("simcost_kernels.backends.cpu.is_compiled", lambda _plan, *, interpreter=False: there[interpreter])


def some_numbers(plan, models, moved=1):
    """Parameters of so many models, of which each but the first has so many other numbers, the last ones."""
    kept = len(plan.parameters) - moved
    return [tuple(value * (1.0 - i / 8 * (place >= kept)) for place, value in enumerate(plan.parameters)) for i in range(models)]


def who_runs(plan, n, models, ready):
    return choose(expected_together(plan, n, models), ready, beside=False)


def test_models_are_run_by_the_interpreter_where_that_is_done_sooner(plan):
    assert who_runs(plan, 1_000_000, some_numbers(plan, 1), READY) == OWN
    assert who_runs(plan, 1_000_000, some_numbers(plan, 2), READY) == INTERPRETER  # what one number reaches is little
    assert who_runs(plan, 1_000_000, some_numbers(plan, 2, len(plan.parameters)), READY) == OWN
    assert who_runs(plan, 1_000_000, some_numbers(plan, 1), Ready(interpreter=True)) == INTERPRETER
    assert who_runs(plan, 1_000_000_000, some_numbers(plan, 1), Ready(interpreter=True)) == OWN
    assert who_runs(plan, 1_000, some_numbers(plan, 2), READY) == REFERENCE


def test_the_interpreter_is_compiled_for_models_that_a_compiled_kernel_of_their_own_does_too_slowly(plan):
    assert who_runs(plan, 500_000, some_numbers(plan, 2), Ready(own=True)) == OWN
    assert who_runs(plan, 10_000_000, some_numbers(plan, 20), Ready(own=True)) == INTERPRETER
    assert who_runs(plan, 500_000, some_numbers(plan, 2), Ready(own=True, interpreter_spent_s=INTERPRETER_S)) == INTERPRETER


def test_a_kernel_of_its_own_is_never_compiled_for_models_that_the_interpreter_does_sooner(plan):
    due = Ready(interpreter=True, own_spent_s=1e9)
    assert who_runs(plan, 1_000_000, some_numbers(plan, 20), due) == INTERPRETER
    assert who_runs(plan, 1_000_000, some_numbers(plan, 2, len(plan.parameters)), due) == OWN


def test_models_side_by_side_wait_no_longer_for_a_kernel_of_their_own_than_compiling_it_takes(plan, tmp_path, monkeypatch):
    """A search makes one model after the other ready, and says each time how often it is to do so in all."""
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    compiled_already(monkeypatch, interpreter=True, plan=False)
    n, made = 5_000_000, []
    monkeypatch.setattr(preparation, "kernel_for", lambda plan, name, **how: made.append((name, how["interpreter"])) or plan)
    before = int(-(-compile_s(plan) // (interpreter_s(plan, n) - cpu_s(plan, n))))
    for _ in range(before + 1):
        kernels_for([plan], n=n, times=2)
    assert before > 2
    assert made == [("cpu", True)] * before + [("cpu", False)]
    assert seconds_spent(plan) == pytest.approx(before * (interpreter_s(plan, n) - cpu_s(plan, n)))


def test_the_back_end_cpu_takes_of_both_kernels_what_is_done_first(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))

    def taken(n, models, *, interpreter, own):
        compiled_already(monkeypatch, interpreter=interpreter, plan=own)
        return compiled(plan, expected_together(plan, n, models))

    one, two, twenty = (some_numbers(plan, models) for models in (1, 2, 20))
    assert compile_s(plan) > INTERPRETER_S
    assert taken(100, one, interpreter=False, own=False) == INTERPRETER
    assert taken(100, one, interpreter=True, own=False) == INTERPRETER
    assert taken(100, two, interpreter=False, own=True) == OWN
    assert taken(1_000_000, two, interpreter=True, own=True) == INTERPRETER
    assert taken(10_000_000, twenty, interpreter=False, own=True) == INTERPRETER


def test_the_interpreter_is_taken_at_once_for_models_side_by_side(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    compiled_already(monkeypatch, interpreter=True, plan=False)
    assert automatic(plan, expected(plan, 1_000_000), beside=False) == INTERPRETER
    assert automatic(plan, expected(plan, 1_000), beside=False) == REFERENCE


def test_models_together_take_the_time_of_the_steps_that_their_numbers_reach(plan):
    assert runs_together(plan, some_numbers(plan, 1)) == 1.0
    assert runs_together(plan, [plan.parameters] * 3) == 1.0
    one, three = (runs_together(plan, some_numbers(plan, models)) - 1.0 for models in (2, 4))
    assert 0.0 < one < 0.2
    assert three == pytest.approx(3 * one)


def test_an_account_that_cannot_be_read_is_an_empty_one(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path))
    assert automatic(plan, expected(plan, 500_000)) == REFERENCE
    (account,) = tmp_path.glob("*.spent")
    account.write_bytes(b"\xff")
    assert seconds_spent(plan, interpreter=True) == 0.0


def test_without_numba_auto_is_the_reference_and_cpu_says_what_is_missing(plan, monkeypatch):
    for module in ("backend", "choice"):
        monkeypatch.setattr(f"simcost.engine.preparation.{module}.find_spec", lambda name: None if name == "numba" else name)
    assert automatic(plan, expected(plan, 10**9)) == REFERENCE
    with pytest.raises(BackendError, match="needs numba, which is not installed"):
        kernel_for(plan, "cpu")


def test_a_back_end_that_is_none_is_refused_with_those_that_are(plan):
    with pytest.raises(BackendError, match="Use one of: auto, reference, cpu, cuda"):
        kernel_for(plan, "tpu")


def test_the_command_line_and_the_doctor_name_the_back_ends_that_there_are():
    (option,) = (each for each in command.params if each.name == "backend")
    assert tuple(option.type.choices) == (backend.AUTO, *backend.BACKENDS)
    assert [each.name for each in installation().backends] == list(backend.BACKENDS)


def refuse(*_arguments):
    message = "nobody was to ask"
    raise AssertionError(message)


@pytest.mark.parametrize(
    ("ready", "says"),
    [
        (Readiness("no CUDA driver is installed"), "does not run here: no CUDA driver is installed. See: simcost doctor"),
        (Readiness("CuPy is not installed", 'pip install "simcost[cuda13]"'), r'Mend it with: pip install "simcost\[cuda13\]"'),
        (Readiness(), "does not run here: import of cupy halted; None in sys.modules. See: simcost doctor"),
    ],
)
def test_a_gpu_that_cannot_be_used_is_one_line_with_what_mends_it(plan, monkeypatch, ready, says):
    monkeypatch.setattr(backend, "cuda_readiness", lambda: ready)
    without_cupy(monkeypatch)
    with pytest.raises(BackendError, match=says) as refusal:
        kernel_for(plan, "cuda")
    assert "\n" not in str(refusal.value)


def test_auto_asks_for_a_gpu_only_where_the_run_is_large(plan, monkeypatch):
    monkeypatch.setattr(backend, "cuda_readiness", refuse)
    with prepared(plan, n=10_000) as kernel:
        assert kernel.name == "reference"
    with pytest.raises(AssertionError, match="nobody was to ask"), prepared(plan, n=10**9):
        pass


def test_auto_takes_a_gpu_for_a_large_run(plan, monkeypatch):
    monkeypatch.setattr(backend, "cuda_readiness", Readiness)
    monkeypatch.setattr(backend, "_cuda_kernel", lambda *_: ReferenceKernel(plan))
    monkeypatch.setattr(preparation, "automatic", refuse)
    with prepared(plan, n=10**9) as kernel:
        assert kernel.name == "reference"


def test_auto_goes_on_without_a_gpu_that_cannot_be_used_and_says_so(plan, monkeypatch):
    monkeypatch.setattr(backend, "cuda_readiness", Readiness)
    monkeypatch.setattr(preparation, "automatic", lambda *_, **__: REFERENCE)
    without_cupy(monkeypatch)
    told: list[str] = []
    with prepared(plan, n=10**9, notice=told.append) as kernel:
        assert kernel.name == "reference"
    (line,) = told
    assert line.startswith("the back end cuda does not run here")
    assert line.endswith("The processor runs this instead.")
