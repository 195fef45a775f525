"""Values that `sweep`, `seek` and `compare` try: how they are written, refused, and warned of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.documents import answered

from simcost.compile.studies.listed_values import ListError, listed_values

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


def test_a_share_in_the_place_of_a_percentage_is_refused_and_a_percentage_is_taken(call, tmp_path: Path) -> None:
    """As ``--set`` refuses it: 0.2 of an input in % might be meant as 20 %, and would be a hundredth of that."""
    path = tmp_path / "share.toml"
    path.write_text(MADE.replace('"10 * price"', '"10 * price * (1 - hit)"').replace("[fx]", 'hit = "35 to 45 to 55 %"\n[fx]'))
    for words in (
        ["sweep", path, "inputs.hit=0.2,0.35"],
        ["seek", path, "inputs.hit", "--between", "0.2,1", "--percentile", "95", "--at-most", "1e9 CNY"],
    ):
        refused = call(*words, "-n", "200")
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "inputs.hit is in %, and 0.2" in refused.stderr
    assert 'Write "inputs.hit=20,35 %", or "inputs.hit=0.2,0.35 %".' in call("sweep", path, "inputs.hit=0.2,0.35").stderr
    means = []
    for written in ("20,35", "20,35 %", "20%,35%"):
        taken = answered(call, "sweep", path, f"inputs.hit={written}", "-n", "200")
        means.append([each["total"]["mean"] for each in taken["points"]])
    assert means[0] == means[1] == means[2]
    hundredths = answered(call, "sweep", path, "inputs.hit=0.2,0.35 %", "-n", "200")
    few = [each["total"]["mean"] for each in hundredths["points"]]
    assert (means[0][0] - means[0][1]) == pytest.approx(100 * (few[0] - few[1]), rel=1e-9)  # the cost falls linearly with it


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
        ("3 to 8 1/month", "3,5.5,8 1/month"),
        ("3; 8 1 / GPU", "3,8 1 / GPU"),
    ],
)
def test_what_is_no_list_of_values_is_proposed_as_one(written: str, proposed: str) -> None:
    with pytest.raises(ListError) as caught:
        listed_values(written)
    assert caught.value.proposal == proposed
    assert not proposed or listed_values(proposed)


@pytest.mark.parametrize(
    "written", ["9,-12", "9, 12 GPU", "9,12 s^-2", "1_000,2e3 CNY/GPU/hour", "9 x2,12 x2", "5 %", "3, 8 1/month"]
)
def test_a_list_of_values_is_no_range(written: str) -> None:
    assert len(listed_values(written)) == written.count(",") + 1


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
    run = answered(call, "run", scenario, "-n", "200", "-o", "cap.h5", "--set", "inflation.rate='150 %'")
    cap = str(round(run["total"]["percentiles"]["p95"]["value"]))
    command, *rest = (word.replace("CAP", cap) for word in words)
    said = call(command, scenario, *rest, "-n", "200", "--backend", "reference", "--json", "-q")
    assert said.exit_code == 0, said.output
    told = [each for each in json.loads(said.stdout)["warnings"] if each.startswith("SC109 assignment inflation.rate=")]
    assert len(told) == warned


def test_a_rate_of_events_is_tried_in_its_unit(call, tmp_path: Path) -> None:
    """A unit without a numerator begins with a digit, which is none of the value's."""
    path = tmp_path / "rate.toml"
    head = 'schema = 1\n[scenario]\nname = "R"\ncurrency = "CNY"\nstart = "2027-01"\nmonths = 12\n'
    inputs = '[inputs]\nfailures = { value = 15, unit = "1/month" }\nrepair = "10 CNY"\n'
    path.write_text(f'{head}{inputs}[[cost]]\nname = "Repair"\ncategory = "x"\namount = "failures * repair"\n')
    for listed in ("3,8", "3,8 1/month", "36,96 1/year"):
        swept = answered(call, "sweep", path, f"inputs.failures={listed}", "-n", "200", "--backend", "reference")
        assert [each["total"]["mean"] for each in swept["points"]] == pytest.approx([360, 960], rel=1e-12)
    wanted = ["--at-most", "1_200 CNY", "--percentile", "95", "-n", "200", "--backend", "reference"]
    assert answered(call, "seek", path, "inputs.failures", *wanted)["sought"]["value"] == pytest.approx(10, rel=1e-4)
