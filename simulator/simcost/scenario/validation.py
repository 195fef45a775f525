"""Check the tables of a file against `schema`, and say in our words what pydantic finds."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from simcost.scenario.blocks.registry import BLOCKS
from simcost.scenario.file_schema import ScenarioFile
from simcost.scenario.meant_values import meant_count, meant_currency, meant_month, meant_share
from simcost.scenario.problems import Finding, Findings, Place, show, suggestion
from simcost.scenario.scenario import APPROVED_BY
from simcost.scenario.schema import DiscountingTable, InflationTable, InputTable, SamplingTable, ScenarioTable
from simcost.scenario.sections.budget_schema import BudgetTable
from simcost.scenario.tables import example_of, known_keys, table_at
from simcost.scenario.text.toml_value import in_toml, in_toml_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)

SECTIONS: dict[str, str] = {
    "scenario": "table",
    "sampling": "table",
    "inputs": "table",
    "drivers": "table",
    "fx": "table",
    "discounting": "table",
    "inflation": "table",
    "cost": "list",
    "pool": "list",
    "factors": "table",
    "correlation": "list",
    "budget": "table",
    "actuals": "table",
    "options": "table",
    "stress": "table",
    "optimize": "table",
}
"""What each section of a file must be; a list is written ``[[cost]]``."""


INCLUSIONS = frozenset({"include", "includes", "import", "imports", "extends", "inherits"})
"""Keys by which other languages take in a file."""

STANDS_ALONE = "A scenario file includes no other: put them together before the run, cat scenario.toml prices.toml > whole.toml."


def check_sections(data: Mapping[str, object], findings: Findings) -> dict[str, Any]:
    """Check the top level of a file, and return its sound sections; a missing one is empty."""
    known = known_keys(ScenarioFile)
    for key in data:
        if key not in known:
            remedy = STANDS_ALONE if key in INCLUSIONS else _elsewhere(key, ScenarioFile) or suggestion(key, [*known, *BLOCKS])
            findings.add(Finding((key,), f'unknown key "{_shortened(key)}"', remedy, at="key"))
    _check_version(data, findings)
    sections = {name: sound_section(data, name, kind, findings) for name, kind in SECTIONS.items()}
    for name, example in (("scenario", "[scenario]"), ("cost", "[[cost]]")):
        if name not in data:
            what = f"{example} is missing"
            findings.add(Finding((), what, "See a commented example: simcost init scenario.toml", at="key"))
        elif not sections[name] and data[name] == []:
            findings.add(Finding((name,), "no cost lines", "Add a [[cost]] table."))
    return sections


def _check_version(data: Mapping[str, object], findings: Findings) -> None:
    version = data.get("schema")
    if version is None:
        findings.add(Finding((), "the version of the language is missing", "Write schema = 1 at the top.", at="key"))
    elif type(version) is not int or version != 1:
        what = f"{show(version)} is no version of the language that this simcost reads"
        findings.add(Finding(("schema",), what, "Write schema = 1."))


def sound_section(data: Mapping[str, object], name: str, kind: str, findings: Findings) -> Any:
    """Return a section that is a ``table`` or a ``list`` of tables; an empty one if it is missing, or not sound."""
    section = data.get(name)
    if kind == "table":
        if section is None or isinstance(section, dict):
            return section or {}
        wanted = f"Write it as a table: [{name}]."
    else:
        if section is None or (isinstance(section, list) and all(isinstance(item, dict) for item in section)):
            return section or []
        wanted = f"Write each as [[{name}]], with two brackets."
    findings.add(Finding((name,), f"{name} is {kind_of(section)}", wanted, at="key"))
    return {} if kind == "table" else []


def checked(model: type[Model], raw: Mapping[str, object], place: Place, findings: Findings) -> Model | None:
    """Check one table.

    Returns
    -------
    Model or None
        The table if it is sound but for unknown keys, which are reported and left out.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False)
    unknown = {detail["loc"][0] for detail in details if detail["type"] == "extra_forbidden" and len(detail["loc"]) == 1}
    for detail in details:
        findings.add(explained(_as_written(detail, raw), model, place))
    if len(unknown) < len(details):
        return None
    return model.model_validate({key: value for key, value in raw.items() if key not in unknown})


def _as_written(detail: ErrorDetails, raw: Mapping[str, object]) -> ErrorDetails:
    """Leave out the place in a list of what the file has without brackets."""
    key, *inside = detail["loc"]
    return {**detail, "loc": (key,)} if inside and isinstance(raw.get(str(key)), str) else detail


def explained(detail: ErrorDetails, model: type[BaseModel], place: Place) -> Finding:
    """Turn one error of pydantic into a finding."""
    *inside, last = detail["loc"]
    key, model = str(last if isinstance(last, str) else inside[-1]), table_at(model, inside)
    where = (*place, *detail["loc"])
    if detail["type"] == "extra_forbidden":
        remedy = _elsewhere(key, model) or suggestion(key, known_keys(model), _OTHERWISE.get(model, ""))
        return Finding(where, f'unknown key "{_shortened(key)}"', remedy, at="key")
    example = example_of(model, (key,))
    if detail["type"] == "missing":
        return Finding((*place, *inside), f"{key} is missing", f"Write {example}." if example else "", at="key")
    what = _WHAT.get(detail["type"], _what_otherwise)(detail)
    remedy = _remedy(detail) or (f"Write for example {example}." if example else "")
    return Finding(where, what, remedy)


def _elsewhere(key: str, model: type[BaseModel]) -> str:
    """Say to which section a key belongs that stands in another one or in none; empty if to none or several."""
    if key in APPROVED_BY or (model is not ScenarioFile and model not in _SECTION_MODELS.values()):
        return ""  # of a cost line as a rule
    sections = [name for name, other in _SECTION_MODELS.items() if key in known_keys(other)]
    return f"It belongs under [{sections[0]}]." if len(sections) == 1 else ""


_SECTION_MODELS: dict[str, type[BaseModel]] = {
    "scenario": ScenarioTable,
    "sampling": SamplingTable,
    "budget": BudgetTable,
    "discounting": DiscountingTable,
    "inflation": InflationTable,
}
"""Sections that are one table each, whose keys are looked for in the wrong one."""


def kind_of(value: object) -> str:
    """Say what kind of TOML value this is, with its article."""
    kinds = {bool: "a truth value", int: "an integer", float: "a number", str: "a string", dict: "a table", list: "a list"}
    for kind, words in kinds.items():
        if isinstance(value, kind):
            return words
    return "a date or time" if isinstance(value, (dt.date, dt.time)) else "nothing"


def mistyped(value: object, wanted: str) -> str:
    """Say that a value is not of the kind that is wanted."""
    if isinstance(value, (dict, list)):
        return f"{kind_of(value)}, where {wanted} belongs"
    return f"{show(value)} is {kind_of(value)}, not {wanted}"


def _typed(wanted: str) -> Callable[[ErrorDetails], str]:
    return lambda detail: mistyped(detail["input"], wanted)


def _compared(words: str, bound: str) -> Callable[[ErrorDetails], str]:
    def say(detail: ErrorDetails) -> str:
        limit = detail["ctx"][bound]
        return f"{show(detail['input'])} is not {words} {int(limit) if limit == int(limit) else limit:,}"

    return say


def _what_otherwise(detail: ErrorDetails) -> str:
    return f"{show(detail['input'])} cannot be used here ({detail['msg']})"


_OTHERWISE: dict[type[BaseModel], str] = {
    InputTable: "An input has unit, draw, source, note, and one distribution, such as normal = { mean = 10, sd = 2 }."
}

_FORMS = {
    "start": "no month written as YYYY-MM",
    "base": "no month written as YYYY-MM",
    "through": "no month written as YYYY-MM",
    "currency": "no currency code of three capital letters",
}

_WHAT: dict[str, Callable[[ErrorDetails], str]] = {
    "string_type": _typed("a string"),
    "int_type": _typed("an integer"),
    "int_from_float": _typed("an integer"),
    "float_type": _typed("a number"),
    "bool_type": _typed("true or false"),
    "list_type": _typed("a list"),
    "dict_type": _typed("a table"),
    "model_type": _typed("a table"),
    "literal_error": lambda detail: f"{show(detail['input'])} is none of {_choices(detail)}",
    "greater_than_equal": _compared("at least", "ge"),
    "greater_than": _compared("above", "gt"),
    "less_than_equal": _compared("at most", "le"),
    "less_than": _compared("below", "lt"),
    "string_pattern_mismatch": lambda detail: (
        f"{show(detail['input'])} is {_FORMS.get(str(detail['loc'][0]), 'of another form')}"
    ),
    "string_too_short": lambda _: "an empty string",
    "string_too_long": lambda detail: f"{len(detail['input']):,} characters, more than {detail['ctx']['max_length']:,}",
    "too_short": lambda detail: f"{_count(len(detail['input']))}, where {detail['ctx']['min_length']} belong",
    "too_long": lambda detail: f"{_count(len(detail['input']))}, {detail['ctx']['max_length']:,} at most",
}


def _count(n: int) -> str:
    return "1 item" if n == 1 else f"{n:,} items"


def _meant(detail: ErrorDetails) -> str:
    """Return the value, as TOML, that is meant by one that was written as elsewhere; empty if none is known."""
    key, value = detail["loc"][-1], detail["input"]
    if detail["type"] in ("int_type", "int_from_float") and isinstance(key, str):
        return meant_count(value)
    if key in _TEXTS:
        text = _TEXTS[str(key)](value)
        return in_toml(text) if text else ""
    return meant_share(value) if key == "confidence" else ""


_TEXTS: dict[str, Callable[[object], str]] = {
    "start": meant_month,
    "base": meant_month,
    "through": meant_month,
    "currency": meant_currency,
}


def _remedy(detail: ErrorDetails) -> str:
    if detail["loc"][-1] == "every" and "quarter" in str(detail["input"]):
        months = "calendar_month == 3 or calendar_month == 6 or calendar_month == 9 or calendar_month == 12"
        return f'Name its months: amount = "where({months}, x, 0)", x being money per month.'
    if detail["loc"][-1] == "amount" and isinstance(detail["input"], (int, float)) and not isinstance(detail["input"], bool):
        return f'Name it: write NAME = "{show(detail["input"])} USD/month" under [inputs], with its own unit, and NAME here.'
    if meant := _meant(detail):
        return f"Write {in_toml_key(str(detail['loc'][-1]))} = {meant}."
    if detail["type"] == "string_too_long":
        return f"Shorten it to {detail['ctx']['max_length']:,} at most."
    if detail["type"] == "literal_error" and isinstance(detail["input"], str):
        return suggestion(detail["input"], re.findall(r'"(.*?)"', _choices(detail)), " ").strip()
    return ""


def _choices(detail: ErrorDetails) -> str:
    return str(detail["ctx"]["expected"]).replace("'", '"')


def _shortened(key: str) -> str:
    return key if len(key) <= 64 else key[:61] + "..."
