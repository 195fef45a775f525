"""``pytest tests/docs/test_pages.py --write-pages`` puts the real output under every command of the README and of docs/."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-pages", action="store_true", help="write the real output into the pages")
