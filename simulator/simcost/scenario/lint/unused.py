"""Rules on what the file gives and nothing takes: it costs nothing, and somebody believes that it does."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcost.scenario.lint.model import words_of
from simcost.scenario.names import identifier_of
from simcost.scenario.problems import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from simcost.scenario.lint.model import Model
    from simcost.scenario.problems import Place

    Said = tuple[str, str] | None


def unused_inputs(model: Model) -> Iterator[Finding]:
    """Find inputs that nothing names."""
    for name in _unnamed(model, "inputs"):
        yield Finding(("inputs", name), "no formula and no block names this input", "Use it or remove it.", at="key")


def unused_drivers(model: Model) -> Iterator[Finding]:
    """Find drivers that nothing names."""
    for name in _unnamed(model, "drivers"):
        yield Finding(("drivers", name), "nothing names this driver: it costs nothing", "Use it or remove it.", at="key")


def unused_parts(model: Model) -> Iterator[Finding]:
    """Find series, festivals, factors, pools and currencies that reach no cost."""
    uses = Uses.of(model)
    for section, lacking in LACKING.items():
        for place, block in model.blocks(section):
            if said := lacking(uses, place, block):
                yield Finding(place, *said, at="key")
    for code in model.data.get("fx", {}):
        if not uses.currency(code):
            yield Finding(("fx", code), "nothing is in this currency", "Use it or remove it.", at="key")


def idle_options(model: Model) -> Iterator[Finding]:
    """Find options that leave the file as it is."""
    for place, option in model.blocks("options"):
        if isinstance(option.get("set"), dict) and _is_in(option["set"], model.written):
            what = "the option has the values of the file: it changes nothing"
            yield Finding(place, what, "Give it other values, or remove it.", at="key")


@dataclass(frozen=True, slots=True)
class Uses:
    """What the texts of a file name.

    Parameters
    ----------
    total, own
        How often a word occurs: in all, and in the texts of one part by its place. Correlations, and what a decision or a risk
        changes, are no use of it.
    ordered
        The words in order.
    endings
        The words by their last three letters, a currency's code.
    texts
        Whole texts by their key: what `festivals` and `driver` name.
    """

    total: Counter[str]
    own: Mapping[Place, Counter[str]]
    ordered: Sequence[str]
    endings: Mapping[str, list[str]]
    texts: Mapping[str, set[str]]

    @classmethod
    def of(cls, model: Model) -> Uses:
        """Read all texts of a file once, those that an option or an assignment replaces too: without it they are used."""
        total: Counter[str] = Counter()
        own: dict[Place, Counter[str]] = defaultdict(Counter)
        texts: dict[str, set[str]] = defaultdict(set)
        for place, text, words in _words(model):
            key = next((part for part in reversed(place) if isinstance(part, str)), "")
            texts[key].add(text)
            if key not in ("name", "festivals"):
                total.update(words)
                own[place[:2]].update(words)
        endings: dict[str, list[str]] = defaultdict(list)
        for word in total:
            endings[word[-3:]].append(word)
        return cls(total, own, sorted(total), endings, texts)

    def names(self, name: str, place: Place) -> bool:
        """Whether a text beside its own names a part, or what is called after it: ``visits``, ``visits_ordinary``."""
        return self.elsewhere(name, place) or self._after(f"{name}_", place)

    def made_by(self, block: Mapping[str, Any], place: Place) -> bool:
        """Whether a text beside its own names what a block makes."""
        return self._after(f"{identifier_of(str(block.get('name')))}_", place)

    def text(self, key: str, value: object) -> bool:
        """Whether this is said under that key."""
        return value in self.texts.get(key, ())

    def currency(self, code: str) -> bool:
        """Whether any price is in a currency, or in a multiple of it: ``kUSD``."""
        return any(self.elsewhere(word, ("fx", code)) for word in self.endings.get(code, ()))

    def elsewhere(self, word: str, place: Place) -> bool:
        """Whether a text beside those of one part has a word."""
        own = self.own.get(place)
        return self.total[word] > (own[word] if own else 0)

    def _after(self, prefix: str, place: Place) -> bool:
        at = bisect_left(self.ordered, prefix)
        while at < len(self.ordered) and self.ordered[at].startswith(prefix):
            if self.elsewhere(self.ordered[at], place):
                return True
            at += 1
        return False


def _words(model: Model) -> Iterator[tuple[Place, str, list[str]]]:
    yield from words_of(model.data)
    if model.written is not model.data:
        yield from words_of(model.written)


def _unnamed(model: Model, section: str) -> Iterator[str]:
    """Yield the names of a section that occur in no text but their own value, the correlations, and what may be decided."""
    uses = Uses.of(model)
    for name in model.data.get(section, {}):
        if not uses.elsewhere(name, (section, name)):
            yield name


def _is_in(part: Mapping[str, Any], whole: Any) -> bool:
    """Whether every value of a table stands in another too."""
    return isinstance(whole, dict) and all(
        _is_in(value, whole.get(key)) if isinstance(value, dict) else key in whole and whole[key] == value
        for key, value in part.items()
    )


def _series(uses: Uses, place: Place, _: Mapping[str, Any]) -> Said:
    if uses.names(str(place[1]), place):
        return None
    return "nothing names this series: it costs nothing", "Use it or remove it."


def _festival(uses: Uses, place: Place, block: Mapping[str, Any]) -> Said:
    name = block.get("name")
    if uses.text("festivals", name) or uses.made_by(block, place):
        return None
    return "nothing names this festival: it lifts no traffic", f'Name it in a series or a pool: festivals = ["{name}"].'


def _factor(uses: Uses, place: Place, _: Mapping[str, Any]) -> Said:
    if uses.text("driver", place[1]):
        return None
    return "no input has this factor as its driver", f'Write driver = "{place[1]}" and loading = 0.7 beside an input.'


def _pool(uses: Uses, place: Place, block: Mapping[str, Any]) -> Said:
    if block.get("price") is not None or uses.made_by(block, place) or uses.text("pool", block.get("name")):
        return None
    part = "running" if block.get("provision") == "hour" else "devices"
    what = f"the pool has no price, and nothing pays for {identifier_of(str(block.get('name')))}_{part}"
    return what, "Give its price, or a line or [[commitments]] that names them."


LACKING: dict[str, Callable[[Uses, Place, Mapping[str, Any]], Said]] = {
    "series": _series,
    "festivals": _festival,
    "factors": _factor,
    "compute": _pool,
}
"""What is said of a part that nothing uses, and the remedy; None where something does. By section."""
