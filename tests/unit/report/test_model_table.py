"""The tables of validate: plain lines for a pipe, the same as rich prints where there is room."""

import io

import pytest
from rich.console import Console
from tests.places import LIBRARY

from simcost import api
from simcost.report.model.document import model_document
from simcost.report.model.layout import plain_lines, rich_table
from simcost.report.model.table import WIDTH_OF_A_PIPE, layouts


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_plain_lines_are_those_of_rich(path):
    for layout in layouts(model_document(api.validate(path)), WIDTH_OF_A_PIPE):
        printed = io.StringIO()
        Console(file=printed, width=WIDTH_OF_A_PIPE, markup=False, emoji=False, highlight=False).print(rich_table(layout))
        assert list(plain_lines(layout)) == [line.rstrip(" ") for line in printed.getvalue().splitlines()]
