"""``simcost validate``: how the scenario was understood, or every problem with its line."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.cli.documents import answered
from tests.places import ROOT, SCENARIOS

import simcost
from simcost.report.model.document import model_document
from simcost.report.model.table import print_model, time_base

VIEWS = ("cash", "amortised")


def on_a_terminal(width: int, path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is shown on a terminal of so many columns, without its escape sequences."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")  # a "dumb" one has 80 columns, whatever it says
    file = Terminal()
    print_model(model_document(simcost.validate(path)), file)
    return re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())


def test_the_tables_show_units_persistence_percentiles_and_time_bases(call, scenario: Path) -> None:
    result = call("validate", scenario)
    assert result.exit_code == 0, result.stderr
    (price,) = [line for line in result.stdout.splitlines() if line.startswith("gpu_price ")]
    assert "CNY/GPU/hour" in price
    assert "each run" in price
    assert price.split()[-3:] == ["9", "12", "16"]
    (rate,) = [line for line in result.stdout.splitlines() if line.startswith("rate ")]
    assert rate.split() == ["rate", "CNY/hour", "gpus", "*", "gpu_price"]
    (serving,) = [line for line in result.stdout.splitlines() if line.startswith("Serving ")]
    assert "each month, for its hours" in serving
    (licence,) = [line for line in result.stdout.splitlines() if line.startswith("Licence ")]
    assert "once, in month 2" in licence
    assert "Budget: 700,000 CNY, to be kept with a probability of 80 %." in result.stdout
    assert "Options: reserved." in result.stdout
    assert result.stderr == f"{scenario} is valid.\n"


def test_no_confidence_is_rounded_to_certainty(call, scenario: Path) -> None:
    told = call("validate", scenario, "--set", "budget.confidence=0.9975").stdout
    assert "to be kept with a probability of 99.75 %." in told


@pytest.mark.parametrize("command", ["validate", "lint", "run", "budget", "compare", "drivers", "stress", "compile"])
def test_the_problems_of_an_invalid_file_are_a_document_too(call, scenario: Path, command: str) -> None:
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(text.replace("months", "month", 1).replace('"gpus * gpu_price"', '"gpus * gpu_prize"'), encoding="utf-8")
    told = call(command, scenario, "--json")
    document = json.loads(told.stdout)
    assert (document["schema"], document["scenario"]) == ("simcost/problems/1", str(scenario))
    heads = [f"{scenario}:{each['line']}:{each['column']}: {each['place']}: {each['what']}. " for each in document["problems"]]
    lines = [line for line in told.stderr.splitlines() if line.startswith(str(scenario))]
    assert len(heads) == len(lines) > 1
    assert all(line.startswith(head) for line, head in zip(lines, heads, strict=True))
    assert (told.exit_code, call(command, scenario).stdout) == (2, "")


def test_the_document_has_the_same(call, scenario: Path) -> None:
    document = answered(call, "validate", scenario)
    assert document["schema"] == "simcost/model/1"
    price = next(each for each in document["inputs"] if each["name"] == "gpu_price")
    assert (price["unit"], price["draw"]) == ("CNY/GPU/hour", "run")
    assert [price["p5"], price["p50"], price["p95"]] == pytest.approx([9, 12, 16], rel=1e-9)  # 12 = sqrt(9 * 16)
    assert [each["unit"] for each in document["drivers"]] == ["CNY/hour"]
    assert {each["name"]: each["charge"] for each in document["costs"]} == {
        "Serving": "hours",
        "People": "month",
        "Licence": "payment",
    }
    assert document["budget"] == {"approved": [700000.0], "confidence": 0.8}
    assert document["warnings"] == []


def test_lines_that_count_in_one_view_alone_are_named(call, scenario: Path) -> None:
    assert "view count" not in call("validate", scenario).stdout
    assert answered(call, "validate", scenario)["other_view"] is None
    both = scenario.with_name("both.toml")
    lines = (f'[[cost]]\nname = "{view}"\ncategory = "all"\nview = "{view}"\namount = "gpus * gpu_price"\n' for view in VIEWS)
    both.write_text(scenario.read_text("utf-8") + "".join(lines), "utf-8")
    assert "In the amortised view count also amortised; not cash." in call("validate", both).stdout
    assert "In the cash view count also cash; not amortised." in call("validate", both, "--view", "amortised").stdout
    found = answered(call, "validate", both)["other_view"]
    assert found == {"view": "amortised", "added": ["amortised"], "left_out": ["cash"]}


def test_an_option_and_an_override_are_applied(call, scenario: Path) -> None:
    result = call("validate", scenario, "--option", "reserved", "--set", "inputs.gpus=20 GPU")
    assert 'option reserved, with inputs.gpus="20 GPU"' in result.stdout
    (price,) = [line for line in result.stdout.splitlines() if line.startswith("gpu_price ")]
    assert price.split()[-3:] == ["7", "8.775", "11"]


IMPOSSIBLE = """
# simcost: ignore-file SC301
[[correlation]]
between = ["gpu_price", "staff"]
rank    = 0.9
[[correlation]]
between = ["staff", "extra"]
rank    = 0.9
[[correlation]]
between = ["gpu_price", "extra"]
rank    = -0.9
[inputs.extra]
uniform = { low = 0, high = 1 }
unit    = "1"
"""


def test_a_repaired_correlation_shows_what_was_asked_and_what_is_got(call, scenario: Path) -> None:
    scenario.write_text(scenario.read_text(encoding="utf-8") + IMPOSSIBLE, encoding="utf-8")
    document = answered(call, "validate", scenario)
    assert [each["rank"] for each in document["correlations"]] == [0.9, 0.9, -0.9]
    assert all(abs(each["achieved"]) < 0.9 for each in document["correlations"])
    (warning,) = document["warnings"]
    shown = call("validate", scenario)
    assert shown.exit_code == 0
    assert f"warning: {warning}" in shown.stdout
    strict = call("validate", scenario, "--strict")
    assert strict.exit_code == 2
    assert "1 warning(s), and --strict allows none." in strict.stderr


TIED = """
[inputs.event]
bernoulli = { p = RARE }
unit = "1"
[[correlation]]
between = ["staff", "event"]
rank    = 0.6
"""


@pytest.mark.parametrize("command", ["validate", "run"])
def test_ties_that_cost_a_pair_much_of_its_correlation_are_told(call, scenario: Path, command: str) -> None:
    scenario.write_text(scenario.read_text(encoding="utf-8") + TIED.replace("RARE", "0.1"), encoding="utf-8")
    document = answered(call, command, scenario)
    warning = document["warnings"][-1]
    assert warning.startswith("staff and event get a rank correlation of 0.3")
    assert ", not 0.6: event has few values" in warning


@pytest.mark.parametrize("command", ["validate", "run"])
def test_ties_that_cost_nothing_are_not_told(call, scenario: Path, command: str) -> None:
    """Negative control: a count with many values."""
    text = TIED.replace("bernoulli = { p = RARE }", "poisson = { mean = 40 }")
    scenario.write_text(scenario.read_text(encoding="utf-8") + text, encoding="utf-8")
    assert "share their rank" not in call(command, scenario, "--json").stdout


def test_a_strict_correlation_that_is_impossible_is_refused_at_its_line(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8") + IMPOSSIBLE.replace("-0.9", "-0.9\nstrict = true")
    scenario.write_text(text, encoding="utf-8")
    line = text.splitlines().index("[[correlation]]") + 1
    for command in ("validate", "run"):
        result = call(command, scenario)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"{scenario}:{line}:3: correlation.0: no quantities can have the rank correlations")


EVENT = """
[inputs.outage]
bernoulli = { p = 0.04 }
unit      = "1"
draw      = "month"
"""


def test_an_event_too_rare_for_p95_is_still_shown_as_drawn(call, scenario: Path) -> None:
    scenario.write_text(scenario.read_text(encoding="utf-8") + EVENT, encoding="utf-8")
    lines = call("validate", scenario).stdout.splitlines()
    assert "each month" in next(line for line in lines if line.startswith("outage "))
    assert "each" not in next(line for line in lines if line.startswith("wage "))  # certain


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_number_is_wrapped_on_a_narrow_terminal(width: int, scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = on_a_terminal(width, scenario, monkeypatch).splitlines()
    assert any(line.rstrip().endswith(" 30,000") for line in lines)


def test_an_achievable_correlation_is_got_as_asked(call, scenario: Path) -> None:
    group = '\n[[correlation]]\nbetween = ["gpu_price", "staff"]\nrank = 0.3\n'
    scenario.write_text(scenario.read_text(encoding="utf-8") + group, encoding="utf-8")
    (correlation,) = answered(call, "validate", scenario)["correlations"]
    assert correlation["achieved"] == pytest.approx(0.3, abs=1e-9)


def test_all_problems_of_a_file_are_told_at_once_with_their_lines(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace("months   = 3", "months   = 0").replace("staff * wage", "staff + wage")
    scenario.write_text(text, encoding="utf-8")
    wrong = [number for number, line in enumerate(text.splitlines(), 1) if line.endswith((" = 0", 'staff + wage"'))]
    result = call("validate", scenario)
    assert (result.exit_code, result.stdout) == (2, "")
    assert [int(line.split(":")[1]) for line in result.stderr.splitlines() if line.startswith(f"{scenario}:")] == wrong


def test_control_characters_of_a_name_do_not_reach_the_terminal(call, scenario: Path) -> None:
    text = scenario.read_text(encoding="utf-8").replace('"Small 小"', r'"Small \u001b[31m"')
    scenario.write_text(text, encoding="utf-8")
    for command in ("validate", "run"):
        result = call(command, scenario)
        assert "\x1b" not in result.output, command


@pytest.mark.parametrize(
    ("charge", "every", "month", "text"),
    [
        ("hours", "month", 0, "each month, for its hours"),
        ("month", "month", 0, "each month"),
        ("payment", "year", 3, "each year, in its month 3"),
        ("payment", "once", 1, "once, in month 1"),
    ],
)
def test_a_time_base_is_said_in_words(charge: str, every: str, month: int, text: str) -> None:
    assert time_base({"charge": charge, "every": every, "month": month}) == text


@pytest.mark.parametrize("example", ["ecommerce_recommender", "article_monthly"])
def test_a_terminal_of_80_columns_breaks_no_name(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = SCENARIOS / f"{example}.toml"
    text = on_a_terminal(80, path, monkeypatch)
    document = model_document(simcost.validate(path))
    shown = [each[key] for part in ("inputs", "drivers", "costs") for each in document[part] for key in ("name", "unit")]
    assert [name for name in shown if not set(name.split()) <= set(text.split())] == []
    tables = text.partition("\nInputs")[2].partition("\nBudget")[0]
    assert max(map(cell_len, tables.splitlines())) == 80


@pytest.mark.parametrize("width", [20, 40, 72])
def test_a_name_longer_than_the_terminal_is_wide_loses_no_letter(
    width: int, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "q" * 64
    scenario.write_text(scenario.read_text("utf-8").replace("gpu_price", name), encoding="utf-8")
    assert on_a_terminal(width, scenario, monkeypatch).count("q") == 2 * len(name)  # its line, and the formula that names it


def test_fiscal_years_discounting_and_the_sums_of_a_budget_are_told(call, tmp_path: Path) -> None:
    money = ROOT / "tests" / "acceptance" / "money.toml"
    path = tmp_path / "money.toml"
    sums = '{ FY2027 = "3_000_000 CNY", FY2028 = "4_000_000 CNY" }'
    path.write_text(money.read_text(encoding="utf-8") + f"\n[budget]\napproved = {sums}\n", encoding="utf-8")
    told = call("validate", path).stdout
    assert "Budget: 7,000,000 CNY in 2 sums, one a period, each to be kept with a probability of 80 %." in told
    assert "The present value is that of the first day, of payments in the middle of their month." in told
    assert "Fiscal years: FY2027 (2 months), FY2028 (4 months)." in told
    model = answered(call, "validate", path)
    assert model["budget"]["periods"] == {"FY2027 (2 months)": 3e6, "FY2028 (4 months)": 4e6}
    assert (model["discounting"], model["fiscal_years"]) == ({"payments": "mid"}, ["FY2027 (2 months)", "FY2028 (4 months)"])
