"""Quantity strings: ``100 GPU``, ``9 to 16 CNY/GPU/hour``, ``8 to 10 to 14 person``."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NoReturn

from simcost.scenario.distributions.canonical import Beta, Constant, Distribution, Lognormal
from simcost.scenario.distributions.fitting import FitError, lognormal_from_percentiles, pert
from simcost.scenario.distributions.parameters import MAGNITUDE, is_moderate
from simcost.scenario.quantities import habits
from simcost.scenario.quantities.units import Unit, UnitError, parse_unit
from simcost.scenario.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FORMS", "MAGNITUDE", "QuantityError", "parse_quantity"]

FORMS = 'Write "NUMBER UNIT", "LOW to HIGH UNIT" or "LOW to MODE to HIGH UNIT"'
"""What to write where nothing that was written can be read."""

MAX_TEXT = 300
"""Characters of a quantity string."""

_NUMBER = r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_QUANTITY = re.compile(
    rf"(?P<low>{_NUMBER})(?:\s+to\s+(?P<middle>{_NUMBER}))?(?:\s+to\s+(?P<high>{_NUMBER}))?(?P<unit>.*)", re.DOTALL
)

NOTHING = re.compile(r"0+(?:\.0*)?(?![\d.])(?! to )")
"""What a quantity of nothing begins with."""


class QuantityError(Refusal):
    """A quantity string that cannot be read."""


def parse_quantity(text: str, currency: str) -> tuple[Distribution, Unit]:
    """Read a quantity string.

    Parameters
    ----------
    text
        ``NUMBER UNIT`` is certain. ``LOW to HIGH UNIT`` is a lognormal with its P5 at LOW and its P95 at HIGH.
        ``LOW to MODE to HIGH UNIT`` is a PERT distribution (lambda 4). Without a unit it is a pure number.
    currency
        The scenario's ISO 4217 code.

    Returns
    -------
    tuple
        The distribution, its parameters in the unit, and the unit.

    Raises
    ------
    QuantityError
        If it cannot be read or has no meaning.
    """
    if len(text) > MAX_TEXT:
        what = f"a quantity of {len(text):,} characters"
        raise QuantityError(what, f"A quantity has at most {MAX_TEXT}.")
    plain = unicodedata.normalize("NFKC", text).strip()
    if habits.BEGINS_LIKE_A_FORMULA.match(plain):
        what = f'"{text}" is a formula, not a quantity'
        raise QuantityError(what, 'Formulas stand under [drivers]; in a block one begins with a name or with "(".')
    match = _QUANTITY.fullmatch(plain)
    if match is None:
        _explain(plain, text, currency, remedy=f"{FORMS}.")
    numbers = [_number(match[name], text) for name in ("low", "middle", "high") if match[name] is not None]
    return _distribution(numbers, text), _unit(match["unit"].strip(), plain, text, currency)


def unit_beside(text: str) -> str | None:
    """Return the text of a quantity's unit, empty if it has none; None if it is no quantity."""
    match = _QUANTITY.fullmatch(unicodedata.normalize("NFKC", text[:MAX_TEXT]).strip())
    return None if match is None else match["unit"].strip()


def _explain(plain: str, text: str, currency: str, *, remedy: str) -> NoReturn:
    """Raise, with the habit that made the user write it if we know it."""

    def is_read(proposal: str) -> bool:
        match = _QUANTITY.fullmatch(proposal)
        if match is None or habits.BEGINS_LIKE_ONE.search(match["unit"].strip()):
            return False
        try:
            parse_quantity(proposal, currency)
        except QuantityError:
            return False
        return True

    what, remedy = habits.explanation(plain, is_read) or ("is no quantity", remedy)
    what = f'"{text}" {what}'
    raise QuantityError(what, remedy)


def _number(digits: str, text: str) -> float:
    if re.search(r"__|_$|_\.|\._|_[eE]|_$", digits):
        what = f'"{text}" has a misplaced "_"'
        raise QuantityError(what, "Underscores stand between digits: 1_000_000.")
    value = float(digits)
    if not is_moderate(value):
        what = f'"{text}" is too large or too small a number'
        raise QuantityError(what, f"Numbers are 0 or from {1 / MAGNITUDE:g} to {MAGNITUDE:g}.")
    return value


def _unit(unit: str, plain: str, text: str, currency: str) -> Unit:
    if not unit:
        return parse_unit("1", currency)
    if habits.BEGINS_LIKE_ONE.search(unit):
        _explain(plain, text, currency, remedy=f"{FORMS}, the unit once and at the end.")
    try:
        return parse_unit(unit, currency)
    except UnitError as error:
        raise QuantityError(error.what, error.remedy) from error


def _distribution(numbers: Sequence[float], text: str) -> Distribution:
    try:
        if len(numbers) == 1:
            return Constant(numbers[0])
        return _lognormal(*numbers, text=text) if len(numbers) == 2 else _pert(*numbers, text=text)
    except FitError as error:
        what = f'"{text}": {error.what}'
        raise QuantityError(what, error.remedy) from error


def _lognormal(low: float, high: float, *, text: str) -> Lognormal:
    if low >= high:
        what = f'"{text}": {low:g} is not below {high:g}'
        raise QuantityError(what, "Give LOW below HIGH; one number alone if it is certain.")
    if low <= 0:
        what = f'"{text}": a range of two numbers is lognormal, and {low:g} is not above 0'
        raise QuantityError(
            what, "Give three numbers (LOW to MODE to HIGH), or a table such as normal = { p5 = ..., p95 = ... }."
        )
    return lognormal_from_percentiles({0.05: low, 0.95: high})


def _pert(low: float, mode: float, high: float, *, text: str) -> Beta:
    if not low <= mode <= high or low == high:
        what = f'"{text}": the three numbers do not ascend'
        raise QuantityError(what, "Give LOW <= MODE <= HIGH with LOW below HIGH.")
    return pert(low, mode, high)
