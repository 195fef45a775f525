"""Sobol' points, latin hypercubes and the early stop from the command line to the file and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.documents import answered

import simcost
from simcost.api import open_result
from simcost_kernels.summaries.summary import BLOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N = 8192


@pytest.fixture
def ran(call: Callable, scenario: Path) -> Callable[..., dict[str, Any]]:
    """Run the small model and return its document."""

    def run(*words: str, n: int = N) -> dict[str, Any]:
        return answered(call, "run", scenario, "-n", n, "--force", "-o", "run.h5", *words)

    return run


def width(document: dict[str, Any], p: str = "p95") -> float:
    end = document["total"]["percentiles"][p]
    return float(end["high"] - end["low"])


@pytest.mark.parametrize("method", ["sobol", "latin-hypercube"])
@pytest.mark.parametrize("replicates", [16, 32])
def test_a_method_is_run_stored_and_read_back(ran: Callable[..., dict[str, Any]], method: str, replicates: int) -> None:
    words = ("--set", f"sampling.method={method}", "--set", f"sampling.replicates={replicates}", "--keep", "all")
    document = ran(*words)
    run = document["run"]
    assert (run["method"], run["replicates"], run["scenarios"], run["limit"]) == (method, replicates, N, N)
    result = open_result("run.h5")
    assert result.summary().sections == replicates
    assert result.samples("total").shape == (1, N)
    plain = ran("--set", "sampling.method=random")
    assert plain["run"]["replicates"] == 0
    assert width(document, "p50") < width(plain, "p50")
    assert run["interval_ratio"] == pytest.approx(width(document) / width(plain), rel=0.2)  # two inputs: much is gained


def test_other_percentiles_of_a_file_have_intervals_by_sectioning_too(call: Callable, ran: Callable[..., dict[str, Any]]) -> None:
    whole = ran("--set", "sampling.method=sobol", "--percentiles", "60,94")
    ran("--set", "sampling.method=sobol")
    shown = answered(call, "show", "run.h5", "--percentiles", "60,94")
    assert shown["total"]["percentiles"] == whole["total"]["percentiles"]


def test_two_halves_of_a_sobol_run_are_the_whole(ran: Callable[..., dict[str, Any]]) -> None:
    method = ("--set", "sampling.method=sobol")
    ran(*method, n=2 * BLOCK)
    whole = open_result("run.h5").summary()
    ran(*method, "--first", str(BLOCK), n=BLOCK)
    merged = open_result("run.h5").summary()
    ran(*method, n=BLOCK)
    merged.merge(open_result("run.h5").summary())
    assert merged.digest() == whole.digest()


def test_the_table_says_what_the_intervals_rest_on(call: Callable, scenario: Path) -> None:
    done = call("run", scenario, "-n", "8192", "--set", "sampling.method=sobol")
    assert "8,192 scenarios (Sobol' points, 16 replicates), seed 7" in done.stdout
    assert "Intervals are by sectioning over 16 replicates; that of the total's P95 is 0." in done.stdout


def test_an_uneven_number_of_scenarios_is_refused_before_anything_runs(call: Callable, scenario: Path) -> None:
    for command in ("run", "validate"):
        done = call(command, scenario, "--set", "sampling.method=sobol")
        assert done.exit_code == 2
        assert "by rows of 256: 1_000 cannot be dealt out evenly. Give multiples of 4,096, best a power" in done.stderr


WHEEL = """\
schema = 1

[scenario]
name     = "Two hands of a clock"
currency = "CNY"
start    = "2027-01"
months   = 1

[inputs]
a    = { uniform = { low = 0, high = 1 }, unit = "1" }
b    = { uniform = { low = 0, high = 1 }, unit = "1" }
coin = "1 CNY"

[[cost]]
name     = "Sum without its whole part"
category = "all"
every    = "once"
amount   = "(a + b - floor(a + b)) * coin"
"""
"""Neither input alone says anything about the cost, so that strata of each leave all of its variance."""


def test_a_method_that_gains_nothing_is_said_to(call: Callable, scenario: Path) -> None:
    scenario.write_text(WHEEL, encoding="utf-8")
    warned = 0
    for seed in range(5):
        words = ("-n", "16_384", "--seed", str(seed), "--set", "sampling.method=latin-hypercube")
        document = answered(call, "run", scenario, *words)
        little = [warning for warning in document["warnings"] if "gains little here" in warning]
        assert len(little) == (document["run"]["interval_ratio"] >= 0.9)
        warned += len(little)
    assert warned >= 1  # the ratio of one run is off by 18 %
    sobol = answered(call, "run", scenario, "-n", "16_384", "--set", "sampling.method=sobol")
    assert sobol["warnings"] == []


STOP = "sampling.stop={ percentile = 95, relative = 0.004 }"


def test_a_run_stops_when_it_is_sharp_enough(ran: Callable[..., dict[str, Any]]) -> None:
    document = ran("--set", STOP, n=1_000_000)
    run = document["run"]
    assert run["scenarios"] < run["limit"] == 1_000_000
    assert run["looks"] == 5
    assert run["stopped"] == "half the interval of the total's P95 is at most 0.4 % of it"
    p95 = document["total"]["percentiles"]["p95"]
    assert (p95["high"] - p95["low"]) / 2 <= 0.004 * p95["value"]
    plain = ran(n=run["scenarios"])
    assert plain["total"]["percentiles"]["p95"]["value"] == p95["value"]
    assert 1.2 < width(document) / width(plain) < 1.45  # 2.58 over 1.96 standard errors: the looks have their price


def test_a_run_that_is_never_sharp_enough_says_so(call: Callable, scenario: Path) -> None:
    stop = "sampling.stop={ percentile = 99, relative = 0.00001 }"
    done = call("run", scenario, "-n", "140_000", "--set", stop)
    assert "Ended after 140,000 of at most 140,000 scenarios: half the interval of the total's P99 is still more" in done.stdout
    assert "; the intervals allow for 3 looks." in done.stdout


def test_samples_beyond_the_first_look_cannot_be_asked_for(call: Callable, scenario: Path) -> None:
    done = call("run", scenario, "-n", "1e6", "--set", STOP, "--keep", "all")
    assert done.exit_code == 2
    assert "may end after 65,536 scenarios" in done.stderr


def test_more_samples_than_scenarios_are_all_of_them(call: Callable, scenario: Path) -> None:
    done = call("run", scenario, "-n", "20", "--keep", "50", "-o", "all.h5")
    assert done.exit_code == 0, done.stderr
    assert simcost.open_result("all.h5").kept == 20
