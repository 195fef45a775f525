"""Looking up one word of a unit: money, a measure, or a counted thing."""

from __future__ import annotations

import re
from fractions import Fraction

from simcost.scenario.look_alikes import in_latin, strange_letter
from simcost.scenario.quantities.vocabulary import (
    AMBIGUOUS,
    COUNTED,
    CURRENCIES,
    IRREGULAR_PLURALS,
    MEASURES,
    MONEY,
    MONEY_PREFIXES,
    MONEY_WORDS,
    MULTIPLES,
    PREFIXES_OF_MONEY_WORDS,
    SYNONYMS,
    Symbol,
)
from simcost.scenario.refusal import Refusal


class UnitError(Refusal):
    """A unit that cannot be read."""


def symbol_of(name: str, currency: str) -> Symbol:
    """Look a word up: money, measures as written, other spellings of known words; else it is a new counted thing."""
    lower = name.casefold()
    if found := _money(name, currency):
        return found
    if name in MEASURES:
        return MEASURES[name]
    if lower in AMBIGUOUS:
        what = f'the unit "{name}" can be read in more than one way'
        raise UnitError(what, AMBIGUOUS[lower])
    if found := _known_word(lower):
        return found
    _refuse_other_case(name, lower)
    if not re.fullmatch(r"[^\W\d]\w*", name):
        what = f'the unit "{name}" is no word'
        raise UnitError(what, 'Write a word such as "GPU", "1" for a pure number, or "%".')
    _refuse_look_alike(name, currency)
    return counted(name)


def _refuse_look_alike(name: str, currency: str) -> None:
    """Refuse a word that looks like a known one, such as a currency, and has a letter of another script."""
    meant = in_latin(name)
    if meant != name and (meant in MEASURES or _known_word(meant.casefold()) or _money(meant, currency)):
        what = f'the unit "{name}" looks like "{meant}", but its {strange_letter(name)}'
        raise UnitError(what, f'Write "{meant}" in Latin letters.')


_TIMES = "|".join(MULTIPLES)
MULTIPLE = re.compile(
    rf"(?P<number>\d[\d,_]*)\s*(?:(?P<many>{_TIMES})[\s_]+)?(?P<thing>[^\W\d_]+)|(?P<times>{_TIMES})\s+(?P<things>[^\W\d_]+)",
    re.IGNORECASE,
)
"""So many of a thing, which is no word of a unit: it begins with a digit, or is two words."""


def refuse_multiple(name: str) -> None:
    """Refuse many of a thing in the place of a unit, as price lists have it: ``1M tokens``, ``1,000 requests``.

    Raises
    ------
    UnitError
        With the unit that is so many, or how to give the price of one.
    """
    found = MULTIPLE.fullmatch(name)
    if found is None:
        return
    number = int(re.sub("[,_]", "", found["number"] or "1")) * MULTIPLES.get(
        (found["many"] or found["times"] or "").casefold(), 1
    )
    written = found["thing"] or found["things"]
    thing = MEASURES.get(written) or _known_word(written.casefold()) or counted(written)
    scaled = (text for text, each in MEASURES.items() if (each.dimension, each.scale) == (thing.dimension, number * thing.scale))
    if number == 0:
        return
    if unit := thing.text if number == 1 else next(scaled, ""):
        remedy = f'Write "{unit}".'
    else:
        remedy = f'Write "{thing.text}", and the number for one of them: divide it by {number:,}.'
    what = f'the unit "{name}" has a number'
    raise UnitError(what, remedy)


def _known_word(lower: str) -> Symbol | None:
    for spelling in (lower, *_singulars(lower)):
        singular = SYNONYMS.get(spelling, spelling)
        if singular in MEASURES and (len(singular) > 2 or singular != lower):
            return MEASURES[singular]
        if singular in _COUNTED_BY_SPELLING:
            return counted(_COUNTED_BY_SPELLING[singular])
    return None


def _singulars(lower: str) -> tuple[str, ...]:
    return (lower[:-1],) if lower.endswith("s") else ()


def _refuse_other_case(name: str, lower: str) -> None:
    near = [symbol for symbol in MEASURES if symbol.casefold() == lower]
    if near:
        what = f'the unit "{name}" is unknown'
        raise UnitError(what, f'Did you mean "{near[0]}"? The case of a unit counts.')


def _money(name: str, currency: str) -> Symbol | None:
    for prefix, multiple in MONEY_PREFIXES.items():
        code = name.removeprefix(prefix)
        if name.startswith(prefix) and code in CURRENCIES:
            return money_symbol(name, code, multiple)
    for prefix, ours in PREFIXES_OF_MONEY_WORDS.items():
        called = name.removeprefix(prefix)
        if name.startswith(prefix) and (called.casefold() in MONEY_WORDS or called.upper() == currency):
            what = f'the unit "{name}" is money without its ISO 4217 code'
            raise UnitError(what, f'Write "{ours}{currency}".')
    return None


def money_symbol(text: str, currency: str, multiple: int) -> Symbol:
    """Return a multiple of a currency."""
    return Symbol(text, Fraction(multiple), ((MONEY + currency, Fraction(1)),))


def counted(name: str) -> Symbol:
    """Return a counted thing."""
    return Symbol(name, Fraction(1), ((name, Fraction(1)),))


_COUNTED_BY_SPELLING = {name.casefold(): name for name in COUNTED} | IRREGULAR_PLURALS
