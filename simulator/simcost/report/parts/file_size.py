"""Bytes for people, in powers of 1,000 as disks are sold and ``--keep`` is described: 262 MB."""

from __future__ import annotations

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def file_size(size: int) -> str:
    """Print a number of bytes with three digits."""
    value, place = float(size), 0
    while value >= 999.5 and place < len(UNITS) - 1:
        value, place = value / 1000.0, place + 1
    return f"{value:.3g} {UNITS[place]}"
