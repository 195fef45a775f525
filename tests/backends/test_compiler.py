"""The process that compiles for another: it hands over machine code through the cache, and never outlives who wanted it."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from tests.backends.children import ends_with_its_parent

from simcost.compile.builder import Builder
from simcost_kernels.backends import cpu
from simcost_kernels.backends.cpu import Compilation, CpuKernel, InterpreterKernel, compile_apart, compiler, is_compiled
from simcost_kernels.backends.reference import ReferenceKernel
from simcost_kernels.plan import Step, Table


def plan_of(steps=1):
    """A plan with tables of both kinds."""
    builder = Builder(1)
    u = builder.draw(1, "run")
    rows = np.arange(1666.0 * 8).reshape(1666, 8)
    value = builder.op("smooth_quantile", u, builder.table(Table("smooth", rows)))
    listed = builder.op("step_quantile", u, builder.table(Table("step", np.array([[0.5, 1.0], [3.0, 4.0]]))))
    for _ in range(steps):
        value = builder.op("add", builder.op("exp", builder.op("sub", value, listed)), listed)
    builder.output("total", "", value)
    return builder.finish()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache folder of its own, and no kernel of this process to fall back on."""
    monkeypatch.setenv("SIMCOST_CACHE", str(tmp_path / "cache"))
    for name in [name for name in sys.modules if name.startswith("_simcost_kernel_")]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path / "cache"


def columns(kernel):
    out = np.empty((1, 1000))
    kernel.run(1, 0, 1000, out)
    return out


def test_another_process_leaves_the_machine_code_that_this_one_would_make(cache):
    plan = plan_of()
    assert compile_apart(plan)
    files = {path: path.stat().st_mtime_ns for path in (cache / "__pycache__").iterdir()}
    assert np.array_equal(columns(CpuKernel(plan)), columns(ReferenceKernel(plan)))
    assert {path: path.stat().st_mtime_ns for path in (cache / "__pycache__").iterdir()} == files


def test_another_process_compiles_a_kernel_of_variants(cache):
    plan = plan_of()
    assert compile_apart(plan, interpreter=True)
    files = {path: path.stat().st_mtime_ns for path in (cache / "__pycache__").iterdir()}
    assert (is_compiled(plan, interpreter=True), is_compiled(plan)) == (True, False)
    assert np.array_equal(columns(InterpreterKernel(plan)), columns(ReferenceKernel(plan)))
    assert {path: path.stat().st_mtime_ns for path in (cache / "__pycache__").iterdir()} == files


@pytest.mark.usefixtures("cache")
def test_a_compilation_that_nobody_waits_for_is_killed():
    with Compilation(plan_of()) as compilation:
        process = compilation.child.process
        assert process.poll() is None
    assert process.returncode
    assert not is_compiled(plan_of())


@pytest.mark.usefixtures("cache")
def test_it_ends_with_the_process_that_wanted_it_even_if_that_is_killed(tmp_path):
    code = """
import sys, time
from simcost_kernels.backends.cpu import Compilation
from simcost_kernels.saved_plan import from_json
compilation = Compilation(from_json(open(sys.argv[1]).read()))
print(compilation.child.process.pid, flush=True)
time.sleep(60)
"""
    from simcost_kernels.saved_plan import to_json

    (tmp_path / "plan.json").write_text(to_json(plan_of(steps=300)))  # compiles for longer than this test waits
    assert ends_with_its_parent(code, tmp_path / "plan.json")
    assert not is_compiled(plan_of(steps=300))


@pytest.mark.usefixtures("cache")
def test_a_plan_that_cannot_be_compiled_is_a_failure_without_a_word(capfd):
    plan = replace(plan_of(), final=(Step("no such operation", ()),))
    with Compilation(plan) as compilation:
        assert not compilation.wait()
    assert capfd.readouterr() == ("", "")


def test_without_a_cache_nothing_is_compiled_apart(cache, monkeypatch):
    cache.write_text("a file stands in its place")
    monkeypatch.setattr(compiler, "Compilation", None)
    assert not compile_apart(plan_of())
    assert np.array_equal(columns(CpuKernel(plan_of())), columns(ReferenceKernel(plan_of())))


@pytest.mark.usefixtures("cache")
def test_where_no_process_can_be_started_the_kernel_compiles_itself(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert not cpu.compile_apart(plan_of())
    assert np.array_equal(columns(CpuKernel(plan_of())), columns(ReferenceKernel(plan_of())))
