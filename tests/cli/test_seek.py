"""``simcost seek``: the value of a closed form, of whole numbers, of budgets by period, and what has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.acceptance.fiscal_file import FILE
from tests.cli.documents import answered
from tests.cli.rented_servers import RENT, run_of

import simcost


def test_seek_finds_the_value_of_the_closed_form(call, rent: Path) -> None:
    found = answered(call, "seek", rent, "inputs.gpus", "--percentile", "95", "--at-most", "250 CNY")
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
    found = answered(call, "seek", file, "inputs.use", "--between", "0.1,4 GPU", "-n", "100")["sought"]
    assert found["value"] == pytest.approx(1.3, abs=1e-5)
    assert (found["low"], found["high"]) == pytest.approx((1.3, 1.3), abs=1e-3)
    met, missed = call("seek", file, "inputs.use", "--between", "0.1,4 GPU", "-n", "100", "-q").stdout.splitlines()[-4:-2]
    assert (met.split()[-1], missed.split()[-1]) == ("yes", "no")


def test_a_budget_of_the_least_bill_that_some_exceed_is_kept_until_a_fifth_do(call, tmp_path: Path) -> None:
    """With shares of 0.5 to 0.9 the P80 is the minimum up to a use of 1.3 / 0.82; the first to pay more do so from 1.3 / 0.9."""
    file = tmp_path / "minimum.toml"
    shares = 'share = { uniform = { low = 0.5, high = 0.9 }, unit = "1" }'
    file.write_text(
        MINIMUM.replace("[inputs]", f"[inputs]\n{shares}").replace("max(use, ", "max(use * share, "), encoding="utf-8"
    )
    found = answered(call, "seek", file, "inputs.use", "--between", "0.1,4 GPU", "-n", "5000")["sought"]
    assert found["low"] <= 1.3 / 0.82 <= found["high"]
    assert found["high"] - found["low"] < 0.1
    assert found["low"] > 1.3 / 0.9


def test_seek_takes_the_file_s_budget_and_confidence(call, rent: Path) -> None:
    found = answered(call, "seek", rent, "inputs.gpus")
    assert (found["percentile"], found["at_most"]) == (90.0, 250.0)
    _, within = run_of(call, rent, "--set", f'inputs.gpus="{found["sought"]["value"]!r} GPU"')
    assert within >= 0.9
    _, beyond = run_of(call, rent, "--set", f'inputs.gpus="{1.001 * found["sought"]["value"]!r} GPU"')
    assert beyond < 0.9


def test_a_falling_percentile_has_a_value_to_be_at_least(call, rent: Path) -> None:
    found = answered(call, "seek", rent, "inputs.discount", "--at-most", "220 CNY")
    assert found["rising"] is False
    assert found["beyond"] < found["sought"]["value"]
    assert "with inputs.discount at least " in found["sentence"]
    assert found["sentence"] in call("seek", rent, "inputs.discount", "--at-most", "220 CNY", "-q").stdout


def test_a_percentile_has_one_form_everywhere_and_a_share_in_its_place_is_warned_of(call, rent: Path) -> None:
    words = ("seek", rent, "inputs.gpus", "-n", "400", "--backend", "reference", "--percentile")
    assert answered(call, *words, "P95")["sought"] == answered(call, *words, "95")["sought"]
    (warning,) = answered(call, *words, "0.95", "--between", "1,90")["warnings"]
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
        each["total"]["percentiles"]["p80"]["value"] for each in answered(call, "sweep", rent, f"{target}={months}")["points"]
    ]
    sum_of = f"{(every[4] + every[5]) / 2} CNY"
    found = answered(call, "seek", rent, target, "--between", "1,12", "--percentile", "80", "--at-most", sum_of, *words)
    assert found["sought"]["value"] == 5.0
    assert every == sorted(every)


def test_whole_numbers_only(call, rent: Path) -> None:
    found = answered(call, "seek", rent, "inputs.gpus", "--whole")
    assert found["beyond"] == found["sought"]["value"] + 1
    assert found["sought"]["value"].is_integer()


def test_a_driver_and_a_range_are_sought(call, rent: Path) -> None:
    found = answered(call, "seek", rent, "drivers.rent", "--between", "10,1000", "-n", "200")
    assert found["sought"]["value"] == pytest.approx(125.0, rel=1e-5)  # of each of two months


def test_progress_is_that_of_all_runs(rent: Path) -> None:
    seen: list[tuple[int, int]] = []
    runs = simcost.seek(rent, "inputs.gpus", n=500, progress=lambda done, n, _: seen.append((done, n))).sought.runs
    assert len(seen) == runs
    assert {n for _, n in seen} == {500 * 25}
    assert [done for done, _ in seen] == [min(500 * (run + 1), 500 * 25) for run in range(runs)]


@pytest.mark.parametrize("target", ["inputs.gpus", "inputs.price", "drivers.rent"])
@pytest.mark.parametrize("sum_", ["650 CNY", "70 CNY"])
def test_a_target_out_of_reach_is_found_where_the_message_says(call, rent: Path, target: str, sum_: str) -> None:
    words = ["seek", rent, target, "--at-most", sum_, "-n", "500", "-q"]
    refused = call(*words, *(["--between", "80,90"] if target.startswith("drivers") else []))
    assert refused.exit_code == 2
    between = re.search(r"give --between '?(.*?)'? if such values make sense\.", refused.stderr)[1]
    found = call(*words, "--between", between)
    assert found.exit_code == 0, (between, found.stderr)


def test_a_percentile_that_falls_and_rises_is_refused_with_where_it_turns(call, rent: Path) -> None:
    """Few GPUs leave a backlog, many cost rent: P90 is least where both weigh the same, between 14 and 27 by the grid."""
    text = rent.read_text("utf-8").replace("(1 - discount)", "(1 - discount) + backlog / gpus")
    rent.write_text(text.replace("[drivers]", 'backlog = "3_000 CNY*GPU/month"\n\n[drivers]'), "utf-8")
    words = ("seek", rent, "inputs.gpus", "--at-most", "1_200 CNY", "--percentile", "90")
    refused = call(*words, "--between", "5,50 GPU")
    assert refused.exit_code == 2
    assert "P90 goes up and down as inputs.gpus grows: it rises from" in refused.stderr
    turn = float(re.search(r"is least about (\S+) GPU", refused.stderr)[1])
    price = answered(call, *words, "--between", "40,400 GPU")["sought"]["value"]
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
    found = answered(call, "seek", years, "inputs.servers", *words)
    assert (found["period"], found["at_most"], found["percentile"]) == ("FY2029", 12_000.0, 90.0)
    assert found["at_sought"]["value"] <= 12_000 < found["at_beyond"]["value"]
    assert found["sought"]["low"] < found["sought"]["value"] < found["sought"]["high"]
    assert found["sentence"].endswith("Every other approved sum holds there too.")
    gate = ("run", years, "--gate", "-q", "-o", "y.h5", "--force", *words, "--set")
    assert call(*gate, f"inputs.servers={found['sought']['value']!r}").exit_code == 0
    assert call(*gate, f"inputs.servers={found['beyond']!r}").exit_code == 3
    whole = answered(call, "seek", years, "inputs.servers", "--at-most", "24_500 CNY", *words)  # one sum is asked for
    assert whole["period"] is None
    assert whole["sought"]["value"] > found["sought"]["high"]
    assert "P90 of FY2029" in call("seek", years, "inputs.servers", "-q", *words).stdout


def test_the_whole_may_be_what_limits(call, years: Path) -> None:
    """A blow of 6,000 hits each year with 8 %: by its P90 a year knows none of it, the P90 of both has one."""
    certain = '"1_000 CNY/server/month"\nblow = "500 CNY/month"\nhits = { bernoulli = { p = 0.08 }, unit = "1", draw = "year" }'
    text = re.sub("fee = {{.*", f"fee = {certain}".replace("{", "{{").replace("}", "}}"), YEARS)
    text = text.replace("servers * fee", "servers * fee + blow * hits").format(approved="{ FY2028 = 13_000, FY2029 = 13_000 }")
    years.write_text(text, "utf-8")
    found = answered(call, "seek", years, "inputs.servers", "-n", "2000", "--backend", "reference")
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
