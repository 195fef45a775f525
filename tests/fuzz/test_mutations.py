"""Mutated scenario files: whatever one holds, it gives a scenario that runs or a list of its problems, within a second."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.places import ROOT, SCENARIOS

from simcost.compile.compiled import compile_scenario
from simcost.engine.preparation.backend import kernel_for
from simcost.engine.simulate import simulate
from simcost.engine.spans import Span
from simcost.errors import Problem, ScenarioError, format_problem
from simcost.scenario import load
from simcost.scenario.lint.remarks import format_remark, remarks
from simcost.scenario.scenario import Scenario

EXAMPLES = sorted([*SCENARIOS.glob("*.toml"), *(ROOT / "tests" / "acceptance").glob("*.toml")])
MALFORMED = sorted((ROOT / "tests" / "cli" / "bad").glob("*.toml"))

LONGEST_S = 1.0
"""Processor time that a file may take, by the issue: a busy machine is no fault of the file."""

DRAWN = 64
"""Scenarios that are run of each sound file."""

SEED = 20261121

TOKENS = tuple(
    """
    [ ] [[ ]] { } = . , " ' \"\"\" ''' # \\ \\u0000 \\U0010ffff \\n ( ) + - * / ** ^ % @ < > == != := ; : ! ~ | & $ ? `
    nan inf -inf +inf 1e400 -1e400 1e308 1e-400 0 -0 -1 1.5 1_000 0x10 0o7 0b1 99999999999999999999 true false 2027-01-01 07:32:00
    and or not if else lambda for in is None True import __import__ prev( cumulative( where( min( max( clip( log( sqrt( month
    year hours GPU CNY USD TB GPU/hour CNY/month CNY/GPU/hour % 1 to per schema scenario inputs drivers cost correlation budget
    options sampling set unit draw run month value min max mean sd low mode high p5 p95 alpha beta gamma normal lognormal uniform
    discrete values weights mixture components weight empirical file column scipy name norm metalog strict approved confidence
    amount every once category between rank kendall copula df tail t clayton gumbel frank upper factors driver loading
    单价 é ｘ ﬁ ı ß
    """.split()
)
LETTERS = "\u200b\x00\x01\x1b\t\r\n \x7f\x85\xa0éß中𝔘\u202e\u2028\ufeff\u0301"


def mutated(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Apply a few random changes: of bytes, of tokens, of whole lines."""
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        content = chance.choice((_bytes_changed, _token_put, _lines_changed, _number_changed, _spliced))(content, other, chance)
    return content


def _bytes_changed(content: bytes, _: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    length = chance.choice((0, 1, 1, 2, 20))
    letters = bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 2)))) if chance.random() < 0.3 else b""
    letters += chance.choice(LETTERS).encode() if chance.random() < 0.5 else b""
    return content[:at] + letters + content[at + length :]


def _token_put(content: bytes, _: bytes, chance: random.Random) -> bytes:
    words = [at for at in range(len(content)) if content[at : at + 1] in b' ."=[(,']
    at = chance.choice(words or [0]) + 1
    end = at + chance.choice((0, 0, 1, 5))
    return content[:at] + chance.choice(TOKENS).encode() * chance.choice((1, 1, 1, 1, 3, 40)) + content[end:]


def _lines_changed(content: bytes, _: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    change = chance.randrange(4)
    if change == 0:
        del lines[first]
    elif change == 1:
        lines.insert(second, lines[first])
    elif change == 2:
        lines[first], lines[second] = lines[second], lines[first]
    else:
        lines[first] += b" " + lines[second]
    return b"\n".join(lines)


def _number_changed(content: bytes, _: bytes, chance: random.Random) -> bytes:
    digits = [at for at in range(len(content)) if content[at : at + 1].isdigit()]
    at = chance.choice(digits or [0])
    return content[:at] + chance.choice((b"-", b"0", b"9999999", b".", b"e9", b"_", b"1e99", b"nan", b"")) + content[at + 1 :]


def _spliced(content: bytes, other: bytes, chance: random.Random) -> bytes:
    at, start = chance.randrange(len(content) + 1), chance.randrange(len(other) + 1)
    return content[:at] + other[start : start + chance.choice((5, 50, 500))] + content[at:]


def mutations(n: int, seed: int) -> Iterator[bytes]:
    """Yield ``n`` mutated files, half of them from sound ones."""
    chance = random.Random(seed)
    sound, malformed = ([path.read_bytes() for path in paths] for paths in (EXAMPLES, MALFORMED))
    for _ in range(n):
        yield mutated(chance.choice(sound if chance.random() < 0.5 else malformed) or b"\n", chance.choice(sound), chance)


def outcome(path: Path) -> Scenario | ScenarioError:
    """Read a file, compile what it says and draw some scenarios; nothing but these two may come out."""
    try:
        scenario = load(path)
        plan = compile_scenario(scenario).plan
        simulate(kernel_for(plan), Span(1, 0, DRAWN))
        assert all(format_remark(scenario.path, remark) for remark in remarks(scenario))
    except ScenarioError as error:
        return error
    return scenario


def timed_outcome(path: Path) -> tuple[Scenario | ScenarioError, float]:
    """Return the outcome and the processor time that it took, in seconds."""
    start = time.process_time()
    return outcome(path), time.process_time() - start


def outcomes(n: int, seed: int, folder: Path) -> dict[str, int]:
    """Read the mutations and count what comes out; any other exception, and any slow one, fails."""
    path = folder / "mutated.toml"
    counts = {"scenario": 0, "problems": 0}
    for number, content in enumerate(mutations(n, seed)):
        path.write_bytes(content)
        try:
            result, elapsed = timed_outcome(path)
            if elapsed >= LONGEST_S:  # a pause of the machine does not come twice
                _, elapsed = timed_outcome(path)
        except Exception as error:
            message = f"mutation {number} of seed {seed} raises {error!r}"
            raise AssertionError(message) from error
        assert elapsed < LONGEST_S, f"mutation {number} of seed {seed} takes {elapsed:.2f} s"
        counts["scenario" if isinstance(result, Scenario) else "problems"] += 1
        if isinstance(result, ScenarioError):
            assert result.problems
            assert all(printed(result.path, problem).isprintable() for problem in result.problems)
    return counts


def printed(path: str, problem: Problem) -> str:
    """What the command line prints, on one line."""
    return format_problem(path, problem).replace("\n", " ")


@pytest.fixture(autouse=True)
def _libraries_are_loaded() -> None:
    """Their import is not what is timed: of pydantic by any file, of tree-sitter by a malformed one, of scipy by its name."""
    import scipy.stats  # noqa: F401

    for path in (EXAMPLES[0], MALFORMED[0]):
        outcome(path)


def test_a_mutated_file_gives_a_scenario_or_its_problems(tmp_path: Path) -> None:
    counts = outcomes(3_000, SEED, tmp_path)
    assert counts["problems"] > 2_000
    assert counts["scenario"] > 100  # else the mutations test nothing but the TOML parser


@pytest.mark.slow
def test_a_hundred_thousand_mutated_files_give_a_scenario_or_their_problems(tmp_path: Path) -> None:
    counts = outcomes(100_000, SEED + 1, tmp_path)
    assert sum(counts.values()) == 100_000


def test_the_fuzzer_notices_another_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import simcost.scenario.body

    def broken(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr(simcost.scenario.body, "read_costs", broken)
    with pytest.raises(AssertionError, match="raises KeyError"):
        outcomes(200, SEED, tmp_path)
