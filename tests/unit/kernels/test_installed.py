"""Versions are told without importing what they are of."""

import importlib.metadata
import subprocess
import sys

import pytest

from simcost_kernels.system.installed import version_text


@pytest.mark.parametrize("package", ["numpy", "scipy", "numba", "llvmlite", "click"])
def test_the_text_tells_the_version(package):
    assert importlib.metadata.version(package) in version_text(package)


def test_nothing_is_imported_for_it():
    code = "import sys; from simcost_kernels.system.installed import version_text; version_text('scipy'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"scipy", "importlib.metadata"}.isdisjoint(loaded)


def test_the_tab_key_offers_the_functions_before_any_is_fetched():
    code = "import simcost; print(*(name for name in dir(simcost) if not name.startswith('_')))"
    offered = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"run", "budget", "compare", "open_result", "SimcostError"} <= set(offered)
    assert {"Any", "TYPE_CHECKING", "annotations", "errors"}.isdisjoint(offered)


def test_a_package_that_is_missing_is_told():
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        version_text("no_such_package_anywhere")
