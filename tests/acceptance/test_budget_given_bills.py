"""Approved sums given bills, against the conjugate normal of the level (Gelman et al., Bayesian Data Analysis, 2.5)."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import NormalDist

import pytest
from click.testing import CliRunner

import simcost
from simcost.cli.root import root

N = 1 << 16
SE = 4.5
"""Standard errors that a figure may be off: one in 150,000."""

LEVEL, LEVEL_SD, NOISE_SD = 1_000.0, 100.0, 150.0
CLOSED, MONTHS = 6, 12
BILLS = {"search": 1_120.0, "platform": 960.0}
"""What each owner was billed on average in the closed months."""

APPROVED = {"search": 13_200.0, "platform": 12_200.0}

FILE = """schema = 1
[scenario]
name = "Given the bills"
currency = "CNY"
start = "2027-01"
months = 12
fiscal_year_start = 7
[sampling]
seed = 17
[inputs]
a = { normal = { mean = 1_000, sd = 100 }, unit = "CNY/month" }
b = { normal = { mean = 1_000, sd = 100 }, unit = "CNY/month" }
noise_a = { normal = { mean = 0, sd = 150 }, unit = "CNY/month", draw = "month" }
noise_b = { normal = { mean = 0, sd = 150 }, unit = "CNY/month", draw = "month" }
[[cost]]
name = "A"
category = "compute"
owner = "search"
amount = "a + noise_a"
[[cost]]
name = "B"
category = "compute"
owner = "platform"
amount = "b + noise_b"
[budget]
approved = "25_500 CNY"
confidence = 0.85
[budget.owner]
search = { FY2027 = 6_500, FY2028 = 6_700 }
platform = "12_200 CNY"
[actuals]
file = "bills.csv"
"""


def written(folder: Path, text: str = FILE, months: int = CLOSED) -> Path:
    uneven = (40.0, -90.0, 70.0, 20.0, -40.0, 0.0) * 2
    rows = [
        f"2027-{month:02d},{line},{BILLS[owner] + uneven[month - 1]!r}\n"
        for month in range(1, months + 1)
        for line, owner in (("A", "search"), ("B", "platform"))
    ]
    (folder / "bills.csv").write_text("month,line,amount\n" + "".join(rows), encoding="utf-8")
    path = folder / "given.toml"
    path.write_text(text, encoding="utf-8")
    return path


def whole_run(owner: str) -> NormalDist:
    """What an owner costs in the run given its bills: these, and open months about a level that they tell of."""
    precision = 1 / LEVEL_SD**2 + CLOSED / NOISE_SD**2
    level = (LEVEL / LEVEL_SD**2 + CLOSED * BILLS[owner] / NOISE_SD**2) / precision
    left = MONTHS - CLOSED
    return NormalDist(CLOSED * BILLS[owner] + left * level, (left**2 / precision + left * NOISE_SD**2) ** 0.5)


def without_learning(owner: str) -> NormalDist:
    left = MONTHS - CLOSED
    return NormalDist(CLOSED * BILLS[owner] + left * LEVEL, (left**2 * LEVEL_SD**2 + left * NOISE_SD**2) ** 0.5)


def test_each_sum_is_kept_given_the_bills_with_the_probability_of_the_conjugate_normal(tmp_path: Path) -> None:
    report = simcost.budget(written(tmp_path), learn=True, n=N, split=False)
    plain = {(each.group, each.label): each for each in report.answers.figures.parts}
    found = {(each.group, each.label): each for each in report.judged.parts}
    learned = {(each.group, each.name): each for each in report.learned.parts}
    for owner, approved in APPROVED.items():
        each, effective = found["owner", owner], learned["owner", owner].effective
        for its, cost, count in ((plain["owner", owner], without_learning(owner), N), (each, whole_run(owner), effective)):
            p, enough = cost.cdf(approved), cost.inv_cdf(0.85)
            assert abs(its.probability_within.value - p) < SE * 0.5 / count**0.5
            assert abs(its.sum_for_confidence.value - enough) < SE * (0.85 * 0.15 / count) ** 0.5 / cost.pdf(enough)
            assert its.sum_for_confidence.low < its.sum_for_confidence.value < its.sum_for_confidence.high
        assert abs(each.probability_within.value - plain["owner", owner].probability_within.value) > 0.04  # negative control
    closed, open_year = (found["owner_by_period", f"search FY{year} (6 months)"] for year in (2027, 2028))
    assert closed.probability_within.value == 0.0  # 6,720 were billed of 6,500
    rest = NormalDist(whole_run("search").mean - CLOSED * BILLS["search"], whole_run("search").stdev)
    assert open_year.probability_within.value == pytest.approx(rest.cdf(6_700), abs=SE * 0.5 / N**0.25)
    both = NormalDist(sum(whole_run(each).mean for each in BILLS), sum(whole_run(each).variance for each in BILLS) ** 0.5)
    whole = report.judged.probability_within
    assert whole.low < both.cdf(25_500) < whole.high
    assert report.judged.reserve_for_confidence.value == pytest.approx(both.inv_cdf(0.85) - 25_500, abs=60)


def test_the_gate_judges_what_is_likely_given_the_bills(tmp_path: Path) -> None:
    sums = 'search = "13_200 CNY"\n'
    text = FILE[: FILE.index("search = {")] + sums + FILE[FILE.index("[actuals]") :]
    choices = {"n": N, "confidence": 0.6, "split": False}
    plain, given = (simcost.budget(written(tmp_path, text), learn=learn, **choices) for learn in (False, True))
    assert plain.answers.gate.met
    assert (given.answers.gate.met, given.answers.gate.decided, given.answers.gate.part.label) == (False, True, "search")
    assert whole_run("search").cdf(13_200) < 0.6 < without_learning("search").cdf(13_200)
    shown = f"{given}"
    assert "Gate, given the bills: the wanted 60 % is not met by owner search: 13,200 CNY is enough in " in shown
    assert " given the bills " in shown
    assert " given the bills " not in f"{plain}"
    document = given.document()
    held = document["learned"]["owners"]["search"]
    assert held["probability_within"]["value"] == given.judged.parts[0].probability_within.value
    assert held["sum_for_confidence"]["value"] == given.judged.parts[0].sum_for_confidence.value
    assert plain.document()["learned"] is None


def test_another_sum_for_the_whole_is_judged_given_the_bills(tmp_path: Path) -> None:
    report = simcost.budget(written(tmp_path), learn=True, approved=24_000, confidence=0.9, n=4_000, split=False)
    assert (report.judged.approved, report.judged.parts) == (24_000.0, ())
    assert report.learned.total.sum_for_confidence.value == report.learned.total.after.percentile(90).value


def command(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, [str(each) for each in words])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_prints_the_verdict_and_exits_with_3_where_it_is_not_met(tmp_path: Path) -> None:
    code, out, said = command("budget", written(tmp_path), "--learn", "--gate", "--no-split", "-n", 4_000, "--json")
    assert code == 3
    assert json.loads(out)["gate"]["part"] == {"group": "owner_by_period", "name": "search FY2027 (6 months)"}
    assert "Gate, given the bills: the wanted 85 % is not met by owner search FY2027 (6 months): 6,500 CNY" in said


def test_what_cannot_be_learned_is_told_in_one_line(tmp_path: Path) -> None:
    plain = FILE[: FILE.index("[actuals]")]
    code, _, said = command("budget", written(tmp_path, plain), "--learn", "-n", 100)
    assert (code, len(said.splitlines())) == (2, 1)
    assert 'has no [actuals], so nothing is billed. Add [actuals] with file = "bills.csv".' in said
    result = simcost.run(written(tmp_path), n=500, output=tmp_path / "r.h5", backend="reference")
    code, _, said = command("budget", result.path, "--learn")
    assert (code, len(said.splitlines())) == (2, 1)
    assert "is a result, which is read as it is" in said
    done = simcost.budget(written(tmp_path, months=MONTHS), learn=True, n=500, split=False, backend="reference")
    assert "every month is closed: there is none left to learn for" in done.warnings
    assert done.judged is done.answers.figures
