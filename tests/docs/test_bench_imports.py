"""What the benchmarks, which no type checker reads, take from the product is there."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path
from symtable import symtable

import pytest

BENCH = Path(__file__).parents[2] / "bench"


def taken_from_the_product(text: str) -> list[tuple[str, str]]:
    """Return (module, name) of all that is imported from the product's packages."""
    imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and node.module)
    return [
        (node.module, alias.name)
        for node in imports
        if node.module.partition(".")[0] in {"simcost", "simcost_kernels"}
        for alias in node.names
    ]


def is_there(module: str, name: str) -> bool:
    """Whether a module binds a name, for type checkers alone perhaps, or has a module by it; without running either."""
    found = find_spec(module)
    if found is None or found.origin is None:
        return False
    return binds(Path(found.origin), name) or is_module(f"{module}.{name}")


def binds(path: Path, name: str) -> bool:
    names = symtable(path.read_text(encoding="utf-8"), path.name, "exec")
    return name in names.get_identifiers() and (names.lookup(name).is_assigned() or names.lookup(name).is_imported())


def is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # what should hold it is no package
        return False


@pytest.mark.parametrize("path", sorted(BENCH.rglob("*.py")), ids=lambda path: str(path.relative_to(BENCH)))
def test_what_a_benchmark_imports_is_there(path: Path) -> None:
    missing = [each for each in taken_from_the_product(path.read_text(encoding="utf-8")) if not is_there(*each)]
    assert not missing


def test_a_name_that_has_moved_is_noticed() -> None:
    taken = taken_from_the_product("from simcost.engine.simulate import simulate, spans\n")
    assert [is_there(*each) for each in taken] == [True, False]
