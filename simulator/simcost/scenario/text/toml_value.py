"""A value as it is written in TOML, on one line."""

from __future__ import annotations


def in_toml(value: object) -> str:
    """Print a value as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_in_string(letter) for letter in value) + '"'
    if isinstance(value, dict):
        inner = ", ".join(f"{in_toml_key(key)} = {in_toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(in_toml(item) for item in value) + "]"
    return f"{value:_}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def in_toml_key(key: str) -> str:
    """Print a key as TOML: bare where TOML 1.0 allows it."""
    return key if key.isascii() and key.replace("_", "a").replace("-", "a").isalnum() else in_toml(key)


def _in_string(letter: str) -> str:
    """Escape what a basic string of TOML cannot hold, and what cannot be seen."""
    if letter in '"\\':
        return "\\" + letter
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"
