"""``simcost lint``: each rule has a file that it remarks on, at the line marked ``# here``, and one that it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.documents import answered
from tests.places import LIBRARY

import simcost
from simcost.scenario.lint.prepaid import unevenly_prepaid
from simcost.scenario.lint.registry import RULES
from simcost.scenario.lint.remarks import MOST_OF_A_RULE, UNKNOWN_CODE

FILES = Path(__file__).parent / "lint"
CODES = [*(rule.code for rule in RULES), UNKNOWN_CODE]


def remarks(call, path: Path, *words: str) -> list[dict]:
    said = call("lint", path, "--json", *words)
    assert said.exit_code in (0, 2), said.output
    return json.loads(said.stdout)["remarks"]


def test_there_are_at_least_twenty_rules_and_codes_are_in_order_and_distinct() -> None:
    assert len(RULES) >= 20
    assert [rule.code for rule in RULES] == sorted({rule.code for rule in RULES})


def test_every_file_belongs_to_a_rule() -> None:
    assert {path.name for path in FILES.iterdir()} == {f"{code}.{kind}.toml" for code in CODES for kind in ("bad", "good")}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_remarks_on_its_bad_file_at_the_marked_line_alone(call, code: str) -> None:
    path = FILES / f"{code}.bad.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    (here,) = (number for number, line in enumerate(lines, 1) if "# here" in line)
    found = remarks(call, path)
    assert [remark["line"] for remark in found if remark["code"] == code] == [here]
    (remark,) = (each for each in found if each["code"] == code)
    assert remark["what"]
    assert remark["remedy"].endswith((".", "?"))
    expected = {rule.code: rule.severity for rule in RULES}.get(code, "note")
    assert remark["severity"] == expected


@pytest.mark.parametrize("code", CODES)
def test_a_rule_is_silent_on_its_good_file(call, code: str) -> None:
    found = remarks(call, FILES / f"{code}.good.toml")
    assert code not in [remark["code"] for remark in found]


@pytest.mark.parametrize("code", CODES[:-1])
def test_a_comment_silences_a_rule(call, tmp_path: Path, code: str) -> None:
    text = (FILES / f"{code}.bad.toml").read_text(encoding="utf-8")
    for ignoring in (
        text.replace("# here", f"# simcost: ignore {code}: agreed with finance"),
        f"# simcost: ignore-file SC900, {code}\n{text}",
        "\n".join(f"# simcost:ignore {code}\n{line}" if "# here" in line else line for line in text.splitlines()),
    ):
        path = tmp_path / "ignoring.toml"
        path.write_text(ignoring, encoding="utf-8")
        assert code not in [remark["code"] for remark in remarks(call, path)]
    path.write_text(text.replace("# here", "# simcost: ignore SC999"), encoding="utf-8")
    assert code in [remark["code"] for remark in remarks(call, path)]  # the control: another code silences nothing


@pytest.mark.parametrize(
    ("used", "unused", "place"),
    [
        ('driver = "habit", loading = 0.7, ', "", "factors.habit"),
        ('festivals = ["Fair"]', "", "festivals.0"),
        ('use = "ranking_devices"', 'use = "4 GPU"', "compute.0"),
        ('"900 USD/month"', '"900 CNY/month"', None),
        ('"3e-6 kUSD/request"', '"3e-6 kCNY/request"', None),
        ("visits_level * fee * half", "400 * cny * half", "series.visits"),
    ],
)
def test_each_part_is_missed_where_its_last_use_goes(call, tmp_path: Path, used: str, unused: str, place: str | None) -> None:
    text, path = (FILES / "SC308.good.toml").read_text("utf-8"), tmp_path / "parts.toml"
    assert text.count(used) == 1
    path.write_text(text.replace(used, unused) + '\n[inputs.cny]\nvalue = "1 CNY/month"\nsource = "unit"\n', "utf-8")
    assert [each["place"] for each in remarks(call, path) if each["code"] == "SC308"] == ([place] if place else [])


@pytest.mark.parametrize("hours", ["730", "24 * 30", "8_760"])
def test_hours_by_hand_beside_a_rate_by_the_hour_are_told_to_go(call, tmp_path: Path, hours: str) -> None:
    path = tmp_path / "hours.toml"
    text = (FILES / "SC206.bad.toml").read_text("utf-8")
    path.write_text(text.replace("price * servers * hour * 720 / month_long", f"price * servers * {hours}"), "utf-8")
    (said,) = (each for each in remarks(call, path) if each["code"] == "SC206")
    assert said["what"] == f"the amount is charged for the hours of each month already, and {hours} multiplies it once more"
    assert said["remedy"] == f"Leave out {hours}."
    path.write_text(text.replace("price * servers * hour * 720 / month_long", f"price * servers / {hours}"), "utf-8")
    (said,) = (each for each in remarks(call, path) if each["code"] == "SC206")
    assert "stand for a month or a year" in said["what"]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("[inflation]\nrate = 3", "without a unit 3 is 300 %"),
        ('[inflation]\nrate = { value = "2 to 4", draw = "year" }', "without a unit 2 to 4 is 200 to 400 %"),
        ("[inflation.categories]\nhosting = 6", "without a unit 6 is 600 %"),
        (
            '[series.visits]\nstart = "1 visit/s"\ngrowth = "5 to 12 to 20"',
            "without a unit 5 to 12 to 20 is 500 to 1200 to 2000 %",
        ),
        ('[series.visits]\nstart = "1 visit/s"\ngrowth = 0.8', None),
        ('[series.visits]\nstart = "1 visit/s"\ngrowth = "0.5 to 1.2 to 2"', None),  # some of it is below one: a fast product
        ('[series.visits]\nstart = "1 visit/s"\ngrowth = { value = 3, unit = "1" }', None),
        ('[series.visits]\nstart = "1 visit/s"\ngrowth = "300 %"', None),
        ('[series.visits]\nstart = "1 visit/s"\ngrowth = "e"\n[drivers]\ne = "3"', None),
        ('[[staff]]\nname = "Ops"\nheadcount = "1 person"\nsalary = "1 CNY/person/month"\nraise = 5', "5 is 500 %"),
        (
            '[[storage]]\nname = "Logs"\nstart = "1 TB"\ngrowth = 30\nclasses = [{ name = "a", price = "1 CNY/TB/month" }]',
            "3000 %",
        ),
    ],
)
def test_a_rate_above_one_without_a_percent_sign_is_told(call, tmp_path: Path, written: str, what: str | None) -> None:
    path = tmp_path / "rates.toml"
    text = (FILES / "SC109.bad.toml").read_text("utf-8").replace("[discounting]\nrate = 8 # here", written)
    path.write_text(text, "utf-8")
    found = [each["what"] for each in remarks(call, path) if each["code"] == "SC109"]
    assert len(found) == (what is not None)
    assert what is None or what in found[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((), "month 4 pays for 12 months, and the run has 9 of them"),
        (("months = 12", "months = 20"), "month 16 pays for 12 months, and the run has 5 of them"),
        (("months = 12", "months = 15"), ""),
        (("months = 12", "months = 39"), ""),
        (("months = 12", 'months = 12\nview = "amortised"'), ""),
        (('upfront = "20_000 CNY/GPU"', ""), ""),
        (('"30 GPU"', '"0.0 GPU"'), ""),
        (('"30 GPU"', '"0.5 GPU"'), "9 of them"),
    ],
)
def test_what_is_paid_beyond_the_run_is_told(call, tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path, text = tmp_path / "prepaid.toml", (FILES / "SC409.bad.toml").read_text("utf-8")
    path.write_text(text.replace(*change) if change else text, "utf-8")
    found = [each["what"] for each in remarks(call, path) if each["code"] == "SC409"]
    assert [said in each for each in found] == ([True] if said else [])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ((), 0),
        (('commitments.GPUs.upfront="21_000 CNY/GPU"',), 1),
        (('commitments.GPUs.list_price="13 CNY/GPU/hour"',), 0),
        (("commitments.GPUs.quantity=gpus",), 1),
        (("commitments.GPUs.month=1",), 1),  # within the run
        (("scenario.view=amortised",), 1),
    ],
)
def test_scenarios_side_by_side_are_told_what_they_do_not_all_pay_for_beyond_the_run(changes: tuple[str, ...], told: int) -> None:
    scenarios = [simcost.load(FILES / "SC409.bad.toml", overrides=each) for each in ((), (), changes)]
    lines = unevenly_prepaid(scenarios)
    assert len(lines) == told
    assert all(line.startswith("SC409 commitments.0.term (line 36): month 4 pays for 12 months") for line in lines)


def test_a_currency_is_missed_where_no_price_is_in_it(call, tmp_path: Path) -> None:
    path = tmp_path / "parts.toml"
    path.write_text((FILES / "SC308.good.toml").read_text("utf-8").replace("kUSD", "kCNY").replace("900 USD", "900 CNY"), "utf-8")
    assert [each["place"] for each in remarks(call, path) if each["code"] == "SC308"] == ["fx.USD"]


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_the_library_is_clean(call, path: Path) -> None:
    assert remarks(call, path) == []


@pytest.mark.parametrize(
    ("code", "words", "exit_code"),
    [("SC104", [], 2), ("SC101", [], 0), ("SC101", ["--strict"], 2), ("SC406", ["--strict"], 0)],
    ids=["error", "warning", "strict warning", "strict note"],
)
def test_errors_fail_and_warnings_do_if_strict(call, code: str, words: list[str], exit_code: int) -> None:
    said = call("lint", FILES / f"{code}.bad.toml", *words)
    assert said.exit_code == exit_code
    assert f" {code}: " in said.stdout


def test_a_remark_has_place_line_and_remedy_in_the_style_of_problems(call) -> None:
    path = FILES / "SC101.bad.toml"
    said = call("lint", path)
    line, quoted, mark = said.stdout.splitlines()
    assert line.startswith(f"{path}:26:9: warning SC101: inputs.price: 2.3 % of the draws are below zero")
    assert line.endswith("Take a lognormal or a PERT, or cut it off: min = 0.")
    assert quoted.strip().startswith("price = { normal")
    assert mark.index("^") == quoted.index("{")
    assert said.stderr.strip() == f"{path}: 0 error(s), 1 warning(s), 0 note(s)."


def test_run_and_validate_show_warnings_and_no_notes(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (FILES / "SC101.bad.toml").read_text(encoding="utf-8").replace("20000", "1000")  # SC501, a note
    path = tmp_path / "both.toml"
    path.write_text(text, encoding="utf-8")
    assert {remark["code"] for remark in remarks(call, path)} == {"SC101", "SC501"}
    validated = answered(call, "validate", path)["warnings"]
    ran = answered(call, "run", path, "--backend", "reference", "-o", "r.h5")["warnings"]
    assert validated == ran
    (warning,) = ran
    assert warning.startswith("SC101 inputs.price (line 26): 2.3 % of the draws are below zero")
    assert "warning: SC101" in " ".join(call("show", "r.h5").stdout.split())
    assert call("validate", path, "--strict").exit_code == 2


def test_an_assignment_is_reviewed_and_named(call) -> None:
    path = FILES / "SC101.good.toml"
    found = remarks(call, path, "--set", 'inputs.price="1 to 900 CNY/server/hour"')
    assert [(each["code"], each["line"]) for each in found] == [("SC102", 0), ("SC106", 0)]  # the source is replaced too
    remark = found[0]
    assert remark["place"].startswith("assignment inputs.price=")


def test_an_option_is_reviewed_at_its_own_line(call, tmp_path: Path) -> None:
    text = (FILES / "SC102.good.toml").read_text(encoding="utf-8")
    path = tmp_path / "option.toml"
    path.write_text(f'{text}\n[options.wide]\nset = {{ inputs.price = "1 to 900 CNY/server/hour" }}\n', encoding="utf-8")
    assert remarks(call, path) == []
    found = remarks(call, path, "--option", "wide")
    assert [(each["code"], each["line"]) for each in found] == [(code, len(text.splitlines()) + 3) for code in ("SC102", "SC106")]


def test_what_the_file_uses_is_not_unused_where_an_option_or_an_assignment_puts_something_else_in_its_place(
    call, tmp_path: Path
) -> None:
    path = tmp_path / "option.toml"
    text = (FILES / "SC301.good.toml").read_text(encoding="utf-8")
    path.write_text(
        f"""{text}
[drivers]
paid = "spent"
spent = "rent + extra"
[inputs.rent]
value = "5 CNY/month"
[inputs.extra]
value = "5 CNY/month"
[inputs.idle]
value = "5 CNY/month"
[[cost]]
name = "Rent"
category = "office"
amount = "paid"
[options.fixed]
set = {{ drivers.paid = "rent" }}
""",
        encoding="utf-8",
    )
    for words in ((), ("--option", "fixed"), ("--set", "drivers.paid='rent'")):
        found = [(each["code"], each["place"]) for each in remarks(call, path, *words) if each["code"].startswith("SC3")]
        assert found == [("SC301", "inputs.idle")]


def test_a_rule_stops_when_the_point_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    text = (FILES / "SC301.bad.toml").read_text(encoding="utf-8")
    path.write_text(text + "".join(f'unused_{k} = "{k + 1} server"\n' for k in range(3_000)), encoding="utf-8")
    found = simcost.lint(path)
    assert [remark.code for remark in found] == ["SC301"] * MOST_OF_A_RULE


def test_the_table_of_rules_is_printed(call) -> None:
    assert [line.split()[0] for line in call("lint", "--rules").stdout.splitlines()] == CODES[:-1]
    assert [rule["code"] for rule in answered(call, "lint", "--rules")["rules"]] == CODES[:-1]


def test_an_invalid_file_has_its_problems_told_first(call, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text((FILES / "SC101.bad.toml").read_text(encoding="utf-8").replace("servers", "servants", 1), encoding="utf-8")
    said = call("lint", path)
    assert (said.exit_code, said.stdout) == (2, "")
    assert "servants" in said.stderr
    assert call("lint").exit_code == 2
    assert "which scenario?" in call("lint").stderr


@pytest.mark.parametrize(
    ("amount", "found"),
    [
        ("breach_probability * fine", True),
        ("fine*breach_probability", True),
        ("fine * 2 + breach_probability*fine", True),
        ("where(chosen < breach_probability, fine, 0 * fine)", False),
        ("fine / (1 - breach_probability)", False),
        ("where(breach_probability * 2 < chosen, fine, 0 * fine)", True),
        ("fine * breach_probability ** 2", False),
    ],
)
def test_a_probability_is_told_as_a_factor_and_not_as_a_threshold(tmp_path: Path, amount: str, found: bool) -> None:
    text = (FILES / "SC306.bad.toml").read_text(encoding="utf-8").replace("breach_probability * fine", amount)
    path = tmp_path / "formula.toml"
    path.write_text(text.replace("[inputs]", '[inputs]\nchosen = "0.2 to 0.4"'), encoding="utf-8")
    told = [remark.problem for remark in simcost.lint(path) if remark.code == "SC306"]
    assert bool(told) is found
    assert all(problem.quoted[problem.column - 1 :].startswith("breach_probability") for problem in told)


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("SC102", '"1 to 900 CNY/server/hour"', '"1e-30 to 1e30 CNY/server/hour"'),
        ("SC202", "mean = 0.2, sd = 0.2", "mean = 1e40, sd = 6e39"),
    ],
)
def test_numbers_of_any_size_are_told(tmp_path: Path, code: str, old: str, new: str) -> None:
    text = (FILES / f"{code}.bad.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "huge.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert code in [remark.code for remark in simcost.lint(path)]


def test_the_social_cost_of_china_is_told_where_money_is_yuan_alone(call, tmp_path: Path) -> None:
    text = (FILES / "SC401.bad.toml").read_text(encoding="utf-8")
    for currency, in_china in (("CNY", True), ("USD", False)):
        path = tmp_path / f"{currency}.toml"
        path.write_text(text.replace("CNY", currency), encoding="utf-8")
        (what,) = (each["what"] for each in remarks(call, path) if each["code"] == "SC401")
        assert ("in China" in what) == in_china
