"""Inputs taken together: those that move together, those that hold equally long, those of one source or one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcost.errors import UsageError
from simcost.scenario.distributions.canonical import Discrete
from simcost.scenario.problems import suggestion
from simcost.scenario.quantities.vocabulary import MONEY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from simcost.scenario.quantities.units import Unit
    from simcost.scenario.scenario import Driver, Input

PEOPLE = frozenset(("person", "employee", "engineer", "team"))
"""Counted things that are people."""

EVENTS = ("[[risks]]", "[[festivals]]")
"""Blocks whose inputs say what happens, not how much there is of something."""

RATE = "fx_"
"""What the driver of a rate of exchange begins with."""


@dataclass(frozen=True, slots=True)
class InputGroup:
    """Some inputs under a name."""

    name: str
    members: tuple[str, ...]


def independent_groups(streams: Mapping[str, frozenset[int]]) -> tuple[tuple[str, ...], ...]:
    """Return the inputs that share draws together, the others alone: groups that are independent of each other.

    Parameters
    ----------
    streams
        What each input draws from.
    """
    found: list[tuple[set[int], list[str]]] = []
    for name, drawn in streams.items():
        joined = [each for each in found if each[0] & drawn]
        merged = (set(drawn).union(*(each[0] for each in joined)), [*(n for each in joined for n in each[1]), name])
        found = [each for each in found if each not in joined] + [merged]
    order = list(streams)
    return tuple(sorted((tuple(sorted(names, key=order.index)) for _, names in found), key=lambda names: order.index(names[0])))


def by_class(
    inputs: Sequence[Input], independent: Iterable[tuple[str, ...]], class_of: Callable[[Input], str]
) -> tuple[InputGroup, ...]:
    """Return the inputs of each class; inputs of several classes that move together are a class of their own."""
    known = {each.name: class_of(each) for each in inputs}
    groups: dict[str, list[str]] = {}
    for names in independent:
        groups.setdefault(" and ".join(dict.fromkeys(known[name] for name in names)), []).extend(names)
    return tuple(InputGroup(name, tuple(members)) for name, members in groups.items())


def by_block(inputs: Sequence[Input]) -> tuple[InputGroup, ...]:
    """Return the inputs of each block of the file that has several."""
    blocks = dict.fromkeys(each.block for each in inputs if each.block)
    made = (InputGroup(block, tuple(each.name for each in inputs if each.block == block)) for block in blocks)
    return tuple(group for group in made if len(group.members) > 1)


def source_of(each: Input, priced: Collection[str] = ()) -> str:
    """Tell what an input is about: ``people``, ``events``, ``price`` or ``volume``.

    People: it counts or pays them, or is of a team. Events: it is of a risk or a festival, or happens or not. Price: money above
    the line of its unit, or it moves a series or a rate that has. Volume: all else, growth of a demand and efficiency among it.

    Parameters
    ----------
    priced
        Blocks that are the course of a price: `priced_blocks`.
    """
    bases = dict(each.unit.dimension)
    if PEOPLE & bases.keys() or each.block.startswith("[[staff]]"):
        return "people"
    happens = isinstance(each.distribution, Discrete) and set(each.distribution.values) <= {0.0, 1.0}
    if happens or each.block.startswith(EVENTS):
        return "events"
    return "price" if each.block in priced or _is_price(each.unit) else "volume"


def priced_blocks(drivers: Iterable[Driver]) -> frozenset[str]:
    """Return the series and the rates of exchange whose own driver is a price: their growth and shocks have no unit."""
    names = [each.name for each in drivers if _is_price(each.unit)]
    rates = {f"[fx.{name.removeprefix(RATE)}]" for name in names if name.startswith(RATE)}
    return frozenset({*rates, *(f"[series.{name}]" for name in names)})


def _is_price(unit: Unit) -> bool:
    return any(base.startswith(MONEY) and power > 0 for base, power in unit.dimension)


def named_groups(texts: Sequence[str], inputs: Sequence[Input], every: Sequence[Input]) -> tuple[InputGroup, ...]:
    """Read groups written as ``NAME=input,input``.

    Parameters
    ----------
    inputs
        Those that reach the total.
    every
        All of the scenario, for better messages.

    Raises
    ------
    UsageError
        If one names no input, or one that is certain or reaches no cost.
    """
    return tuple(_named(text, [each.name for each in inputs], [each.name for each in every]) for text in texts)


def _named(text: str, reaching: Sequence[str], every: Sequence[str]) -> InputGroup:
    name, equals, listed = text.partition("=")
    members = tuple(dict.fromkeys(part.strip() for part in listed.split(",") if part.strip()))
    if not equals or not name.strip() or not members:
        message = f"`groups` {text[:80]!r}: a group has a name and inputs. Write it like `groups='hardware=gpu_price,cpu_price'`."
        raise UsageError(message)
    for member in members:
        if member in reaching:
            continue
        if member in every:
            message = f"`groups` {name.strip()}: {member} is certain, or reaches no cost line. Leave it out."
        else:
            message = f'`groups` {name.strip()}: no input is named "{member[:64]}". {suggestion(member, reaching)}'
        raise UsageError(message)
    return InputGroup(name.strip()[:64], members)
