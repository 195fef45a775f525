"""Which stream of random numbers an input has: its name decides, so that nothing else in a file changes its draws."""

from __future__ import annotations

import hashlib


def stream_id(name: str) -> int:
    """Return the 32-bit stream of an input: the first four bytes, big-endian, of SHA-256 of its name in UTF-8.

    A lone surrogate, which no file but a command line may hold, counts as its three bytes.
    """
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:4], "big")
