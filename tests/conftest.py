"""What holds for every test."""

import os

import pytest

from simcost.engine.processors import MAX_WORKERS, processors


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run `-n auto` in as many processes as there are processors for this one: pytest-xdist would count the machine's."""
    return min(processors(), MAX_WORKERS)


@pytest.fixture(autouse=True, scope="session")
def no_terminal():
    """Print pages as into a pipe, in every process: readline tells those that pytest starts of a terminal of 80 columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COLUMNS", raising=False)
        yield


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    """Compile kernels, and what the host's compiler makes, into a folder of this session: the user's cache is left alone.

    Commands that tests start do so too. The processes of one session share it: what one has compiled, the others find.
    """
    base = tmp_path_factory.getbasetemp()
    session = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMCOST_CACHE", str(session / "cache"))
        patch.setenv("SIMCOST_TEST_LIBRARIES", str(session / "libraries"))
        yield
