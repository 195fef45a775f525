"""What the tables of a scenario file have in common, and what they say of a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict

from simcost.scenario.text.toml_value import in_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic.fields import FieldInfo


class Table(BaseModel):
    """What all tables share: no unknown keys, no silent conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


def known_keys(model: type[BaseModel]) -> list[str]:
    """Keys of a table as the user writes them."""
    return list(_fields(model))


def field_of(model: type[BaseModel], path: Sequence[str | int]) -> FieldInfo | None:
    """Return what a table says of the last key of a path within it; None if it has no such key."""
    *inside, key = _keys_of(path)
    return _fields(table_at(model, inside)).get(key)


def example_of(model: type[BaseModel], path: Sequence[str | int]) -> str:
    """Return how the last key of a path within a table is written: ``rate = "27 %"``; empty if nothing shows it."""
    field, key = field_of(model, path), _keys_of(path)[-1]
    return f"{key} = {in_toml(field.examples[0])}" if field is not None and field.examples else ""


def table_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    """Return the table that a path leads to: that of a key's own type, or of the items of its list."""
    for key in _keys_of(path):
        field = _fields(model).get(key)
        model = next(tables_in(field.annotation), model) if field is not None else model
    return model


def tables_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the tables that a type is made of: of ``list[Row] | None`` it is ``Row``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from tables_in(part)


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a table by their keys, as the user writes them."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _keys_of(path: Sequence[str | int]) -> list[str]:
    """Return a path without its positions in lists."""
    return [part for part in path if isinstance(part, str)]
