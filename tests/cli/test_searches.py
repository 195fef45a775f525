"""``simcost sweep`` and ``simcost seek`` through the command: closed forms, shared kernels, and what is refused."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from tests.acceptance.test_fiscal_budget import FILE

import simcost
from simcost import api
from simcost.compile.compiled import compile_scenario
from simcost.compile.cut import cut
from simcost.compile.studies.grid import read_grid, with_values
from simcost.compile.studies.listed_values import ListError, listed_values
from simcost.report.parts.page import print_page
from simcost.report.search_text import sweep_page

ECOMMERCE = Path(__file__).parents[2] / "scenarios" / "ecommerce_recommender.toml"

RENT = """\
schema = 1

[scenario]
name     = "Rent"
currency = "CNY"
start    = "2027-01"
months   = 2

[sampling]
scenarios = 5_000
seed      = 11

[inputs]
gpus     = "10 GPU"
price    = "9 to 16 CNY/GPU/month"
discount = "20 to 30 to 45 %"

[drivers]
rent = "gpus * price * (1 - discount)"

[[cost]]
name     = "Rent"
category = "compute"
amount   = "rent"

[budget]
approved   = "250 CNY"
confidence = 0.9
"""

MADE = """\
schema = 1
[scenario]
name     = "Made"
currency = "CNY"
start    = "2027-01"
months   = 2
[inputs]
price = "9 to 16 USD/month"
[fx]
USD = "6.9 to 7.4 CNY/USD"
[inflation]
categories = { compute = "2 to 3 %" }
[discounting]
rate = "6 to 8 %"
[[cost]]
name     = "Rent"
category = "compute"
amount   = "10 * price"
[[staff]]
name      = "Team"
headcount = "3 person"
salary    = "20_000 to 30_000 CNY/person/month"
[[risks]]
name        = "Hike"
probability = "20 %"
per         = "once"
factor      = "1.5"
affects     = ["price"]
"""


@pytest.fixture
def rent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rent.toml"
    path.write_text(RENT, encoding="utf-8")
    return path


def document(call, *words):
    result = call(*words, "--json", "-q")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def run_of(call, rent, *words):
    found = json.loads(call("run", rent, *words, "--json", "-q", "-o", "r.h5", "--force").stdout)
    return found["total"], found["budget"]["probability_within"]["value"]


def test_each_point_of_a_sweep_is_a_run_with_that_value(call, rent: Path) -> None:
    found = document(call, "sweep", rent, "inputs.gpus=8,10,12")
    assert found["schema"] == "simcost/sweep/1"
    assert found["grids"] == [{"target": "inputs.gpus", "unit": "GPU", "values": [8.0, 10.0, 12.0]}]
    for point in found["points"]:
        total, within = run_of(call, rent, "--set", f'inputs.gpus="{point["values"][0]} GPU"')
        assert point["total"] == total
        assert point["probability_within"]["value"] == within
    first, *others = found["points"]
    assert first["change"] is None
    for point in others:  # the total is proportional: the change is known to a fraction of the figures' own errors
        change, p95 = point["change"]["p95"], first["total"]["percentiles"]["p95"]
        share = point["values"][0] / 8 - 1
        assert change["value"] == pytest.approx(share * p95["value"], rel=1e-3)
        assert change["high"] - change["low"] == pytest.approx(share * (p95["high"] - p95["low"]), rel=0.5)


def test_a_sweep_over_two_numbers_runs_every_pair(call, rent: Path) -> None:
    found = document(call, "sweep", rent, "inputs.gpus=8,10", "inputs.discount=20,30,40 %", "-n", "500")
    assert [each["values"] for each in found["points"]] == [[g, d] for g in (8.0, 10.0) for d in (20.0, 30.0, 40.0)]
    shown = call("sweep", rent, "inputs.gpus=8,10", "inputs.discount=20,30,40 %", "-n", "500", "-q").stdout
    assert "Down: inputs.gpus, GPU. Across: inputs.discount, %." in shown
    assert " within budget" in shown


def test_a_driver_gives_way_to_the_number(call, rent: Path) -> None:
    found = document(call, "sweep", rent, "drivers.rent=50,60", "-n", "100")
    assert [each["total"]["mean"] for each in found["points"]] == [100.0, 120.0]
    assert [each["probability_within"]["value"] for each in found["points"]] == [1.0, 1.0]


def test_the_horizon_is_swept_by_whole_months(call, rent: Path) -> None:
    found = document(call, "sweep", rent, "scenario.months=1,2,4", "--set", 'inputs.discount="0 %"', "-n", "300")
    first, *others = (each["total"]["mean"] for each in found["points"])
    assert others == pytest.approx([2 * first, 4 * first])


def test_a_narrow_terminal_keeps_the_names_and_the_most_wanted(rent: Path) -> None:
    report = simcost.sweep(rent, ["inputs.gpus=8000,10000"], n=500)
    narrow, wide = io.StringIO(), io.StringIO()
    print_page(sweep_page(report), narrow, narrowest=40, pipe=60)
    print_page(sweep_page(report), wide)
    for text in (narrow, wide):
        assert " 8,000 " in text.getvalue()
        assert "…" not in text.getvalue()
    assert "P95 less the first's" in wide.getvalue()
    assert "P95 less the first's" not in narrow.getvalue()
    assert max(map(len, narrow.getvalue().splitlines()[3:6])) <= 60


def test_an_input_alone_is_swept_over_its_own_range(call, rent: Path) -> None:
    (grid,) = document(call, "sweep", rent, "inputs.price", "-n", "100")["grids"]
    assert len(grid["values"]) == 17
    assert (grid["values"][0], grid["values"][-1]) == (pytest.approx(7.986, abs=0.01), pytest.approx(18.03, abs=0.01))


def test_values_are_numbers_of_one_compiled_model() -> None:
    scenario = api.load(ECOMMERCE)
    for target in ("inputs.gpu_price=8,9.5,14", "inputs.committed_gpus=100,200,300", "drivers.users=1e7,2e7"):
        grid = read_grid(target, scenario)
        plans = [compile_scenario(with_values(scenario, (grid,), (value,))).plan for value in grid.values]
        assert len({cut(plan, ("total",)).digest for plan in plans}) == 1


def test_many_points_are_run_in_parts_with_the_same_figures(call, rent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("sweep", rent, "inputs.gpus=1,2,3,4,5,6,7", "-n", "400", "--workers", "2")
    whole = document(call, *words)
    monkeypatch.setattr("simcost.analysis.searches.sweeping.AT_ONCE", 2)
    assert document(call, *words)["points"] == whole["points"]


def test_seek_finds_the_value_of_the_closed_form(call, rent: Path) -> None:
    found = document(call, "seek", rent, "inputs.gpus", "--percentile", "95", "--at-most", "250 CNY")
    total, _ = run_of(call, rent)
    exact = 250 / (total["percentiles"]["p95"]["value"] / 10)  # the total is proportional to the number of GPUs
    assert found["sought"]["value"] == pytest.approx(exact, rel=1e-4)
    assert found["sought"]["low"] < found["sought"]["value"] < found["sought"]["high"]
    assert found["at_sought"]["value"] <= 250 < found["at_beyond"]["value"]
    assert found["sought"]["low"] == pytest.approx(250 / (total["percentiles"]["p95"]["high"] / 10), rel=1e-3)
    assert found["rising"] is True
    assert found["runs"] < 40


MINIMUM = """\
schema = 1

[scenario]
name     = "A minimum that is the budget"
currency = "CNY"
start    = "2027-01"
months   = 3

[inputs]
use   = "0.2 GPU"
least = "1.3 GPU"
price = "1 CNY/GPU/month"

[[cost]]
name     = "Rent"
category = "compute"
amount   = "max(use, least) * price"

[budget]
approved   = "3.9 CNY"   # three times 1.3 are 4e-16 more
confidence = 0.8
"""


def test_a_budget_of_the_least_bill_is_kept_until_more_is_used(call, tmp_path: Path) -> None:
    """Up to 1.3 GPU the bill is the minimum, and the gate is met: it was said to hold up to the first value tried."""
    file = tmp_path / "minimum.toml"
    file.write_text(MINIMUM, encoding="utf-8")
    found = document(call, "seek", file, "inputs.use", "--between", "0.1,4 GPU", "-n", "100")["sought"]
    assert found["value"] == pytest.approx(1.3, abs=1e-5)
    assert (found["low"], found["high"]) == pytest.approx((1.3, 1.3), abs=1e-3)


def test_seek_takes_the_file_s_budget_and_confidence(call, rent: Path) -> None:
    found = document(call, "seek", rent, "inputs.gpus")
    assert (found["percentile"], found["at_most"]) == (90.0, 250.0)
    _, within = run_of(call, rent, "--set", f'inputs.gpus="{found["sought"]["value"]!r} GPU"')
    assert within >= 0.9
    _, beyond = run_of(call, rent, "--set", f'inputs.gpus="{1.001 * found["sought"]["value"]!r} GPU"')
    assert beyond < 0.9


def test_a_falling_percentile_has_a_value_to_be_at_least(call, rent: Path) -> None:
    found = document(call, "seek", rent, "inputs.discount", "--at-most", "220 CNY")
    assert found["rising"] is False
    assert found["beyond"] < found["sought"]["value"]
    assert "with inputs.discount at least " in found["sentence"]
    assert found["sentence"] in call("seek", rent, "inputs.discount", "--at-most", "220 CNY", "-q").stdout


def test_a_percentile_has_one_form_everywhere_and_a_share_in_its_place_is_warned_of(call, rent: Path) -> None:
    words = ("seek", rent, "inputs.gpus", "-n", "400", "--backend", "reference", "--percentile")
    assert document(call, *words, "P95")["sought"] == document(call, *words, "95")["sought"]
    (warning,) = document(call, *words, "0.95", "--between", "1,90")["warnings"]
    assert warning == "P0.95 is what 0.95 % of the scenarios do not exceed. If P95 is meant, write 95."
    refused = call(*words, "95%")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "'95%' is no percentile between p0 and p100. Write it like p95 or p2.5." in refused.stderr


RESERVED = """
[[commitments]]
name       = "Reserved"
quantity   = "10 GPU"
use        = "gpus"
price      = "6 CNY/GPU/hour"
list_price = "12 CNY/GPU/hour"
month      = 1
term       = 12
"""


@pytest.mark.parametrize("words", [(), ("--whole",)])
def test_a_month_is_sought_among_whole_ones(call, rent: Path, words: tuple[str, ...]) -> None:
    rent.write_text(RENT.replace("months   = 2", "months   = 12") + RESERVED, "utf-8")
    target, months = "commitments.Reserved.month", ",".join(map(str, range(1, 13)))
    every = [
        each["total"]["percentiles"]["p80"]["value"] for each in document(call, "sweep", rent, f"{target}={months}")["points"]
    ]
    sum_of = f"{(every[4] + every[5]) / 2} CNY"
    found = document(call, "seek", rent, target, "--between", "1,12", "--percentile", "80", "--at-most", sum_of, *words)
    assert found["sought"]["value"] == 5.0
    assert every == sorted(every)


def test_whole_numbers_only(call, rent: Path) -> None:
    found = document(call, "seek", rent, "inputs.gpus", "--whole")
    assert found["beyond"] == found["sought"]["value"] + 1
    assert found["sought"]["value"].is_integer()


def test_a_driver_and_a_range_are_sought(call, rent: Path) -> None:
    found = document(call, "seek", rent, "drivers.rent", "--between", "10,1000", "-n", "200")
    assert found["sought"]["value"] == pytest.approx(125.0, rel=1e-5)  # of each of two months


def test_progress_is_that_of_all_runs(rent: Path) -> None:
    seen: list[tuple[int, int]] = []
    runs = simcost.seek(rent, "inputs.gpus", n=500, progress=lambda done, n, _: seen.append((done, n))).sought.runs
    assert len(seen) == runs
    assert {n for _, n in seen} == {500 * 25}
    assert [done for done, _ in seen] == [min(500 * (run + 1), 500 * 25) for run in range(runs)]


def test_the_api_seeks_and_sweeps(rent: Path) -> None:
    sought = simcost.seek(rent, "inputs.gpus", percentile=95, at_most=250, n=500)
    swept = simcost.sweep(rent, ["inputs.gpus=1,2"], n=500)
    assert sought.sought.value > 0
    assert len(swept.points) == 2
    assert [each._repr_html_().count("<table>") for each in (sought, swept)] == [1, 1]


@pytest.mark.parametrize("target", ["inputs.gpus", "inputs.price", "drivers.rent"])
@pytest.mark.parametrize("sum_", ["650 CNY", "70 CNY"])
def test_a_target_out_of_reach_is_found_where_the_message_says(call, rent: Path, target: str, sum_: str) -> None:
    words = ["seek", rent, target, "--at-most", sum_, "-n", "500", "-q"]
    refused = call(*words, *(["--between", "80,90"] if target.startswith("drivers") else []))
    assert refused.exit_code == 2
    between = re.search(r"give --between '?(.*?)'? if such values make sense\.", refused.stderr)[1]
    found = call(*words, "--between", between)
    assert found.exit_code == 0, (between, found.stderr)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["seek", "inputs.gpus", "--at-most", "1e9 CNY"], "the total's P90 does not come to 1,000,000,000 CNY: it is "),
        (["seek", "inputs.gpus", "--at-most", "5 TB"], '"5 TB" is in TB, not in CNY'),
        (["seek", "inputs.gpu"], 'there is no "inputs.gpu". Did you mean "inputs.gpus"?'),
        (["seek", "drivers.rent"], "drivers.rent has no range of its own. Give one: --between LOW,HIGH."),
        (["seek", "inputs.gpus", "--between", "5"], "has one value"),
        (["seek", "inputs.gpus", "--between", "5,6,7"], "has 3 values. Give the lowest and the highest"),
        (["seek", "inputs.gpus", "--between", "low,high"], '"low" is no number.'),
        (["seek", "inputs.gpus", "--between", "5 TB,6 TB"], "Multiply by a number of GPU"),
        (["seek", "inputs.gpus", "--percentile", "0"], "is no percentile between p0 and p100"),
        (["seek", "budget.approved", "--between", "1,2"], "budget.approved is no part of the model"),
        (["seek", "scenario.view", "--between", "1,2"], "scenario.view"),
        (["sweep", "sampling.seed=1,2"], "sampling.seed is no part of the model"),
        (["sweep", "inputs.gpus=1,2", "inputs.gpus=3"], "Give one or two, different ones"),
        (["sweep", "inputs.gpus=1", "inputs.price=2", "inputs.discount=3"], "3 numbers are to be swept."),
        (["sweep", "inputs.gpus"], "inputs.gpus is certain, so it has no range."),
        (
            ["seek", "inputs.gpus", "--between", "5..8"],
            '--between 5..8: "5..8" is a range. Give the lowest and the highest: 5,8.',
        ),
        (["sweep", "inputs.gpus=1,,2"], '"" is no number. Write values with commas between them: inputs.gpus=1,2.'),
        (["sweep", "inputs.gpus=a..b"], "Write values with commas between them: inputs.gpus=1,2,3."),
        (["sweep", "inputs.price=8..12"], "inputs.price=8,10,12; inputs.price alone takes 17 values from its P1 to its P99."),
        (["sweep", "inputs.gpus=1,nan"], '"nan" is no number.'),
        (["sweep", "inputs.gpus=" + ",".join(map(str, range(200)))], "has 200 values, and 101 are the most."),
        (["sweep", "drivers.nothing=1"], 'there is no "drivers.nothing".'),
        (["sweep", "cost=1"], 'there is no "cost".'),
    ],
)
def test_bad_calls_are_told_what_would_do(call, rent: Path, words: list[str], said: str) -> None:
    command, *rest = words
    result = call(command, rent, *rest, "-n", "200")
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("named", "made_of", "written"),
    [
        ("fx_USD", "[fx.USD]", "fx.USD"),
        ("discount_rate", "[discounting.rate]", "discounting.rate"),
        ("inflation_compute", "[inflation.categories]", 'inflation.categories."NAME"'),
        ("team_salary", '[[staff]] "Team"', 'staff."Team".salary'),
        ("hike_impact", '[[risks]] "Hike"', 'risks."Hike".KEY'),
    ],
)
@pytest.mark.parametrize("section", ["", "inputs."])
def test_an_input_that_a_block_makes_is_answered_with_what_the_file_has(
    call, tmp_path: Path, section: str, named: str, made_of: str, written: str
) -> None:
    path = tmp_path / "made.toml"
    path.write_text(MADE)
    refused = call("sweep", path, f"{section}{named}=7,8", "-n", "200")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"{named} is made of {made_of}. Name what the file has: {written}." in refused.stderr
    if not re.search("KEY|NAME", written):
        unit = " %" if "rate" in written else ""
        taken = call("sweep", path, f"{written}=7,8{unit}", "-n", "200", "-q", "--backend", "reference")
        assert taken.exit_code == 0, taken.stderr


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("9..12", "9,10.5,12"),
        ("-9...12 GPU", "-9,1.5,12 GPU"),
        ("9 to 12 GPU", "9,10.5,12 GPU"),
        ("9 GPU - 12 GPU", "9,10.5,12 GPU"),
        ("9-12", "9,10.5,12"),
        ("9 -12", "9,10.5,12"),
        ("1e3~2e3", "1e3,1500,2e3"),
        ("9到12", "9,10.5,12"),
        ("10%-20%", "10,15,20 %"),
        ("9:12:1", "9,10,11,12"),
        ("9:12:1e-9", "9,12,1e-9"),
        ("9;12;15", "9,12,15"),
        ("9 12 15", "9,12,15"),
        ("[9, 12]", "9,12"),
        ("9,12,", "9,12"),
        ("9..9", "9"),
        ("many", ""),
    ],
)
def test_what_is_no_list_of_values_is_proposed_as_one(written: str, proposed: str) -> None:
    with pytest.raises(ListError) as caught:
        listed_values(written)
    assert caught.value.proposal == proposed
    assert not proposed or listed_values(proposed)


@pytest.mark.parametrize("written", ["9,-12", "9, 12 GPU", "9,12 s^-2", "1_000,2e3 CNY/GPU/hour", "9 x2,12 x2", "5 %"])
def test_a_list_of_values_is_no_range(written: str) -> None:
    assert len(listed_values(written)) == written.count(",") + 1


def test_a_percentile_that_falls_and_rises_is_refused_with_where_it_turns(call, rent: Path) -> None:
    """Few GPUs leave a backlog, many cost rent: P90 is least where both weigh the same, between 14 and 27 by the grid."""
    text = rent.read_text("utf-8").replace("(1 - discount)", "(1 - discount) + backlog / gpus")
    rent.write_text(text.replace("[drivers]", 'backlog = "3_000 CNY*GPU/month"\n\n[drivers]'), "utf-8")
    words = ("seek", rent, "inputs.gpus", "--at-most", "1_200 CNY", "--percentile", "90")
    refused = call(*words, "--between", "5,50 GPU")
    assert refused.exit_code == 2
    assert "P90 goes up and down as inputs.gpus grows: it rises from" in refused.stderr
    turn = float(re.search(r"is least about (\S+) GPU", refused.stderr)[1])
    price = json.loads(call(*words, "--between", "40,400 GPU", "--json", "-q").stdout)["sought"]["value"]
    assert 14 < turn < 27
    assert price > 40  # beyond the turn it only rises


def test_seek_without_a_budget_asks_for_one(call, rent: Path) -> None:
    rent.write_text(rent.read_text("utf-8").partition("[budget]")[0], encoding="utf-8")
    result = call("seek", rent, "inputs.gpus")
    assert (result.exit_code, result.stdout) == (2, "")
    assert 'has no [budget]. Give --percentile 95 and --at-most "6000000 CNY".' in result.stderr
    assert "within" not in call("sweep", rent, "inputs.gpus=1,2", "-n", "50").stdout
    assert call("seek", rent, "inputs.gpus", "--percentile", "95", "--at-most", "250 CNY").exit_code == 0


YEARS = FILE.replace('"CNY/month", draw', '"CNY/server/month", draw').replace('amount = "fee"', 'amount = "servers * fee"')
YEARS = YEARS.replace("[inputs]", '[inputs]\nservers = "1 server"')


@pytest.fixture
def years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (path := tmp_path / "years.toml").write_text(YEARS.format(approved='{ FY2028 = "12_500 CNY", FY2029 = 12_000 }'), "utf-8")
    return path


def test_seek_keeps_every_approved_period_as_the_gate_does(call, years: Path) -> None:
    words = ("-n", "4000", "--backend", "reference")
    found = document(call, "seek", years, "inputs.servers", *words)
    assert (found["period"], found["at_most"], found["percentile"]) == ("FY2029", 12_000.0, 90.0)
    assert found["at_sought"]["value"] <= 12_000 < found["at_beyond"]["value"]
    assert found["sought"]["low"] < found["sought"]["value"] < found["sought"]["high"]
    assert found["sentence"].endswith("Every other approved sum holds there too.")
    gate = ("run", years, "--gate", "-q", "-o", "y.h5", "--force", *words, "--set")
    assert call(*gate, f"inputs.servers={found['sought']['value']!r}").exit_code == 0
    assert call(*gate, f"inputs.servers={found['beyond']!r}").exit_code == 3
    whole = document(call, "seek", years, "inputs.servers", "--at-most", "24_500 CNY", *words)  # one sum is asked for
    assert whole["period"] is None
    assert whole["sought"]["value"] > found["sought"]["high"]
    assert "P90 of FY2029" in call("seek", years, "inputs.servers", "-q", *words).stdout


def test_the_whole_may_be_what_limits(call, years: Path) -> None:
    """A blow of 6,000 hits each year with 8 %: by its P90 a year knows none of it, the P90 of both has one."""
    certain = '"1_000 CNY/server/month"\nblow = "500 CNY/month"\nhits = { bernoulli = { p = 0.08 }, unit = "1", draw = "year" }'
    text = re.sub("fee = {{.*", f"fee = {certain}".replace("{", "{{").replace("}", "}}"), YEARS)
    text = text.replace("servers * fee", "servers * fee + blow * hits").format(approved="{ FY2028 = 13_000, FY2029 = 13_000 }")
    years.write_text(text, "utf-8")
    found = document(call, "seek", years, "inputs.servers", "-n", "2000", "--backend", "reference")
    assert (found["period"], found["at_most"]) == (None, 26_000.0)
    assert found["sought"]["value"] == pytest.approx((26_000 - 6_000) / 24_000, rel=1e-5)
    assert found["sentence"].startswith("The total's P90 is at most 26,000 CNY with inputs.servers at most 0.8333")
    assert found["sentence"].endswith("Every other approved sum holds there too.")


def test_sums_that_are_kept_better_and_then_worse_are_refused(call, years: Path) -> None:
    text = YEARS.replace("servers * fee", "servers * fee + backlog / servers").format(
        approved="{ FY2028 = 30_000, FY2029 = 30_000 }"
    )
    years.write_text(text.replace("[inputs]", '[inputs]\nbacklog = "4_000 CNY*server/month"'), "utf-8")
    refused = call("seek", years, "inputs.servers", "--between", "1,4", "-n", "500", "--backend", "reference")
    assert refused.exit_code == 2
    assert "goes up and down as inputs.servers grows: it" in refused.stderr
    assert 1.7 < float(re.search(r"is least about (\S+) server", refused.stderr)[1]) < 2.2  # a mean is least at 2


def test_what_keeps_no_period_is_told_with_where_it_may(call, years: Path) -> None:
    result = call("seek", years, "inputs.servers", "--between", "2,3", "-n", "500", "--backend", "reference")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the most by which a P90 exceeds its approved sum does not come to 0 CNY: it is 26," in result.stderr
    between = re.search(r"give --between '?(.*?)'? if such values make sense\.", result.stderr)[1]
    assert call("seek", years, "inputs.servers", "--between", between, "-n", "500", "--backend", "reference").exit_code == 0


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        (("sweep", "inflation.rate=2,3"), True),
        (("sweep", "inflation.rate=2,3 %"), False),
        (("seek", "inflation.rate", "--between", "0,3", "--percentile", "95", "--at-most", "CAP"), True),
        (("compare", "--crossover", "inflation.rate=0,3"), True),
        (("compare", "--set", "inflation.rate=3"), True),
        (("compare", "--set", "inflation.rate='3 %'"), False),
    ],
)
def test_a_value_that_a_run_warns_of_is_warned_of_where_it_is_tried(
    call, scenario: Path, words: tuple[str, ...], warned: bool
) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write('\n[inflation]\nrate = "3 %"\n\n[options.more.set]\ninflation.rate = "4 %"\n')
    run = json.loads(call("run", scenario, "-n", "200", "-o", "cap.h5", "--json", "-q", "--set", "inflation.rate='150 %'").stdout)
    cap = str(round(run["total"]["percentiles"]["p95"]["value"]))
    command, *rest = (word.replace("CAP", cap) for word in words)
    said = call(command, scenario, *rest, "-n", "200", "--backend", "reference", "--json", "-q")
    assert said.exit_code == 0, said.output
    told = [each for each in json.loads(said.stdout)["warnings"] if each.startswith("SC109 assignment inflation.rate=")]
    assert len(told) == warned
