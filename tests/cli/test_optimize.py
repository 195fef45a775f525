"""``simcost optimize``: what it prints, the same twice, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.documents import answered
from tests.cli.prepaid_servers import SERVERS

import simcost

SECTION = """
[optimize]
minimise = "p95"

[[optimize.decision]]
set  = "inputs.gpus"
from = "5 GPU"
to   = "15 GPU"
step = "1 GPU"
"""


@pytest.fixture
def deciding(scenario: Path) -> Path:
    scenario.write_text(scenario.read_text(encoding="utf-8") + SECTION, encoding="utf-8")
    return scenario


def test_fewer_machines_are_cheaper_and_the_document_says_what_the_page_does(call, deciding: Path) -> None:
    page, document = call("optimize", deciding, "-q"), call("optimize", deciding, "-q", "--json")
    assert page.exit_code == document.exit_code == 0, page.output
    found = json.loads(document.stdout)
    assert found["schema"] == "simcost/optimize/1"
    assert found["decisions"] == [
        {"set": "inputs.gpus", "value": "5 GPU", "assignment": 'inputs.gpus="5.0 GPU"', "as_good": ["5 GPU", "5 GPU"]}
    ]
    assert all(sentence in page.stdout for sentence in found["sentences"])
    assert found["searched"] == simcost.optimize(deciding).optimum.searched


@pytest.mark.parametrize("figure", ["mean", "p95", "cvar95"])
def test_a_file_that_is_at_the_optimum_is_told_so(call, deciding: Path, figure: str) -> None:
    deciding.write_text(deciding.read_text(encoding="utf-8").replace('"p95"', f'"{figure}"'), encoding="utf-8")
    said = "The file as it is costs the same: it is at the optimum."
    there, elsewhere = (call("optimize", deciding, "-q", "--set", f"inputs.gpus={gpus} GPU").stdout for gpus in (5, 6))
    assert said in there
    assert "than the file as it is" not in there
    assert said not in elsewhere
    assert "CNY less than the file as it is (95 % interval" in elsewhere


def test_the_optimum_is_what_a_run_with_its_assignment_gives(call, deciding: Path) -> None:
    found = answered(call, "optimize", deciding)
    words = ["--set", found["decisions"][0]["assignment"]]
    total = answered(call, "run", deciding, *words)["total"]
    assert total["percentiles"]["p95"]["value"] == found["searched"]
    fresh = answered(call, "run", deciding, *words, "--seed", found["run"]["fresh_seed"])["total"]
    assert fresh["percentiles"]["p95"] == found["fresh"]


@pytest.mark.parametrize(
    ("tables", "moving"),
    [
        ('[[correlation]]\nbetween = ["gpu_price", "staff"]\nkendall = 0.8\ncopula = "clayton"\n', ""),
        ('[factors.demand]\ncopula = "t"\ndf = 4\n', ', driver = "demand", loading = 0.9'),
    ],
)
def test_inputs_that_move_together_do_so_in_every_trial(call, deciding: Path, tables: str, moving: str) -> None:
    text = deciding.read_text(encoding="utf-8")
    for quantity in ("9 to 16 CNY/GPU/hour", "3 to 4 to 6 person") if moving else ():
        text = text.replace(f'"{quantity}"', f'{{ value = "{quantity}"{moving} }}')
    deciding.write_text(text + tables, encoding="utf-8")
    found = answered(call, "optimize", deciding)
    ran = answered(call, "run", deciding, "--set", found["decisions"][0]["assignment"])
    assert found["searched"] == ran["total"]["percentiles"]["p95"]["value"]


def test_a_run_is_what_it_is_without_the_section(call, scenario: Path) -> None:
    before = answered(call, "run", scenario)
    scenario.write_text(scenario.read_text(encoding="utf-8") + SECTION, encoding="utf-8")
    after = answered(call, "run", scenario)
    assert (before["total"], before["months"]) == (after["total"], after["months"])


def test_the_section_stays_in_the_expansion(call, deciding: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.toml"
    plain.write_text(call("expand", deciding).stdout, encoding="utf-8")
    one, other = (answered(call, "optimize", path) for path in (deciding, plain))
    assert (one["searched"], one["decisions"]) == (other["searched"], other["decisions"])


EQUAL = """\
schema = 1
[scenario]
name = "A limit that is met with equality"
currency = "CNY"
start = "2027-01"
months = 3
[inputs]
gpus  = "2.3 GPU"
price = "1 CNY/GPU/month"
[[cost]]
name = "Rent"
category = "compute"
amount = "gpus * price"
[optimize]
minimise = "mean"
[[optimize.decision]]
set  = "inputs.gpus"
from = "1.3 GPU"
to   = "2.3 GPU" # 0.9999999999999998 more: a step is not longer than that
step = "1 GPU"
[[optimize.limit]]
name    = "bank"
figure  = "p95"
at_most = "3.9 CNY"
"""


def test_a_limit_that_only_rounding_exceeds_is_kept(call, tmp_path: Path) -> None:
    """Three times 1.3 are 3.9000000000000004 in float64: no point was allowed, of "3.9, allowed 3.9"."""
    assert 1.3 + 1.3 + 1.3 > 3.9
    path = tmp_path / "equal.toml"
    path.write_text(EQUAL, encoding="utf-8")
    found = answered(call, "optimize", path, "-n", "200")
    assert found["decisions"][0]["value"] == "1.3 GPU"
    path.write_text(EQUAL.replace("3.9 CNY", "3.89 CNY"), encoding="utf-8")
    assert "none of" in call("optimize", path, "-n", "200", "--json", "-q").stderr


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (
            'name = "few"\nevent = "gpus < most"\nprobability = 0.0',
            'none of 11 trials keeps the limits. Nearest is inputs.gpus = 5 GPU: "few" 1, allowed 0. Widen a decision',
        ),
        (
            'name = "dear"\nfigure = "mean"\nat_most = "1 CNY"',
            "none of 11 trials keeps the limits. Nearest is inputs.gpus = 5 GPU:",
        ),
    ],
)
def test_an_infeasible_problem_is_one_line(call, deciding: Path, limit: str, said: str) -> None:
    text = deciding.read_text(encoding="utf-8").replace("[inputs]", '[inputs]\nmost = "99 GPU"', 1)
    deciding.write_text(f"{text}\n[[optimize.limit]]\n{limit}\n", encoding="utf-8")
    refused = call("optimize", deciding, "-q")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_search_that_its_trials_end_before_a_limit_is_kept_may_have_more(call, deciding: Path) -> None:
    limit = '[[optimize.limit]]\nname = "few"\nevent = "gpus < most"\nprobability = 0.0'
    text = deciding.read_text(encoding="utf-8").replace("[inputs]", '[inputs]\nmost = "14 GPU"', 1)
    deciding.write_text(text.replace('step = "1 GPU"\n', f"{limit}\n"), encoding="utf-8")
    refused = call("optimize", deciding, "-q", "-n", "200", "--trials", "1")
    assert refused.exit_code == 2
    assert "The search had not come to its end: allow more --trials, or widen a decision or a limit." in refused.stderr
    assert call("optimize", deciding, "-q", "-n", "200").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--minimise", "p100"], '--minimise: "p100" is no figure of the total. Write "mean", "p95" or "cvar95".'),
        (["--minimise", "p0"], '"p0" is no figure of the total'),
        (["--trials", "0"], "--trials"),
        (["--set", 'sampling.method="sobol"', "-n", "3"], "3 cannot be dealt out evenly. Give multiples of 4,096"),
    ],
)
def test_a_wrong_choice_is_one_line(call, deciding: Path, words: list[str], said: str) -> None:
    refused = call("optimize", deciding, "-q", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert said in refused.stderr


def test_a_search_that_its_trials_end_says_so_and_one_that_comes_to_its_end_does_not(call, deciding: Path) -> None:
    deciding.write_text(deciding.read_text(encoding="utf-8").replace('step = "1 GPU"\n', ""), encoding="utf-8")
    words = ("optimize", deciding, "-n", "200")
    cut, whole = (answered(call, *words, "--trials", trials) for trials in ("1", "200"))
    assert (cut["run"]["finished"], whole["run"]["finished"]) == (False, True)
    said = "The search had not come to its end when its only trial had been run: more trials may find less."
    assert cut["sentences"][-1] == said
    assert not any("come to its end" in sentence for sentence in whole["sentences"])


def test_what_is_dearer_than_the_file_has_the_interval_of_how_much(call, deciding: Path) -> None:
    """The saving is less than nothing, and so are its ends: of how much more it is they are the opposite, the smaller first."""
    text = deciding.read_text(encoding="utf-8").replace('from = "5 GPU"', 'from = "11 GPU"')
    deciding.write_text(text, encoding="utf-8")
    found = answered(call, "optimize", deciding)
    low, high = found["saving"]["low"], found["saving"]["high"]
    assert low <= high < 0.0
    assert f"CNY more than the file as it is (95 % interval {-high:,.0f} to {-low:,.0f})." in " ".join(found["sentences"])


@pytest.mark.parametrize("trials", [0, -3])
def test_a_search_without_a_trial_is_refused_by_the_function_too(deciding: Path, trials: int) -> None:
    with pytest.raises(simcost.UsageError, match=f"trials = {trials} is not between 1 and 100,000."):
        simcost.optimize(deciding, trials=trials)


@pytest.mark.parametrize("n", [0, 1e3, 2**63 + 1])
def test_scenarios_that_cannot_be_drawn_are_refused_in_python_too(deciding: Path, n: float) -> None:
    with pytest.raises(simcost.UsageError, match=r"n = 0 is not 1 or more|give n >= 1|no whole number"):
        simcost.optimize(deciding, n=n)


def test_a_file_that_decides_nothing_says_how_to(call, scenario: Path) -> None:
    refused = call("optimize", scenario, "-q")
    assert refused.exit_code == 2
    assert "has no [optimize] table. Say what may be decided: [[optimize.decision]] with set, from, to." in refused.stderr


DECIDED = """
[inputs.bought]
value = "2 server"

[optimize]

[[optimize.decision]]
"""

BOUGHT = 'set = "inputs.bought"\nfrom = "0 server"\nto = "4 server"\nstep = "1 server"\n'


@pytest.mark.parametrize(
    ("quantity", "life", "decision", "words", "told"),
    [
        ("bought", 48, BOUGHT, (), True),
        ("bought", 3, BOUGHT, (), False),  # as long as the run
        ("bought", 48, BOUGHT, ("--set", "scenario.view=amortised"), False),
        ("2 server", 48, BOUGHT, (), False),  # decided is what these servers do not rest on
        ("0 server", 48, 'set = "option"\nchoices = ["as it is", "more"]\n', (), True),
        ("0 server", 48, BOUGHT.replace("inputs.bought", "hardware.Servers.quantity"), (), True),
    ],
)
def test_what_is_decided_and_paid_for_beyond_the_run_is_told(
    call, scenario: Path, quantity: str, life: int, decision: str, words: tuple[str, ...], told: bool
) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write(SERVERS.format(quantity=quantity, life=life) + DECIDED + decision)
    page = call("optimize", scenario, "-q", "-n", "200", "--json", "--backend", "reference", *words)
    assert page.exit_code == 0, page.output
    prepaid = [each for each in json.loads(page.stdout)["warnings"] if each.startswith("SC409 hardware.0.life")]
    assert len(prepaid) == told
    assert all(f"month 1 pays for {life} months, and the run has 3 of them" in each for each in prepaid)


@pytest.mark.parametrize(
    ("target", "numbers", "said"),
    [
        ("cost.Licence.month", "from = 1\nto = 3", "1.5 is among what may be decided, 1 to 3. Write step = 1."),
        ("cost.Licence.month", "from = 1\nto = 3\nstep = 0.5", "1.5 is among what may be decided, 1 to 3. Write step = 1."),
        (
            "cost.Licence.month",
            "from = 0.5\nto = 3\nstep = 1",
            "0.5 is among what may be decided, 0.5 to 3. Write step = 1 and from = 1.",
        ),
        ("hardware.Servers.life", "from = 2\nto = 60", "2.5 is among what may be decided, 2 to 60. Write step = 1."),
        ("cost.Licence.month", "from = 1\nto = 3\nstep = 1", ""),
        ("cost.Licence.month", "choices = [1, 3]", ""),
        ("hardware.Servers.quantity", 'from = "1 server"\nto = "3 server"', ""),
        ("cost.Licence.month", "from = 7.5\nto = 9", "is a number, not an integer"),  # nor is there month 8
    ],
)
def test_a_month_or_a_term_without_a_step_is_refused_before_the_search(
    call, scenario: Path, target: str, numbers: str, said: str
) -> None:
    servers = SERVERS.format(quantity="1 server", life=4) + DECIDED
    with scenario.open("a", encoding="utf-8") as file:
        file.write(f'{servers}set = "{target}"\n{numbers}\n')
    result = call("optimize", scenario, "-q", "-n", "200", "--backend", "reference")
    assert (result.exit_code == 0) == (not said), result.output
    assert said in result.stderr
    assert len(result.stderr.splitlines()) <= 1
