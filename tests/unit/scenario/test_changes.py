"""What one scenario file says and another does not, key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simcost.scenario import load
from simcost.scenario.changes import Change, changes_between

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
schema = 1
[scenario]
name = "Search"
currency = "CNY"
start = "2027-01"
months = 12
[inputs]
gpus  = "20 GPU"
price = "9 to 16 CNY/GPU/hour"
old   = "3 CNY/month"
[inputs.load]
lognormal = { p5 = 900, p95 = 2_400 }
unit = "1"
[fx]
USD = "7.1 CNY/USD"
[[cost]]
name = "Serving"
category = "compute"
amount = "gpus * price"
[[cost]]
name = "Rest"
category = "office"
amount = "old * load"
[options.cheap]
set = { inputs.price = "5 CNY/GPU/hour" }
"""


def changes(folder: Path, *mends: tuple[str, str], option: str = "", overrides: tuple[str, ...] = ()) -> tuple[Change, ...]:
    text = FILE
    for old, new in mends:
        assert text.count(old) == 1
        text = text.replace(old, new)
    files = folder / "first.toml", folder / "other.toml"
    for file, content in zip(files, (FILE, text), strict=True):
        file.write_text(content, "utf-8")
    return changes_between(load(files[0], overrides=overrides), load(files[1], option, overrides))


def test_a_value_a_parameter_a_formula_and_a_rate_are_named_as_set_names_them(tmp_path: Path) -> None:
    found = changes(
        tmp_path,
        ("9 to 16 CNY", "10 to 17 CNY"),
        ("p95 = 2_400", "p95 = 2_600"),
        ('"7.1 CNY/USD"', '"7.3 CNY/USD"'),
        ("gpus * price", "1.06 * gpus * price"),
    )
    assert found == (
        Change("inputs.price", '"9 to 16 CNY/GPU/hour"', '"10 to 17 CNY/GPU/hour"'),
        Change("inputs.load.lognormal.p95", "2400", "2600"),
        Change("fx.USD", '"7.1 CNY/USD"', '"7.3 CNY/USD"'),
        Change("cost.Serving.amount", '"gpus * price"', '"1.06 * gpus * price"'),
    )


def test_comments_order_and_the_form_of_a_table_are_no_change(tmp_path: Path) -> None:
    mends = (
        ("schema = 1", "schema = 1  # of November"),
        ('gpus  = "20 GPU"', 'gpus = { value = "20 GPU" }'),
        ('old   = "3 CNY/month"\n', ""),
        ("[fx]", '[inputs.old]\nvalue = "3 CNY/month"\n[fx]'),
    )
    assert changes(tmp_path, *mends) == ()


def test_what_one_file_has_alone_is_told_and_a_source_is_a_key_of_its_own(tmp_path: Path) -> None:
    mends = (
        ('gpus  = "20 GPU"', 'gpus = { value = "20 GPU", source = "order" }\nnew = "4 CNY/month"'),
        ('old   = "3 CNY/month"\n', ""),
        ("old * load", "new * load"),
        ('[fx]\nUSD = "7.1 CNY/USD"\n', ""),
        ("[options", '[budget]\napproved = "9e6 CNY"\n[options'),
    )
    assert changes(tmp_path, *mends) == (
        Change("inputs.gpus.source", None, '"order"'),
        Change("inputs.old", '"3 CNY/month"', None),
        Change("inputs.new", None, '"4 CNY/month"'),
        Change("fx.USD", '"7.1 CNY/USD"', None),
        Change("cost.Rest.amount", '"old * load"', '"new * load"'),
        Change("budget.approved", None, '"9e6 CNY"'),
    )


def test_a_correlation_is_named_by_its_inputs_and_of_a_list_only_what_differs_is_told(tmp_path: Path) -> None:
    pair = '[[correlation]]\nbetween = ["price", "load"]\nrank = 0.6\n[options'
    steps = "steps = [{ month = 2, factor = 1.1 }, { month = 7, factor = 1.2 }]"
    table = f'[series.visits]\nstart = "5 request/hour"\nseason = [1, 1, 1, 1, 1, 1.1, 1, 1, 1, 1, 1.3, 1]\n{steps}\n[options'
    assert changes(tmp_path, ("[options", pair)) == (
        Change('correlation."price and load"', None, '{ between = ["price", "load"], rank = 0.6 }'),
    )
    first, other = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text(FILE.replace("[options", pair).replace("[options", table), "utf-8")
    later = first.read_text("utf-8").replace("rank = 0.6", "rank = 0.7").replace("1.3, 1]", "1.4, 1]")
    other.write_text(later.replace("factor = 1.2", "factor = 1.3"), "utf-8")
    assert set(changes_between(load(first), load(other))) == {
        Change('correlation."price and load".rank', "0.6", "0.7"),
        Change("series.visits.season", "[1, 1, 1, 1, 1, 1.1, 1, 1, 1, 1, 1.3, 1]", "[1, 1, 1, 1, 1, 1.1, 1, 1, 1, 1, 1.4, 1]"),
        Change("series.visits.steps", "[{ month = 7, factor = 1.2 }]", "[{ month = 7, factor = 1.3 }]"),
    }


@pytest.mark.parametrize(
    ("option", "overrides", "after"),
    [("cheap", (), '"5 CNY/GPU/hour"'), ("", ('inputs.price="8 CNY/GPU/hour"',), None), ("", (), '"10 CNY/GPU/hour"')],
)
def test_what_was_run_is_compared_with_its_option_and_what_was_replaced(
    tmp_path: Path, option: str, overrides: tuple[str, ...], after: str | None
) -> None:
    found = changes(tmp_path, ("9 to 16 CNY", "10 CNY"), option=option, overrides=overrides)
    assert [each.after for each in found] == ([after] if after else [])
