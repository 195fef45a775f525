"""The JSON Schema says the same as the checks: to editors, to linters, and to whoever reads it."""

import json
import shutil
import subprocess
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.places import ROOT, SCENARIOS

from simcost.scenario.distributions.marginals import DISTRIBUTION_KEYS, from_table
from simcost.scenario.distributions.parameter_forms import FAMILIES
from simcost.scenario.distributions.schema import DISTRIBUTIONS
from simcost.scenario.file_schema import ScenarioFile, json_schema
from simcost.scenario.problems import Findings
from simcost.scenario.schema import InputTable
from simcost.scenario.tables import known_keys
from simcost.scenario.text.toml_value import in_toml
from simcost.scenario.validation import SECTIONS, checked

SCHEMA_FILE = SCENARIOS / "simcost.schema.json"
EXAMPLES = sorted([*SCENARIOS.glob("*.toml"), *(ROOT / "tests" / "acceptance").glob("*.toml")])
TOMBI = shutil.which("tombi", path=sysconfig.get_path("scripts")) or "tombi"

BY_THE_SCHEMA = """
missing_cost missing_scenario missing_version unknown_key_in_scenario unknown_key_in_cost unknown_key_in_sampling unknown_table
unknown_distribution unknown_parameter wrong_types_in_cost months_out_of_range too_many_months month_thirteen
sampling_out_of_range drivers_with_numbers cost_in_single_brackets unknown_draw positional_parameters
probability_over_one standard_deviation_negative
missing_parameter correlation_over_one correlation_of_one unknown_time_base option_without_set future_version
copula_df_zero copula_unknown
""".split()
"""Malformed files that an editor can mark without knowing units or formulas."""


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    command = [TOMBI, "lint", "--offline", "--error-on-warnings", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def objects(node: Any) -> list[dict[str, Any]]:
    """Every schema of an object within a schema."""
    if isinstance(node, list):
        return [found for item in node for found in objects(item)]
    if not isinstance(node, dict):
        return []
    inner = [found for item in node.values() for found in objects(item)]
    return [node, *inner] if "properties" in node and isinstance(node["properties"], dict) else inner


def test_the_schema_beside_the_examples_is_the_one_of_this_version() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_names_its_draft() -> None:
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_of_a_table_has_a_description() -> None:
    schema = json_schema()
    tables = [*schema["$defs"].values(), schema]
    missing = [key for table in tables for key, value in table["properties"].items() if "description" not in value]
    assert missing == []


def test_no_table_takes_unknown_keys() -> None:
    loose = [found for found in objects(json_schema()) if found.get("additionalProperties") is not False]
    assert [found["description"] for found in loose] == [DISTRIBUTIONS["scipy"].what]  # its shapes have names of their own


def test_the_schema_promises_nothing_that_toml_lacks() -> None:
    assert '"null"' not in json.dumps(json_schema())


def test_every_section_is_in_the_schema() -> None:
    assert {*SECTIONS, "schema"} == set(known_keys(ScenarioFile))


def test_the_distributions_described_are_those_that_are_read() -> None:
    assert set(DISTRIBUTIONS) == set(DISTRIBUTION_KEYS)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_forms_described_are_those_that_are_read(name: str) -> None:
    described, family = DISTRIBUTIONS[name], FAMILIES[name]
    assert (described.forms, described.optional) == (family.forms, family.optional)
    assert described.percentiles == (family.percentiles is not None)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_the_example_of_a_distribution_is_right(name: str) -> None:
    read = from_table({name: DISTRIBUTIONS[name].example}, folder=ROOT)
    made = {"pert": "beta", "bernoulli": "discrete", "empirical": "discrete"}.get(name, name.replace("_", ""))
    assert type(read).__name__.lower() == made


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_an_example_has_a_form_that_is_described(name: str) -> None:
    described = DISTRIBUTIONS[name]
    given = set(described.example) - set(described.optional)
    forms = [set(form) for form in described.forms]
    assert given in forms or (described.percentiles and len(given) == 2) or name == "scipy"


def test_every_field_with_an_example_takes_it() -> None:
    for name, field in InputTable.model_fields.items():
        for example in field.examples or ():
            findings = Findings()
            assert checked(InputTable, tomllib.loads(f"{name} = {in_toml(example)}"), (), findings) is not None
            assert findings.found == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_names_the_schema_by_a_relative_path(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert (path.parent / first.removeprefix("#:schema ")).resolve() == SCHEMA_FILE.resolve()


def test_an_offline_linter_accepts_every_example() -> None:
    command = [TOMBI, "lint", "--offline", "--error-on-warnings", *map(str, EXAMPLES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_offline_linter_marks_what_the_schema_forbids(tmp_path: Path) -> None:
    shutil.copy(SCHEMA_FILE, tmp_path)
    unmarked = []
    for name in BY_THE_SCHEMA:
        text = (ROOT / "tests" / "cli" / "bad" / f"{name}.toml").read_text(encoding="utf-8")
        path = tmp_path / f"{name}.toml"
        path.write_text(f"#:schema ./{SCHEMA_FILE.name}\n{text}", encoding="utf-8")
        if lint(path).returncode == 0:
            unmarked.append(name)
    assert unmarked == []
