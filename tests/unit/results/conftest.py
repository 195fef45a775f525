"""The small run as a fixture, since test modules cannot import each other under importlib mode."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SMALL_RUN = Path(__file__).with_name("small_run.py")


@pytest.fixture(scope="session")
def small_run() -> ModuleType:
    """The module `small_run`."""
    spec = importlib.util.spec_from_file_location("simcost_small_run", SMALL_RUN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def result(small_run: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A result of 70,000 scenarios, all kept, in a file that no test changes."""
    return small_run.write_result(tmp_path_factory.mktemp("result") / "run.h5", n=70_000, keep="all", first=500)
