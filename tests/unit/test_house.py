"""The house stands: what is installed, what an import costs, what the lock promises, how long files and functions are."""

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest
from tests.places import ROOT, SCENARIOS

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SOURCES = [path for root in ("simulator", "kernels") for path in (ROOT / root).rglob("*.py")]
LONGEST_FILE, LONGEST_FUNCTION = 300, 60
"""Lines; of a function, those of its body."""

HEAVY = (
    "numpy",
    "scipy",
    "numba",
    "cupy",
    "h5py",
    "pydantic",
    "click",
    "rich",
    "tree_sitter",
    "tree_sitter_toml",
    "pandas",
    "matplotlib",
)


def run_python(code: str) -> str:
    """What a fresh interpreter, away from the checkout, prints on running the code."""
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT.anchor).stdout


def modules_loaded_by(package: str) -> set[str]:
    """Top-level names of all modules that one import brings along."""
    code = f"import sys, json, {package}; print(json.dumps(sorted(sys.modules)))"
    return {name.partition(".")[0] for name in json.loads(run_python(code))}


def locked_requirements(lock: Path) -> list[str]:
    """Each requirement of a lock with its hashes, on one line."""
    return [line for line in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines() if line.strip()]


@pytest.mark.parametrize("package", ["simcost", "simcost_kernels"])
def test_the_installed_package_is_found_from_anywhere(package: str) -> None:
    location = run_python(f"import {package}; print({package}.__file__)")
    assert Path(location.strip()).name == "__init__.py"


def test_the_distribution_is_installed_under_its_version() -> None:
    assert importlib.metadata.version("simcost") == PYPROJECT["project"]["version"]
    assert run_python("import simcost; print(simcost.__version__)").strip() == PYPROJECT["project"]["version"]


@pytest.mark.parametrize("package", ["simcost", "simcost_kernels"])
def test_both_packages_ship_their_types(package: str) -> None:
    location = Path(run_python(f"import {package}; print({package}.__file__)").strip())
    assert (location.parent / "py.typed").is_file()


def test_importing_simcost_loads_no_heavy_library() -> None:
    assert modules_loaded_by("simcost").isdisjoint(HEAVY)


def test_importing_the_kernels_loads_numpy_at_most() -> None:
    assert modules_loaded_by("simcost_kernels").isdisjoint(set(HEAVY) - {"numpy"})


def test_the_measure_of_loaded_modules_sees_a_heavy_library() -> None:
    assert "numpy" in modules_loaded_by("h5py")


@pytest.mark.parametrize("root", ["simulator", "kernels"])
def test_the_source_roots_are_no_packages(root: str) -> None:
    assert not (ROOT / root / "__init__.py").exists()


def test_every_extra_of_the_design_exists() -> None:
    assert set(PYPROJECT["project"]["optional-dependencies"]) == {"cuda12", "cuda13", "export", "report"}


def test_every_dependency_has_a_range_and_a_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for requirement in PYPROJECT["project"]["dependencies"]:
        (line,) = [line for line in lines if line.strip().startswith(f'"{requirement}"')]
        assert re.search(r"==|<", requirement), line
        assert "# " in line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_has_a_version_and_a_hash_for_everything(lock: Path) -> None:
    for requirement in locked_requirements(lock):
        assert re.match(r"[a-z0-9._-]+==\S+ ", requirement), requirement
        assert "--hash=sha256:" in requirement


@pytest.mark.parametrize("path", [*LOCKS, ROOT / "Makefile", ROOT / ".ci" / "run"], ids=lambda path: path.name)
def test_nothing_that_installs_names_an_address(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"://|--(index-url|extra-index-url|find-links|trusted-host)", text)


def test_the_run_time_lock_is_part_of_the_developers_lock() -> None:
    run, dev = (locked_requirements(ROOT / "requirements" / name) for name in ("run.txt", "dev.txt"))
    assert set(run) <= set(dev)


def test_every_example_names_its_schema_on_the_first_line() -> None:
    examples = [*SCENARIOS.rglob("*.toml"), *(ROOT / "tests" / "acceptance").glob("*.toml")]
    first_lines = {path.name: path.read_text(encoding="utf-8").partition("\n")[0] for path in examples}
    assert [name for name, line in first_lines.items() if not line.startswith("#:schema ")] == []


def lengths_of_functions(text: str) -> list[tuple[str, int]]:
    """Name of each function, and its lines without head and docstring."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    bodies = [(node.name, node.body[ast.get_docstring(node) is not None :]) for node in functions]
    return [(name, (body[-1].end_lineno or 0) - body[0].lineno + 1) for name, body in bodies if body]


def test_no_file_and_no_function_is_longer_than_the_house_allows() -> None:
    texts = {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in SOURCES}
    assert [str(path) for path, text in texts.items() if text.count("\n") > LONGEST_FILE] == []
    functions = [(f"{path}: {name}", length) for path, text in texts.items() for name, length in lengths_of_functions(text)]
    assert [where for where, length in functions if length > LONGEST_FUNCTION] == []


def test_the_length_of_a_function_is_that_of_its_body() -> None:
    text = 'def short():\n    """Says so.\n\n    And why.\n    """\n    return 1\n\n\ndef long():\n' + "    x = 1\n" * 70
    assert lengths_of_functions(text) == [("short", 1), ("long", 70)]


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("simcost", "simcost_kernels", exclude_type_checking_imports=True, cache_dir=None)
    assert len(graph.modules) > 400
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(needs).prepare()
    some = next(module for module, its in needs.items() if its)
    with pytest.raises(CycleError):
        TopologicalSorter({**needs, min(needs[some]): {some}}).prepare()


def test_no_module_of_tests_imports_another() -> None:
    """What they share stands in modules without tests: one that is moved or renamed would take others with it."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import)
        and any(part.startswith("test_") for name in _imported(node) for part in name.split("."))
    ]
    assert found == []


def _imported(node: ast.ImportFrom | ast.Import) -> list[str]:
    """What an import names, with the module that it is from."""
    names = [each.name for each in node.names]
    return names if isinstance(node, ast.Import) else [node.module or "", *names]
