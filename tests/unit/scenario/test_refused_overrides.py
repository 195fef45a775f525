"""What an option or an assignment cannot replace is told where it was written."""

import contextlib
import random
from pathlib import Path

import pytest
from tests.unit.scenario.overridden import TEXT, input_of, refused, with_set

from simcost.errors import ScenarioError
from simcost.scenario import load
from simcost.scenario.distributions.canonical import Constant


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "base.toml"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("assignment", "what", "remedy"),
    [
        ("inputs.prise=1 CNY", "there is no inputs.prise to replace", 'Did you mean "price"?'),
        ("price=1", '"price" cannot be replaced', 'Did you mean "inputs.price"?'),
        ("months=1", '"months" cannot be replaced', 'Did you mean "scenario.months"?'),
        ("input.price=1", '"input" cannot be replaced', 'Did you mean "inputs"?'),
        ("drivers.neded=1", "there is no drivers.neded", 'Did you mean "needed"?'),
        ('cost."GPU servign".amount=0', 'no cost line is named "GPU servign"', 'Did you mean "GPU serving"?'),
        ('cost."GPU serving".amuont=0', "no amuont to replace", 'Did you mean "amount"?'),
        ('cost."GPU serving".name=x', "no name to replace", "amount"),
        ('cost."GPU serving"=0', "replaced key by key", ".amount ="),
        ("cost.GPU serving.amount=0", '"cost.GPU serving.amount" is no dotted name', 'cost."GPU serving".amount'),
        ("scenario.currency=USD", "scenario.currency cannot be replaced", "months, start"),
        ("scenario.curency=USD", "there is no scenario.curency to replace", "months, start"),
        ("staff.Team.pay=1", 'no block of staff is named "Team"', "The file has no [staff]."),
        ("budget.aproved=1", "there is no budget.aproved", 'Did you mean "approved"?'),
        ("inputs=3", "3 is an integer, not what to replace in inputs", "Name it"),
        ("price", "this is no assignment", "Write inputs.NAME"),
        ("=5", "this is no assignment", "Write inputs.NAME"),
        ("inputs.price=+10%", 'inputs.price is in CNY/GPU/hour, and "+10%" is a share', "scale = { price = 1.1 }"),
        ("inputs.price=-10 %", "is a share", "write what it shall be, in CNY/GPU/hour;"),
        ("inputs.price: 5", "this is no assignment", "Write inputs.price=5."),
        ("inputs.price＝5", "this is no assignment", "Write inputs.price=5."),
        ("inputs.price==5", 'two signs "="', "Write inputs.price=5."),
        ("inputs.price=“5 CNY”", "the quotes “", "Write inputs.price='5 CNY'."),
        (
            "correlation.0.rank=0.5",
            '"correlation" cannot be replaced',
            "[correlation] is changed in the file, or in a copy of it",
        ),
        ("optimize.minimise=p80", '"optimize" cannot be replaced', "[optimize] is changed in the file"),
        ("option=reserved", '"option" cannot be replaced', "give `option='NAME'`"),
        ("budget=5", "not what to replace in budget", "Name it: budget.approved=..."),
        ("inputs.price=16 to 9 CNY/GPU/hour", "16 is not below 9", "LOW below HIGH"),
        ("inputs.price=1e400", "1e400 is not a finite number", "1e100"),
        ("inputs.price=true", "true is a truth value", "inputs.price"),
        ("inputs.utilization.bta.mean=3", 'unknown key "bta"', 'Did you mean "beta"?'),
        ("inputs.utilization.beta.mean=3", "mean = 3", ""),
        ("scenario.months=0", "0 is not at least 1", ""),
        ("drivers.needed=gpus + nothing", 'no input or driver "nothing"', ""),
        ("drivers.needed=needed", '"needed" names itself', "prev"),
        ("a" + ".a" * 40 + "=1", "a key of more than 16 parts", ""),
        ("inputs.factor=\udc80", "cannot be seen", "plain text"),
        ("inputs.factor=1\ninputs.price=2", "cannot be seen", "one line"),
        ("inputs.factor=" + "[" * 50, "brackets nested", ""),
    ],
)
def test_a_problem_of_an_assignment_names_the_assignment(path: Path, assignment: str, what: str, remedy: str) -> None:
    problem = refused(path, assignment)
    assert problem.place == f"assignment {assignment}"
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.line == 0


def test_a_problem_of_an_option_stands_at_its_line(path: Path) -> None:
    path.write_text(TEXT.replace("7 to 11 CNY", "11 to 7 CNY"), encoding="utf-8")
    for option in ("", "reserved"):  # asked for or not
        problem = refused(path, option=option)
        assert problem.place == "options.reserved.set.inputs.price"
        assert (problem.line, problem.column) == (24, 24)


def test_an_option_that_breaks_another_formula_is_named_with_it(path: Path) -> None:
    path.write_text(TEXT.replace("7 to 11 CNY/GPU/hour", "7 to 11 CNY/TB/hour"), encoding="utf-8")
    problem = refused(path)
    assert problem.place == "options.reserved"
    assert "cost.0.amount" in problem.what


def test_an_option_with_a_hundred_problems_is_refused(path: Path) -> None:
    lines = "".join(f'inputs.a{i} = "1 GPU"\n' for i in range(200))
    path.write_text(TEXT + "[options.broken.set]\n" + lines, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert len(caught.value.problems) > 50


def test_an_assignment_that_breaks_another_option_is_told_at_that_option(path: Path) -> None:
    text = TEXT.replace('cost."GPU serving".category = "rent"', 'drivers.needed = "gpus * factor"')
    path.write_text(text, encoding="utf-8")
    assignments = ('inputs.factor={ value = 2, unit = "TB" }', 'cost."GPU serving".amount=needed * price')
    problem = refused(path, *assignments)
    assert problem.place == "options.dear"


def test_an_unknown_option_is_refused_with_the_nearest(path: Path) -> None:
    problem = refused(path, option="reservd")
    assert problem.what == 'no option is named "reservd"'
    assert problem.remedy == 'Did you mean "reserved"?'


def test_a_file_without_options_says_so(path: Path) -> None:
    path.write_text(TEXT[: TEXT.index("[options.reserved]")], encoding="utf-8")
    assert "no [options.NAME] tables" in refused(path, option="reserved").remedy


def test_a_problem_of_the_file_stays_where_it_is(path: Path) -> None:
    path.write_text(TEXT.replace("100 GPU", "many GPU"), encoding="utf-8")
    problem = refused(path, "inputs.factor=2")
    assert (problem.place, problem.line) == ("inputs.gpus", 8)


def test_an_override_can_mend_a_file(path: Path) -> None:
    path.write_text(TEXT.replace("100 GPU", "many GPU"), encoding="utf-8")
    assert input_of(with_set(path, "inputs.gpus=5 GPU"), "gpus").distribution == Constant(5.0)


def test_no_assignment_raises_anything_else(path: Path) -> None:
    chance = random.Random(20261121)
    pieces = [
        "inputs",
        "price",
        ".",
        "=",
        '"',
        "'",
        "cost",
        '"GPU serving"',
        "amount",
        "drivers.needed",
        "1",
        "[",
        "{",
        "}",
        " ",
        "\\",
        "é",
    ]
    for _ in range(2_000):
        assignment = "".join(chance.choice(pieces) for _ in range(chance.randrange(1, 10)))
        with contextlib.suppress(ScenarioError):
            with_set(path, assignment)


def test_a_number_for_a_percentage_is_refused_since_it_may_mean_either(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("factor = 1.15", 'factor = "115 %"'), encoding="utf-8")
    assert input_of(with_set(path, 'inputs.factor="120 %"'), "factor").text == "120 %"
    for value in ("1.2", '"120"'):
        problem = refused(path, f"inputs.factor={value}")
        assert problem.what.startswith("inputs.factor is in %, and ")
        assert problem.remedy == 'Write for example "30 %".'


def test_an_assignment_to_inputs_that_are_no_table_is_refused_beside_what_is_wrong_with_them(path: Path) -> None:
    path.write_text(TEXT.replace("[inputs]\n", "[[inputs]]\n").replace("[inputs.utilization]", "[spare]"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        with_set(path, "inputs.gpu=3")
    said = [problem.what for problem in caught.value.problems]
    assert "there is no inputs.gpu to replace" in said
    assert "inputs is a list" in said
