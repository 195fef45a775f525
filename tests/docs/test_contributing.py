"""What CONTRIBUTING names is there: files, folders, and modules by the folder that it says."""

from __future__ import annotations

import re

from tests.places import ROOT

BASES = (ROOT, ROOT / "simulator", ROOT / "simulator" / "simcost", ROOT / "kernels", ROOT / "kernels" / "simcost_kernels")
PATH = re.compile(r"(?<![\w/….])(?:\w+/)+(?:\w+\.\w+)?(?![\w…])")
MODULE = re.compile(r"(?<![\w/….])\w+\.py\b")


def missing(text: str) -> list[str]:
    """Return the paths that no source root has, and the modules that are nowhere."""
    modules = {path.name for folder in ("simulator", "kernels", "tests", "bench") for path in (ROOT / folder).rglob("*.py")}
    scenario = ROOT / "simulator" / "simcost" / "scenario"
    paths = [path for path in PATH.findall(text) if not any((base / path).exists() for base in (*BASES, scenario))]
    return [*paths, *(name for name in MODULE.findall(text) if name not in modules)]


def test_every_path_and_module_that_contributing_names_is_there() -> None:
    told = " ".join(re.findall(r"`[^`]*`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert len(PATH.findall(told)) > 100
    assert missing(told.replace(".venv/bin/", "")) == []
    assert missing("`compile/closed_form.py`, `gone.py`, `scenario/units/`") == [
        "compile/closed_form.py",
        "scenario/units/",
        "gone.py",
    ]
