"""``simcost compare``: options and files in the same futures, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.documents import answered
from tests.cli.prepaid_servers import SERVERS

import simcost


def test_the_file_as_it_is_is_compared_with_each_option(call, scenario: Path) -> None:
    found = answered(call, "compare", scenario)
    assert found["schema"] == "simcost/compare/1"
    assert [each["name"] for each in found["models"]] == ["as it is", "reserved"]
    (difference,) = found["differences"]
    assert (difference["name"], difference["against"]) == ("reserved", "as it is")
    assert difference["cheaper"]["value"] == 1.0
    for figure in difference["figures"].values():
        assert figure["low"] < figure["value"] < figure["high"] < 0
    assert difference["dominance"] == {"order": 1, "by": "reserved", "lower": 1.0}
    assert [path.name for path in scenario.parent.iterdir()] == [scenario.name]  # nothing is written


def test_each_model_has_the_figures_of_its_run(call, scenario: Path) -> None:
    models = {each["option"]: each for each in answered(call, "compare", scenario)["models"]}
    for option, model in models.items():
        words = ["--option", option] if option else []
        run = answered(call, "run", scenario, *words, "-o", f"r{option}.h5")
        assert model["total"] == run["total"]
        assert model["probability_within"]["value"] == run["budget"]["probability_within"]["value"]
    base, reserved = (models[option]["total"]["mean"] for option in ("", "reserved"))
    (difference,) = answered(call, "compare", scenario)["differences"]
    assert difference["figures"]["mean"]["value"] == pytest.approx(reserved - base, rel=1e-12)


@pytest.mark.parametrize(
    ("given", "options"), [(["reserved"], ["reserved", "reserved"]), (["as it is", "reserved"], ["", "reserved"])]
)
def test_files_have_one_option_or_each_its_own_and_the_figures_of_their_runs(
    call, scenario: Path, given: list[str], options: list[str]
) -> None:
    later = scenario.with_name("later.toml")
    later.write_text(scenario.read_text("utf-8").replace("9 to 16 CNY", "10 to 17 CNY"), encoding="utf-8")
    words = [word for option in given for word in ("--option", option)]
    models = answered(call, "compare", scenario, later, *words)["models"]
    assert [each["name"] for each in models] == [
        f"{path.stem}, {option}" if option else path.stem for path, option in zip((scenario, later), options, strict=True)
    ]
    for number, (path, option, model) in enumerate(zip((scenario, later), options, models, strict=True)):
        with_option = ["--option", option] if option else []
        run = answered(call, "run", path, *with_option, "-o", f"r{number}.h5")
        assert model["total"] == run["total"]


def test_the_table_ends_in_a_sentence(call, scenario: Path) -> None:
    shown = call("compare", scenario, "-q").stdout
    assert "reserved is cheaper than the file as it is in 100 % of futures, by " in shown
    assert "less as it is" in shown
    assert answered(call, "compare", scenario)["sentences"][0] in shown


def test_identical_options_differ_by_exactly_zero(call, scenario: Path) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write('\n[options.same]\nset = { inputs.gpu_price = "9 to 16 CNY/GPU/hour" }\n')
    difference = answered(call, "compare", scenario, "--option", "same")["differences"][0]
    nothing = {"value": 0.0, "low": 0.0, "high": 0.0}
    assert list(difference["figures"].values()) == [nothing] * 5
    assert (difference["equal"], difference["cheaper"]["value"], difference["futures"]["sd"]) == (1.0, 0.0, 0.0)
    assert difference["dominance"]["by"] is None
    shown = call("compare", scenario, "--option", "same").stdout
    assert "same costs the same as the file as it is in every future.\n" in shown


def test_several_options_are_compared_with_the_first_of_them(call, scenario: Path) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write('\n[options.spot]\nset = { inputs.gpu_price = "5 to 20 CNY/GPU/hour" }\n')
    found = answered(call, "compare", scenario, "--option", "spot", "--option", "reserved")
    assert [each["name"] for each in found["models"]] == ["spot", "reserved"]
    assert len(answered(call, "compare", scenario)["differences"]) == 2
    found = answered(call, "compare", scenario, "--option", "spot", "--option", "as it is")
    assert [each["option"] for each in found["models"]] == ["spot", ""]
    assert "--option as it is is given twice" in call("compare", scenario, "--option", "", "--option", "as it is").stderr


def test_several_files_are_compared_with_the_first(call, scenario: Path) -> None:
    dear = scenario.with_name("dear.toml")
    dear.write_text(scenario.read_text("utf-8").replace("10 GPU", "12 GPU"), encoding="utf-8")
    found = answered(call, "compare", scenario, dear, "--set", "inputs.wage='31_000 CNY/person/month'")
    assert [each["name"] for each in found["models"]] == ["small", "dear"]
    assert found["differences"][0]["figures"]["mean"]["low"] > 0
    assert len({each["sha256"] for each in found["models"]}) == 2


def test_replicates_are_compared_by_sectioning(call, scenario: Path) -> None:
    found = answered(call, "compare", scenario, "--set", "sampling.method=sobol", "-n", "4096")
    random = answered(call, "compare", scenario, "-n", "4096")
    assert found["run"]["replicates"] == 16
    sobol, plain = (each["differences"][0]["figures"]["mean"] for each in (found, random))
    assert sobol["high"] - sobol["low"] < 0.5 * (plain["high"] - plain["low"])


def test_models_that_draw_other_inputs_share_no_sobol_points_and_say_so(call, scenario: Path) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write('\n[options.fixed]\nset = { inputs.gpu_price = "11 CNY/GPU/hour" }\n')
    words = (scenario, "-n", "4096", "--option", "fixed")
    (warning,) = answered(call, "compare", *words, "--set", "sampling.method=sobol")["warnings"]
    assert "their Sobol' points are not the same futures" in warning
    for method in ("random", "latin-hypercube"):
        assert answered(call, "compare", *words, "--set", f"sampling.method={method}")["warnings"] == []
    assert (
        answered(call, "compare", scenario, "-n", "4096", "--option", "reserved", "--set", "sampling.method=sobol")["warnings"]
        == []
    )


@pytest.mark.parametrize(
    ("quantity", "life", "words", "told"),
    [
        ("0 server", 48, (), True),
        ("0 server", 3, (), False),  # as long as the run
        ("0 server", 48, ("--set", "scenario.view=amortised"), False),
        ("2 server", 48, (), True),  # both pay for what lies beyond, one of them for more
        ("3 server", 48, (), False),
    ],
)
def test_what_one_pays_for_beyond_the_run_is_told(call, scenario: Path, quantity: str, life: int, words, told: bool) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write(SERVERS.format(quantity=quantity, life=life))
    warnings = answered(call, "compare", scenario, "-n", "500", "--option", "as it is", "--option", "more", *words)["warnings"]
    assert [each.startswith("SC409 hardware.0.life") for each in warnings] == [True] * told
    assert all(f"month 1 pays for {life} months, and the run has 3 of them" in each for each in warnings)


def test_the_api_gives_frozen_figures(scenario: Path) -> None:
    report = simcost.compare(scenario, n=500)
    assert report.comparison.contrasts[0].name == "reserved"
    html = report._repr_html_()
    assert html.count("<table>") == 2
    assert "reserved is cheaper than the file as it is in 100 % of futures" in html
    with pytest.raises(AttributeError):
        report.run = None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("CNY", "USD"), "they are in CNY and USD. Give both one currency."),
        (("months   = 3", "months   = 4"), "their months are 3 and 4. Give both as many with --set scenario.months=3."),
        (('"2027-01"', '"2027-02"'), "they start in 2027-01 and 2027-02. Give both one start with --set scenario.start=2027-01."),
        (("seed      = 7", 'method = "sobol"'), "they are sampled by random and sobol."),
    ],
)
def test_what_has_nothing_in_common_is_refused_in_one_line(call, scenario: Path, change: tuple[str, str], said: str) -> None:
    other = scenario.with_name("other.toml")
    other.write_text(scenario.read_text("utf-8").replace(*change), encoding="utf-8")
    result = call("compare", scenario, other)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
    assert '"small" and "other" cannot be compared: ' in result.stderr


def test_an_option_over_another_horizon_is_refused(call, scenario: Path) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write("\n[options.long]\nset = { scenario.months = 6 }\n")
    result = call("compare", scenario, "--option", "long")
    assert (result.exit_code, result.stdout) == (2, "")
    assert '"as it is" and "long" cannot be compared: their months are 3 and 6.' in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--option", "reservd"], 'no option is named "reservd". Did you mean "reserved"?'),
        (["--option", "as it is,reserved"], "They are several: give --option 'as it is' --option reserved."),
        (["--option", "reserved", "--option", "reserved"], "--option reserved is given twice."),
        (["--crossover", "inputs.gpu"], 'there is no "inputs.gpu". Did you mean'),
        (["--crossover", "inputs.gpus"], "inputs.gpus is certain, so it has no range. Give values: inputs.gpus=5,10,20."),
        (["--crossover", "inputs.gpus=5"], "has one value"),
        (["--crossover", "inputs.gpus=5,x"], '"x" is no number.'),
        (["--crossover", "inputs.gpus=5 GPU,6 TB"], "has values in GPU and in TB."),
        (["--crossover", "drivers.rate=5,6 CNY"], "a driver's values are in its own unit"),
        (["--crossover", "months"], 'there is no "months".'),
        (["-n", "0"], "is not between 1"),
    ],
)
def test_bad_calls_are_told_what_would_do(call, scenario: Path, words: list[str], said: str) -> None:
    result = call("compare", scenario, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_without_options_and_files_given_twice_are_refused(call, scenario: Path) -> None:
    bare = scenario.with_name("bare.toml")
    bare.write_text(scenario.read_text("utf-8").partition("[options")[0], encoding="utf-8")
    for words, said in (
        ([bare], "has no [options] to compare. Add one, such as [options.reserved], or give several files."),
        ([bare, bare], "is given twice. Give each file once."),
        ([bare, scenario, "--option", "reserved"], 'no option is named "reserved"'),
        (
            [bare, scenario, bare, *(2 * ["--option", "reserved"])],
            "2 --option of 3 files. Give one that all have, or one for each",
        ),
        ([scenario.with_name("gone.toml")], "gone.toml"),
    ):
        result = call("compare", *words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr


def test_futures_in_which_a_total_is_undefined_are_left_out_and_counted(call, scenario: Path) -> None:
    text = scenario.read_text("utf-8").replace("[inputs]\n", '[inputs]\nlimit = "16 CNY/GPU/hour"\n')
    rate = "where(gpu_price > limit, 1 / (limit - limit) * limit, 1) * gpus * gpu_price"
    option = f'\n[options.broken]\nset = {{ drivers.rate = "{rate}" }}\n'
    scenario.write_text(text + option, encoding="utf-8")
    left_out = answered(call, "compare", scenario, "--option", "broken")["non_finite"]
    assert 20 < left_out < 80  # one in twenty of a thousand
    shown = call("compare", scenario, "--option", "broken").stdout
    assert f"In {left_out} scenarios a model's total is infinite or undefined; they are left out of everything." in shown
    assert "broken costs the same as the file as it is in every future." in shown


def test_models_that_are_never_defined_together_are_refused(call, scenario: Path) -> None:
    with scenario.open("a", encoding="utf-8") as file:
        file.write('\n[options.broken]\nset = { drivers.rate = "gpus * gpu_price * gpus / (gpus - gpus)" }\n')
    result = call("compare", scenario, "--option", "broken")
    assert result.exit_code == 1
    assert "in no scenario are the totals of all 2 models finite." in result.stderr


LEAST = """\
schema = 1

[scenario]
name     = "A minimum that is the budget"
currency = "CNY"
start    = "2027-01"
months   = 2

[sampling]
scenarios = 20_000

[inputs]
use   = "12.3 GPU"
share = { uniform = { low = 0.5, high = 0.9 }, unit = "1" }
least = "10 GPU"
price = "10 CNY/GPU/month"

[[cost]]
name     = "Rent"
category = "compute"
amount   = "max(use * share, least) * price"

[budget]
approved   = "200 CNY"
confidence = 0.8

[options.dearer]
set = { inputs.use = "13 GPU" }
"""


def test_a_budget_that_is_the_least_bill_is_kept_as_often_everywhere(tmp_path: Path) -> None:
    """The share is at most 10 / use with probability (10 / use - 0.5) / 0.4: said of the run, and next to never of all else."""
    path = tmp_path / "least.toml"
    path.write_text(LEAST, "utf-8")
    exact = {use: (10 / use - 0.5) / 0.4 for use in (12.3, 13.0)}
    compared = simcost.compare(path, backend="reference").comparison.models
    swept = simcost.sweep(path, "inputs.use=12.3,13", backend="reference").points
    run = simcost.run(path, output=tmp_path / "least.h5", backend="reference")
    asked = simcost.budget(tmp_path / "least.h5", approved="200 CNY", confidence=0.9).answers
    for found, use in [*zip(compared, exact, strict=True), *zip(swept, exact, strict=True), (asked.figures, 12.3)]:
        assert found.probability_within.value == pytest.approx(exact[use], abs=4.5 * 0.5 / 20_000**0.5)
    assert asked.figures.probability_within.value == pytest.approx(run.figures.budget.probability_within.value, abs=2e-3)
    assert asked.figures.overrun.mean.value == pytest.approx(run.figures.budget.overrun.mean.value, rel=1e-2)
